"""Whoever holds less than she has herself: her password, and no passkey (threat 5)."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from homeby.missions.models import BrokenGlass
from homeby.people.models import Account, ContactPoint
from tests.attacks.catalogue import attack
from tests.attacks.ground import Ground
from tests.rooms.pages import PASSWORD, sent
from tests.rooms.soft_key import SoftKey, add_passkey, prove


@attack(
    5,
    has="her log-in on a table, and her password, but not her passkey",
    wants="a passkey of his own, and by it what only hers opens",
    breaks=("14-a-password-makes-a-passkey", "15-a-password-opens-it-beside-her-passkey"),
)
def a_password_is_stolen(here: Ground) -> None:
    world, hers, his = here.world, SoftKey(), SoftKey()
    mission, me = world.send_out("agent", due_minutes=600), world.people["guard"]
    add_passkey(here.log_in("guard").client, hers)
    thief = here.log_in("guard", proved=False)
    key = Authenticator.objects.get(type="webauthn").pk
    before = _opened_by(here, "guard")
    for address, fields in (
        ("/me/log-in/passkey/", {"name": "Mine", "credential": "{}"}),
        (f"/me/log-in/passkey/{key}/", {}),
        ("/me/log-in/app/", {"code": "000000"}),
        ("/me/log-in/codes/", {}),
        ("/me/log-in/password/removed/", {}),
        ("/me/password/", {"present": PASSWORD, "password": "the thief's long walk"}),
        (f"/office/form/contact-points/new/?person={me}",
         {"channel": "EMAIL", "address": "thief@example.org"}),
    ):  # fmt: skip
        for strongest in ({}, {"strongest": "doors"}):
            thief.posts("/log-in/again/", password=PASSWORD, next="/me/", **strongest)
        thief.client.post(address, sent(**fields))
        changed, before = _opened_by(here, "guard") != before, _opened_by(here, "guard")
        here.note(f"{address.split('?')[0]} after proving her password", "it is done" * changed)
    asked = thief.client.post("/me/log-in/passkey/asked/")
    if asked.status_code == 200:
        made = sent(name="Mine", credential=his.made(asked.json()))
        thief.client.post("/me/log-in/passkey/", made, headers={"host": "localhost"})
    added = _opened_by(here, "guard") != before
    here.note("have a browser make him a passkey of hers", "he has one" * added)
    if added:
        prove(thief.client, his, "/log-in/again/", next="/me/", strongest="1")
    thief.posts(f"/break-glass/{mission.pk}/", reason="She does not answer, and it is dark.")
    here.note("break the glass over a party", "it is open" * BrokenGlass.objects.exists())


def _opened_by(here: Ground, who: str) -> tuple[object, ...]:
    """By what her log-in is opened, and where she is reached."""
    account = Account.objects.get(person_id=here.world.people[who])
    points = ContactPoint.objects.filter(person_id=account.person_id)
    return account.password, Authenticator.objects.filter(user=account).count(), points.count()
