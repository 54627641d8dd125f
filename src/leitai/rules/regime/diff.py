"""What changed between two rule-books, as sentences for people who will never read a diff of files.

A sentence is a template with its values; values may be sentences, labels or names in two languages, so that
the same difference reads in Chinese and in English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from leitai.rules.kernel import N_, Text

from .labels import LABELS, THINGS
from .model import Regime, RuleSpec
from .shape import written

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template marked N_ and its values: plain ones, names (Text), or other sentences."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def show(self, language: str = "en", translate: Translate = str) -> str:
        """The sentence in a language; `translate` gives a template in it."""
        shown = {name: _show(value, language, translate) for name, value in self.values.items()}
        template = translate(self.message)
        return template % shown if shown else template

    def __str__(self) -> str:
        return self.show()


def diff(old: Regime, new: Regime) -> tuple[Sentence, ...]:
    """The differences in the order of the file; () when the two say the same."""
    return tuple(_models((), None, old, new))


def _show(value: object, language: str, translate: Translate) -> object:
    if isinstance(value, Sentence):
        return value.show(language, translate)
    if isinstance(value, Text):
        return value.show(language)
    if isinstance(value, tuple):
        between = "; " if any(isinstance(item, tuple) for item in value) else ", "
        return between.join(str(_show(item, language, translate)) for item in value)
    return value


def _models(
    path: tuple[str, ...], thing: Sentence | None, old: BaseModel, new: BaseModel
) -> Iterable[Sentence]:
    for name, spec in type(old).model_fields.items():
        key = written(name, spec)
        yield from _values((*path, key), thing, getattr(old, name), getattr(new, name))


def _values(path: tuple[str, ...], thing: Sentence | None, old: Any, new: Any) -> Iterable[Sentence]:
    if old == new and not isinstance(old, dict):
        return
    if isinstance(old, BaseModel) and isinstance(new, BaseModel):
        part = {"thing": thing, "label": Sentence(LABELS.get(path[-1], path[-1]))}
        yield from _models(
            path, Sentence(N_("%(thing)s, %(label)s"), part) if thing is not None else None, old, new
        )
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _mappings(path, thing, old, new)
    elif path == ("rules",):
        yield from _rules(old, new)
    else:
        yield _change(path, thing, old, new)


def _mappings(
    path: tuple[str, ...], thing: Sentence | None, old: dict[Any, Any], new: dict[Any, Any]
) -> Iterable[Sentence]:
    for key in [*old, *(key for key in new if key not in old)]:
        inside = (*path, str(key))
        named = _thing(path, thing, str(key), new.get(key, old.get(key)))
        if key not in new:
            yield Sentence(N_("%(thing)s: removed (was: %(old)s)"), {"thing": named, "old": _said(old[key])})
        elif key not in old:
            yield Sentence(N_("%(thing)s: new (%(new)s)"), {"thing": named, "new": _said(new[key])})
        elif isinstance(old[key], BaseModel):
            yield from _models(inside, named, old[key], new[key])
        elif old[key] != new[key]:
            values = {"thing": named, "old": _said(old[key]), "new": _said(new[key])}
            yield Sentence(N_("%(thing)s: %(old)s → %(new)s"), values)
    if set(old) == set(new) and list(old) != list(new) and path[-1] == "bands":
        yield _change(path, thing, tuple(map(str, old)), tuple(map(str, new)))


def _change(path: tuple[str, ...], thing: Sentence | None, old: object, new: object) -> Sentence:
    label = Sentence(LABELS.get(path[-1], path[-1]))
    outer = thing if thing is not None else Sentence(THINGS.get(path[0], path[0]))
    values = {"thing": outer, "label": label, "old": _said(old), "new": _said(new)}
    if _nothing(old):
        return Sentence(N_("%(thing)s: %(label)s %(new)s (none before)"), values)
    if _nothing(new):
        return Sentence(N_("%(thing)s: %(label)s no longer stated (was: %(old)s)"), values)
    return Sentence(N_("%(thing)s: %(label)s %(old)s → %(new)s"), values)


def _thing(path: tuple[str, ...], outer: Sentence | None, key: str, value: object) -> Sentence:
    """A thing by what it is and its name, and by what it belongs to."""
    name = getattr(value, "name", None)
    kind = Sentence(THINGS.get(path[-1], path[-1]))
    values: dict[str, object] = {"kind": kind, "key": name if isinstance(name, Text) else key}
    own = Sentence(N_("%(kind)s “%(key)s”"), values)
    return own if outer is None else Sentence(N_("%(inner)s of %(outer)s"), {"inner": own, "outer": outer})


def _rules(old: tuple[RuleSpec, ...], new: tuple[RuleSpec, ...]) -> Iterable[Sentence]:
    """Rules are told apart by their key, or else by everything they say."""
    before, after = ({_identity(rule): rule for rule in rules} for rules in (old, new))
    for identity in [*before, *(one for one in after if one not in before)]:
        was, now = before.get(identity), after.get(identity)
        if was is None and now is not None:
            yield Sentence(N_("rule: new (%(new)s)"), {"new": _said(now)})
        elif now is None and was is not None:
            yield Sentence(N_("rule: removed (was: %(old)s)"), {"old": _said(was)})
        elif was is not None and now is not None and was != now:
            named = Sentence(
                N_("%(kind)s “%(key)s”"), {"kind": Sentence(N_("rule")), "key": was.key or was.do}
            )
            yield from _models(("rules",), named, was, now)


def _identity(rule: RuleSpec) -> object:
    return rule.key or (rule.on, rule.if_, rule.do)


def _nothing(value: object) -> bool:
    return value is None or value == "" or value == ()


def _said(value: object) -> object:
    """A value as people write it; a paragraph by what it states."""
    if isinstance(value, RuleSpec):
        when = Sentence(N_("on %(on)s"), {"on": value.on})
        if value.if_ is not None:
            when = Sentence(N_("on %(on)s, if %(if)s"), {"on": value.on, "if": value.if_})
        return Sentence(N_("%(when)s: %(do)s"), {"when": when, "do": value.do})
    if isinstance(value, BaseModel):
        stated = [name for name in type(value).model_fields if name in value.model_fields_set]
        return tuple(
            Sentence(
                N_("%(label)s %(value)s"), {"label": Sentence(LABELS.get(key, key)), "value": _said(inner)}
            )
            for name in stated
            if name not in ("name", "source") and not _nothing(inner := getattr(value, name))
            for key in [written(name, type(value).model_fields[name])]
        )
    if isinstance(value, Mapping):
        return tuple(
            Sentence(N_("%(label)s %(value)s"), {"label": str(k), "value": _said(v)})
            for k, v in value.items()
        )
    if isinstance(value, tuple):
        return tuple(_said(item) for item in value)
    if value is True:
        return Sentence(N_("yes"))
    if value is False:
        return Sentence(N_("no"))
    return value
