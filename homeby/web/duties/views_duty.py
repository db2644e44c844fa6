"""The page of a duty: who is asked, what they answer, who goes, who came; and one's own answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import Refused
from homeby.people import queries as people
from homeby.readiness.actions import duties, duty_asking, duty_crew, duty_minors, duty_swaps
from homeby.readiness.actions.decision_groups import join_group, leave_group
from homeby.readiness.actions.duty_acts import plans_it
from homeby.readiness.actions.duty_asking import Said
from homeby.readiness.actions.duty_crew import PickFields
from homeby.readiness.actions.duty_swaps import OfferFields
from homeby.readiness.queries import duties as queries
from homeby.readiness.queries.decision_groups import group_of_duty
from homeby.readiness.queries.duties import DutyLine, PersonLine
from homeby.readiness.queries.duty_access import PLANNERS
from homeby.readiness.queries.duty_advice import CouldBeAsked, against, could_be_asked, own_clash
from homeby.readiness.queries.duty_planners import planner_of
from homeby.readiness.queries.duty_rest import said_of
from homeby.readiness.queries.minors import against_duty
from homeby.readiness.queries.special_units import people_of
from homeby.readiness.rules.decision_groups import BY_ITSELF
from homeby.readiness.rules.duty_planning import (
    Attended,
    DutyAnswer,
    NotPicked,
    StoodDown,
)
from homeby.web import together, words
from homeby.web.door import Door, page, show, tap_of
from homeby.web.duties import crew, planning_passed, said
from homeby.web.duties.forms import (
    AttendForm,
    CallOffForm,
    MinorForm,
    OfferForm,
    PeopleForm,
    PickForm,
    StandDownForm,
)
from homeby.web.duties.shown import people_shown
from homeby.web.gate.acts import already
from homeby.web.office.timed import key_of


@page()
def duty_page(door: Door, duty_id: uuid.UUID) -> HttpResponse:
    """One duty, for those who may see it; what anybody answered, for her and for those who plan."""
    line = queries.duty_line(door.viewer, duty_id)
    if line is None:
        raise Http404
    there = queries.people_of(door.viewer, line.duty)
    opened(ReadKind.STATUS, what=line.duty.ref, party=[one.row.person_id for one in there])
    forms = _forms(door, line, there)
    if door.request.method != "POST":
        return _shown(door, line, there, forms)
    return _done(door, line, forms) or redirect("duty", duty_id=duty_id)


def _done(door: Door, line: DutyLine, forms: dict[str, Any]) -> HttpResponse | None:
    """What was sent, done; the page with its sentences where it cannot be."""
    wanted = door.request.POST.get("act", "")
    form = forms.get(wanted)
    if before := already(door):
        messages.success(door.request, before.answer)
    elif wanted in _WITH_FORM and form is None:
        messages.error(door.request, _("It stands differently by now: look again."))
    elif wanted not in _ACTS or (form is not None and not form.is_valid()):
        return _again(door, line, forms)
    else:
        try:
            messages.success(door.request, _ACTS[wanted](door, line.duty.pk, form))
        except Refused as refused:
            if form is not None:
                show(form, refused)
                return _again(door, line, forms)
            messages.error(door.request, str(refused))
    return None


def _again(door: Door, line: DutyLine, forms: dict[str, Any]) -> HttpResponse:
    there = queries.people_of(door.viewer, line.duty)
    return _shown(door, line, there, forms, status=422)


def _shown(
    door: Door, line: DutyLine, there: list[PersonLine], forms: dict[str, Any], status: int = 200
) -> HttpResponse:
    duty, plans = line.duty, plans_it(door.viewer, line.duty)
    times = (duty.starts_at, duty.ends_at)
    clash = own_clash(door.viewer, duty) if line.mine is not None else None
    is_on = line.mine is not None and line.mine.is_on
    approvals = queries.approvals_of(door.viewer, duty)
    group = group_of_duty(door.viewer, duty) if plans else None
    context = {
        "line": line,
        "duty": duty,
        "kind": words.word(said.KINDS, line.kind),
        "zone": duty.zone,
        "people": people_shown(door, line, there, plans=plans, approvals=approvals),
        "forms": forms,
        "plans": plans,
        "against": against(door.viewer, line.kind, duty.whose, times, now=door.now, but=duty.ref)
        if plans and door.now < duty.ends_at and duty.cancelled_at is None
        else [],
        "clash": words.word(said.OWN_AGAINST, clash) if clash else "",
        "may_sign_up": duty.is_open and not is_on and line.free != 0 and door.now < duty.starts_at,
        "is_on": is_on,
        "is_over": duty.ends_at <= door.now,
        "may_be_here": is_on
        and duty.starts_at - duty_crew.EARLY <= door.now
        and line.mine is not None
        and not line.mine.attended,
        "has_begun": duty.starts_at <= door.now,
        "group": together.called(group) if group is not None else "",
        "planner": planner_of(door.viewer, duty),
        **(crew.context(door, there) if plans and door.now < duty.ends_at else {}),
    }
    return render(door.request, "duties/duty.html", context, status=status)


def _forms(door: Door, line: DutyLine, there: list[PersonLine]) -> dict[str, Any]:
    """What can be done with a duty as it stands, by the name of the act; only the form that was
    sent is bound."""
    sent = door.request.POST if door.request.method == "POST" else None
    wanted = sent.get("act", "") if sent is not None else ""

    def data(name: str) -> Any:
        return sent if wanted == name else None

    duty = line.duty
    if duty.cancelled_at is not None:
        return {}
    found: dict[str, Any] = {}
    on = [(str(one.row.person_id), one.name) for one in there if one.is_on]
    is_on = line.mine is not None and line.mine.is_on
    if plans_it(door.viewer, duty):
        found |= _of_planner(door, line, there, data)
        if on:
            found["stand_down"] = StandDownForm(data("stand_down"), people=on, auto_id="down-%s")
    may_say = is_on or plans_it(door.viewer, duty)
    if on and may_say and door.now >= duty.starts_at - duty_crew.EARLY:
        plans = plans_it(door.viewer, duty)
        found["attend"] = AttendForm(data("attend"), people=on, plans=plans, auto_id="came-%s")
    if is_on and door.now < duty.ends_at:
        others = [key for key in people_of(door.viewer, duty.whose) if key != _me(door)]
        names = people.names(others)
        found["offer"] = OfferForm(
            data("offer"),
            people=[(str(key), names.get(key, "?")) for key in others],
            duties=queries.swappable(door.viewer, others, but=duty, now=door.now),
            auto_id="offer-%s",
        )
    return found


def _me(door: Door) -> uuid.UUID | None:
    return door.viewer.person_id


def _of_planner(
    door: Door, line: DutyLine, there: list[PersonLine], data: Callable[[str], Any]
) -> dict[str, Any]:
    duty = line.duty
    found: dict[str, Any] = {"call_off": CallOffForm(data("call_off"), auto_id="off-%s")}
    if door.now >= duty.ends_at:
        return found
    found |= planning_passed.forms(door, duty, data)
    if door.now < duty.starts_at and group_of_duty(door.viewer, duty) is None:
        form = together.GroupForm(data("join_group"), auto_id="with-%s")
        together.offer(form, door.viewer, now=door.now)
        found |= {"join_group": form} if form.fields else {}
    known = {one.row.person_id for one in there}
    times = (duty.starts_at, duty.ends_at)
    free = [
        (str(one.person_id), _how(one))
        for one in could_be_asked(door.viewer, duty.whose, times, but=duty.ref)
        if one.person_id not in known
    ]
    if free:
        found["ask"] = PeopleForm(data("ask"), people=free, auto_id="ask-%s")
    waiting = crew.by_turn(door, [one for one in there if not one.is_on], _stands)
    if waiting:
        rests = said_of(door.viewer, duty, now=door.now)
        is_held = any(one.row.person_id in rests for one in there if not one.is_on)
        found["pick"] = PickForm(data("pick"), people=waiting, rests=is_held, auto_id="pick-%s")
    if limited := _limited(door, line, there):
        found["minor"] = MinorForm(data("minor"), people=limited, auto_id="minor-%s")
    unanswered = [(str(one.row.person_id), one.name) for one in there if not one.has_answered]
    if unanswered:
        found["enter"] = PeopleForm(data("enter"), people=unanswered, auto_id="enter-%s")
    return found


def _limited(door: Door, line: DutyLine, there: list[PersonLine]) -> list[tuple[str, str]]:
    """The minors of a duty of whom a limit says something, for whoever may approve it."""
    duty = line.duty
    if not door.viewer.has_for(duty.team_id, *PLANNERS):
        return []
    said = against_duty(duty, [one.row.person_id for one in there], with_others=True)
    names = {one.row.person_id: one.name for one in there}
    return [(str(key), f"{names[key]}: {' '.join(several)}") for key, several in said.items()]


def _how(one: CouldBeAsked) -> str:
    if one.against is not None:
        return f"{one.name}: {words.word(said.AGAINST, one.against)}"
    return f"{one.name}: {words.word(said.OWN_TIMES, 'AVAILABLE')}" if one.has_offered else one.name


def _stands(one: PersonLine) -> str:
    if one.has_answered and one.answer is not None:
        return words.word(said.ANSWERS, one.answer)
    return _("no answer yet")


def _keys(form: Any) -> list[uuid.UUID]:
    found = [key_of(text) for text in form.cleaned_data["people"]]
    return [key for key in found if key is not None]


def _tap(door: Door) -> dict[str, Any]:
    return {"by": door.viewer, "now": door.now, "tap": tap_of(door.request)}


def _answer(is_yes: bool) -> Callable[[Door, uuid.UUID, Any], str]:
    what = DutyAnswer.YES if is_yes else DutyAnswer.NO

    def do(door: Door, key: uuid.UUID, _form: Any) -> str:
        note = door.request.POST.get("note", "")
        return duty_asking.answer(duty_id=key, said=Said(answer=what, note=note), **_tap(door))

    return do


def _enter(door: Door, key: uuid.UUID, form: Any) -> str:
    """What one person has told whoever plans it."""
    keys = _keys(form)
    if len(keys) != 1:
        raise Refused(people=_("Tick one person; what she said is entered as said to you."))
    is_yes = door.request.POST.get("said") == DutyAnswer.YES
    what = DutyAnswer.YES if is_yes else DutyAnswer.NO
    return duty_asking.answer(duty_id=key, said=Said(answer=what), person_id=keys[0], **_tap(door))


def _ask(door: Door, key: uuid.UUID, form: Any) -> str:
    keys = [] if door.request.POST.get("everybody") else _keys(form)
    if not keys and not door.request.POST.get("everybody"):
        raise Refused(people=_("Tick whom you ask, or ask the whole team."))
    return duty_asking.ask(duty_id=key, person_ids=keys, **_tap(door))


def _pick(door: Door, key: uuid.UUID, form: Any) -> str:
    reason = form.cleaned_data["not_picked"]
    fields = PickFields(
        person_ids=_keys(form),
        not_picked=NotPicked(reason) if reason else None,
        override=form.cleaned_data.get("override", ""),
    )
    return duty_crew.pick(duty_id=key, fields=fields, **_tap(door))


def _stand_down(door: Door, key: uuid.UUID, form: Any) -> str:
    return duty_crew.stand_down(
        duty_id=key,
        person_id=uuid.UUID(form.cleaned_data["person"]),
        why=StoodDown(form.cleaned_data["stood_down"]),
        **_tap(door),
    )


def _attend(door: Door, key: uuid.UUID, form: Any) -> str:
    return duty_crew.attend(
        duty_id=key,
        person_id=uuid.UUID(form.cleaned_data["person"]),
        how=Attended(form.cleaned_data["how"]),
        **_tap(door),
    )


def _here(door: Door, key: uuid.UUID, _form: Any) -> str:
    return duty_crew.attend(duty_id=key, how=Attended.CAME, **_tap(door))


def _offer(door: Door, key: uuid.UUID, form: Any) -> str:
    said_so = form.cleaned_data
    fields = OfferFields(
        to_id=uuid.UUID(said_so["to"]),
        for_duty_id=key_of(said_so.get("for_duty", "")),
        is_hand_over=door.request.POST.get("hand_over") == "1",
        note=said_so["note"],
    )
    return duty_swaps.offer(duty_id=key, fields=fields, **_tap(door))


def _minor(door: Door, key: uuid.UUID, form: Any) -> str:
    said = form.cleaned_data
    return duty_minors.approve_minor(
        duty_id=key, person_id=uuid.UUID(said["person"]), reason=said["reason"], **_tap(door)
    )


def _call_off(door: Door, key: uuid.UUID, form: Any) -> str:
    return duties.call_off(duty_id=key, why=form.cleaned_data["why"], **_tap(door))


def _leave_group(door: Door, key: uuid.UUID, _form: Any) -> str:
    return leave_group(duty_id=key, **_tap(door))


def _join_group(door: Door, key: uuid.UUID, form: Any) -> str:
    wanted = together.chosen(form) or BY_ITSELF
    return join_group(duty_id=key, together=wanted, **_tap(door))


def _sign_up(door: Door, key: uuid.UUID, _form: Any) -> str:
    return duty_asking.sign_up(duty_id=key, **_tap(door))


_WITH_FORM = ("ask", "pick", "enter", "stand_down", "attend", "offer", "call_off", "minor",
              "join_group", "hand_on")  # fmt: skip
_ACTS: dict[str, Callable[[Door, uuid.UUID, Any], str]] = {
    "yes": _answer(True),
    "no": _answer(False),
    "enter": _enter,
    "ask": _ask,
    "pick": _pick,
    "stand_down": _stand_down,
    "attend": _attend,
    "here": _here,
    "offer": _offer,
    "call_off": _call_off,
    "minor": _minor,
    "sign_up": _sign_up,
    "leave_group": _leave_group,
    "join_group": _join_group,
    **planning_passed.ACTS,
}
