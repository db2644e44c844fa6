"""Which past moment a page is asked for, and the way from one moment to the next.

A minute is shown whole: what was recorded at 05:12:40 was known "at 05:12", as the lines of the
logbook say it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby import instants
from homeby.logbook.then import Moment, Way
from homeby.web.door import Door

_MINUTE = dt.timedelta(minutes=1)
_LEAST = dt.timedelta(microseconds=1)
#: A button each for so many changes, the newest first.
CHANGES_MOST = 60

TITLES = {
    Way.KNOWN: gettext_lazy("As known at %s"),
    Way.TRUE: gettext_lazy("As it was at %s, by what we know now"),
}
_WAYS = {
    Way.KNOWN: gettext_lazy("What was known then"),
    Way.TRUE: gettext_lazy("What was so, by what we know now"),
}


class MomentForm(forms.Form):
    """A day and a time of the clock on the wall, and one of the two ways."""

    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    way = forms.ChoiceField(label=gettext_lazy("Shown"), choices=list(_WAYS.items()))

    def __init__(self, sent: Any, *, zone: str, now: dt.datetime) -> None:
        super().__init__(sent)
        self.zone, self.now = zone, now

    def clean(self) -> dict[str, Any]:
        """With the instant `at`."""
        found = super().clean() or self.cleaned_data
        day, time = found.get("day"), found.get("time")
        if day is None or time is None:
            return found
        try:
            wall = dt.datetime.combine(day, time.replace(second=0, microsecond=0))
            found["at"] = instants.resolve(wall, self.zone).instant
        except (instants.TimeProblem, OverflowError):
            self.add_error("day", _("That day lies outside the calendar."))
            return found
        if found["at"] > self.now:
            self.add_error("time", _("That moment is still to come. Choose one that is past."))
        return found


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A moment that a page shows, and the form that asks for another one; `begin` is the first
    instant of its minute."""

    moment: Moment
    begin: dt.datetime
    form: MomentForm
    zone: str

    def context(self, changes: Sequence[tuple[dt.datetime, str]], *, now: dt.datetime) -> Any:
        """What `past/_moment.html` wants; `changes` are instants and what changed then."""
        at = instants.wall(self.begin, self.zone, now)
        other = Way.TRUE if self.moment.way is Way.KNOWN else Way.KNOWN
        minutes = sorted({_minute(one) for one, _said in changes})
        before = [one for one in minutes if one < self.begin]
        behind = [one for one in minutes if one > self.begin]
        return {
            "title": str(TITLES[self.moment.way]) % at,
            "is_known": self.moment.way is Way.KNOWN,
            "form": self.form,
            "here_url": _query(self.begin, self.moment.way),
            "other_url": _query(self.begin, other),
            "before": self._step(before[-1:], now),
            "behind": self._step(behind[:1], now),
            "changes": [
                {
                    "url": _query(_minute(one), self.moment.way),
                    "at": instants.wall(one, self.zone, now),
                    "said": said,
                    "is_here": _minute(one) == self.begin,
                }
                for one, said in changes[-CHANGES_MOST:][::-1]
            ],
        }

    def _step(self, to: Sequence[dt.datetime], now: dt.datetime) -> dict[str, str] | None:
        if not to:
            return None
        at = instants.wall(to[0], self.zone, now)
        return {"url": _query(to[0], self.moment.way), "at": at}


def _minute(at: dt.datetime) -> dt.datetime:
    return at.replace(second=0, microsecond=0)


def _query(at: dt.datetime, way: Way) -> str:
    """An address holds the instant itself: a time that the clock shows twice stays two."""
    return "?" + urlencode({"at": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%MZ"), "way": way})


def _way(text: str) -> Way:
    return Way.TRUE if text == Way.TRUE else Way.KNOWN


def _instant(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def asked(door: Door, zone: str, *, changes: Iterable[dt.datetime] = ()) -> Asked:
    """The moment of this request: a link's, the form's, or else the newest change, or now."""
    sent = door.request.GET
    way, at = _way(sent.get("way", "")), _instant(sent.get("at", ""))
    form = MomentForm(sent, zone=zone, now=door.now)
    if at is None and ("day" in sent or "time" in sent):
        at = form.cleaned_data.get("at") if form.is_valid() else None
    typed = bool(form.is_bound and form.errors and ("day" in sent or "time" in sent))
    begin = _minute(min(at or max(changes, default=door.now), door.now))
    if not typed:
        local = begin.astimezone(instants.zone_info(zone))
        form = MomentForm(None, zone=zone, now=door.now)
        form.initial = {"day": local.date(), "time": local.time(), "way": way}
    end = min(begin + _MINUTE - _LEAST, door.now)
    return Asked(moment=Moment(at=end, way=way), begin=begin, form=form, zone=zone)
