"""`leitai mail take`: letters become cases once, wherever they lie, and what is no letter of a person is rejected."""

from __future__ import annotations

import mailbox
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from leitai.apps.casework.models import Case
from leitai.cli import complete
from tests.api.pictures import PHOTO
from tests.factories import Town, build
from tests.fakes.mailbox import Mailbox, serving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def town() -> Town:
    return build("town")


def letter(
    number: str = "1", text: str = "It is as deep as a knee.", subject: str = "A hole", **headers: str
) -> EmailMessage:
    """A letter of a citizen."""
    made = EmailMessage()
    given = {
        "From": "Wang Wei <wang@example.org>",
        "To": "office@example.org",
        "Message-ID": f"<{number}@example.org>",
    }
    for name, value in (
        given | {"Subject": subject} | {name.replace("_", "-"): one for name, one in headers.items()}
    ).items():
        if value:
            made[name] = value
    made.set_content(text)
    return made


def take(*sources: str | Path, stdin: bytes = b"", **environment: str) -> Result:
    runner = CliRunner(env={"LANG": "C.UTF-8", "LC_ALL": "", **environment})
    return runner.invoke(complete(), ["mail", "take", "--place", "town", *map(str, sources)], input=stdin)


def kept(folder: Path, *letters: Any) -> list[Path]:
    """The letters as files."""
    files = []
    for number, one in enumerate(letters):
        files.append(folder / f"{number}.eml")
        files[-1].write_bytes(one if isinstance(one, bytes) else one.as_bytes())
    return files


def test_a_letter_becomes_a_case_once(town: Town, tmp_path: Path) -> None:
    made = letter()
    made.add_attachment(PHOTO, maintype="image", subtype="jpeg", filename="hole.jpg")
    made.add_attachment(b"x" * 20_000, maintype="image", subtype="png", filename="broken.png")
    made.add_attachment(b"tiny", maintype="image", subtype="png", filename="logo.png")
    (file,) = kept(tmp_path, made)
    first = take(file)
    assert first.exit_code == 0, first.output
    row = Case.objects.get()
    assert first.stdout.splitlines() == [f"taken {row.ref}: {file}", "1 taken, 0 known, 0 rejected"]
    assert (row.kind, row.channel, row.title, row.text) == (
        "hole",
        "mail",
        "A hole",
        "It is as deep as a knee.",
    )
    assert row.reporter.sealed and row.photos.count() == 1
    again = take(tmp_path)
    assert again.stdout.splitlines() == [f"known {row.ref}: {file}", "0 taken, 1 known, 0 rejected"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (letter(Auto_Submitted="auto-replied"), "machine"),
        (letter(Precedence="bulk"), "machine"),
        (letter(List_Id="<all.example.org>"), "machine"),
        (letter(Return_Path="<>"), "machine"),
        (letter(From=""), "who wrote it"),
        (letter(subject="", text=""), "empty"),
        (b"", "who wrote it"),
        (b"\xff\xfe\x00" * 100, "who wrote it"),
        (b"From: <<<>\r\nSubject: x\r\n\r\ny", "who wrote it"),
        (letter().as_bytes() + b"x" * (26 << 20), "25 MB"),
    ],
)  # fmt: skip
def test_what_is_no_letter_of_a_person_is_rejected_with_the_reason(
    town: Town, tmp_path: Path, made: Any, reason: str
) -> None:
    done = take(*kept(tmp_path, made, letter("2")))
    assert done.exit_code == 65 and "1 taken, 0 known, 1 rejected" in done.stdout
    assert reason in done.stderr and done.stderr.startswith("rejected (")
    assert Case.objects.count() == 1


def test_letters_are_read_in_whatever_they_are_written_in(town: Town, tmp_path: Path) -> None:
    chinese = letter("1", subject="路面有坑")
    chinese.set_content("青州路口，路面有坑。朱镕基", charset="gb18030")
    old = chinese.as_bytes().replace(b"gb18030", b"gb2312")
    pretty = letter("2", subject="")
    page = "<head><title>t</title><style>p{}</style></head><body><p>One&nbsp;hole</p><div>Deep<br>Wide</div></body>"
    pretty.set_content(page, subtype="html")
    strange = letter("3", subject="").as_bytes().replace(b'charset="utf-8"', b'charset="martian"')
    named = letter("4", subject="Two lines").as_bytes().replace(b"Two lines", b"Two\n lines")
    assert take(*kept(tmp_path, old, pretty, strange, named)).exit_code == 0
    rows = list(Case.objects.order_by("id").values_list("title", "text"))
    assert rows[0] == ("路面有坑", "青州路口，路面有坑。朱镕基")
    assert rows[1] == ("One hole", "One hole\nDeep\nWide")
    assert rows[2][0] == "It is as deep as a knee." and rows[3][0] == "Two lines"


def test_a_pipe_of_the_mail_server_is_read(town: Town) -> None:
    done = take("-", stdin=letter().as_bytes())
    assert (done.exit_code, Case.objects.count()) == (0, 1)
    assert take("-", stdin=letter(Precedence="junk").as_bytes()).exit_code == 65
    # Without a number the letter itself is one.
    for _ in range(2):
        assert take("-", stdin=letter(Message_ID="").as_bytes()).exit_code == 0
    assert Case.objects.count() == 2


def test_what_is_new_in_a_maildir_moves_on(town: Town, tmp_path: Path) -> None:
    folder = mailbox.Maildir(tmp_path / "box")
    folder.add(letter("1").as_bytes())
    folder.add(letter("2", Precedence="bulk").as_bytes())
    assert take(tmp_path / "box").exit_code == 65
    flags = sorted(one.get_flags() for one in mailbox.Maildir(tmp_path / "box"))
    assert flags == ["FS", "S"] and not list((tmp_path / "box/new").iterdir())
    assert take(tmp_path / "box").stdout == "0 taken, 0 known, 0 rejected\n"


def test_what_is_unread_in_a_mailbox_is_marked(town: Town) -> None:
    box = Mailbox("s3cret", {7: letter("1").as_bytes(), 8: letter("2", Precedence="bulk").as_bytes()})
    with serving(box) as address:
        wrong = take(address, LEITAI_MAIL_PASSWORD="no")
        assert wrong.exit_code == 2 and "wrong password" in wrong.stderr
        assert take(address.replace("INBOX", "Nowhere"), LEITAI_MAIL_PASSWORD="s3cret").exit_code == 2
        done = take(address, LEITAI_MAIL_PASSWORD="s3cret")
        assert "1 taken, 0 known, 1 rejected" in done.stdout, done.output
        assert box.flags == {7: {"\\Seen"}, 8: {"\\Seen", "\\Flagged"}}
        assert take(address, LEITAI_MAIL_PASSWORD="s3cret").stdout == "0 taken, 0 known, 0 rejected\n"


def test_a_server_that_hangs_up_loses_nothing(town: Town) -> None:
    box = Mailbox("s3cret", {7: letter("1").as_bytes(), 8: letter("2").as_bytes()}, breaks_at=8)
    with serving(box) as address:
        broken = take(address, LEITAI_MAIL_PASSWORD="s3cret")
        assert broken.exit_code == 75 and "try again" in broken.stderr and Case.objects.count() == 1
        box.breaks_at = 0
        assert take(address, LEITAI_MAIL_PASSWORD="s3cret").exit_code == 0
    assert Case.objects.count() == 2
    gone = take(address, LEITAI_MAIL_PASSWORD="s3cret")
    assert gone.exit_code == 75, gone.output


def test_a_wrong_command_is_told_so(town: Town, tmp_path: Path) -> None:
    for words in (("--kind", "finding"), ("--kind", "nothing"), ("--unit", "nowhere")):
        done = take(tmp_path, *words)
        assert done.exit_code == 2 and words[1] in done.stderr
    assert take(tmp_path / "nothing.eml").exit_code == 2
    assert take("imap://office@mail.example.org/INBOX").exit_code == 2
