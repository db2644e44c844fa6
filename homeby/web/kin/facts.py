"""What a kin page says, and in which words: the agreed ones, and nothing else."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from homeby import instants
from homeby.missions.queries import kin as missions
from homeby.people import queries as people
from homeby.people.queries.kin import Waiting
from homeby.people.rules import MayKnow
from homeby.watch import texts_kin
from homeby.watch.actions.kin_worry import Worry
from homeby.watch.queries import kin as watch
from homeby.watch.rules import Phase
from homeby.watch.rules import kin as rules
from homeby.watch.rules.kin import Shown


@dataclass(frozen=True, kw_only=True)
class Said:
    """The words of a page: one heading, what stands below it, when to call whom."""

    shown: Shown
    head: str
    lines: list[str] = field(default_factory=list)
    call: str = ""
    phone: str = ""
    dial: str = ""
    zone: str = ""
    at: str = ""
    worried: str = ""

    @property
    def colour(self) -> str:
        """The phase whose colour the page takes; words say everything that it says."""
        return {Shown.LATE: "uncertainty", Shown.BACK: "back"}.get(self.shown, "out")


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """What the words are chosen by."""

    facts: rules.Facts
    watched: watch.Watched
    zone: str
    now: dt.datetime

    def wall(self, at: dt.datetime) -> str:
        """A local hour, as the mission's own place reads it."""
        return instants.wall(at, self.zone, self.now)


def said(waiting: Waiting, *, now: dt.datetime) -> Said:
    """What one of the kin reads now. Seven queries at most."""
    outing = missions.outing_of(waiting.person_id)
    watched = watch.kin_watch(outing.ref if outing else "", waiting.kin_id)
    organisation = people.organisation()
    zone = outing.zone if outing else (organisation.zone if organisation else "UTC")
    facts = rules.Facts(
        is_out=outing is not None and outing.is_out,
        due_at=outing.due_at if outing else None,
        call_out_at=outing.call_out_at if outing else None,
        back_at=outing.back_at if outing else None,
        told=watched.told,
        in_persons_hands=bool(watched.speaker),
        was_held=watched.was_held,
        alarm_phase=watched.alarm_phase,
    )
    scene = _Scene(facts=facts, watched=watched, zone=zone, now=now)
    shown = rules.shown(facts, waiting.may_know, now=now)
    whom = (organisation.call_whom if organisation else "") or _("the watch")
    phone = organisation.call_phone if organisation else ""
    head, lines = _WORDS[shown](scene, waiting.may_know)
    return Said(
        shown=shown,
        head=head,
        lines=lines,
        call=_when_to_call(scene, shown, whom=whom, phone=phone),
        phone=phone,
        dial=re.sub(r"[^+0-9]", "", phone),
        zone=texts_kin.zone_line(zone),
        at=scene.wall(now),
        worried=_worried(scene),
    )


def _quiet(scene: _Scene, may_know: MayKnow) -> tuple[str, list[str]]:
    text = _("If there is something you must know, it stands here and you get a message.")
    return _("There is nothing to tell you now."), [text]


def _out(scene: _Scene, may_know: MayKnow) -> tuple[str, list[str]]:
    due_at = scene.facts.due_at
    if due_at is None:
        return _("Out."), []
    return _("Out, expected back %s.") % scene.wall(due_at), [
        _("All is as it was planned. We keep the watch, and we notice when that hour passes.")
    ]


def _late(scene: _Scene, may_know: MayKnow) -> tuple[str, list[str]]:
    lines = []
    if rules.knows_due(may_know) and scene.facts.due_at is not None:
        lines.append(_("Expected back: %s.") % scene.wall(scene.facts.due_at))
    lines.append(_what_we_do(scene))
    if scene.watched.step is not None and scene.watched.step_at is not None:
        at = scene.wall(scene.watched.step_at)
        step = texts_kin.step_words(scene.watched.step)
        lines.append(_("Since %(at)s: %(step)s") % {"step": step, "at": at})
    if scene.watched.next_at is not None:
        lines.append(texts_kin.next_hour_line(scene.wall(scene.watched.next_at)))
    return _("Later than expected."), lines


def _what_we_do(scene: _Scene) -> str:
    """What the watch does of itself at this phase."""
    if scene.facts.alarm_phase is None:
        return _("The watch knows it and is looking into it.")
    if scene.facts.alarm_phase is Phase.UNCERTAINTY:
        return _("We are looking into it, and try to reach them.")
    return _("The hour at which help is called has passed: help is being called.")


def _back(scene: _Scene, may_know: MayKnow) -> tuple[str, list[str]]:
    assert scene.facts.back_at is not None, "whoever is back came at some time"
    return _("Back."), [_("Since %s.") % scene.wall(scene.facts.back_at)]


def _held(scene: _Scene, may_know: MayKnow) -> tuple[str, list[str]]:
    speaker = scene.watched.speaker
    return _("%s will call you.") % speaker, [_("A person speaks with you now, and not this page.")]


_WORDS: dict[Shown, Any] = {
    Shown.QUIET: _quiet,
    Shown.OUT: _out,
    Shown.LATE: _late,
    Shown.BACK: _back,
    Shown.HELD: _held,
}


def agreed(may_know: MayKnow) -> list[str]:
    """Every sentence that a page of this measure can say of somebody, for the person who agrees to
    it; hours are left open."""
    knows, hour = rules.knows_due(may_know), "…"
    return [
        *([_("Out, expected back %s.") % hour] if knows else []),
        _("Later than expected."),
        *([_("Expected back: %s.") % hour] if knows else []),
        _("We are looking into it, and try to reach them."),
        _("The hour at which help is called has passed: help is being called."),
        *(texts_kin.step_words(step) for step in rules.SearchStep),
        texts_kin.next_hour_line(hour),
        _("Back."),
        _("%s will call you.") % _("Somebody by name"),
    ]


def _when_to_call(scene: _Scene, shown: Shown, *, whom: str, phone: str) -> str:
    """The written hour from which to call, and whom."""
    facts = {"whom": whom, "phone": phone or _("the number you were given")}
    hour = None
    if shown is Shown.OUT:
        hour = scene.facts.call_out_at
    elif shown is Shown.LATE:
        hour = scene.watched.next_at or scene.facts.call_out_at
    if hour is not None and hour > scene.now:
        facts["at"] = scene.wall(hour)
        return _("If you have heard nothing by %(at)s, call %(whom)s: %(phone)s.") % facts
    return _("If you are worried, call %(whom)s at any hour: %(phone)s.") % facts


def _worried(scene: _Scene) -> str:
    at = scene.watched.worried_at
    return _("You told the watch at %s that you are worried.") % scene.wall(at) if at else ""


def worry_of(waiting: Waiting, said: str) -> Worry:
    """The worry of one of the kin, about the mission that the person is out on."""
    outing = missions.outing_of(waiting.person_id)
    ref = outing.ref if outing is not None and outing.is_out else ""
    return Worry(kin_id=waiting.kin_id, person_id=waiting.person_id, ref=ref, said=said)
