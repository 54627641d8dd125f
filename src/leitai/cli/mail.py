"""`leitai mail`: letters to the office become cases, each once by its Message-ID, and are rejected with the reason.

Letters are read where they lie: a pipe of the mail server, files, a Maildir, a mailbox by IMAP. What was automatic (RFC
3834) opens nothing, so that two machines never write to each other for ever. Exit codes are those that mail servers
know (sysexits.h): 65 where a letter was rejected, which a server's pipe sends back, and 75 where to try again later.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

import typer

from leitai.rules.kernel import N_, Finding

from .django import fail, now_of, place_of, setup

app = typer.Typer(no_args_is_help=True)

MOST_BYTES = 25 * 1024 * 1024
PHOTOS = 5
LEAST_PHOTO = 10_000  # bytes; what is smaller is the picture in a signature
PASSWORD = "LEITAI_MAIL_PASSWORD"
REJECTED, AGAIN = 65, 75
LOCAL = ("localhost", "127.0.0.1", "::1")
_AUTOMATIC = ("bulk", "junk", "list", "auto_reply")
_BREAKS = ("p", "br", "div", "li", "tr", "h1", "h2", "h3")
_HIDDEN = ("script", "style", "head", "title")


@dataclass(frozen=True)
class Letter:
    """A letter as it lies: where, its bytes, and what to do when it was dealt with (True: taken, or known)."""

    name: str
    data: bytes
    done: Callable[[bool], None]


@dataclass(frozen=True)
class Mail:
    """What a letter says: its id, who wrote it, its subject and words, and the pictures with it."""

    number: str
    name: str
    address: str
    subject: str
    text: str
    pictures: tuple[bytes, ...]


@app.callback()
def _group() -> None:
    """Take letters to the office."""


@app.command()
def take(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="- for standard input, files (.eml), a Maildir or a folder of .eml, or imaps://USER@HOST/FOLDER "
            f"with the password in {PASSWORD}."
        ),
    ],
    place: Annotated[str, typer.Option(help="key of the place")],
    kind: Annotated[
        str, typer.Option(help="key of the kind of case; without it the only one with the door mail")
    ] = "",
    unit: Annotated[
        str, typer.Option(help="key of the unit the letters are for; else the office dispatches")
    ] = "",
) -> None:
    """Open a case for each letter that is new; say of each what became of it."""
    setup()
    from django.db import OperationalError

    from leitai.apps.people import queries as people

    row = place_of(place)
    of = people.unit(row, unit) if unit else None
    if unit and of is None:
        raise fail(f"--unit {unit}: no such unit in {place}")
    chosen = _kind(row, kind)
    counts = {"taken": 0, "known": 0, "rejected": 0}
    try:
        for source in sources:
            for letter in letters(source):
                word, said = _take(row, chosen, of, letter.data)
                letter.done(word != "rejected")
                counts[word] += 1
                typer.echo(f"{word} {said}: {letter.name}", err=word == "rejected")
    except (OperationalError, ConnectionError, TimeoutError) as why:
        raise fail(f"{why}; what was taken is kept: try again", AGAIN) from None
    except OSError as why:
        raise fail(why) from None
    typer.echo(", ".join(f"{count} {word}" for word, count in counts.items()))
    if counts["rejected"]:
        raise typer.Exit(REJECTED)


def _kind(place: Any, key: str) -> str:
    """The kind of case that letters open. Exits where there is none, or several and none was named."""
    from leitai.apps.regimes import queries as regimes

    regime = regimes.regime_on(place, now_of(place).astimezone(place.zone).date())
    there = [one for one, spec in regime.cases.items() if "mail" in (spec.doors or ())]
    if key and key not in there:
        raise fail(
            f"--kind {key}: the rule-book gives this kind no door mail (it has: {', '.join(there) or '-'})"
        )
    if not key and len(there) != 1:
        raise fail(f"--kind: say which of {', '.join(there) or 'none: no kind has the door mail'}")
    return key or there[0]


def _take(place: Any, kind: str, unit: Any, written: bytes) -> tuple[str, str]:
    """What became of a letter (taken, known, rejected), and its case or the reason."""
    from django.db import transaction

    from leitai.apps.casework import actions
    from leitai.apps.ledger.errors import Refused, tell
    from leitai.ui.typed import plain

    mail = read(written)
    if isinstance(mail, Finding):
        return "rejected", f"({tell(mail)})"
    done = {"by": "mail", "now": now_of(place)}
    first = next((line for line in mail.text.splitlines() if line.strip()), "")
    try:
        with transaction.atomic():
            case = actions.open_case(
                place=place,
                kind=kind,
                unit=unit,
                title=plain(mail.subject or first, 300).replace("\n", " "),
                text=plain(mail.text),
                channel="mail",
                once=hashlib.sha256(f"leitai/mail-once/1\n{mail.number}".encode()).hexdigest(),
                **done,
            )
            if case.opened_at != done["now"]:
                return "known", str(case.ref)
            reporter = {"name": plain(mail.name, 120), "mail": plain(mail.address, 120)}
            actions.keep_reporter(case=case, reporter=reporter, **done)
            for data in mail.pictures:
                with suppress(Refused):  # without a picture that cannot be read the letter still is one
                    actions.add_photo(case=case, data=data, when="before", **done)
    except Refused as why:
        return "rejected", f"({why})"
    return "taken", str(case.ref)


# Reading a letter


def read(data: bytes) -> Mail | Finding:
    """What a letter says, or why it is none that opens a case."""
    if len(data) > MOST_BYTES:
        message = N_("The letter is larger than %(most)s MB.")
        return Finding("mail-too-big", message, values={"most": MOST_BYTES >> 20})
    message = message_from_bytes(data, policy=policy.default)
    name, address = _sender(message)
    if _automatic(message):
        return Finding("mail-automatic", N_("A machine wrote this: an automatic answer, a list or a bounce."))
    if "@" not in address:
        return Finding("mail-nobody", N_("The letter does not say who wrote it."))
    subject, text = _line(message, "Subject"), _words(message)
    if not subject and not text:
        return Finding("mail-empty", N_("The letter is empty."))
    number = _line(message, "Message-ID") or hashlib.sha256(data).hexdigest()
    return Mail(number, name, address, subject, text, tuple(_pictures(message)))


def _line(message: EmailMessage, name: str) -> str:
    """A header's words on one line; empty where it is not there or cannot be read."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except (
        ValueError,
        LookupError,
        AttributeError,
        IndexError,
    ):  # what the parser says of headers that are none
        return ""


def _sender(message: EmailMessage) -> tuple[str, str]:
    """Name and address of who wrote it."""
    try:
        found = message["From"].addresses[0]
        return found.display_name, found.addr_spec
    except (ValueError, LookupError, AttributeError, TypeError):
        return "", ""


def _automatic(message: EmailMessage) -> bool:
    """Whether a machine wrote it (RFC 3834), or it went to many."""
    submitted = _line(message, "Auto-Submitted").lower()
    return (
        (submitted not in ("", "no"))
        or _line(message, "Precedence").lower() in _AUTOMATIC
        or "List-Id" in message
        or _line(message, "Return-Path") == "<>"
        or message.get_content_type() == "multipart/report"
    )


def _words(message: EmailMessage) -> str:
    """The words of a letter: its plain part, else what its HTML says."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    text = _decoded(body)
    return (_Bare.of(text) if body.get_content_subtype() == "html" else text).strip()


def _decoded(part: EmailMessage) -> str:
    """The text of a part; letters that cannot be read become question marks rather than the letter nothing."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    # What calls itself GB 2312 mostly is its larger sister, which has the names' rarer characters.
    charset = "gb18030" if charset in ("gb2312", "gbk") else charset
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _pictures(message: EmailMessage) -> Iterator[bytes]:
    """The pictures that came with a letter, the first five."""
    count = 0
    for part in message.walk():
        data = part.get_payload(decode=True) if part.get_content_maintype() == "image" else None
        if isinstance(data, bytes) and len(data) >= LEAST_PHOTO and count < PHOTOS:
            count += 1
            yield data


class _Bare(HTMLParser):
    """What HTML says, without how it looks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    @classmethod
    def of(cls, text: str) -> str:
        """The words, a line for each paragraph."""
        reader = cls()
        reader.feed(text)
        reader.close()
        lines = "".join(reader.parts).splitlines()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(" ".join(line.split()) for line in lines))

    def handle_starttag(self, tag: str, _attrs: Any) -> None:
        self.hidden = 0 if tag == "body" else self.hidden + (tag in _HIDDEN)
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in _HIDDEN and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data.replace("\n", " "))


# Where letters lie


def letters(source: str) -> Iterator[Letter]:
    """The letters of a source that were not dealt with yet. Raises OSError where it cannot be read."""
    path = Path(source)
    if source == "-":
        yield Letter("standard input", sys.stdin.buffer.read(MOST_BYTES + 1), _nothing)
    elif urlsplit(source).scheme in ("imap", "imaps"):
        yield from _by_imap(source)
    elif (path / "new").is_dir():
        yield from _in_maildir(path)
    else:
        files: Iterable[Path] = sorted(path.glob("*.eml")) if path.is_dir() else (path,)
        for file in files:
            yield Letter(str(file), file.read_bytes(), _nothing)


def _nothing(_taken: bool) -> None:
    """A file is left as it is: that it was taken is known by its Message-ID."""


def _in_maildir(path: Path) -> Iterator[Letter]:
    """What is new in a Maildir; it moves to `cur`, as read, and with a flag where it was rejected."""
    for file in sorted((path / "new").iterdir()):

        def done(taken: bool, file: Path = file) -> None:
            (path / "cur").mkdir(exist_ok=True)
            file.rename(path / "cur" / f"{file.name.partition(':')[0]}:2,{'S' if taken else 'FS'}")

        yield Letter(str(file), file.read_bytes(), done)


def _by_imap(source: str) -> Iterator[Letter]:
    """What is unread in a mailbox; it is marked as read, and with a flag where it was rejected."""
    import imaplib

    parts = urlsplit(source)
    secure, host = parts.scheme == "imaps", parts.hostname or ""
    if not secure and host not in LOCAL:
        raise OSError(f"{host}: a password is sent by imaps:// alone")
    user, folder = unquote(parts.username or ""), unquote(parts.path.strip("/")) or "INBOX"
    quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
    password = os.environ.get(PASSWORD) or unquote(parts.password or "")
    make = imaplib.IMAP4_SSL if secure else imaplib.IMAP4
    with _plainly(host), make(host, parts.port or (993 if secure else 143), timeout=60) as box:
        box.login(user, password)
        state, _found = box.select(f'"{quoted}"')
        if state != "OK":
            raise OSError(f"{host}: there is no folder {folder}")
        _state, found = box.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").decode().split():
            _state, told = box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")
            data = next((one[1] for one in told if isinstance(one, tuple)), b"")

            def done(taken: bool, uid: str = uid) -> None:
                with _plainly(host):
                    box.uid("STORE", uid, "+FLAGS", "(\\Seen)" if taken else "(\\Seen \\Flagged)")

            yield Letter(f"{host}/{folder} {uid}", data, done)


@contextmanager
def _plainly(host: str) -> Iterator[None]:
    """What a mail server says against us, as the errors that every source has. Raises OSError, or ConnectionError."""
    import imaplib

    try:
        yield
    except imaplib.IMAP4.abort as why:
        raise ConnectionError(f"{host}: {why}") from None
    except imaplib.IMAP4.error as why:
        raise OSError(f"{host}: {why}") from None
