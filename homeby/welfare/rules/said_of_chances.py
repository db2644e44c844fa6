"""What was counted of somebody's chances, in whole sentences: for herself, and for the welfare
officer who reads a signal. Pure.

Every number is a count over the activities whose keys stand beside it; an even hand is rounded, and
said to be about that. No sentence speaks of a motive, of a state or of anybody else (`LEFTOUT.md`
5, 8). What stands on both pages says neither "you" nor "she".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from homeby import instants
from homeby.readiness.rules.asked_for import FEW as FEW
from homeby.sentences import gettext as _
from homeby.welfare.rules.evidence import Channel
from homeby.welfare.rules.explained import Counted, Stretch


@dataclass(frozen=True, kw_only=True)
class Said:
    """One kind of decision in words, the numbers in them, and the activities they are counted
    from."""

    channel: Channel
    title: str
    sentence: str
    numbers: tuple[int, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A signal in words: what happened, how sure, and what it may be instead."""

    since: str
    said: tuple[Said, ...]
    spoke: str
    not_counted: str
    how_sure: str
    otherwise: tuple[str, ...]
    not_why: str


def titles() -> dict[Channel, str]:
    """What each kind of decision is called."""
    return {
        Channel.FRAME: _("The time"),
        Channel.INVITED: _("Asked"),
        Channel.IN_TIME: _("Told in time"),
        Channel.PICKED: _("Who went"),
    }


def said(one: Counted) -> Said:
    """Decisions of one kind in a sentence."""
    went, even = one.well, one.even
    sentence = _sentences()[one.channel]
    if one.channel in (Channel.FRAME, Channel.IN_TIME):
        went, even = one.decisions - one.well, one.decisions - one.even
    numbers = (one.decisions, went, round(even))
    return Said(
        channel=one.channel,
        title=titles()[one.channel],
        sentence=sentence.format(all=numbers[0], hers=numbers[1], even=numbers[2]),
        numbers=numbers,
        keys=one.keys,
    )


def _sentences() -> dict[Channel, str]:
    return {
        Channel.FRAME: _(
            "Times that were chosen freely: {all}. Against something that was noted already: "
            "{hers}; at the times that are usual for this team it would have been about {even}."
        ),
        Channel.INVITED: _(
            "Times when some of those who could come were asked and some were not: {all}. "
            "Asked: {hers}; an even share would be about {even}."
        ),
        Channel.IN_TIME: _(
            "Times when some were told much later than the others: {all}. "
            "Told late: {hers}; an even share would be about {even}."
        ),
        Channel.PICKED: _(
            "Times when there was a choice between people who were available: {all}. "
            "Went along: {hers}; an even share would be about {even}."
        ),
    }


def in_words(counted: Iterable[Counted]) -> tuple[Said, ...]:
    """Each kind of decision that was counted, in the order in which they are taken."""
    return tuple(said(one) for one in counted)


def evidence(stretch: Stretch, *, one_in_years: int, people: int, zone: str) -> Evidence:
    """A signal in words. `one_in_years`: the promise under which it was raised; `people`: how many
    the team has."""
    return Evidence(
        since=_("Since {day}").format(day=_day(stretch.since, zone)),
        said=in_words(stretch.counted),
        spoke=_("What was enough to say so: {kinds}.").format(
            kinds=", ".join(title for one, title in titles().items() if one in stretch.spoke)
        ),
        not_counted=not_counted(),
        how_sure=how_sure(one_in_years),
        otherwise=otherwise({one.channel for one in stretch.counted}, people=people),
        not_why=not_why(),
    )


def _day(at: dt.datetime, zone: str) -> str:
    return instants.day(at.astimezone(instants.zone_info(zone)).date())


def not_counted() -> str:
    """What is left out of every count."""
    return _(
        "Not counted: leave, injury, one's own refusals, seats that need a skill one does not "
        "hold, and what was decided before one was in the team."
    )


def how_sure(one_in_years: int) -> str:
    """The base rate: how often it would be said of nobody's doing."""
    return _(
        "If it made no difference who it is about, something like this would be said about once "
        "in {years} years of one person's service, or less often. So one of many such may still "
        "be chance."
    ).format(years=one_in_years)


def not_why() -> str:
    """What no number says."""
    return _("This says what happened, not why.")


def was_asked(asked: tuple[int, int]) -> str:
    """Kind reasons count like others; the question is whether anybody asked her (`STORY.md` 91)."""
    return _(
        "Choices that went otherwise for somebody available: {all}. Asked before: {asked}; not "
        "asked by anybody: {not_asked}."
    ).format(all=sum(asked), asked=asked[0], not_asked=asked[1])


def otherwise(channels: Collection[Channel], *, people: int) -> tuple[str, ...]:
    """What would explain the same figures, to be asked first."""
    found = {
        Channel.FRAME: _(
            "A hall, a course or the daylight may have left no other time; whoever set it may not "
            "have seen what was noted."
        ),
        Channel.INVITED: _(
            "Somebody may have been asked by word of mouth, which nobody entered here."
        ),
        Channel.IN_TIME: _("Word may have come earlier by another way, or the plan changed late."),
        Channel.PICKED: _(
            "Experience that no seat names may have been needed, or a wish was said and not "
            "entered."
        ),
    }
    several = [found[one] for one in Channel if one in channels]
    several.append(_("The records may be wrong, or leave something out: then they are put right."))
    if people < FEW:
        several.append(
            _(
                "The team has {people} people: an even share of one tells on the others. No figure "
                "of anybody else is shown."
            ).format(people=people)
        )
    return tuple(several)
