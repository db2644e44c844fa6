"""Promise 3, threat 18: whoever keeps the watch may be forced, too, and whoever forces her reads
her screen. Of the silent alarm of her own party, and of the glass broken over it, no page, list,
file, feed or look tells her anything; whoever is not of the party reads all of it.
"""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache

from homeby.comms.actions import post, webhooks
from homeby.comms.models import Posting, Webhook
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.missions.actions import glass
from homeby.missions.models import BrokenGlass, Mission
from homeby.missions.queries.who import viewer_for
from homeby.people.actions import proofs
from homeby.people.rules import Act, hash_of
from homeby.people.rules_log_ins import Proof
from homeby.watch.models import Alarm
from homeby.watch.rules import AlarmKind
from homeby.web.intake.proving import prove
from tests.promises.acts import stand_down
from tests.rooms.api_client import Programs
from tests.rooms.devices import claim, kiosk
from tests.rooms.pages import Pages, text_of
from tests.world import World

DURESS = "9027"
WHY = "Zanzibar: nobody answers."
PAGES = (
    "/office/", "/office/messages/", "/office/logbook/", "/office/logbook/file/csv/",
    "/office/logbook/file/json/", "/office/logbook/?show=looks",
    "/office/logbook/file/csv/?show=looks", "/office/break-glass/", "/office/watch/", "/board/",
    "/board/rows/", "/alarms/", "/alarms/rows/", "/siren/", "/me/", "/me/looks/", "/my/",
)  # fmt: skip
API = ("entries", "alarms", "missions", "watch-bill", "people")


@pytest.fixture
def coerced(world: World, monkeypatch: pytest.MonkeyPatch) -> Mission:
    """Fox is out with the leader; whoever forces them has her sign in, and another officer opens
    what is kept about them."""
    cache.clear()
    for who in ("agent", "head", "admin"):
        by = world.as_(who)
        proofs.set_pin(pin="4711", duress=DURESS, by=by, now=world.now, tap=new_tap())
    mission = world.send_out("agent", "head", "admin", due_minutes=600)
    tablet = kiosk(world, acts=(Act.SIGN_IN,))
    said = claim(Act.SIGN_IN, pin=DURESS, callsign="Fox")
    tablet.send(*prove((said,), hash_of(tablet.key)))
    world.fast_forward(minutes=5)
    glass.break_glass(
        mission_id=mission.pk, reason=WHY, proved=(Proof.PASSKEY,), by=world.as_("guard"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    world.look()
    return mission


def words(mission: Mission) -> tuple[str, ...]:
    """What tells of it, be it only an id."""
    alarm = Alarm.objects.get(kind=AlarmKind.DURESS)
    row = BrokenGlass.objects.get(mission=mission)
    own = (str(alarm.pk), str(row.pk), "signed in with the duress", "Zanzibar", "broke the glass")
    return own


@pytest.mark.parametrize("who", ["head", "admin"])
def test_no_page_and_no_program_tells_her(
    world: World, coerced: Mission, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    program = Programs(world, monkeypatch).of(who)  # first: it stops the clock of proofs
    client = Pages(world, monkeypatch).as_(who)
    telling = words(coerced)
    found = {}
    for address in PAGES:
        answer = client.get(address)
        said = text_of(answer) + b"".join(answer).decode()
        found[address] = [one for one in telling if one in said]
    for address in API:
        said = json.dumps(program.get(address, limit=200).json())
        found[f"API {address}"] = [one for one in telling if one in said]
    assert {where: what for where, what in found.items() if what} == {}


def test_who_is_not_of_the_party_reads_of_it(
    world: World, coerced: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control."""
    client = Pages(world, monkeypatch).as_("deputy")
    said = text_of(client.get("/office/messages/"))
    assert "signed in with the duress" in said
    assert "Zanzibar" in said
    for address in ("/office/", "/office/break-glass/", "/office/logbook/"):
        assert "Zanzibar" in text_of(client.get(address)), address
    program = Programs(world, monkeypatch).of("deputy")
    subjects = {one["subject"] for one in program.items("entries", limit=200)}
    row = BrokenGlass.objects.get(mission=coerced)
    assert {f"alarm:{Alarm.objects.get().pk}", f"glass:{row.pk}"} <= subjects


def test_her_program_is_posted_nothing_of_it(
    world: World, coerced: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = ("GLASS_BROKEN", "MISSION_PLANNED")
    for who in ("head", "deputy"):
        webhooks.add_webhook(
            fields=webhooks.WebhookFields(
                name="a map", address="https://example.org/hook", kinds=kinds, secret="s" * 20
            ),
            by=world.as_(who), now=world.now, tap=new_tap(),
        )  # fmt: skip
    monkeypatch.setattr(post, "LOOK_BACK", 10**6)
    Webhook.objects.update(from_number=0, looked_number=0)
    post.queue(now=world.now, seen=viewer_for)
    posted = {
        who: set(
            Posting.objects.filter(webhook__person_id=world.people[who]).values_list(
                "entry_id", flat=True
            )
        )
        for who in ("head", "deputy")
    }
    hidden = posted["deputy"] - posted["head"]
    found = set(Entry.objects.filter(entry_id__in=hidden).values_list("kind", flat=True))
    assert found == {"GLASS_BROKEN"}
    assert posted["head"]


def test_what_was_told_before_stays_and_all_is_read_once_they_are_told(
    world: World, coerced: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = Pages(world, monkeypatch).as_("head")
    world.now = BrokenGlass.objects.get().until_at
    stand_down(world, "deputy")
    assert "Zanzibar" not in text_of(head.get("/office/break-glass/"))
    glass.review_glass(
        glass_id=BrokenGlass.objects.get().pk, review="It was needed.", by=world.as_("deputy"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    for address in ("/office/break-glass/", "/office/logbook/"):
        assert "Zanzibar" in text_of(head.get(address)), address


def test_messages_of_an_alarm_that_was_open_before_do_not_vanish(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    by = world.as_("agent")
    proofs.set_pin(pin="4711", duress=DURESS, by=by, now=world.now, tap=new_tap())
    world.send_out("agent", "head")
    world.fast_forward(minutes=200)
    head = Pages(world, monkeypatch).as_("head")
    before = text_of(head.get("/office/messages/")).count("A-1")
    assert before
    tablet = kiosk(world, acts=(Act.SIGN_IN,))
    said = claim(Act.SIGN_IN, pin=DURESS, callsign="Fox")
    tablet.send(*prove((said,), hash_of(tablet.key)))
    world.fast_forward(minutes=60)
    after = text_of(head.get("/office/messages/"))
    assert after.count("A-1") >= before, "it would tell her that something is kept from her"
    assert "signed in with the duress" not in after
