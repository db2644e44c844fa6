"""Whoever holds a thing that is not hers: a kiosk, a telephone, a key, a link, what somebody sent
(threats 4, 5, 7, 8 and 9)."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.test import Client

from homeby.comms.models import Message, Webhook
from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission
from homeby.people.actions import kept, proofs
from homeby.people.models import Account, ContactPoint, Device, Kin, PersonalToken, Pin
from homeby.people.rules import Act
from homeby.people.rules_private import Kept
from homeby.watch.models import Alarm
from tests.attacks.catalogue import attack
from tests.attacks.ground import Ground, nobody, quiet, sent_as
from tests.promises.acts import pass_time
from tests.rooms.devices import kiosk, phone_of
from tests.rooms.pages import sent, text_of

FORGED = "k" * 43


@attack(
    4,
    has="the key of the tablet at the gate",
    wants="to know who is out, and to have people count as out or home",
    breaks=(
        "22-a-stolen-kiosk-does-anything",
        "16-a-kiosk-tells-who-is-out",
        "16-a-revoked-key-counts",
    ),
)
def a_kiosk_is_stolen(here: Ground) -> None:
    world = here.world
    mission, tablet = world.send_out("agent", place="Gloomgrove", due_minutes=600), kiosk(world)
    proofs.set_pin(pin="4711", by=world.as_("agent"), now=world.now, tap=new_tap())
    thief = Client(headers={"Authorization": f"Bearer {tablet.key}"})
    for address in ("/kiosk/state", "/board/rows/", "/missions/", f"/missions/{mission.pk}/",
                    f"/gate/{world.gate_id}/in/", "/api/v1/missions", "/api/v1/people",
                    "/office/devices/", "/metrics"):  # fmt: skip
        text = text_of(thief.get(address, follow=True))
        words = [one for one in ("Fox", "Owl", "Gloomgrove", "agent by name") if one in text]
        here.note(f"open {address.split('?')[0][:22]} with the key", ", ".join(words))
    world.send_out("mate", "outsider", due_minutes=600)
    said = {one: here.says(tablet.key, "sign_in", callsign=one).sentence
            for one in ("Fox", "Owl", "Nobody at all", "Head")}  # fmt: skip
    here.note("say that each is back, and compare the answers", len(set(said.values())) > 1)
    for act in ("help", "more_time", "check_in"):
        here.says(tablet.key, act, callsign="Fox", due_at="2026-11-20T23:00:00Z")
        raised = Alarm.objects.exists() or quiet(mission)
        here.note(f"{act} in Fox's name, which its key may not", raised)
    for pin in range(9000, 9006):
        here.says(tablet.key, "sign_in", callsign="Fox", pin=str(pin))
    here.says(tablet.key, "sign_in", callsign="Fox", pin="4711")
    here.note("try PINs until one fits", quiet(mission))
    here.log_in("admin").posts(f"/office/act/devices/{tablet.id}/", act="revoke")
    fresh = world.send_out("deputy", due_minutes=600)
    here.says(tablet.key, "sign_in", callsign="Deputy")
    here.note("sign somebody in once it was revoked", quiet(fresh))
    own = thief.post("/kiosk/key", {"key_hash": "0" * 64}, content_type="application/json")
    here.note("take a key of its own once it was revoked", own.status_code == 200)
    here.note(
        "read the gate's state once it was revoked", thief.get("/kiosk/state").status_code == 200
    )


@attack(
    5,
    has="a telephone that she left on a table: her log-in, and the key of the device",
    wants="to become her for good, and to read what she wrote and of others",
    breaks=(
        "14-no-re-check",
        "14-her-log-in-changes-how-she-is-reached",
        "14-a-log-in-survives-its-end",
        "22-whoever-finds-her-phone-sets-her-pin",
    ),
)
def a_phone_is_found(here: Ground) -> None:
    world = here.world
    mine, theirs = world.send_out("agent", due_minutes=60), world.send_out("mate", due_minutes=90)
    kept.write_down(kept=Kept.HEALTH, values={"conditions": "zqasthma"}, by=world.as_("agent"),
                    now=world.now, tap=new_tap())  # fmt: skip
    world.give_kin("agent", "zqmother")
    phone, found = phone_of(world, "agent"), here.log_in("agent", proved=False)
    password = Account.objects.get(person_id=world.people["agent"]).password
    proofs.set_pin(pin="4711", by=world.as_("agent"), now=world.now, tap=new_tap())
    before = _hers(here)
    point = ContactPoint.objects.filter(person_id=world.people["agent"]).values_list("pk")[0][0]
    mother = Kin.objects.get(person_id=world.people["agent"]).pk
    for address, fields in (
        ("/me/password/", {"present": "guessed", "password": "the finder's walk"}),
        ("/me/pin/", {"pin": "8265", "once_more": "8265"}),
        ("/me/pin/", {"act": "remove"}),
        (f"/office/act/pins/{world.people['agent']}/", {"act": "remove"}),
        ("/me/programs/token/", {"name": "x", "rights": ["READ_MISSIONS"], "days": "30"}),
        (
            "/me/programs/webhook/",
            {"name": "x", "address": "https://evil.example/", "kinds": ["MISSION_BACK"]},
        ),
        ("/me/devices/", {"name": "x", "acts": ["SIGN_IN", "CHECK_IN"]}),
        (
            f"/office/form/contact-points/new/?person={mine.leader_id}",
            {"channel": "WEBHOOK", "address": "https://evil.example/"},
        ),
        (f"/office/act/contact-points/{point}/", {"act": "remove"}),
        (
            f"/office/form/kin/new/?person={mine.leader_id}",
            {"name": "x", "may_know": "NOTHING", "language": "en"},
        ),
        (f"/office/act/kin/{mother}/", {"act": "remove"}),
        ("/me/log-in/passkey/", {"name": "x"}),
        ("/me/log-in/app/", {"code": "000000"}),
        ("/me/log-in/codes/", {}),
        ("/me/archive/", {"act": "make"}),
    ):
        found.client.post(address, sent(**fields))
        changed, before = _hers(here) != before, _hers(here)
        here.note(f"{address} without proving that it is she", "it is done" * changed)
    archive = b"".join(found.client.post("/me/archive/", sent(act="make"), follow=True))
    here.note("take all that is kept of her along", b"zqasthma" in archive)
    for act in ("check_in", "sign_in", "help"):
        here.says(phone.key, act, mission=theirs.pk, person=str(world.people["mate"]))
        about = Alarm.objects.filter(phase="DISTRESS", subject__ref=theirs.ref)
        here.note(f"{act} for a party that she is not of", quiet(theirs) or about.exists())
    stolen = Client()
    stolen.cookies.update(found.client.cookies)
    UserSession.objects.all().delete()  # nor does any list know of them
    here.log_in("agent").posts("/me/log-in/ended/")
    here.log_in("agent").posts(f"/office/act/devices/{phone.id}/", act="revoke")
    for client, what in ((found.client, "the browser"), (stolen, "a copy of its cookie")):
        here.note(
            f"go on with {what} after she ended her log-ins", client.get("/me/").status_code == 200
        )
    here.says(phone.key, "sign_in", mission=mine.pk)
    here.note("sign her in with the key that she revoked", quiet(mine))
    now = Account.objects.get(person_id=world.people["agent"]).password
    here.note("log in with what was tried as a password", now != password)


def _hers(here: Ground) -> tuple[object, ...]:
    """By what she is reached and opened."""
    person = here.world.people["agent"]
    return (
        Account.objects.get(person_id=person).password,
        list(Pin.objects.filter(person_id=person).values_list("pin_hash", flat=True)),
        PersonalToken.objects.count(),
        Webhook.objects.count(),
        ContactPoint.objects.filter(person_id=person).count(),
        Kin.objects.filter(person_id=person).count(),
        Device.objects.filter(person_id=person).count(),
    )


@attack(
    7,
    has="no key, a forged one, one that was revoked, another's telephone, a member's log-in",
    wants="that Fox counts as fine, so that nobody looks for her",
    breaks=(
        "22-no-pin-is-as-good-as-hers",
        "16-a-phone-speaks-for-anybody",
        "16-a-revoked-key-counts",
    ),
)
def somebody_says_that_she_is_fine(here: Ground) -> None:
    world = here.world
    proofs.set_pin(pin="4711", by=world.as_("agent"), now=world.now, tap=new_tap())
    mission = world.send_out("agent", due_minutes=30)
    old, other = phone_of(world, "agent"), phone_of(world, "mate")
    old.revoke(by="agent")
    tablet = kiosk(world, acts=(Act.SIGN_OUT, Act.SIGN_IN, Act.CHECK_IN))
    world.fast_forward(minutes=45)
    keys = (("without a key", ""), ("with a forged key", FORGED), ("with a revoked key", old.key),
            ("from another's telephone", other.key),
            ("at the kiosk, without her PIN", tablet.key))  # fmt: skip
    for what, key in keys:
        for act in ("check_in", "sign_in"):
            named = {"person": str(world.people["agent"])} if key == other.key else {}
            here.says(key, act, mission=mission.pk, callsign="Fox", **named)
            here.note(f"{act} {what}", quiet(mission))
    here.says(tablet.key, "sign_in", callsign="Fox", pin="1234")
    here.note("sign_in at the kiosk, with a PIN that is not hers", quiet(mission))
    member = here.log_in("outsider")
    for address, fields in (
        (f"/missions/{mission.pk}/act/", {"act": "check_in"}),
        (
            f"/missions/{mission.pk}/sign-in/",
            {"person": [str(world.people["agent"])], "how": "SEEN"},
        ),
        (f"/gate/{world.gate_id}/in/", {"tile": f"{mission.pk}/{world.people['agent']}"}),
    ):
        member.posts(address, **fields)
        here.note(f"a member posts to {address.split('/')[1]}", quiet(mission))
    answer = here.program("outsider").post("sign-in", person_id=str(world.people["agent"]))
    here.note(f"a member's program signs her in ({answer.status_code})", quiet(mission))
    pass_time(world, minutes=60)
    here.note("and wait: the steps go on, and her alarm rings",
              "nobody was rung" * (not world.phone("head")))  # fmt: skip


@attack(
    8,
    has="the link of an alarm, forwarded to him; no code and no log-in",
    wants="to take the alarm so that it falls silent, and to read whom it is about",
    breaks=("22-opening-the-link-takes-it", "3-any-code-will-do"),
)
def a_link_is_forwarded(here: Ground) -> None:
    world = here.world
    world.send_out("agent", what="Obelisk", vehicle="zqvan", due_minutes=30)
    world.fast_forward(minutes=40)
    message = Message.objects.get(person_id=world.people["head"], kind="ALARM")
    link, stranger = f"/m/{message.token}", nobody()
    client = stranger.client
    for how in (client.get, client.head, client.options, client.put, client.delete, client.post):
        how(link)
        here.note(f"{how.__name__.upper()} the link", _taken(here))
    for part in ("state/", "acts/"):
        client.get(f"{link}/{part}")
        client.post(f"{link}/{part}", sent(act="take"))
        here.note(f"open and post to its part {part}", _taken(here))
    pages = " ".join(text_of(client.get(f"{link}{one}")) for one in ("", "/state/", "/acts/"))
    source = client.get(link).content.decode()
    told = [one for one in ("agent by name", "Obelisk", "zqvan") if one in pages]
    here.note("read who it is and what they do", ", ".join(told))
    here.note("find the code in the page", message.code in source)
    for code in range(8):
        typed = f"{(int(message.code) + 1 + code) % 1_000_000:06d}"
        Client(headers={"X-Forwarded-For": f"10.0.0.{code}"}).post(link, sent(code=typed))
        here.note(f"guess a code, the {code + 1}. from the {code + 1}. address", _taken(here))
    for who in ("outsider", "mate", "agent"):
        here.log_in(who).posts(link)
        here.note(f"press the button with the log-in of {who}", _taken(here))
    pass_time(world, minutes=75)
    here.note("and wait: the alarm goes on to the next step",
              "nobody else was rung" * (not world.phone("deputy")))  # fmt: skip


def _taken(here: Ground) -> str:
    return "the alarm is taken" if here.world.alarm().holder_id is not None else ""


@attack(
    9,
    has="what her telephone sent before, and a clock that he sets as he likes",
    wants="that the alarm about this outing ends, or its return moves",
    breaks=(
        "22-what-she-said-before-counts-again",
        "16-a-clock-of-a-device-is-believed",
        "5-device-clock",
    ),
)
def an_entry_is_replayed(here: Ground) -> None:
    world = here.world
    first = world.send_out("agent", due_minutes=60)
    phone = phone_of(world, "agent")
    captured = [sent_as({"act": act, "mission": first.pk}) for act in ("check_in", "sign_in")]
    here.say_all(phone.key, captured)
    earlier = world.now.isoformat()
    world.fast_forward(minutes=30)
    mission = world.send_out("agent", due_minutes=60)
    world.fast_forward(minutes=75)
    mission.refresh_from_db()
    for again in range(2):
        here.say_all(phone.key, captured)
        here.note(f"send what she said on the outing before, {again + 1}. time", quiet(mission))
    for what, more in (
        ("the entry of then under a new id", {"mission": first.pk}),
        ("her return of then, without naming an outing", {}),
        ("her return of then, as one of this outing", {"mission": mission.pk}),
    ):
        here.says(phone.key, "sign_in", happened_at=earlier, **more)
        here.note(what, quiet(mission))
    ahead = (world.now + dt.timedelta(hours=9)).isoformat()
    here.says(phone.key, "check_in", mission=mission.pk, happened_at=ahead)
    heard = Mission.objects.get(pk=mission.pk).heard_at
    here.note("a word from a clock nine hours ahead",
              "she counts as heard of until then" * bool(heard and heard > world.now))  # fmt: skip
    here.note("and the alarm", "is over" * (not Alarm.objects.filter(state="OPEN").exists()))
    guard, form = here.log_in("guard"), sent(tile=f"{mission.pk}/{world.people['agent']}")
    guard.client.post(f"/gate/{world.gate_id}/in/", form)
    third = world.send_out("agent", due_minutes=60)
    guard.client.post(f"/gate/{world.gate_id}/in/", form)
    here.note("the form of the gate, sent once more on the next outing", quiet(third))
