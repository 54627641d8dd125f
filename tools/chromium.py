"""Finds a Chromium for the browser tests, and installs one where the machine allows it.

Looked for in this order: LEITAI_CHROMIUM, a browser on the machine, playwright's own. Where none is found:
the system's package with Chinese fonts, if apt-get is there and we are root; otherwise playwright's download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT = "fonts-wqy-zenhei"
# What a browser under test needs not do: call home, update itself, or use a sandbox that root cannot have.
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
)


def found() -> str | None:
    """The path of a Chromium on this machine, or None."""
    given = os.environ.get("LEITAI_CHROMIUM")
    if given:
        return given if os.access(given, os.X_OK) else None
    for name in NAMES:
        path = shutil.which(name) or shutil.which(name, path="/usr/bin:/usr/local/bin:/snap/bin")
        if path:
            return path
    return next((str(p) for p in downloads() if os.access(p, os.X_OK)), None)


def downloads() -> list[Path]:
    """Browsers that playwright has fetched: here in .cache, or for this user."""
    folders = [Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or ROOT / ".cache/playwright")]
    folders.append(Path(os.environ.get("HOME", "/nonexistent"), ".cache/ms-playwright"))
    names = ("chrome", "headless_shell", "chrome-headless-shell")
    return sorted((p for f in folders for n in names for p in f.glob(f"chromium*/*/{n}")), reverse=True)


def chinese() -> bool:
    """Whether the machine has a font with Chinese characters."""
    listed = shutil.which("fc-list")
    return bool(
        listed and subprocess.run([listed, ":lang=zh"], capture_output=True, text=True).stdout.strip()
    )


def ensure() -> str | None:
    """The path of a Chromium, installed if need be; None where none can be had."""
    path = found()
    if os.environ.get("LEITAI_CHROMIUM"):
        return path
    if path is None or not chinese():
        install(["chromium"] if path is None else [])
        path = found()
    if path is None:
        print("chromium: trying playwright's own", flush=True)
        where = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(ROOT / ".cache/playwright")}
        attempt([sys.executable, "-m", "playwright", "install", "chromium"], where, 600)
        path = found()
    return path


def install(packages: list[str]) -> None:
    """Installs a browser, and a Chinese font where there is none, from the system's packages, if we may."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return
    wanted = [*packages, FONT, "fontconfig"]
    print(f"chromium: installing {', '.join(wanted)} with apt-get", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    attempt([apt, "update", "-q"], quiet, 300)
    attempt([apt, "install", "-q", "-y", "--no-install-recommends", *wanted], quiet, 900)


def attempt(command: list[str], environment: dict[str, str], limit: int) -> None:
    """Runs a command that may fail; says so, and leaves it to the caller to look what came of it."""
    try:
        done = subprocess.run(
            command, env=environment, timeout=limit, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"chromium: {error}", flush=True)
        return
    if done.returncode:
        print(f"chromium: {' '.join(command[:3])}: {(done.stderr or done.stdout).strip()[-400:]}", flush=True)


def version(path: str) -> str:
    """What the browser calls itself, such as "Chromium 130.0.6723.91"."""
    done = subprocess.run([path, "--version", "--no-sandbox"], capture_output=True, text=True, timeout=60)
    return " ".join(done.stdout.split()) or path


if __name__ == "__main__":
    browser = ensure()
    print(f"{version(browser)} at {browser}" if browser else "no Chromium could be had")
    sys.exit(0 if browser else 1)
