"""Conditions of a rule-book: CEL, type-checked when the file is loaded, evaluated by Google's C++ library.

CEL has no loops, no side effects and no clock, so a condition is safe to take from a file and gives the same
answer next year. (Common Expression Language, https://cel.dev; types: string, int, double, bool.)

>>> from leitai.rules.regime.vocabulary import CASE
>>> hard = compile_condition('case.kind == "question" && case.returns > 1', CASE)
>>> hard.holds({"case.kind": "question", "case.returns": 2})
True
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cel_expr_python import cel

from leitai.rules.kernel import N_, nearest

from .vocabulary import CelType

_TYPES = {"string": cel.Type.STRING, "int": cel.Type.INT, "double": cel.Type.DOUBLE, "bool": cel.Type.BOOL}
_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '[_@]?([^'_]*)_?[^']*' applied to '\(([^)]*)\)'")


class ConditionError(ValueError):
    """A condition that is not one; line and column count from 1 in the condition's own text."""

    def __init__(self, code: str, message: str, line: int, column: int, /, **values: object) -> None:
        super().__init__(message % values)
        self.code, self.message, self.line, self.column, self.values = code, message, line, column, values


@dataclass(frozen=True)
class Condition:
    """A condition ready to be asked; `names` are the variables it looks at."""

    text: str
    names: tuple[str, ...]
    program: cel.Expression

    def holds(self, values: Mapping[str, object]) -> bool:
        """Whether the condition is true of these values, which have every name in `names` (else KeyError).

        Raises ConditionError where the values make it unanswerable (a division by zero, an overflow) and
        TypeError where a value is not of the type that was declared: a programmer's fault.
        """
        answer = self.program.eval(data={name: values[name] for name in self.names})
        found = answer.value()
        if found is True or found is False:
            return found
        if "Unexpected value type" in str(found):
            raise TypeError(str(found))
        raise ConditionError(
            "condition-fails", N_("this condition cannot be answered: %(why)s"), 1, 1, why=str(found)
        )


def compile_condition(text: str, context: Mapping[str, CelType]) -> Condition:
    """Compile and type-check a condition over the variables of a context. Cached. Raises ConditionError."""
    return _compile(text, tuple(sorted(context.items())))


@lru_cache(maxsize=1024)
def _compile(text: str, context: tuple[tuple[str, CelType], ...]) -> Condition:
    known = [name for name, _ in context]
    try:
        program = _env(context).compile(text)
    except RuntimeError as error:
        raise _plain(str(error), text, known) from None
    if program.return_type() != cel.Type.BOOL:
        raise ConditionError(
            "condition-not-bool",
            N_("a condition must be true or false; this one gives a value of type %(type)s"),
            1,
            1,
            type=program.return_type().name().lower(),
        )
    bare = re.sub(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", '""', text)
    used = [
        name for name in known if re.search(r"(?<![\w.])" + name.replace(".", r"\s*\.\s*") + r"(?!\w)", bare)
    ]
    return Condition(text, tuple(used), program)


@lru_cache(maxsize=64)
def _env(context: tuple[tuple[str, CelType], ...]) -> cel.Env:
    return cel.NewEnv(variables={name: _TYPES[kind] for name, kind in context})


def _plain(error: str, text: str, known: list[str]) -> ConditionError:
    """The library's first complaint in plain words."""
    found = _ERROR.search(error)
    line, column, said = (int(found[1]), int(found[2]), found[3]) if found else (1, 1, error.splitlines()[0])
    if undeclared := _UNDECLARED.search(said):
        name = undeclared[1]
        near = nearest(name, known)
        # The library points at the last dot of a name or at a function's bracket; the name begins before.
        at_bracket = text.split("\n")[line - 1][column - 1 : column] == "("
        column = max(1, column - len(name if at_bracket else name.rpartition(".")[0]))
        message = (
            N_("“%(name)s” is not known here; “%(near)s” is")
            if near
            else N_("“%(name)s” is not known here; this condition may ask for %(known)s")
        )
        values = {"name": name, "near": near, "known": ", ".join(known)}
        return ConditionError("condition-name", message, line, column, **values)
    if overload := _OVERLOAD.search(said):
        return ConditionError(
            "condition-type",
            N_("“%(sign)s” is not made for %(types)s; compare text with “text”, a number with 3"),
            line,
            column,
            sign=overload[1].replace("?", "? :"),
            types=overload[2].replace(", ", " and ").replace("string", "text"),
        )
    if said.startswith("Syntax error"):
        why = (
            said.removeprefix("Syntax error: ")
            .partition(" expecting ")[0]
            .replace("'<EOF>'", "where it ends")
        )
        return ConditionError(
            "condition-syntax", N_("this condition cannot be read (%(why)s)"), line, column, why=why
        )
    return ConditionError(
        "condition-type", N_("this condition is not right: %(why)s"), line, column, why=said
    )
