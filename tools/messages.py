"""Keeps the one translation catalogue complete, without GNU gettext.

English is the language of the source; src/leitai/locale/zh_Hans holds the Chinese. Babel reads Python files
and Django templates alike, so the tools of the build suffice.

    messages.py extract    print every message of the source with where it stands
    messages.py missing    print what has no translation yet
    messages.py sync       add missing messages to the catalogue, untranslated (--prune drops unused ones)
    messages.py check      fail on anything missing, fuzzy, unused, mismatched, or written past the catalogue
    messages.py compile    write the .mo file that Django reads
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADING = "# Leitai in Simplified Chinese: `tools/messages.py sync` adds the ids, people translate them.\n"
Key = tuple[str, str]  # context ("" for none) and singular msgid
PLACE = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-zA-Z]|%[#0\- +]*[\d.]*([sdfr])|\{(\w*)(?:[:!][^{}]*)?\}")


@dataclass(frozen=True)
class Found:
    """One message in the source: `plural` is "" where the message has none."""

    file: str
    line: int
    context: str
    singular: str
    plural: str

    @property
    def key(self) -> Key:
        """What identifies the message in the catalogue."""
        return (self.context, self.singular)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {shown(self.key)}"


def shown(key: Key) -> str:
    """A message as a list shows it."""
    return f"[{key[0]}] {key[1]!r}" if key[0] else repr(key[1])


def extract(root: Path) -> list[Found]:
    """Every message of the source under `root`, in the order of files and lines."""
    found: list[Found] = []
    for path in sorted((root / "src/leitai").rglob("*.py")):
        if "migrations" not in path.parts:
            found += extract_text(path.read_text(encoding="utf-8"), str(path.relative_to(root)))
    for path in templates(root):
        name = str(path.relative_to(root))
        found += extract_text(as_python(path.read_text(encoding="utf-8"), name), name)
    return found


def templates(root: Path) -> list[Path]:
    """The Django templates under `root`: pages and plain texts."""
    return sorted(
        path
        for folder in (root / "src/leitai").rglob("templates")
        for path in folder.rglob("*")
        if path.suffix in (".html", ".txt", ".xml", ".svg")
    )


def as_python(template: str, name: str) -> str:
    """A template as lines that Babel's Python reader takes, message for message on their own lines."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
    text = templatize(template, origin=name)
    # Indentation and wide spaces between the words of a page mean nothing here, but would to Python.
    return "\n".join(re.sub(r"[^\S\n]", " ", line).lstrip() for line in text.split("\n"))


def extract_text(python: str, name: str) -> Iterator[Found]:
    """The messages in one Python text; `name` is the file named in the results."""
    reader = extract_python(BytesIO(python.encode()), list(KEYWORDS), [], {"encoding": "utf-8"})
    for line, function, said, _comments in reader:
        texts = (said,) if isinstance(said, (str, type(None))) else tuple(said)
        order = KEYWORDS[function] or (1,)
        context, rest = ("", order)
        if isinstance(order[0], tuple):
            context, rest = texts[0] or "", order[1:]
        ids = [texts[int(str(i)) - 1] if int(str(i)) <= len(texts) else None for i in rest]
        if ids[0]:
            yield Found(name, line, context, ids[0], (ids[1] or "") if len(ids) > 1 else "")


def path_of(root: Path) -> Path:
    """Where the catalogue stands."""
    return root / "src/leitai/locale/zh_Hans/LC_MESSAGES/django.po"


def load(root: Path) -> Catalog:
    """The catalogue, or an empty one where there is none yet."""
    path = path_of(root)
    if path.is_file():
        with path.open("rb") as file:
            return read_po(file, locale="zh_Hans", abort_invalid=True)
    return Catalog(locale="zh_Hans", project="Leitai", charset="utf-8", fuzzy=False)


def by_key(catalog: Catalog) -> dict[Key, Message]:
    """The catalogue's messages by context and singular id."""
    return {(m.context or "", m.id if isinstance(m.id, str) else m.id[0]): m for m in catalog if m.id}


def translated(message: Message | None) -> bool:
    """Whether a message has all its translations."""
    if message is None:
        return False
    texts = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return bool(texts) and all(texts)


def places(text: str) -> list[str]:
    """The places to fill in a message, sorted: named ones once, positional ones each."""
    text = text.replace("%%", "")
    named = {m[1] or m[3] for m in PLACE.finditer(text) if m[1] or m[3]}
    bare = [m[0] for m in PLACE.finditer(text) if not (m[1] or m[3])]
    return sorted(named) + sorted(bare)


def faults(root: Path) -> list[str]:
    """Everything wrong with the translations under `root`, one line each."""
    from tools.literals import literals

    found = extract(root)
    catalog = load(root)
    known = by_key(catalog)
    used = {f.key for f in found}
    wrong: list[str] = []
    for f in {f.key: f for f in reversed(found)}.values():
        message = known.get(f.key)
        if re.search("[\u3400-\u9fff]", f.singular):
            wrong.append(f"{f}: messages in the source are English")
        if message is None:
            wrong.append(f"{f}: not in the catalogue")
        elif not translated(message):
            wrong.append(f"{f}: not translated")
        elif message.fuzzy:
            wrong.append(f"{f}: marked fuzzy")
        elif f.plural and isinstance(message.id, str):
            wrong.append(f"{f}: the catalogue lacks its plural")
        else:
            texts = (message.string,) if isinstance(message.string, str) else message.string
            want = places(f.plural or f.singular)
            wrong += [f"{f}: places {want} became {places(t)}" for t in texts if places(t) != want]
    name = path_of(root).relative_to(root)
    wrong += [f"{name}: {shown(key)}: no longer in the source" for key in known if key not in used]
    wrong += [f"{name}: {m.id!r}: commented out" for m in catalog.obsolete.values()]
    for path in templates(root):
        if path.suffix == ".html":
            wrong += literals(path.read_text(encoding="utf-8"), str(path.relative_to(root)))
    return sorted(wrong)


def sync(root: Path, prune: bool) -> tuple[int, int]:
    """Adds missing messages and, with `prune`, drops unused ones; gives how many of each."""
    found, catalog = extract(root), load(root)
    known, used = by_key(catalog), {f.key for f in found}
    plurals = {f.key: f.plural for f in found if f.plural}
    files: dict[Key, list[str]] = {}
    for f in found:
        files.setdefault(f.key, []).append(f.file)
    fresh = Catalog(locale="zh_Hans", project="Leitai", charset="utf-8", fuzzy=False)
    for key in files:
        old = known.get(key)
        ids = (key[1], plurals[key]) if key in plurals else key[1]
        string = old.string if old is not None else ""
        if key in plurals and isinstance(string, str):
            string = (string,)
        where = [(name, 0) for name in sorted(set(files[key]))]
        flags = set(old.flags) - {"python-format", "python-brace-format"} if old is not None else set()
        fresh.add(ids, string, where, flags, context=key[0] or None)
    unused = [key for key in known if key not in used]
    for key in unused if not prune else []:
        old = known[key]
        fresh.add(old.id, old.string, [], old.flags, context=old.context)
    out = BytesIO()
    write_po(out, fresh, width=0, sort_by_file=True, include_lineno=False, omit_header=False)
    # Dates, people and versions in the header would change the file at every run and say nothing.
    text = re.sub(r"\A(#.*\n)+", HEADING, out.getvalue().decode())
    text = re.sub(r'"(POT-|PO-|Last-|Report-|Language-Team|Generated-By|Project-Id).*\n', "", text)
    path_of(root).parent.mkdir(parents=True, exist_ok=True)
    if not path_of(root).is_file() or path_of(root).read_text(encoding="utf-8") != text:
        path_of(root).write_text(text, encoding="utf-8")
    return sum(key not in known for key in files), len(unused)


def compiled(root: Path) -> bool:
    """Writes the .mo file where it is older than the catalogue; whether it had to."""
    source, target = path_of(root), path_of(root).with_suffix(".mo")
    if not source.is_file() or (target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns):
        return False
    draft = target.with_suffix(".mo.draft")
    with draft.open("wb") as file:
        write_mo(file, load(root))
    draft.replace(target)
    return True


def main() -> int:
    """Runs one subcommand; see the module's text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("do", choices=["extract", "missing", "sync", "check", "compile"])
    parser.add_argument("--prune", action="store_true", help="with sync: drop what the source has lost")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (default: this one)")
    given = parser.parse_args()
    if given.do == "compile":
        if compiled(given.root):
            print("messages: compiled", flush=True)
        return 0
    if given.do == "extract":
        print(*extract(given.root), sep="\n")
    elif given.do == "missing":
        known = by_key(load(given.root))
        print(*[f for f in extract(given.root) if not translated(known.get(f.key))], sep="\n")
    elif given.do == "sync":
        added, unused = sync(given.root, given.prune)
        print(f"messages: {added} added, {unused} unused {'dropped' if given.prune else 'kept'}")
    else:
        wrong = faults(given.root)
        print(*wrong, f"messages: {len(wrong)} faults" if wrong else "messages: complete", sep="\n")
        return 1 if wrong else 0
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
