"""`python -m tests.phrases.people`: a party that came home, as `tests.browser.came_home` makes it;
the duty officer and the welfare officer are reached by SMS, web push and mail. The arguments are
their subscriptions; prints the mission's id. `first CHANNEL` has them reached by that one first."""

from __future__ import annotations

import os
import sys
from typing import Any

from tests.browser import came_home, cast


def main(words: list[str]) -> None:
    """The door of the script: two subscriptions, or `first` and a channel."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django

    django.setup()
    from django.db import transaction

    logins = (cast.HEAD.login, came_home.READER.login)
    with transaction.atomic():
        if words[0] == "first":
            for login in logins:
                _order(login, words[1])
            return
        mission = came_home._mission()
        for number, login in enumerate(logins):
            addresses = {"SMS": f"+4179000000{number}", "WEBPUSH": words[number]}
            _contacts(login, {**addresses, "EMAIL": f"{login}@away.example.org"})
        print(mission)


def _who(login: str) -> dict[str, Any]:
    from homeby import clock
    from homeby.people.models import Account
    from homeby.people.rules import STATION

    person_id = Account.objects.get(login=login).person_id
    return {"person_id": person_id, "by": STATION, "now": clock.now()}


def _contacts(login: str, addresses: dict[str, str]) -> None:
    from homeby.logbook.rules import new_tap
    from homeby.people.actions import contacts
    from homeby.people.rules import ChannelName

    for channel, address in addresses.items():
        added: dict[str, Any] = {"channel": ChannelName(channel), "address": address}
        contacts.add_contact(**added, verified=True, **_who(login), tap=new_tap())


def _order(login: str, channel: str) -> None:
    """From now on she is reached by this channel first, which spares the others."""
    from homeby.logbook.rules import new_tap
    from homeby.people.actions import contacts
    from homeby.people.models import ContactPoint

    who = _who(login)
    places = {
        row.pk: 1 if row.channel == channel else 2
        for row in ContactPoint.objects.filter(person_id=who["person_id"])
    }
    ranks = {key: contacts.Ranks(rank=at, rank_in_danger=at) for key, at in places.items()}
    contacts.order_contacts(ranks=ranks, **who, tap=new_tap())


if __name__ == "__main__":
    main(sys.argv[1:])
