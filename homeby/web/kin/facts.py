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
from homeby.watch import queries as watches
from homeby.watch import texts_kin
from homeby.watch.actions import kin_worry
from homeby.watch.actions.kin_worry import Worry
from homeby.watch.queries import kin as watch
from homeby.watch.rules import Phase
from homeby.watch.rules import kin as rules
from homeby.watch.rules.kin import Keeping, Shown
from homeby.web import live
from homeby.web.words import isolated


@dataclass(frozen=True, kw_only=True)
class Said:
    """The words of a page: one heading, what stands below it, when to call whom, and what becomes
    of the word that they are worried ("" where it would reach nobody)."""

    shown: Shown
    head: str
    lines: list[str] = field(default_factory=list)
    call: str = ""
    phone: str = ""
    dial: str = ""
    zone: str = ""
    at: str = ""
    worried: str = ""
    ask: str = ""

    @property
    def colour(self) -> str:
        """The phase whose colour the page takes; words say everything that it says."""
        colours = {Shown.LATE: "uncertainty", Shown.LOOKING: "uncertainty", Shown.BACK: "back"}
        return colours.get(self.shown, "out")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What the words are chosen by; `paused_until` while the watch is paused."""

    facts: rules.Facts
    watched: watch.Watched
    zone: str
    now: dt.datetime
    keeping: Keeping = Keeping.WATCHED
    paused_until: dt.datetime | None = None

    def wall(self, at: dt.datetime) -> str:
        """A local hour, as the mission's own place reads it."""
        return instants.wall(at, self.zone, self.now)


def said(waiting: Waiting, *, now: dt.datetime) -> Said:
    """What one of the kin reads now. A fixed number of queries."""
    outing = missions.outing_of(waiting.person_id)
    watched = watch.kin_watch(outing.ref if outing else "", waiting.kin_id)
    organisation = people.organisation()
    seen = live.snapshot()
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
    scene = Scene(
        facts=facts,
        watched=watched,
        zone=outing.zone if outing else people.zone(),
        now=now,
        keeping=rules.keeping(
            is_copy=live.COPY_BAR in seen.bars,
            is_awake=watches.is_fresh(seen.watch_age_seconds)
            and kin_worry.is_heard(worry_of(waiting, ""), worry_id=watched.worry_id, now=now),
            is_paused=seen.paused_until is not None,
        ),
        paused_until=seen.paused_until,
    )
    whom = organisation.call_whom if organisation else ""
    phone = organisation.call_phone if organisation else ""
    return page_of(scene, waiting.may_know, whom=whom, phone=phone)


def page_of(scene: Scene, may_know: MayKnow, *, whom: str = "", phone: str = "") -> Said:
    """The words of the page of kin who may know so much, in such a scene."""
    is_copy = scene.keeping is Keeping.COPY
    shown = Shown.QUIET if is_copy else rules.shown(scene.facts, may_know, now=scene.now)
    head, lines = _of_a_copy() if is_copy else _WORDS[shown](scene, may_know)
    return Said(
        shown=shown,
        head=head,
        lines=lines,
        call=_when_to_call(scene, shown, whom=whom or _("the watch"), phone=phone),
        phone=phone,
        dial=re.sub(r"[^+0-9]", "", phone),
        zone=texts_kin.zone_line(scene.zone),
        at=scene.wall(scene.now),
        worried=_worried(scene),
        ask=_ask(scene),
    )


def is_a_copy() -> bool:
    """Whether this station is a restored copy, from which no word of kin reaches anybody."""
    return live.COPY_BAR in live.snapshot().bars


def _of_a_copy() -> tuple[str, list[str]]:
    text = _("It is cut off from the watch. That says nothing about the person who named you.")
    return _("This page cannot tell you how it stands now."), [text]


def _not_watched(scene: Scene) -> list[str]:
    """What a page adds while no hour that passes is noticed; nothing while the watch is kept."""
    if scene.keeping is Keeping.SILENT:
        return [
            _(
                "The watch does not answer this page just now: it may not notice by itself when "
                "an hour passes, and a message may come late. That says nothing about the person "
                "who named you."
            )
        ]
    if scene.keeping is Keeping.PAUSED and scene.paused_until is not None:
        text = _(
            "The watch is paused until %s: before that it does not notice by itself when an hour "
            "passes. People decided so; it says nothing about the person who named you."
        )
        return [text % scene.wall(scene.paused_until)]
    return []


def _quiet(scene: Scene, may_know: MayKnow) -> tuple[str, list[str]]:
    if scene.keeping is Keeping.SILENT:
        return _("This page cannot tell you how it stands now."), _not_watched(scene)
    text = _("If there is something you must know, it stands here and you get a message.")
    return _("There is nothing to tell you now."), _not_watched(scene) or [text]


def _out(scene: Scene, may_know: MayKnow) -> tuple[str, list[str]]:
    due_at = scene.facts.due_at
    if due_at is None:
        return _("Out."), _not_watched(scene)
    lines = _not_watched(scene) or [
        _("We keep the watch, and we notice when that hour passes."),
    ]
    return _("Out, expected back %s.") % scene.wall(due_at), [*lines, *_again(scene)]


def _looking(scene: Scene, may_know: MayKnow) -> tuple[str, list[str]]:
    if not _is_awake(scene):  # nobody may be looking just now
        return (_out if rules.knows_due(may_know) else _quiet)(scene, may_know)
    lines = [texts_kin.before_the_hour(), *_expected(scene, may_know), *_step(scene)]
    return _("We are looking into something."), [*lines, *_not_watched(scene), *_again(scene)]


def _late(scene: Scene, may_know: MayKnow) -> tuple[str, list[str]]:
    lines = [*_expected(scene, may_know), _what_we_do(scene), *_step(scene)]
    return _("Later than expected."), [*lines, *_not_watched(scene), *_again(scene)]


def _expected(scene: Scene, may_know: MayKnow) -> list[str]:
    """The promised hour, for those who may know it."""
    if not rules.knows_due(may_know) or scene.facts.due_at is None:
        return []
    return [_("Expected back: %s.") % scene.wall(scene.facts.due_at)]


def _step(scene: Scene) -> list[str]:
    """What we do, where a person has said so."""
    if scene.watched.step is None or scene.watched.step_at is None:
        return []
    words = {
        "step": texts_kin.step_words(scene.watched.step),
        "at": scene.wall(scene.watched.step_at),
    }
    return [_("Since %(at)s: %(step)s") % words]


def _again(scene: Scene) -> list[str]:
    """When they hear again."""
    next_at = _next_word(scene)
    return [] if next_at is None else [texts_kin.next_hour_line(scene.wall(next_at))]


def _next_word(scene: Scene) -> dt.datetime | None:
    """The hour that was promised for the next word, while something keeps that promise."""
    at = scene.watched.next_at
    return at if at is not None and at > scene.now and _is_awake(scene) else None


def _is_awake(scene: Scene) -> bool:
    return scene.keeping in (Keeping.WATCHED, Keeping.PAUSED)


def _what_we_do(scene: Scene) -> str:
    """What the watch does of itself at this phase; no more than is known where none does."""
    if scene.facts.alarm_phase is None or not _is_awake(scene):
        return _("We have not heard yet that they are back.")
    if scene.facts.alarm_phase is Phase.UNCERTAINTY:
        return _("We are looking into it, and try to reach them.")
    return _("The hour at which help is called has passed, and we go on.")


def _back(scene: Scene, may_know: MayKnow) -> tuple[str, list[str]]:
    assert scene.facts.back_at is not None, "whoever is back came at some time"
    return _("Back."), [_("Since %s.") % scene.wall(scene.facts.back_at)]


def _held(scene: Scene, may_know: MayKnow) -> tuple[str, list[str]]:
    speaker = isolated(scene.watched.speaker)
    return _("%s will call you.") % speaker, [_("A person speaks with you now, and not this page.")]


_WORDS: dict[Shown, Any] = {
    Shown.QUIET: _quiet,
    Shown.OUT: _out,
    Shown.LOOKING: _looking,
    Shown.LATE: _late,
    Shown.BACK: _back,
    Shown.HELD: _held,
}


def _when_to_call(scene: Scene, shown: Shown, *, whom: str, phone: str) -> str:
    """The written hour from which to call, and whom; at once where nobody would notice."""
    facts = {"whom": isolated(whom), "phone": phone or _("the number you were given")}
    unnoticed = shown is Shown.LATE and scene.facts.alarm_phase is None
    if not _is_awake(scene) or (unnoticed and scene.keeping is Keeping.PAUSED):
        text = _(
            "Do not wait for a message. If you expected to hear something, or are worried, call "
            "%(whom)s: %(phone)s."
        )
        return text % facts
    hour = None
    if shown is Shown.OUT:
        hour = scene.facts.call_out_at
    elif shown is Shown.LOOKING:
        hour = _next_word(scene)
    elif shown is Shown.LATE:
        hour = _next_word(scene) or scene.facts.call_out_at
    if hour is not None and hour > scene.now:
        facts["at"] = scene.wall(hour)
        return _("If you have heard nothing by %(at)s, call %(whom)s: %(phone)s.") % facts
    return _("If you are worried, call %(whom)s at any hour: %(phone)s.") % facts


def _worried(scene: Scene) -> str:
    at, taken_up_at = scene.watched.worried_at, scene.watched.taken_up_at
    if scene.keeping is Keeping.COPY:
        return ""
    if taken_up_at is not None and scene.now < taken_up_at + rules.BACK_SHOWN:
        return _("Somebody of the watch took up your worry at %s.") % scene.wall(taken_up_at)
    if at is None:
        return ""
    if _is_awake(scene):
        return _("You told the watch at %s that you are worried.") % scene.wall(at)
    return _("You wrote here at %s that you are worried.") % scene.wall(at)


def _ask(scene: Scene) -> str:
    """What becomes of "I am worried" once it is sent."""
    if scene.keeping is Keeping.COPY:
        return ""
    if _is_awake(scene):
        return _(
            "Say so here, and whoever holds the watch is told at once. The person who named you is "
            "not told that you asked."
        )
    return _(
        "Call first. What you say here is kept, but may reach the watch late. The person who named "
        "you is not told that you asked."
    )


def worry_of(waiting: Waiting, said: str) -> Worry:
    """The worry of one of the kin, about the mission that the person is out on."""
    outing = missions.outing_of(waiting.person_id)
    ref = outing.ref if outing is not None and outing.is_out else ""
    return Worry(kin_id=waiting.kin_id, person_id=waiting.person_id, ref=ref, said=said)
