"""Settings, all from the environment, each with a default that is right for one machine.

LEITAI_VAR            folder for the database, keys and files (default: ./var)
LEITAI_DATABASE_URL   sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME (default: SQLite in LEITAI_VAR)
LEITAI_HOSTS          host names that are answered, comma-separated (default: this machine only)
LEITAI_INTAKE_URL     where the ballot door answers, if it runs apart (default: the pages take ballots themselves)
LEITAI_HTTPS          1 where the pages are reached over TLS: cookies, redirects and HSTS insist on it
LEITAI_DEBUG          1 shows errors in the browser; never on a machine others can reach
LEITAI_SECRET_KEY     signing key of log-ins (default: made once in LEITAI_VAR)
LEITAI_DATA_KEY       key that what citizens write is sealed with; losing it loses their words (default: made once)
LEITAI_CODE_KEY       key that verdict codes are signed with; another one voids every code (default: made once)
LEITAI_LOG_KEY        key that heads of the log of verdicts are signed with (default: made once)
LEITAI_LOG_NAME       name that stands in signed heads, such as leitai.example.org; never changed (default: leitai)
LEITAI_LOG_HASH       sha256, or sm3 where the law wants it; of logs that are begun from now on (default: sha256)
LEITAI_PUBLIC_URL     the address printed on codes and sent in messages, such as https://leitai.example.org
LEITAI_TRUSTED_PROXY  how many proxies stand before this house, whose X-Forwarded-For is believed (default: 0)
LEITAI_NOTIFY         where messages go out, as addresses of Apprise, comma-separated (default: nowhere)
LEITAI_MESSAGE_HOSTS  hosts or networks inside that messages may go to, comma-separated (default: none)
LEITAI_LAKE           folder of sealed days (default: lake in LEITAI_VAR)
LEITAI_REGIMES        folder of the places' folders (default: ./regimes of the checkout, else those of the package)
LEITAI_WEB_URL        where the pages answer, for the ballot door (default: the same host)
"""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("LEITAI_VAR") or "var").resolve()
DEBUG = os.environ.get("LEITAI_DEBUG") == "1"


def _kept_secret(name: str) -> str:
    """A key made once on this machine, readable by its owner only."""
    path = VAR / name
    if not path.exists():
        VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:  # the first writer wins, so that processes starting together agree
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        name = unquote(parts.path[1:] if parts.path.startswith("//") or not parts.path[1:2] else parts.path)
        path = Path(parts.netloc + unquote(parts.path)) if parts.netloc else Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            "OPTIONS": {
                "timeout": 30,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                # The journal goes into the file every 32 MB, not every 4: a crowd changes the same pages again.
                "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=8000;",
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        from urllib.parse import parse_qsl

        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or "") or dict(parse_qsl(parts.query)).get("host", ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": {"options": "-c lock_timeout=30s"},
            "CONN_MAX_AGE": 60,
        }
    raise ValueError(f"LEITAI_DATABASE_URL: {parts.scheme!r} is neither sqlite nor postgresql")


SECRET_KEY = os.environ.get("LEITAI_SECRET_KEY") or _kept_secret("secret-key")
# Personal data is sealed, and codes are signed, with keys of their own, so that one can be changed without the other.
DATA_KEY = os.environ.get("LEITAI_DATA_KEY") or _kept_secret("data-key")
CODE_KEY = os.environ.get("LEITAI_CODE_KEY") or _kept_secret("code-key")
# Heads of the log of verdicts are signed; whoever checks them needs LOG_NAME to stay what it is.
LOG_KEY = os.environ.get("LEITAI_LOG_KEY") or _kept_secret("log-key")
LOG_NAME = os.environ.get("LEITAI_LOG_NAME", "leitai")
LOG_HASH = os.environ.get("LEITAI_LOG_HASH", "sha256")
DATABASES = {"default": _database(os.environ.get("LEITAI_DATABASE_URL") or f"sqlite:///{VAR}/leitai.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ALLOWED_HOSTS = [h for h in os.environ.get("LEITAI_HOSTS", "").split(",") if h] or [
    "localhost",
    "127.0.0.1",
    "[::1]",
    "testserver",
]
INTAKE_URL = os.environ.get("LEITAI_INTAKE_URL", "").rstrip("/")
PUBLIC_URL = os.environ.get("LEITAI_PUBLIC_URL", "").rstrip("/")
TRUSTED_PROXY = int(os.environ.get("LEITAI_TRUSTED_PROXY") or 0)
NOTIFY = [url for url in os.environ.get("LEITAI_NOTIFY", "").split(",") if url]
MESSAGE_HOSTS = [word for word in os.environ.get("LEITAI_MESSAGE_HOSTS", "").split(",") if word]
LAKE = Path(os.environ.get("LEITAI_LAKE") or VAR / "lake").resolve()

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "leitai.ui",
    "leitai.apps.people",
    "leitai.apps.ledger",
    "leitai.apps.regimes",
    "leitai.apps.ballots",
    "leitai.apps.casework",
    "leitai.apps.outbox",
    "leitai.apps.measures",
    "leitai.apps.tables",
    "leitai.apps.projects",
    "leitai.apps.permits",
    "leitai.apps.chains",
    "leitai.apps.campaigns",
    "leitai.apps.occasions",
    "leitai.apps.peers",
    "leitai.apps.inspections",
    "leitai.apps.contests",
    "leitai.apps.burden",
    "leitai.apps.merits",
    "leitai.apps.bulletins",
    "leitai.drive",
    "leitai.web",
]
AUTH_USER_MODEL = "people.Account"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "leitai.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "leitai.web.context.ledger_head",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = None  # files are served from where they are
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# In the database alone: a cache in each process would keep a session alive after log-out.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
HTTPS = os.environ.get("LEITAI_HTTPS") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "leitai": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}
