"""Whoever writes much, or writes what a browser would run (threats 11 and 12)."""

from __future__ import annotations

import uuid

from django.test import Client

from homeby.comms.models import Message
from homeby.missions.models import Unmatched
from homeby.missions.rules.intake import Taken
from homeby.people.rules import Act, MayKnow
from homeby.watch.models import Alarm
from tests.attacks.catalogue import attack
from tests.attacks.ground import Ground
from tests.promises.kin_pages import link_of, wait_at_home
from tests.promises.test_attacks_on_pages import Source
from tests.rooms.devices import kiosk, phone_of
from tests.rooms.pages import sent

#: So many people hear of one call at most, once each.
MOST_RUNG = 4
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@attack(
    11,
    has="no key, and the link of one of the kin",
    wants="that a script of his runs in the pages of whoever keeps the watch",
    breaks=("22-what-a-stranger-wrote-is-run",),
)
def a_script_is_sent_in(here: Ground) -> None:
    world = here.world
    kin_id = wait_at_home(world, MayKnow.UNIT)
    mission = world.send_out("agent", due_minutes=30)
    for act in ("help", "sign_in", "check_in"):
        here.says("", act, callsign=SCRIPT[:90], note=SCRIPT)
    here.says(phone_of(world, "agent").key, "help", mission=mission.pk, note=SCRIPT)
    Client().post(link_of(kin_id), sent(worried="on", said=SCRIPT))
    Client().post("/log-in/", {"username": SCRIPT, "password": SCRIPT, "next": SCRIPT})
    world.fast_forward(minutes=1)
    alarm = Alarm.objects.get(subject__ref=mission.ref)
    head = here.log_in("head")
    for address in ("/board/", "/alarms/", f"/alarms/{alarm.pk}/", "/office/list/unmatched/",
                    f"/missions/{mission.pk}/", f"/missions/{mission.pk}/kin/", "/office/logbook/",
                    "/office/messages/", "/office/", link_of(kin_id)):  # fmt: skip
        answer = head.client.get(address, follow=True)
        ran = Source(answer.content.decode())
        here.note(
            f"have it shown at {address.split('/')[1]}", ", ".join(ran.inside + ran.elsewhere)
        )
        policy = answer.headers.get("Content-Security-Policy", "")
        here.note(f"and run there, were it shown ({address.split('/')[1]})",
                  "no rule keeps a script in the page from running"
                  * ("script-src 'self'" not in policy))  # fmt: skip


@attack(
    12,
    has="the address of the station, and the link of one of the kin",
    wants="that nobody sees the one call for help that is real",
    breaks=(
        "16-unknown-devices-bury-people",
        "22-strangers-use-up-the-place-of-help",
        "4-a-note-rings-again",
    ),
)
def a_flood_hides_the_one(here: Ground) -> None:
    world = here.world
    mission, phone = world.send_out("agent", due_minutes=600), phone_of(world, "agent")
    for _ in range(3):
        here.say_all("", [{"act": "sign_in", "callsign": "Fox"} for _ in range(100)])
    waiting = Unmatched.objects.filter(is_unverified=True).count()
    here.note("300 lines of nobody for the list that people look through",
              f"{waiting} of them wait there" * (waiting > 200))  # fmt: skip
    said = here.say_all("", [{"act": "help", "note": "A stranger at the bridge"}])
    kept = Message.objects.filter(text__contains="stranger at the bridge").exists()
    here.note("so that a stranger's call for help finds no place", (not kept) and str(said))
    rings_without_end(here)
    kin = link_of(wait_at_home(world, MayKnow.UNIT))
    browser = Client()
    for number in range(12):
        browser.post(kin, sent(worried="on", said=f"again and again {number}"))
    answer = here.says(phone.key, "help", mission=mission.pk, note="At the ford")
    here.note("so that hers is refused", "" if answer.taken is Taken.COUNTED else answer.sentence)
    began = world.now
    world.fast_forward(minutes=1)
    # Several calls at one instant ring once, as a list: hers must stand in it.
    rung = [one for one in world.phone("head") if "Fox" in one.outgoing.text]
    rung = [one for one in rung if "DISTRESS" in one.outgoing.text]
    here.note("so that hers rings later than in a minute",
              "nobody was rung" * (not [one for one in rung if one.at <= world.now]))  # fmt: skip
    here.note("so that it is not among the first that are shown",
              "it is not there" * ("Fox" not in here.log_in("head").reads("/alarms/")))  # fmt: skip
    assert began < world.now


def rings_without_end(here: Ground) -> None:
    """With a tablet whose key was revoked, and with a phone that still works: other words, and
    other people, each time."""
    tablet, phone = kiosk(here.world, acts=(Act.HELP,)), phone_of(here.world, "mate")
    tablet.revoke(by="admin")
    for what, key in (("a stolen tablet", tablet.key), ("a phone", phone.key)):
        before = Message.objects.count()
        for number in range(20):
            here.says(key, "help", note=f"Word {number}", people=[str(uuid.uuid4())])
        rung = Message.objects.count() - before
        here.note(f"by HELP of {what}, other words each time", f"{rung} rang" * (rung > MOST_RUNG))
