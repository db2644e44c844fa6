"""`homeby init`: a real organisation, its site and gate, its escalation plans, its administrator.

Also the plans and reasons every station starts with; the demonstration and the replay use the same.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.comms import channels
from homeby.comms.actions.deliver import channel_settings
from homeby.logbook.rules import Refused, new_tap
from homeby.missions.actions import places
from homeby.missions.actions.kinds import add_first_kinds
from homeby.people import queries as people
from homeby.people.actions import accounts, contacts, organisation, persons, teams
from homeby.people.queries import OrganisationFacts
from homeby.people.rules import STATION, ChannelName, Role
from homeby.watch.actions import bill, plans
from homeby.watch.rules import Anchor, DeadlineKind, Step, Target, Watch


def _step(anchor: Anchor, offset_minutes: int, *targets: Target, wait_minutes: int = 5) -> Step:
    return Step(
        anchor=anchor, offset_minutes=offset_minutes, targets=targets, wait_minutes=wait_minutes
    )


#: The usual plan for a return: the party, the duty officer, then wider until somebody takes it.
RETURN_STEPS = (
    _step(Anchor.DUE, -15, Target.PARTY),
    _step(Anchor.DUE, 0, Target.PARTY),
    _step(Anchor.DUE, 5, Target.DUTY_OFFICER),
    _step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER, Target.LEADER),
    _step(Anchor.CALL_OUT, 10, Target.DEPUTY, Target.TEAM_LEADERS, Target.KIN),
    _step(Anchor.CALL_OUT, 20, Target.DUTY_OFFICER, Target.EVERY_LEADER, wait_minutes=10),
)
CHECK_IN_STEPS = (
    _step(Anchor.DUE, 0, Target.PARTY),
    _step(Anchor.DUE, 5, Target.DUTY_OFFICER),
    _step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER, Target.LEADER),
    _step(Anchor.CALL_OUT, 10, Target.DEPUTY, Target.EVERY_LEADER, wait_minutes=10),
)
REASONS = (
    ("WEATHER", "Weather or conditions", False),
    ("WAY", "Longer way than planned", False),
    ("TRANSPORT", "Vehicle or transport", False),
    ("HELPED", "Helped somebody", False),
    ("TROUBLE", "Ran into trouble", True),
)
LIMITS = OrganisationFacts(
    name="",
    zone="UTC",
    grace_minutes=60,
    grace_minutes_solo=30,
    grace_minutes_max=240,
    check_in_minutes_solo=120,
    acknowledge_minutes=20,
    rest_hours=11,
)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What `homeby init` asks. E-mail addresses may be empty; a password may be given later."""

    name: str
    zone: str
    site: str
    gate: str
    administrator: str
    login: str
    email: str = ""
    password: str | None = None
    deputy: str = ""
    deputy_email: str = ""


def basics(*, name: str, zone: str, now: dt.datetime, limits: OrganisationFacts = LIMITS) -> None:
    """Organisation, plans, reasons, kinds: what a station needs before anybody can leave."""
    facts = OrganisationFacts(**(vars(limits) | {"name": name, "zone": zone}))
    organisation.set_organisation(values=facts, by=STATION, now=now, tap=new_tap())
    for title, kind, steps in (
        (_("Return, usual"), DeadlineKind.RETURN, RETURN_STEPS),
        (_("Check-in, usual"), DeadlineKind.CHECK_IN, CHECK_IN_STEPS),
    ):
        fields = plans.PlanFields(name=title, kind=kind, steps=steps, is_default=True)
        plans.set_plan(plan_id=None, fields=fields, by=STATION, now=now, tap=new_tap())
    for code, label, is_trouble in REASONS:
        places.add_reason(
            code=code, label=label, is_trouble=is_trouble, by=STATION, now=now, tap=new_tap()
        )
    add_first_kinds(now=now)


def site_with_gates(
    *, name: str, zone: str, gates: tuple[str, ...], now: dt.datetime
) -> list[uuid.UUID]:
    """A site and its gates, with one "by phone" at the end; the ids of the gates."""
    site = new_tap()
    places.add_site(name=name, zone=zone, by=STATION, now=now, tap=site)
    found = []
    for gate in (*gates, _("By phone or radio")):
        tap = new_tap()
        places.add_gate(
            site_id=site.entry_id,
            name=gate,
            is_by_phone=gate not in gates,
            by=STATION,
            now=now,
            tap=tap,
        )
        found.append(tap.entry_id)
    return found


def set_up(answers: Answers, *, now: dt.datetime) -> str:
    """Found the organisation; gives the secret of the administrator's first log-in link.

    Raises `Refused` with a sentence for each answer that cannot be used; nothing is left half made,
    because the caller opens one transaction around it.
    """
    if people.organisation() is not None:
        raise Refused(
            _("This station has its organisation already; change it on its office pages.")
        )
    if not answers.name.strip():
        raise Refused(name=_("Give the organisation a name."))
    _refuse_unusable(email=answers.email, deputy_email=answers.deputy_email)
    basics(name=answers.name.strip(), zone=answers.zone, now=now)
    site_with_gates(name=answers.site, zone=answers.zone, gates=(answers.gate,), now=now)
    roles = (Role.ADMINISTRATOR, Role.LEADER, Role.DUTY_OFFICER, Role.GATE_KEEPER)
    first = _person(answers.administrator, answers.email, roles, now=now)
    accounts.open_account(
        person_id=first,
        login=answers.login,
        password=answers.password,
        by=STATION,
        now=now,
        tap=new_tap(),
    )
    if answers.deputy.strip():
        second = _person(
            answers.deputy, answers.deputy_email, (Role.LEADER, Role.DUTY_OFFICER), now=now
        )
        watch = Watch(person_id=first, deputy_id=second, from_at=now)
        bill.plan_watch(watch=watch, by=STATION, now=now, tap=new_tap())
    return accounts.log_in_link(login=answers.login, now=now, minutes=24 * 60)


def _refuse_unusable(**addresses: str) -> None:
    """An e-mail address that cannot work is refused before anything is written."""
    mail = channels.channel(ChannelName.EMAIL, channel_settings())
    wanted = {field: address.strip() for field, address in addresses.items() if address.strip()}
    found = {field: mail.problem_with(address) for field, address in wanted.items()}
    problems = {field: problem for field, problem in found.items() if problem}
    if problems:
        raise Refused(**problems)


def _person(name: str, email: str, roles: tuple[Role, ...], *, now: dt.datetime) -> uuid.UUID:
    tap = new_tap()
    persons.add_person(name=name, by=STATION, now=now, tap=tap)
    for role in roles:
        teams.give_role(person_id=tap.entry_id, role=role, by=STATION, now=now, tap=new_tap())
    if email.strip():
        contacts.add_contact(
            person_id=tap.entry_id,
            channel=ChannelName.EMAIL,
            address=email,
            by=STATION,
            now=now,
            tap=new_tap(),
        )
    return tap.entry_id
