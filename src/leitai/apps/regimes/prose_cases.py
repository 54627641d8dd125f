"""Kinds of case read aloud: doors, questions, clocks with their slips, what may stop a clock, how it really ends."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from leitai.rules.casework import COLOURS, FIELDS, ROLES, Flow, flow_of
from leitai.rules.regime.cases import CaseSpec, ClockSpec, SlipSpec
from leitai.rules.regime.model import Regime

from .conditions import in_words
from .saying import Entry, listed, named, say, span

MILESTONES = {
    "opened": N_("it is opened"),
    "dispatched": N_("it is dispatched"),
    "replied": N_("it is replied to"),
    "answered": N_("what was done is reported"),
    "called": N_("the citizen is called back"),
    "closed": N_("it is closed"),
}
DOORS = {
    "office": N_("the office's form"),
    "patrol": N_("the patrol's form"),
    "enterprise": N_("the enterprise's own link"),
    "public": N_("the public form"),
    "open311": N_("civic apps (Open311)"),
    "mail": N_("mail"),
}
RECEIVERS = {
    "unit": N_("the unit"),
    "head": N_("the unit's head"),
    "leader": N_("the leader"),
    "office": N_("the office"),
}
PHOTOS = {
    "after": N_("It is reported as done only with a photo of how it looks then."),
    "before-after": N_(
        "It is reported as done only with photos of how it looked before and how it looks then."
    ),
}
WAYS = {
    "inspect": {
        "month": N_("Every month closed ones are drawn at random and inspected"),
        "quarter": N_("Every quarter closed ones are drawn at random and inspected"),
    },
    "callback": {
        "month": N_("Every month closed ones are drawn at random and who reported them is called"),
        "quarter": N_("Every quarter closed ones are drawn at random and who reported them is called"),
    },
}


def kinds(regime: Regime) -> Iterator[Entry]:
    """Every kind of case in sentences."""
    for key, spec in regime.cases.items():
        yield Entry(key, say(spec.name), tuple(_kind(spec, regime)), spec.source)


def flows(regime: Regime) -> Iterator[Entry]:
    """The flows that the rule-book lays down itself, state by state."""
    for key, spec in regime.flows.items():
        yield Entry(key, say(spec.name), tuple(_states(spec.table(key))), spec.source)


def _kind(spec: CaseSpec, regime: Regime) -> Iterator[str]:
    if spec.about is not None:
        yield _("For: %(about)s.") % {"about": say(spec.about)}
    flow = flow_of(spec)
    yield _("Its flow: %(flow)s.") % {"flow": say(flow.label)}
    if spec.doors:
        yield _("It comes by: %(doors)s.") % {"doors": listed(_(DOORS[door]) for door in spec.doors)}
    elif spec.doors is not None:
        yield _("Nobody registers it: it comes from elsewhere in the house.")
    if spec.form:
        questions = listed(
            _("%(question)s (must be answered)") % {"question": say(one.name)}
            if one.needed
            else say(one.name)
            for one in spec.form.values()
        )
        yield _("Its form asks: %(questions)s.") % {"questions": questions}
    for key, clock in spec.clocks.items():
        yield _clock(key, clock, flow, regime)
    yield from _stops(spec)
    yield from _ends(spec)


def _clock(key: str, spec: ClockSpec, flow: Flow, regime: Regime) -> str:
    said = _(
        "%(name)s: within %(within)s, by the calendar “%(calendar)s”, from when %(start)s until %(until)s"
    ) % {
        "name": say(spec.name) or key,
        "within": span(spec.within),
        "calendar": named(regime.calendars, spec.on),
        "start": _milestone(spec.from_, flow),
        "until": _milestone(spec.until, flow),
    }
    if spec.warn:
        said += _("; a warning %(time)s before the end") % {"time": span(spec.warn)}
    for slip in spec.slips:
        said += _("; ") + _slip(slip)
    if spec.when:
        said += _("; only if %(condition)s") % {"condition": in_words(spec.when, regime) or spec.when}
    return said + _(".")


def _slip(spec: SlipSpec) -> str:
    values = {"slip": say(spec.name) or say(COLOURS[spec.slip]), "to": _(RECEIVERS[spec.to])}
    if spec.at == "warn":
        return _("with the warning the %(slip)s goes to %(to)s") % values
    if spec.at == "due":
        return _("once it is late the %(slip)s goes to %(to)s") % values
    return _("%(time)s after the end the %(slip)s goes to %(to)s") % (values | {"time": span(spec.at)})


def _milestone(key: str, flow: Flow) -> str:
    """What passing a milestone is called; one of the rule-book's own by the move that passes it."""
    if key in MILESTONES:
        return _(MILESTONES[key])
    move = next(one for one in flow.moves if one.milestone == key)
    return _("“%(move)s” is done") % {"move": say(move.label)}


def _stops(spec: CaseSpec) -> Iterator[str]:
    """What may stop a clock, give it more time, or send the case to another unit."""
    if spec.pauses:
        reasons = listed(
            _("%(reason)s (at most %(time)s)") % {"reason": say(one.name), "time": span(one.most)}
            for one in spec.pauses.values()
        )
        yield _("Its clocks may stand still, once the other side has agreed, for: %(reasons)s.") % {
            "reasons": reasons
        }
    if spec.extend is not None:
        values = {"n": spec.extend.times, "time": span(spec.extend.most)}
        yield (
            ngettext(
                "The office may give more time once, at most %(time)s.",
                "The office may give more time up to %(n)s times, at most %(time)s each.",
                spec.extend.times,
            )
            % values
        )
    if spec.grounds:
        grounds = listed(say(ground) for ground in spec.grounds.values())
        yield _(
            "It is transferred only on these grounds, and only once the other unit has accepted: %(grounds)s."
        ) % {"grounds": grounds}


def _ends(spec: CaseSpec) -> Iterator[str]:
    """How it is seen that a case is really over."""
    if spec.photos in PHOTOS:
        yield _(PHOTOS[spec.photos])
    if spec.relapse is not None:
        yield _("What comes back in the same place within %(time)s of closing counts as a relapse.") % {
            "time": span(spec.relapse)
        }
    if spec.recheck is not None:
        values = {"share": f"{spec.recheck.bound:.0%}", "sure": f"{spec.recheck.confidence:.0%}"}
        drawn = _(WAYS[spec.recheck.way][spec.recheck.every])
        yield (
            drawn
            + _(
                ", so many that a share of %(share)s not really over would show with a probability of %(sure)s."
            )
            % values
        )
    if spec.public:
        yield _("Open cases of this kind are public.")


def _states(flow: Flow) -> Iterator[str]:
    for state in flow.states:
        if state.terminal:
            yield _("“%(state)s”: it is over.") % {"state": say(state.label)}
            continue
        moves = listed(
            _("“%(move)s” (needs: %(boxes)s)")
            % {"move": say(move.label), "boxes": listed(say(FIELDS[box]) for box in move.needs)}
            if move.needs
            else _("“%(move)s”") % {"move": say(move.label)}
            for move in flow.moves
            if state.key in move.from_states
        )
        yield _("“%(state)s”, held by %(holder)s: %(moves)s.") % {
            "state": say(state.label),
            "holder": say(ROLES[state.owner]),
            "moves": moves,
        }
