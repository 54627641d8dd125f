"""Finds what breaks the rules of the house and no ready-made checker knows of.

Each function reads the source under a root and gives a line for each fault, "file:line: what". So the same
function serves the real tree, where it must find nothing, and a planted fault, which it must find.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LONGEST = 400  # lines of a module; a longer one is named, with its reason, in a page of docs/adr
# What a room may use of another: its reading door, and what every room needs of the ledger and of people.
PARTS = ("actions", "models", "pages", "queries")
DOORS = {
    ("ledger", "actions"),
    ("ledger", "errors"),
    ("ledger", "log"),
    ("people", "access"),
    ("regimes", "pins"),
}
WRITES = {"save", "delete", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
TEXTS = {".py", ".html", ".po", ".css", ".js", ".txt", ".toml", ".md"}
ROWS = {"filter", "exclude", "all", "objects", "select_for_update"}


def modules(root: Path, *folders: str) -> Iterator[tuple[Path, str, ast.Module]]:
    """Every module in the folders, with its name relative to the root and its tree; migrations left out."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, str(path.relative_to(root)), ast.parse(path.read_text(encoding="utf-8"))


def role(path: Path) -> str:
    """What a module of a room is for: `actions` for actions.py, and for every module of a package of that name."""
    return path.parent.name if path.parent.name in PARTS else path.stem


def sideways(root: Path) -> list[str]:
    """Imports between rooms of `apps` that go past the other room's `queries`."""
    wrong = []
    for path, name, tree in modules(root, "src/leitai/apps"):
        room = path.relative_to(root / "src/leitai/apps").parts[0]
        for line, other, door in imports(tree):
            if other == room or door == "queries" or (other, door) in DOORS:
                continue
            if door == "models" and role(path) == "models":
                continue  # a row may build on another room's abstract row; the layers keep the direction
            wrong.append(f"{name}:{line}: {room} reaches into {other}.{door or '*'}; read it by its queries")
    return wrong


def imports(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Line, room and module of every import from `leitai.apps`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            full = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            full = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for dotted in full:
            parts = dotted.split(".")
            if parts[:2] == ["leitai", "apps"] and len(parts) > 2:
                yield node.lineno, parts[2], parts[3] if len(parts) > 3 else ""


def writes(root: Path) -> list[str]:
    """Writes to the database in pages, forms, queries and admin, which belong into actions."""
    wrong = []
    for path, name, tree in modules(root, "src/leitai/apps", "src/leitai/web", "src/leitai/ui"):
        if not (role(path) in ("pages", "admin", "forms", "queries") or "apps" not in path.parts):
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            verb = node.func.attr
            names = {n.attr for n in ast.walk(node.func.value) if isinstance(n, ast.Attribute)}
            if verb in WRITES or (verb == "update" and names & ROWS):
                wrong.append(f"{name}:{node.lineno}: .{verb}() outside an action")
    return wrong


def clocks(root: Path) -> list[str]:
    """Actions and queries that read the clock themselves instead of taking `now`."""
    wrong = []
    for path, name, tree in modules(root, "src/leitai/apps", "src/leitai/web"):
        if role(path) not in ("actions", "queries", "models"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                whose = node.func.value
                owner = whose.attr if isinstance(whose, ast.Attribute) else getattr(whose, "id", "")
                if (owner, node.func.attr) in {
                    ("timezone", "now"),
                    ("datetime", "now"),
                    ("date", "today"),
                    ("time", "time"),
                }:
                    wrong.append(f"{name}:{node.lineno}: reads the clock; take `now` as an argument")
    return wrong


def silent(root: Path) -> list[str]:
    """Actions that record no event, neither themselves nor by a function of their module that they call."""
    wrong = []
    for path, name, tree in modules(root, "src/leitai"):
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        calls = {
            key: {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} for key, node in functions.items()
        }
        for key, node in functions.items():
            named = [
                d.func.id
                for d in node.decorator_list
                if isinstance(d, ast.Call) and isinstance(d.func, ast.Name)
            ]
            if role(path) != "actions" or "action" not in named:
                continue
            reached: set[str] = set()
            new = calls[key]
            while new:
                reached |= new
                new = {more for one in new if one in calls for more in calls[one]} - reached
            if not reached & {"record", "record_many"}:
                wrong.append(f"{name}:{node.lineno}: {key} records no event")
    return wrong


def unexplained(root: Path) -> list[str]:
    """Modules whose first line does not say what they are for."""
    wrong = []
    for _path, name, tree in modules(root, "src", "tools", "tests", "bench"):
        first = (ast.get_docstring(tree) or "").split("\n")[0]
        if len(first) < 12:
            wrong.append(f"{name}:1: the module does not say what it is for")
    return wrong


def long(root: Path) -> list[str]:
    """Modules too long to be one thing, unless a decision record names them."""
    reasons = "".join(p.read_text(encoding="utf-8") for p in (root / "docs/adr").glob("*.md"))
    wrong = []
    for path, name, _tree in modules(root, "src", "tools", "tests", "bench"):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LONGEST and name not in reasons:
            wrong.append(f"{name}:{LONGEST}: {lines} lines; find the seam, or say why in docs/adr")
    return wrong


def places(root: Path, names: set[str]) -> list[str]:
    """Mentions of a place in the code, which must know none; `names` in any case, whole words where Latin."""
    words = [rf"\b{re.escape(n)}\b" if n.isascii() else re.escape(n) for n in sorted(names)]
    pattern = re.compile("|".join(words), re.IGNORECASE)
    wrong = []
    for path in sorted((root / "src").rglob("*")):
        if not path.is_file() or path.suffix not in TEXTS:
            continue
        if "vendor" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if match := pattern.search(line):
                wrong.append(f"{path.relative_to(root)}:{number}: names the place {match[0]}")
    return wrong
