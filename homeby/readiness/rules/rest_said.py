"""What a block says: by which rule, until when, in a whole sentence, made when it is said. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from homeby import instants
from homeby.readiness.rules.packs import Rule, RuleKind
from homeby.readiness.rules.rest import Block
from homeby.sentences import gettext as _


def sentence(block: Block, *, zone: str, now: dt.datetime) -> str:
    """Why not, and until when, in the reader's language."""
    said = _reason(block, zone=zone, now=now)
    if block.before is not None:
        said = _("For the next duty at {next}: {said}").format(
            next=instants.wall(block.before, zone, now), said=said
        )
    return said


def sentences(
    found: Sequence[Block],
    *,
    zone: str,
    now: dt.datetime,
    not_before_at: dt.datetime | None = None,
) -> list[str]:
    """One for each block that the reader may know of, in their order, and last before when she is
    not asked (`not_before_at`): for her health, or for what is not the reader's to know; for which
    of the two nobody learns."""
    said = [sentence(block, zone=zone, now=now) for block in found if block.told is None]
    waits = [block.told for block in found if block.told is not None]
    waits += [] if not_before_at is None else [not_before_at]
    if waits:
        said.append(_("Not before {at}.").format(at=instants.wall(max(waits), zone, now)))
    return said


def figures(rule: Rule) -> str:
    """What a rule demands, in figures alone ("≥ 11 h"): they need no language. Empty where it
    counts nothing."""
    hours = _("{hours} h").format(hours=f"{rule.hours or 0:g}")
    match rule.kind:
        case RuleKind.REST_AFTER | RuleKind.NIGHT_REST | RuleKind.DAILY_REST | RuleKind.WEEKLY_REST:
            return f"≥ {hours}"
        case RuleKind.LONGEST_DUTY | RuleKind.HOURS_IN_DAYS | RuleKind.MINOR_LONGEST:
            return f"≤ {hours}"
        case RuleKind.DAYS_IN_A_ROW:
            return f"≤ {rule.days}"
        case RuleKind.WORK_RATIO:
            return f"{rule.work_hours:g} : {rule.rest_hours:g}"
        case RuleKind.MINOR_HOURS if rule.begins and rule.ends:
            return f"{rule.begins:%H:%M} – {rule.ends:%H:%M}"  # noqa: RUF001
        case _:
            return ""


def _reason(block: Block, *, zone: str, now: dt.datetime) -> str:
    since = "" if block.since is None else instants.wall(block.since, zone, now)
    if block.rule is None and block.until is not None:
        return _(
            "Another duty lasts from {since} to {until}: nobody is on two at one time."
        ).format(since=since, until=instants.wall(block.until, zone, now))
    if block.rule is None or block.pack is None:
        return _("On duty since {since} and not released: rest starts with the release.").format(
            since=since
        )
    rule, kept_by = block.rule, f"{block.rule.name}, {block.pack.name}"
    words = {
        "since": since,
        "length": instants.span(block.length.total_seconds()),
        "hours": instants.span(3600 * (rule.hours or 0)),
        "work": instants.span(3600 * (rule.work_hours or 0)),
        "rest": instants.span(3600 * (rule.rest_hours or 0)),
        "days": block.count if rule.average_days else rule.days,
        "off": rule.days_off,
        "count": block.count,
        "rule": kept_by,
    }
    if block.until is None:
        return _too_long(rule.kind).format(**words)
    words["until"] = instants.wall(block.until, zone, now)
    return _until(rule.kind, averaged=bool(rule.average_days)).format(**words)


def _too_long(kind: RuleKind) -> str:
    """Where no waiting helps: the duty itself is too long."""
    match kind:
        case RuleKind.DAILY_REST:
            return _("A duty of {length} leaves no {hours} of rest in 24 h ({rule}).")
        case RuleKind.DAYS_IN_A_ROW:
            return _("{count} days of duty in a row; at most {days} ({rule}).")
        case RuleKind.HOURS_IN_DAYS:
            return _("A duty of {length} is more than {days} days may hold ({rule}).")
        case _:
            return _("A duty of {length}; at most {hours} ({rule}).")


def _until(kind: RuleKind, *, averaged: bool) -> str:
    """Where waiting helps."""
    match kind:
        case RuleKind.WORK_RATIO:
            return _(
                "Rest until {until}: {rest} for every {work} of duty, of which there were {length} "
                "since {since} ({rule})."
            )
        case RuleKind.NIGHT_REST:
            return _("Rest until {until}: {hours} after a duty in the night ({rule}).")
        case RuleKind.DAILY_REST:
            return _("Rest until {until}: {hours} in one piece in every 24 h ({rule}).")
        case RuleKind.WEEKLY_REST:
            return _("Rest until {until}: {hours} in one piece in every {days} days ({rule}).")
        case RuleKind.HOURS_IN_DAYS if averaged:
            return _(
                "Rest until {until}: {length} of duty in {days} days is above the mean ({rule})."
            )
        case RuleKind.HOURS_IN_DAYS:
            return _(
                "Rest until {until}: {length} of duty in {days} days; at most {hours} ({rule})."
            )
        case RuleKind.DAYS_IN_A_ROW:
            return _(
                "Off until {until}: {count} days of duty without {off} whole days off ({rule})."
            )
        case _:
            return _("Rest until {until}: after a duty of {length} ({rule}).")
