"""What the documentation names exists: links, files, functions, commands; and a term is told once.

A page that is wrong about the code is worse than none. Each check is a function that gives a line for each
fault, and each finds one that is planted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import typer

from leitai.cli import complete

AWAY = {".venv", ".cache", "node_modules", "vendor", "var", "dist", ".git"}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`((?:src|tests|tools|docs|regimes|bench|frontend|requirements)/[\w./-]*)`")
OWN = re.compile(r"`([\w/]+\.(?:py|toml))`")
# `name` in `src/…/file.py`: the function is in the file.
NAMED = re.compile(r"`(\w+)`(?:\s+and\s+`(\w+)`)?\s+in\s+`(src/[\w./]+\.py)`")
COMMAND = re.compile(r"(?:^|[\s`(/])leitai((?: +[a-z]+){1,2})(?=[\s`)：:,.，。]|$)", re.MULTILINE)
TERMS = "docs/reference/terms.md"


def pages(root: Path) -> Iterator[tuple[str, Path, str]]:
    """Every page of the project: its name, its path, its text."""
    for path in sorted(root.rglob("*.md")):
        name = path.relative_to(root)
        if not AWAY & set(name.parts):
            yield name.as_posix(), path, path.read_text(encoding="utf-8")


def broken_links(root: Path) -> list[str]:
    """Links to files that are not there, or to headings that their page does not have."""
    wrong = []
    for name, path, text in pages(root):
        for target in LINK.findall(FENCE.sub("", text)):
            file, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            there = (path.parent / file).resolve() if file else path
            if not there.exists():
                wrong.append(f"{name}: {target} is not there")
            elif (
                anchor and there.suffix == ".md" and anchor not in anchors(there.read_text(encoding="utf-8"))
            ):
                wrong.append(f"{name}: {target} names no heading")
    return wrong


def anchors(text: str) -> set[str]:
    """What a page's headings are linked by."""
    heads = re.findall(r"^#+ +(.+?) *$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def missing_files(root: Path) -> list[str]:
    """Files that a page names and that are not there: by their path, or in a room's README by name alone."""
    wrong = []
    for name, path, text in pages(root):
        wrong += [f"{name}: no {file}" for file in FILE.findall(text) if not (root / file).exists()]
        if path.name == "README.md" and name.startswith(("src/", "tests/", "tools/", "bench/")):
            near = (path.parent, path.parent.parent, root)
            own = [file for file in OWN.findall(text) if not FILE.fullmatch(f"`{file}`")]
            wrong += [
                f"{name}: no {file}"
                for file in own
                if not any((one / file).exists() for one in near) and not any(path.parent.rglob(file))
            ]
    return wrong


def missing_functions(root: Path) -> list[str]:
    """Functions that a page says are in a file, and that the file does not mention."""
    wrong = []
    for name, _, text in pages(root):
        for first, second, file in NAMED.findall(text):
            source = (root / file).read_text(encoding="utf-8") if (root / file).is_file() else ""
            wrong += [
                f"{name}: no {word} in {file}"
                for word in (first, second)
                if word
                and not re.search(
                    rf"^\s*(?:def|class) {word}\b|^\s*\"?{word}\"?\s*[:=]", source, re.MULTILINE
                )
            ]
    return wrong


def commands() -> set[str]:
    """Every command there is, as "table explain" or "migrate"."""
    found = set()
    for name, command in typer.main.get_command(complete()).commands.items():  # type: ignore[attr-defined]
        found |= {name} | {f"{name} {sub}" for sub in getattr(command, "commands", {})}
    return found


def unknown_commands(root: Path) -> list[str]:
    """Commands that a page shows and that do not exist."""
    known, wrong = commands(), []
    groups = {name.split(" ")[0] for name in known if " " in name}
    for name, _, text in pages(root):
        for words in COMMAND.findall(text):
            parts = words.split()
            said = " ".join(parts[:2]) if parts[0] in groups else parts[0]
            if said not in known:
                wrong.append(f"{name}: no command leitai {said}")
    return wrong


def twice_told(text: str) -> list[str]:
    """Terms of the glossary that stand in it twice, in either language, or lack a column."""
    lines = re.findall(r"^\| (?!in code|---)(.+) \|$", text, re.MULTILINE)
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    wrong = [f"not three cells: {' | '.join(row)}" for row in rows if len(row) != 3 or not all(row)]
    for column in (0, 1):
        counted = Counter(row[column].lower() for row in rows)
        wrong += [f"twice: {term}" for term, count in counted.items() if count > 1]
    return wrong


def test_every_link_leads_somewhere(root: Path) -> None:
    assert broken_links(root) == []


def test_every_file_named_is_there(root: Path) -> None:
    assert missing_files(root) == []


def test_every_function_named_is_in_its_file(root: Path) -> None:
    assert missing_functions(root) == []


def test_every_command_shown_exists(root: Path) -> None:
    assert unknown_commands(root) == []


def test_a_term_is_told_once(root: Path) -> None:
    text = (root / TERMS).read_text(encoding="utf-8")
    assert twice_told(text) == []
    assert text.count("\n| ") > 60


def test_every_room_says_what_it_is_for(root: Path) -> None:
    house = root / "src/leitai"
    rooms = [*house.glob("*/"), *house.glob("apps/*/"), *house.glob("rules/*/")]
    code = [room for room in rooms if (room / "__init__.py").is_file()]
    assert len(code) > 25
    assert [str(room.relative_to(root)) for room in code if not (room / "README.md").is_file()] == []


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    page = "See [this](gone.md#x), [that](#nowhere), `src/leitai/gone.py`; `run` in `src/leitai/there.py`: "
    page += "`leitai fly`.\n"
    (tmp_path / "src/leitai").mkdir(parents=True)
    (tmp_path / "src/leitai/there.py").write_text("def walk(): ...\n", encoding="utf-8")
    (tmp_path / "page.md").write_text(page, encoding="utf-8")
    assert broken_links(tmp_path) == ["page.md: gone.md#x is not there", "page.md: #nowhere names no heading"]
    (tmp_path / "src/leitai/README.md").write_text("`there.py` and `gone.py`\n", encoding="utf-8")
    assert missing_files(tmp_path) == ["page.md: no src/leitai/gone.py", "src/leitai/README.md: no gone.py"]
    assert missing_functions(tmp_path) == ["page.md: no run in src/leitai/there.py"]
    assert unknown_commands(tmp_path) == ["page.md: no command leitai fly"]
    assert twice_told(
        "| in code | 页面用语 | m |\n| --- | --- | --- |\n| a | 甲 | x |\n| b | 甲 | x |\n| A | 乙 | x |\n"
    ) == [
        "twice: a",
        "twice: 甲",
    ]
