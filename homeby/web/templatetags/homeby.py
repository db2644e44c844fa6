"""What the pages say about times, phases and promises; no reading, no deciding.

The frame of every page brings `now` (aware instant) and `zone` (IANA name) in its context; the tags
take them from there, so that a template writes `{% wall row.due_at %}` and no more.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from homeby import instants
from homeby.web import words

register = template.Library()

#: Phase -> the word on its chip. The outline of the same name lies in img/icons.svg.
PHASE_WORDS = {
    "PLANNED": _("Planned"),
    "OUT": _("Out"),
    "DUE_SOON": _("Due soon"),
    "UNCERTAINTY": _("Uncertainty"),
    "ALERT": _("Alert"),
    "DISTRESS": _("Distress"),
    "HEARD": _("Heard"),
    "TAKEN": _("Taken"),
    "BACK": _("Back"),
    "STOOD_DOWN": _("Stood down"),
    "REFUSED": _("Refused"),
    "STAYED": _("Stayed"),
    "CANCELLED": _("Taken back"),
    "UNCONFIRMED": _("Unconfirmed"),
}

#: Phases that have no outline of their own borrow one.
BORROWED_OUTLINES = {
    "STOOD_DOWN": "BACK",
    "REFUSED": "PLANNED",
    "STAYED": "PLANNED",
    "CANCELLED": "PLANNED",
    "UNCONFIRMED": "PLANNED",
}

KIND_ICONS = {
    "out": "out-act",
    "check_in": "check-in-act",
    "reminder": "messages",
    "expected_back": "due-soon",
    "call_out": "alert",
    "step": "alarms",
    "repeat": "alarms",
}


@register.filter
def isolated(name: object) -> SafeString:
    """A name inside a sentence, by its own direction: one in Arabic letters turns no hour beside it
    around. "" stays ""."""
    return format_html("<bdi>{}</bdi>", name) if name else SafeString("")


@register.filter
def set_apart(name: object) -> str:
    """The same without a tag, where none may stand (a title, an attribute) and on pages that are
    nothing but names: only what runs from right to left is set apart, by signs of its own."""
    return words.isolated(str(name)) if name else ""


@register.filter
def seconds_in_words(seconds: float | None) -> str:
    """A length of time, '35 min', under a minute '4 s'; nothing where there is none."""
    if seconds is None:
        return ""
    return instants.span(seconds) if abs(seconds) >= 1 else gettext("0 s")


@register.filter
def relative(instant: dt.datetime | None, now: dt.datetime) -> str:
    """'in 2 h 10' or '35 min ago', as seen at `now`; nothing where there is no instant."""
    if not isinstance(instant, dt.datetime) or not isinstance(now, dt.datetime):
        return ""
    return instants.relative(instant, now)


@register.simple_tag(name="relative", takes_context=True)
def relative_time(context: Context, instant: dt.datetime | None) -> str:
    """How far away an instant is, as `<time>` that times.js counts on."""
    if not isinstance(instant, dt.datetime):
        return ""
    words = relative(instant, context.get("now") or instant)
    return format_html('<time datetime="{}" data-relative>{}</time>', instant.isoformat(), words)


@register.simple_tag(takes_context=True)
def wall(context: Context, instant: dt.datetime | None, zone: str = "") -> str:
    """The local wall time of an instant, as `<time>`; `zone` when it is not the page's own."""
    if not isinstance(instant, dt.datetime):
        return ""
    there = zone or str(context.get("zone") or "UTC")
    now = context.get("now") or instant
    words = instants.wall(instant, there, now)
    return format_html('<time datetime="{}">{}</time>', instant.isoformat(), words)


@register.simple_tag(takes_context=True)
def from_to(
    context: Context,
    begins: dt.datetime | None,
    ends: dt.datetime | None,
    zone: str = "",
    on: dt.date | None = None,
) -> str:
    """From when until when, as two `<time>`; the end without a day where it is the same, and the
    beginning, too, where it stands below the name of its day (`on`)."""
    if not isinstance(begins, dt.datetime) or not isinstance(ends, dt.datetime):
        return ""
    there = zone or str(context.get("zone") or "UTC")
    first, last = instants.from_to(begins, ends, there, context["now"], on=on or None)
    times = [(begins.isoformat(), first), (ends.isoformat(), last)]
    return format_html_join(" \N{EN DASH} ", '<time datetime="{}">{}</time>', times)


@register.filter
def day(date: object) -> str:
    """A day as it is read, "22 Nov 2027"; nothing where there is none."""
    return instants.day(date) if isinstance(date, dt.date) else ""


@register.simple_tag(takes_context=True)
def counted(context: Context, instant: dt.datetime | None, zone: str = "") -> str:
    """The wall time of an instant, as `<time>` that times.js turns into how far away it is. Without
    scripts it stays what it is, and true, however long the page stands open or was kept."""
    if not isinstance(instant, dt.datetime):
        return ""
    words = instants.wall(instant, zone or str(context.get("zone") or "UTC"), context["now"])
    return format_html('<time datetime="{}" data-relative>{}</time>', instant.isoformat(), words)


@register.simple_tag(takes_context=True)
def on_paper(context: Context, instant: dt.datetime | None, zone: str = "") -> str:
    """The local wall time of an instant with its date: paper is read on another day too."""
    if not isinstance(instant, dt.datetime):
        return ""
    there = zone or str(context.get("zone") or "UTC")
    words = instants.wall(instant, there, instant - dt.timedelta(days=3))
    return format_html('<time datetime="{}">{}</time>', instant.isoformat(), words)


@register.simple_tag(takes_context=True)
def clock(context: Context) -> str:
    """The clock on the wall: the time of the page's zone, counted on by times.js."""
    now, zone = context.get("now"), str(context.get("zone") or "UTC")
    if not isinstance(now, dt.datetime):
        return ""
    words = instants.wall(now, zone, now)
    return format_html(
        '<time class="clock" datetime="{}" data-clock="{}">{}</time>', now.isoformat(), zone, words
    )


@register.simple_tag(takes_context=True)
def cell(context: Context, value: object) -> str:
    """One cell of a general table: instants as wall times, truths as yes or no, else text."""
    match value:
        case dt.datetime():
            return wall(context, value)
        case True:
            return gettext("yes")
        case False:
            return gettext("no")
        case None:
            return ""
        case _:
            return words.isolated(str(value))


@register.filter
def at(values: Sequence[object], index: int) -> object:
    """The value at this place of a list, or nothing."""
    return values[index] if index < len(values) else ""


@register.filter
def phase_class(phase: str) -> str:
    """'DUE_SOON' -> 'due-soon': the ending of the classes `phase-…` and `row-…`."""
    return str(phase).lower().replace("_", "-")


@register.filter
def phase_word(phase: str) -> str:
    """The word on the chip."""
    return str(PHASE_WORDS.get(str(phase), phase))


@register.filter
def phase_icon(phase: str) -> str:
    """The outline of the chip."""
    return phase_class(BORROWED_OUTLINES.get(str(phase), str(phase)))


@register.filter
def kind_icon(kind: str) -> str:
    """The outline beside a line of the promise."""
    return KIND_ICONS.get(kind, "alarms")


@register.simple_tag
def icon(name: str) -> SafeString:
    """An outline from img/icons.svg; always beside words, therefore hidden from ears."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("homeby/img/icons.svg"),
        name,
    )


@register.simple_tag
def entry_field() -> SafeString:
    """The entry's id, made when the form is shown: sending the same form twice changes nothing."""
    return format_html('<input type="hidden" name="entry_id" value="{}">', uuid.uuid4())


#: In a form of so few fields everybody sees at once which one is wrong.
FEW_FIELDS = 2


@register.filter
def wrong_fields(form: BaseForm) -> list[BoundField]:
    """The fields of a form that need another look, to be listed above it; none of a short form."""
    shown = [field for field in form if not field.is_hidden]
    return [field for field in shown if field.errors] if len(shown) > FEW_FIELDS else []


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """The control of a field. The first wrong one of a form takes the focus when the page opens."""
    if field.errors and field.name == next(one.name for one in field.form if one.errors):
        return field.as_widget(attrs={"autofocus": True})
    return field.as_widget()


class PromiseLine(Protocol):
    """One line of a promise: at this instant, this happens."""

    at: dt.datetime
    kind: str  # out, check_in, reminder, expected_back, call_out, step, repeat
    sentence: str
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A moment that has a fixed place on the scale; between two of them the scale is true."""

    at: dt.datetime
    percent: float
    word: str
    when: str
    side: str  # text-anchor
    line: str  # class of the line that ends here


#: Kind -> (place on the scale in percent, class of the line that ends there).
ANCHORS = {"out": (2.0, ""), "expected_back": (48.0, "calm"), "call_out": (72.0, "worried")}
LAST_PERCENT = 98.0


def anchors_of(*, promise: Sequence[PromiseLine], zone: str) -> list[Anchor]:
    """Sign-out, expected back, call-out and the last step, each once, in the order of time."""
    words = {
        "out": gettext("signed out"),
        "expected_back": gettext("expected back"),
        "call_out": gettext("call-out"),
    }
    found: list[Anchor] = []
    for line in promise:
        if line.kind in ANCHORS:
            percent, ends = ANCHORS[line.kind]
            side = "start" if line.kind == "out" else "middle"
            found.append(_anchor(line, zone, (percent, words[line.kind], side, ends)))
    last = promise[-1] if promise else None
    if last and found and last.at > found[-1].at:
        ends = "searching" if found[-1].percent == ANCHORS["call_out"][0] else "worried"
        found.append(_anchor(last, zone, (LAST_PERCENT, gettext("last step"), "end", ends)))
    return found


def _anchor(line: PromiseLine, zone: str, look: tuple[float, str, str, str]) -> Anchor:
    percent, word, side, ends = look
    when = format_date(line.at.astimezone(ZoneInfo(zone)), "H:i")
    return Anchor(at=line.at, percent=percent, word=word, when=when, side=side, line=ends)


def place(*, at: dt.datetime, anchors: Sequence[Anchor]) -> float | None:
    """Where an instant lies on the scale, in percent; None outside of it."""
    for left, right in itertools.pairwise(anchors):
        if left.at <= at <= right.at:
            length = (right.at - left.at).total_seconds()
            share = (at - left.at).total_seconds() / length if length else 1.0
            return round(left.percent + share * (right.percent - left.percent), 2)
    return None


@register.inclusion_tag("_steps.svg.html", takes_context=True)
def promise_picture(
    context: Context, promise: Sequence[PromiseLine], example: bool = False
) -> Mapping[str, object]:
    """The promise along a scale of time; an example has no now.

    The scale is true within each part, not across them: the minutes after the call-out time count
    as much to a reader as the hours before.
    """
    zone = str(context.get("zone") or "UTC")
    anchors = anchors_of(promise=promise, zone=zone)
    steps = [line for line in promise if line.kind not in ANCHORS]
    now = context.get("now")
    if example or not isinstance(now, dt.datetime):
        now_percent = None
    else:
        now_percent = place(at=now, anchors=anchors)
    parts = [
        {"from": left.percent, "to": right.percent, "line": right.line}
        for left, right in itertools.pairwise(anchors)
    ]
    dots = [place(at=line.at, anchors=anchors) for line in steps]
    return {
        "anchors": anchors,
        "parts": parts,
        "dots": [percent for percent in dots if percent is not None],
        "now_percent": now_percent,
        "now_side": "end" if (now_percent or 0) > 85 else "middle",
    }
