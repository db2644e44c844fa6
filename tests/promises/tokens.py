"""Words that stand nowhere else, in everything about people that a station can hold: whoever prints
one of them has told something about somebody. Run as a program it fills a station with them."""

from __future__ import annotations

import datetime as dt
import os
import sys
from typing import Any

NAME, CALLSIGN, OTHER, KIN = "Xanthippe Quillfeather", "Zephyrax", "Quorthon", "Brunhilde Yxkull"
PHONE, MAIL = "+41795550199", "quillfeather@mail.example"
PLACE, WHAT, NOTE = "Gloomgrove Hollow", "Fetch the obelisk", "limps since the avalanche"
LOGIN, HEAD_LOGIN, PASSWORD = "quillfeather", "yxkullhead", "obsidian-lantern-77"
HOOK = "dead-hook-zzyzx"
LINK, KEY, SEARCHED = "lnk-Plover-9", "key-Plover-9", "srch-Plover-9"
ADDRESS = "203.0.113.77"
FORGED_HOST, FORM_NOTE, AGENT = "evil-plover.example", "note-plover-form", "agent-plover/1"

ALL = (NAME, CALLSIGN, OTHER, KIN, PHONE, MAIL, PLACE, WHAT, NOTE, LOGIN, HEAD_LOGIN, PASSWORD,
       HOOK, LINK, KEY, SEARCHED, ADDRESS, FORGED_HOST, FORM_NOTE, AGENT)  # fmt: skip


def hits(text: str) -> list[str]:
    """Which of the tokens, or of their longer words, stand in the text."""
    words = {word for token in ALL for word in (token, *token.split()) if len(word) > 6}
    return sorted(word for word in words if word.lower() in text.lower())


def found() -> None:
    """Tables, and an organisation whose office is called like a place."""
    from django.db import transaction

    from homeby import clock
    from homeby.settings import current
    from homeby.station import initialise, start

    start.prepare(settings=current())
    answers = initialise.Answers(
        name=PLACE,
        zone="Europe/Zurich",
        site=PLACE,
        gate=PLACE,
        administrator=OTHER,
        login="office",
        email=MAIL,
        deputy=KIN,
        deputy_email=MAIL,
    )
    with transaction.atomic():
        initialise.set_up(answers, now=clock.now())


def fill(dead_port: int) -> None:
    """People, kin, an address that refuses, and a party that nobody hears of any more."""
    from homeby import clock
    from homeby.logbook.rules import new_tap
    from homeby.missions.actions import gate, plan
    from homeby.missions.models import Gate
    from homeby.missions.rules import PlanTimes
    from homeby.people.actions import accounts, contacts, kin, persons, teams
    from homeby.people.queries import viewer_for
    from homeby.people.rules import STATION, ChannelName, MayKnow, Role

    now = clock.now()
    keep: dict[str, Any] = {"by": STATION, "now": now}
    ids = []
    for name, callsign, login, *roles in (
        (NAME, CALLSIGN, LOGIN),
        (KIN + " the elder", OTHER, HEAD_LOGIN, Role.LEADER, Role.DUTY_OFFICER),
    ):
        tap = new_tap()
        persons.add_person(name=str(name), callsign=str(callsign), tap=tap, **keep)
        ids.append(tap.entry_id)
        for role in roles:
            teams.give_role(person_id=tap.entry_id, role=Role(role), tap=new_tap(), **keep)
        accounts.open_account(
            person_id=tap.entry_id, login=str(login), password=PASSWORD, tap=new_tap(), **keep
        )
        hook = f"http://127.0.0.1:{dead_port}/{HOOK}"
        for channel, address in ((ChannelName.WEBHOOK, hook), (ChannelName.EMAIL, MAIL)):
            where: dict[str, Any] = {"channel": channel, "address": address, "verified": True}
            contacts.add_contact(person_id=tap.entry_id, tap=new_tap(), **where, **keep)
    kin.name_kin(
        person_id=ids[0],
        kin=kin.KinFields(
            name=KIN, channel=ChannelName.SMS, address=PHONE, may_know=MayKnow.BACK_OR_LATE
        ),
        tap=new_tap(),
        **keep,
    )
    head, planned = viewer_for(ids[1], now=now), new_tap()
    fields = plan.PlanFields(
        party=tuple(ids),
        leader_id=ids[0],
        what=WHAT,
        place=PLACE,
        zone="Europe/Zurich",
        times=PlanTimes(due_at=now + dt.timedelta(minutes=30)),
        kit=NOTE,
    )
    plan.plan(fields=fields, by=head, now=now, tap=planned)
    gate.sign_out(
        mission_id=planned.entry_id,
        person_ids=ids,
        at=gate.AtGate(gate_id=Gate.objects.get(name=PLACE).pk),
        by=head,
        now=now,
        tap=new_tap(),
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django

    django.setup()
    found()
    fill(int(sys.argv[1]))
