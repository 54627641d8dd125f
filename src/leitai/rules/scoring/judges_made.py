"""Scorings made up, in which the truth is known: how wrong raw means are, and what is wrong once judges are out.

Sites truly lie normally about 80 points, `sites_vary` apart; judges take off what they take off; every further stop
adds `step`; and each mark has an error. Each judge misses some sites: those of their own unit, and what they could not
reach. Of the groups the first is the larger, as where most ride in one coach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .judges import Mark, fit, place_in_route, routes, student
from .ranksets import simultaneous_sets
from .special import Chance, Floats


@dataclass(frozen=True, slots=True)
class Setting:
    """How a made-up scoring is laid out; spreads are standard deviations, in points."""

    sites: int = 12
    judges: int = 15
    groups: int = 2
    first_group: float = 0.7
    missed: float = 0.25
    sites_vary: float = 4.0
    judges_vary: float = 5.0
    step: float = -0.5
    error: float = 3.0


@dataclass(frozen=True, slots=True)
class Made:
    """Marks, what the sites truly are worth, what the judges truly take off."""

    marks: tuple[Mark, ...]
    truth: Floats
    severity: Floats


def made(chance: Chance, setting: Setting) -> Made:
    """One scoring."""
    truth = 80 + setting.sites_vary * chance.standard_normal(setting.sites)
    severity = setting.judges_vary * chance.standard_normal(setting.judges)
    roads = routes(setting.groups, setting.sites, setting.groups)
    first = round(setting.first_group * setting.judges)
    missed = chance.random((setting.judges, setting.sites)) < setting.missed
    errors = setting.error * chance.standard_normal((setting.judges, setting.sites))
    marks = []
    for judge in range(setting.judges):
        group = 0 if setting.groups == 1 or judge < first else 1 + judge % (setting.groups - 1)
        start, backwards = roads[group]
        for site in range(setting.sites):
            if missed[judge, site]:
                continue
            place = place_in_route(site + 1, setting.sites, start, backwards)
            late = setting.step * (place - (setting.sites + 1) / 2)
            points = truth[site] - severity[judge] + late + errors[judge, site]
            marks.append(Mark(judge + 1, site + 1, place, float(points)))
    return Made(tuple(marks), truth, severity)


@dataclass(frozen=True, slots=True)
class Bias:
    """What is wrong with sites' points over many scorings, by raw means and once judges and order are taken out.

    `order` is how many points a stop later in the route brings, `severity` how many a point of severity of a site's
    own judges takes off, `error` the mean square error's root; `held` the share of scorings whose rank sets hold all
    true ranks, `told` that of pairs told apart.
    """

    order: tuple[float, float]
    severity: tuple[float, float]
    error: tuple[float, float]
    held: float
    told: float


def bias(chance: Chance, setting: Setting, runs: int, *, level: float = 0.95, draws: int = 1000) -> Bias:
    """So many scorings. Points are compared with the truth less the mean of each, as ranks do."""
    order, severe, error = [], [], []
    held, told = 0, 0.0
    for one in chance.spawn(runs):
        scoring = made(one, setting)
        found = fit(scoring.marks)
        if found is None or len(found.sites) < setting.sites:
            raise ValueError("a made-up scoring leaves too few marks")
        truth = scoring.truth - scoring.truth.mean()
        off = [_off(found.raw, truth), _off(found.values, truth)]
        place, own = _usual(scoring, setting)
        order.append([_slope(place, wrong) for wrong in off])
        severe.append([_slope(own, wrong) for wrong in off])
        error.append([float((wrong * wrong).mean()) for wrong in off])
        wide = student(found.freedom, level) / student(1_000_000, level)
        sets = simultaneous_sets(
            found.values, [wide * se for se in found.ses], level, chance=one, draws=draws
        )
        true = 1 + np.argsort(np.argsort(-truth, kind="stable"), kind="stable")
        low, high = np.array(sets.low), np.array(sets.high)
        held += int(((low <= true) & (true <= high)).all())
        told += 1 - float((high - low).sum()) / (setting.sites * (setting.sites - 1))
    places, severities = np.array(order).mean(axis=0), np.array(severe).mean(axis=0)
    errors = np.sqrt(np.array(error).mean(axis=0))
    return Bias(
        (float(places[0]), float(places[1])),
        (float(severities[0]), float(severities[1])),
        (float(errors[0]), float(errors[1])),
        held / runs,
        told / runs,
    )


def _off(values: tuple[float, ...], truth: Floats) -> Floats:
    found: Floats = np.array(values) - np.mean(values) - truth
    return found


def _usual(scoring: Made, setting: Setting) -> tuple[Floats, Floats]:
    """For each site the mean place it came at, and the mean severity of those who marked it."""
    place, own, count = np.zeros(setting.sites), np.zeros(setting.sites), np.zeros(setting.sites)
    for one in scoring.marks:
        place[one.site - 1] += one.place
        own[one.site - 1] += scoring.severity[one.judge - 1]
        count[one.site - 1] += 1
    return place / count, own / count


def _slope(of: Floats, wrong: Floats) -> float:
    centred = of - of.mean()
    size = float(centred @ centred)
    return float(centred @ wrong) / size if size > 0 else 0.0
