"""Finds words in page templates that no translation can reach.

A page shows two languages, so every visible word stands in a translation tag. Left alone are names that are
the same in both (ALLOWED), code, and whatever the HTML attribute `translate="no"` marks as such.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

ALLOWED = {"Leitai", "擂台", "English", "中文", "简体中文", "CSV", "Excel", "JSON", "PDF", "QR", "Word"}
VISIBLE = ("alt", "title", "placeholder", "aria-label", "aria-description", "label")
SILENT = {"script", "style", "code", "kbd", "samp", "pre", "svg", "template"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
BLOCK = re.compile(
    r"\{%\s*block\s+\w+_class\s*%\}.*?\{%\s*endblock\s*%\}"
    r"|\{%\s*(blocktranslate|blocktrans|comment)\b.*?%\}.*?\{%\s*end\1\s*%\}"
    r"|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}",
    re.DOTALL,
)
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+|[\u3400-\u9fff\uf900-\ufaff]+")


def literals(template: str, name: str) -> list[str]:
    """One line for each visible word outside a translation tag, as "file:line: word"."""
    # Tags of the template become nothing but their line breaks, so that lines keep their numbers.
    plain = BLOCK.sub(lambda m: "\n" * m[0].count("\n"), template)
    reader = _Reader()
    reader.feed(plain)
    reader.close()
    return [
        f"{name}:{line}: {word!r} stands outside a translation tag"
        for line, text in reader.seen
        for word in [words(text)]
        if word
    ]


def words(text: str) -> str:
    """The words of a text that are not allowed to stand as they are, "" where there are none."""
    left = [w for w in WORD.findall(text) if w not in ALLOWED]
    return " ".join(text.split()) if left else ""


class _Reader(HTMLParser):
    """Collects visible texts with their lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[int, str]] = []
        self.open: list[tuple[str, bool]] = []  # element and whether its text counts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        within = bool(self.open) and not self.open[-1][1]
        silent = within or tag in SILENT or given.get("translate") == "no"
        if tag not in VOID:
            self.open.append((tag, not silent))
        if given.get("translate") == "no":
            return
        shown = [given.get(key) for key in VISIBLE]
        if tag == "input" and given.get("type") in ("submit", "button", "reset"):
            shown.append(given.get("value"))
        if tag == "meta" and given.get("name") == "description":
            shown.append(given.get("content"))
        self.seen += [(self.getpos()[0], text) for text in shown if text]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self.open]
        if tag in names:  # branches of a template may close what another branch opened
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if self.open and not self.open[-1][1]:
            return
        first = self.getpos()[0]
        for offset, line in enumerate(data.split("\n")):
            if line.strip():
                self.seen.append((first + offset, line))
