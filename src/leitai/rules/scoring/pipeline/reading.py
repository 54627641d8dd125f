"""A spec's text to a `Spec`, or to everything that keeps it from being one, each with line and column.

The shape is held by `spec`; here is asked what goes beyond it: keys that a method needs or does not have,
names that are used, weights, a tree with one top and no circle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from leitai.rules.kernel import N_, Finding, Where, nearest
from leitai.rules.regime.bands import BandError, parse_bands
from leitai.rules.regime.faults import in_plain_words
from leitai.rules.regime.source import Branch, Path, Positions, plain, read

from .spec import METHODS, TREATMENTS, MeasureSpec, Points, Spec, Treatment

MOST_VARIANTS = 64  # ways that the choices of a spec may combine: each is computed for itself


@dataclass(frozen=True, slots=True)
class Parsed:
    """What came of a text: the spec (None where there is an error), findings, the plain tree, positions."""

    spec: Spec | None
    findings: tuple[Finding, ...]
    tree: object
    positions: Positions


def read_spec(text: str, file: str = "") -> Parsed:
    """The spec that a YAML text states. Never raises for a fault of the text: each is a finding."""
    tree, before = read(text, file)
    if tree is None or not isinstance(tree, Branch):
        message = N_("a spec is a mapping that starts with “score: 1”")
        told = before or (Finding("wrong-type", message, Where(file, 1, 1)),)
        if not text.strip():
            told = (Finding("empty-file", message, Where(file, 1, 1)),)
        return Parsed(None, told, None, Positions(None, file))
    positions, data = Positions(tree, file), plain(tree)
    findings = list(before)
    said = {finding.where for finding in findings}
    spec = None
    _tell_weights(data, positions, findings)
    said |= {finding.where for finding in findings}
    try:
        spec = Spec.model_validate(data)
    except ValidationError as error:
        findings += [one for one in in_plain_words(error, Spec, tree, positions) if one.where not in said]
    if spec is not None:
        findings += [one for one in check(spec, positions) if one.where not in said]
        if not findings:
            findings += _choices(spec, data, positions)
    findings.sort(key=lambda finding: finding.where)
    return Parsed(None if findings else spec, tuple(findings), data, positions)


def check(spec: Spec, positions: Positions) -> Iterator[Finding]:
    """What is wrong with a spec beyond its shape."""
    for key, measure in spec.measures.items():
        at: Path = ("measures", key)
        yield from _points(measure.points, at, positions)
        yield from _efficacy(measure, at, positions)
        for index, one in enumerate(measure.treat):
            yield from _treatment(one, (*at, "treat", index), positions)
        yield from _once(measure, at, positions)
        if measure.missing in ("group-mean", "group-median") or spec.missing in (
            "group-mean",
            "group-median",
        ):
            if spec.units.group is None:
                message = N_("“%(policy)s” needs groups; name their column with “group” under “units”")
                yield Finding(
                    "no-group", message, positions.value(*at), {"policy": measure.missing or spec.missing}
                )
    if spec.within == "group" and spec.units.group is None:
        message = N_("“within: group” needs groups; name their column with “group” under “units”")
        yield Finding("no-group", message, positions.value("within"))
    yield from _tree(spec, positions)
    yield from _frame(spec, positions)
    yield from _noise(spec, positions)


def _tell_weights(data: object, positions: Positions, findings: list[Finding]) -> None:
    """A weight left empty is told in its own words, before the shape complains of its type."""
    nodes = data.get("nodes") if isinstance(data, dict) else None
    for name, node in nodes.items() if isinstance(nodes, dict) else ():
        weigh = node.get("weigh") if isinstance(node, dict) else None
        for child, weight in weigh.items() if isinstance(weigh, dict) else ():
            if weight is None:
                message = N_(
                    "the weight of “%(child)s” in “%(node)s” is missing; write a number of 0 or more after it"
                )
                at = positions.value("nodes", name, "weigh", child)
                findings.append(Finding("weight-missing", message, at, {"child": child, "node": name}))


def _keys(
    model: Points | Treatment,
    table: Mapping[Any, tuple[tuple[str, ...], tuple[str, ...]]],
    at: Path,
    positions: Positions,
) -> Iterator[Finding]:
    """Keys that a method needs and does not have, or has and does not know."""
    fields = type(model).model_fields
    needed, allowed = table[model.by]
    stated = {fields[name].alias or name for name in model.model_fields_set} - {"by"}
    for key in needed:
        if key not in stated:
            message = N_("“%(by)s” needs “%(key)s”; state it here")
            yield Finding("missing-key", message, positions.value(*at), {"by": model.by, "key": key})
    for key in sorted(stated - {*needed, *allowed}):
        message = N_("“%(key)s” means nothing to “%(by)s”; take it out (it knows %(known)s)")
        known = ", ".join((*needed, *allowed)) or "—"
        values = {"key": key, "by": model.by, "known": known}
        yield Finding("unknown-key", message, positions.key(*at, key), values)


def _points(points: Points, at: Path, positions: Positions) -> Iterator[Finding]:
    at = (*at, "points")
    yield from _keys(points, METHODS, at, positions)
    if points.by == "goalposts" and points.low is not None and points.high is not None:
        if points.low >= points.high or (points.log and points.low <= 0):
            message = N_(
                "the goalposts %(low)s and %(high)s hold nothing; low is below high, and above 0 where log is true"
            )
            values = {"low": points.low, "high": points.high}
            yield Finding("bad-goalposts", message, positions.value(*at, "low"), values)
    if points.floor is not None and points.cap is not None and points.floor >= points.cap:
        message = N_("the floor %(floor)s is not below the cap %(cap)s; change one of them")
        values = {"floor": points.floor, "cap": points.cap}
        yield Finding("bad-scale", message, positions.value(*at, "floor"), values)
    if points.bands is not None:
        try:
            parse_bands(points.bands)
        except BandError as error:
            where = positions.key(*at, "bands", *([error.key] if error.key else []))
            yield Finding("bad-bands", error.message, where, error.values)


def _efficacy(measure: MeasureSpec, at: Path, positions: Positions) -> Iterator[Finding]:
    """The satisfactory value lies on the side that `better` says."""
    bad, good = measure.points.bad, measure.points.good
    if bad is None or good is None or measure.points.by != "efficacy":
        return
    if (good <= bad) if measure.better == "more" else (good >= bad):
        message = N_(
            "where %(better)s is better, %(good)s is no better than %(bad)s; mend “good”, “bad” or “better”"
        )
        values = {"better": measure.better, "good": good, "bad": bad}
        yield Finding("bad-goalposts", message, positions.value(*at, "points", "good"), values)


def _treatment(one: Treatment, at: Path, positions: Positions) -> Iterator[Finding]:
    yield from _keys(one, TREATMENTS, at, positions)
    if one.by == "clip" and one.from_ is not None and one.to is not None and one.from_ >= one.to:
        message = N_("“from” %(low)s is not below “to” %(high)s; they are percentiles such as 5 and 95")
        yield Finding(
            "bad-percentiles", message, positions.value(*at, "from"), {"low": one.from_, "high": one.to}
        )


def _once(measure: MeasureSpec, at: Path, positions: Positions) -> Iterator[Finding]:
    """Of limits and of exponents a measure has one each, or a kept frame would not say whose they are."""
    for pair in (("winsorise", "clip"), ("log", "box-cox")):
        found = [index for index, one in enumerate(measure.treat) if one.by in pair]
        if len(found) > 1:
            message = N_("a measure is treated once by %(one)s or %(other)s; take the second out")
            values = {"one": pair[0], "other": pair[1]}
            yield Finding("treated-twice", message, positions.value(*at, "treat", found[1]), values)


def _tree(spec: Spec, positions: Positions) -> Iterator[Finding]:
    known = {*spec.measures, *spec.nodes}
    for name in spec.nodes:
        if name in spec.measures:
            message = N_("“%(name)s” is a measure and a node; give one of them another name")
            yield Finding("same-name", message, positions.key("nodes", name), {"name": name})
    uses: Counter[str] = Counter()
    broken = False
    for name, node in spec.nodes.items():
        at = ("nodes", name)
        if (node.by == "power") != (node.power is not None) or node.power == 0:
            message = N_("“power” is stated with “by: power”, is not 0, and is stated nowhere else")
            yield Finding("bad-power", message, positions.value(*at, "power"))
        for child, weight in node.weigh.items():
            where = positions.key(*at, "weigh", child)
            uses[child] += 1
            if child not in known:
                broken = True
                near = nearest(child, known)
                message = (
                    N_("there is no measure or node “%(child)s”; “%(near)s” is near")
                    if near
                    else N_("there is no measure or node “%(child)s”; add it or take it out here")
                )
                yield Finding("unknown-child", message, where, {"child": child, "near": near})
            elif uses[child] == 2:
                broken = True
                message = N_("“%(child)s” is weighed twice; each measure and node has one place in the tree")
                yield Finding("weighed-twice", message, where, {"child": child})
            if weight < 0:
                message = N_("the weight of “%(child)s” is %(weight)s; a weight is 0 or more")
                yield Finding("bad-weight", message, where, {"child": child, "weight": weight})
        if not any(node.weigh.values()):
            message = N_("the weights of “%(name)s” add up to nothing; give one of them a weight above 0")
            yield Finding("bad-weight", message, positions.value(*at, "weigh"), {"name": name})
    for name in spec.measures:
        if name not in uses:
            broken = True
            message = N_("no node weighs “%(name)s”; give it a weight in a node, or take it out")
            yield Finding("not-weighed", message, positions.key("measures", name), {"name": name})
    circle = _circle(spec)
    if circle:
        message = N_("the nodes %(circle)s go round in a circle; take one out of the node above it")
        values = {"circle": " → ".join(circle)}
        yield Finding("cycle", message, positions.key("nodes", circle[0], "weigh", circle[1]), values)
    elif not broken and len(tops := [name for name in spec.nodes if name not in uses]) != 1:
        message = N_("%(tops)s each stand on top; one node must hold all the others")
        values = {"tops": ", ".join(f"“{name}”" for name in tops)}
        yield Finding("two-tops", message, positions.key("nodes", tops[-1]), values)


def _circle(spec: Spec) -> list[str]:
    """A way along nodes that comes back to where it began; [] where there is none."""
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done or name not in spec.nodes:
            return []
        for child in spec.nodes[name].weigh:
            if found := walk(child, [*way, name]):
                return found
        done.add(name)
        return []

    return next((found for name in spec.nodes if (found := walk(name, []))), [])


# What a frame may hold, by who reads it.
FRAME = ("least", "most", "shift", "lambda", "low", "high", "mean", "sd", "aim", "worst")


def _frame(spec: Spec, positions: Positions) -> Iterator[Finding]:
    for key, groups in spec.frame.items():
        if key not in spec.measures:
            message = N_("the frame is for “%(key)s”, which is no measure; take it out or mend the name")
            yield Finding("unknown-measure", message, positions.key("frame", key), {"key": key})
        for group, numbers in groups.items():
            for name in numbers:
                if name not in FRAME:
                    message = N_("a frame holds no “%(name)s”; it holds %(known)s")
                    values = {"name": name, "known": ", ".join(FRAME)}
                    yield Finding("unknown-key", message, positions.key("frame", key, group, name), values)


def _noise(spec: Spec, positions: Positions) -> Iterator[Finding]:
    noise = spec.noise
    if noise is None:
        return
    read: dict[str, str] = {}
    for key, cell in noise.cells.items():
        at = ("noise", "cells", key)
        if key not in spec.measures:
            message = N_("the noise is of “%(key)s”, which is no measure; take it out or mend the name")
            yield Finding("unknown-measure", message, positions.key(*at), {"key": key})
            continue
        if sum(one is not None for one in (cell.se, cell.counts, cell.error)) != 1:
            message = N_("the noise of “%(key)s” is one of se, counts and error; state one of them")
            yield Finding("bad-noise", message, positions.value(*at), {"key": key})
        column = spec.column(key)
        if column in read:
            message = N_("“%(key)s” and “%(other)s” read one column; state the noise of one of them")
            yield Finding("bad-noise", message, positions.key(*at), {"key": key, "other": read[column]})
        read.setdefault(column, key)
        if cell.counts and spec.measures[key].per is None:
            message = N_("“counts” needs a denominator; give “%(key)s” its “per”")
            yield Finding("bad-noise", message, positions.value(*at, "counts"), {"key": key})
    for name, children in noise.weights.items():
        for child, (least, most) in children.items():
            where = positions.key("noise", "weights", name, child)
            if name not in spec.nodes or child not in spec.nodes[name].weigh:
                message = N_("“%(node)s” does not weigh “%(child)s”; take it out or mend the name")
                yield Finding("unknown-child", message, where, {"node": name, "child": child})
            elif not 0 <= least < most:
                message = N_("the bounds %(least)s and %(most)s hold nothing; 0 ≤ least < most")
                yield Finding("bad-weight", message, where, {"least": least, "most": most})


def _choices(spec: Spec, data: object, positions: Positions) -> Iterator[Finding]:
    """Each way a choice may go is a right spec by itself."""
    ways = 1
    for name, choice in (spec.noise.choices if spec.noise else {}).items():
        ways *= len(choice.of)
        for index, value in enumerate(choice.of):
            where = positions.value("noise", "choices", name, "of", index)
            try:
                varied = Spec.model_validate(replaced(data, choice.at, value))
            except KeyError:
                message = N_("choice “%(name)s”: there is nothing at %(at)s; mend where it stands")
                where = positions.value("noise", "choices", name, "at")
                yield Finding("bad-choice", message, where, {"name": name, "at": ".".join(choice.at)})
                break
            except ValidationError:
                message = N_("choice “%(name)s”: %(value)s cannot stand at %(at)s; mend the one or the other")
                values = {"name": name, "value": value, "at": ".".join(choice.at)}
                yield Finding("bad-choice", message, where, values)
                continue
            for fault in check(varied, positions):
                message = N_("choice “%(name)s”, %(value)s: %(fault)s")
                values = {"name": name, "value": value, "fault": fault.text}
                yield Finding("bad-choice", message, where, values)
    if ways > MOST_VARIANTS:
        message = N_("the choices combine in %(ways)s ways; at most %(most)s can be computed")
        values = {"ways": ways, "most": MOST_VARIANTS}
        yield Finding("too-many", message, positions.value("noise", "choices"), values)


def replaced(data: object, at: tuple[str, ...], value: object) -> object:
    """The tree with one value in another's place. Raises KeyError for a place that is not there."""
    if not at:
        return value
    if isinstance(data, dict):
        if at[0] not in data and len(at) > 1:
            raise KeyError(at[0])
        return data | {at[0]: replaced(data.get(at[0]), at[1:], value)}
    if isinstance(data, list) and at[0].isdigit() and int(at[0]) < len(data):
        return [replaced(one, at[1:], value) if n == int(at[0]) else one for n, one in enumerate(data)]
    raise KeyError(at[0])
