"""The one-minute first report at sign-in and what is added to it, the reason for a delay, and
clearing the trouble flag."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules
from homeby.missions.actions.plan import locked
from homeby.missions.actions.telling import deciders, tell_about
from homeby.missions.models import DelayReason, FirstReport, Mission, PartyMember
from homeby.missions.rules import Hurt, MemberState
from homeby.people import queries as people
from homeby.people.rules import Viewer


@dataclass(frozen=True, kw_only=True)
class ReportFields:
    """The first report. Empty text means "nothing"; `hurt` must be answered, refusing counts."""

    hurt: Hurt | None
    urgent: str = ""
    still_out: str = ""
    kit_missing: str = ""
    danger: str = ""
    reason_id: uuid.UUID | None = None


@logbook.once
def first_report(
    *,
    mission_id: uuid.UUID,
    person_id: uuid.UUID,
    fields: ReportFields,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Give the first report of one person, or add to it: what comes to mind later stands beside it.
    Anything urgent is told to the duty officer at once."""
    if fields.hurt is None:
        raise Refused(hurt=_('Answer whether you are hurt; "will not say" is an answer.'))
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        if by.person_id != person_id and not by.watches(mission.team_id):
            raise Refused(
                _("You can give your own report; ask the gate keeper for somebody else's.")
            )
        member = mission.party.filter(person_id=person_id).first()
        if member is None or member.state != MemberState.BACK:
            raise Refused(_("A first report follows a sign-in on this mission."))
        first = mission.first_reports.filter(person_id=person_id, amends=None).first()
        answer = _("Thank you. Rest now; the debrief can wait.")
        if first is not None:
            answer = _("Thank you. It stands beside the first report.")
        reason = (
            DelayReason.objects.filter(pk=fields.reason_id).first() if fields.reason_id else None
        )
        page = book.entry(
            rules.FIRST_REPORT_AMENDED if first else rules.FIRST_REPORT_GIVEN,
            subject=mission.ref,
            person=person_id,
            facts={"hurt": fields.hurt, "reason": reason.code if reason else None},
            tap=tap,
            answer=answer,
        )
        page.add(
            FirstReport(
                id=tap.entry_id,
                mission=mission,
                person_id=person_id,
                given_at=now,
                given_by_id=by.person_id,
                hurt=fields.hurt,
                urgent=fields.urgent[:1000],
                still_out=fields.still_out[:1000],
                kit_missing=fields.kit_missing[:1000],
                danger=fields.danger[:1000],
                amends=first,
            )
        )
        if reason is not None:
            _note_reason(page, mission, reason)
        _tell(page, mission, member, fields, reason, is_added=first is not None)
    return answer


def _note_reason(page: Page, mission: Mission, reason: DelayReason) -> None:
    """Trouble raises the flag, and raises it anew where somebody had cleared it: what one of the
    party says later was not looked into yet."""
    values: dict[str, Any] = {"delay_reason_id": reason.pk}
    if reason.is_trouble:
        values |= {"is_trouble": True, "trouble_cleared_by_id": None, "trouble_cleared_at": None}
    page.change(mission, **values)


def _tell(
    page: Page,
    mission: Mission,
    member: PartyMember,
    fields: ReportFields,
    reason: DelayReason | None,
    *,
    is_added: bool,
) -> None:
    """Safety facts travel at once and in the open (`STORY.md` contradiction 6), but for health: of
    that it says what is to be done. Trouble that is over is told too; by itself it wakes nobody."""
    in_danger = bool(_safety_facts(fields))
    is_trouble = reason is not None and reason.is_trouble
    if not in_danger and not is_trouble:
        return
    who = people.names([member.person_id]).get(member.person_id, "")

    def words() -> tuple[str, str]:
        lines = _safety_facts(fields)
        if reason is not None and reason.is_trouble:
            said = _("trouble: %s. Somebody not of the party looks into it and clears the flag.")
            lines.append(said % reason.label)
        head = _("Added to the first report of %s") if is_added else _("First report of %s")
        return head % who, "\n".join(lines)

    to, key = deciders(mission, now=page.book.now), f"report:{page.entry.entry_id}"
    tell_about(page, to, words, key=key, mission=mission, in_danger=in_danger)


def _safety_facts(fields: ReportFields) -> list[str]:
    facts = {
        _("urgent"): fields.urgent,
        _("still out there"): fields.still_out,
        _("danger to others"): fields.danger,
    }
    lines = [f"{name}: {text}" for name, text in facts.items() if text.strip()]
    return [_("a medic is to look after them now"), *lines] if fields.hurt is Hurt.YES else lines


@logbook.once
def clear_trouble(
    *, mission_id: uuid.UUID, note: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """A named person, not of the party, looked into the trouble and clears the flag."""
    if not note.strip():
        raise Refused(note=_("Say in a few words what you found."))
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        if by.person_id is None or not by.watches(mission.team_id):
            raise Refused(_("This is for whoever keeps the watch."))
        if mission.party.filter(person_id=by.person_id).exists():
            raise Refused(_("Somebody who was not of the party clears this flag."))
        if not mission.is_trouble or mission.trouble_cleared_at is not None:
            raise Refused(_("There is no open trouble flag on this mission."))
        page = book.entry(
            rules.TROUBLE_CLEARED,
            subject=mission.ref,
            person=by.person_id,
            facts={"note": note[:500]},
            tap=tap,
            answer=_("Cleared."),
        )
        page.change(mission, trouble_cleared_by_id=by.person_id, trouble_cleared_at=now)
    return _("Cleared.")
