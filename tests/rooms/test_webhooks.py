"""Webhooks: what is posted, signed, tried again, withheld, and by whom it is ended."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field

import pytest

from homeby import settings
from homeby.comms.actions import deliver, post, webhooks
from homeby.comms.channels import Handed, Outgoing, Refused, Result
from homeby.comms.models import Posting, Webhook
from homeby.comms.queries import webhooks as queries
from homeby.logbook import rules as logbook
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import gate as acts
from homeby.people.actions import teams
from homeby.people.models import RoleHeld
from homeby.people.rules import STATION
from tests.sinks import HOST, http_sink
from tests.world import World

KINDS = ("MISSION_SIGNED_OUT", "MISSION_SIGNED_IN", "ALARM_OPENED")

TAKEN = Handed(provider_ref="")


@dataclass
class Receiver:
    """Stands in for the network: what it took, and what it answers."""

    took: list[dict[str, object]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    answer: Result = TAKEN

    def __call__(self, address: str, secret: str, outgoing: Outgoing) -> Result:
        self.keys.append(outgoing.key)
        if isinstance(self.answer, Handed):
            self.took.append(json.loads(outgoing.text))
        return self.answer

    def kinds(self) -> list[object]:
        return [one["kind"] for one in self.took]


def add(world: World, who: str, address: str = "https://example.org/hook") -> uuid.UUID:
    tap = new_tap()
    fields = webhooks.WebhookFields(name="a map", address=address, kinds=KINDS, secret="s" * 20)
    webhooks.add_webhook(fields=fields, by=world.as_(who), now=world.now, tap=tap)
    return tap.entry_id


def turn(world: World, receiver: Receiver | None) -> None:
    post.queue(now=world.now)
    post.send(now=world.now, post=receiver)


def test_each_entry_is_posted_once_and_only_the_kinds_that_were_chosen(world: World) -> None:
    world.send_out("mate")
    add(world, "head")
    receiver = Receiver()
    world.send_out("agent", due_minutes=5)
    turn(world, receiver)
    turn(world, receiver)
    assert receiver.kinds() == ["MISSION_SIGNED_OUT"]
    world.fast_forward(minutes=6)
    turn(world, receiver)
    world.sign_in("agent")
    turn(world, receiver)
    assert receiver.kinds() == ["MISSION_SIGNED_OUT", "ALARM_OPENED", "MISSION_SIGNED_IN"]
    assert post.queue(now=world.now) == 0
    assert verify().difference is None
    (line,) = queries.webhooks(world.as_("head"))
    assert (line.waiting, {one.state for one in line.log}) == (0, {"HANDED"})


def test_a_subscriber_is_posted_what_she_may_see(world: World) -> None:
    add(world, "outsider")
    add(world, "guard")
    receiver = Receiver()
    world.send_out("agent")
    turn(world, receiver)
    assert len(receiver.took) == 1  # the guard's


def test_whoever_lost_the_role_is_posted_nothing_that_waits(world: World) -> None:
    key = add(world, "guard")
    receiver = Receiver(answer=Refused(sentence="The line is dead.", permanent=False))
    world.send_out("agent")  # signed out by the guard, so it stays hers to read
    world.sign_in("agent")
    world.send_out("mate")
    turn(world, receiver)
    another = world.plan("agent", due_minutes=60)
    acts.sign_out(
        mission_id=another.pk,
        person_ids=[world.people["agent"]],
        at=acts.AtGate(gate_id=None),
        by=world.as_("head"),
        now=world.now,
        tap=new_tap(),
    )
    post.queue(now=world.now)
    for held in RoleHeld.objects.filter(person_id=world.people["guard"]):
        teams.end_role(role_held_id=held.pk, by=STATION, now=world.now, tap=new_tap())
    receiver.answer = TAKEN
    world.now += dt.timedelta(minutes=3)
    turn(world, receiver)
    turn(world, receiver)
    rows = Posting.objects.filter(webhook_id=key).order_by("entry_number")
    assert [row.state for row in rows] == ["HANDED", "HANDED", "HANDED", "WITHHELD"]
    assert all(one["actor_id"] == str(world.people["guard"]) for one in receiver.took)


def test_a_dead_receiver_gets_everything_later_in_order_under_the_same_keys(world: World) -> None:
    key = add(world, "head")
    receiver = Receiver(answer=Refused(sentence="The line is dead.", permanent=True))
    for who in ("agent", "mate", "deputy"):
        world.send_out(who)
    for _ in range(70):
        turn(world, receiver)
        world.now += dt.timedelta(minutes=1)
    row = Webhook.objects.get(pk=key)
    assert row.ended_at is None
    assert row.failing_since_at is not None
    world.look()
    told = [one.outgoing.subject for one in world.phone("head")]
    assert told.count("Your webhook a map takes nothing") == 1
    probes = len(receiver.keys)
    assert probes < 70
    receiver.answer = TAKEN
    world.now += dt.timedelta(minutes=16)
    turn(world, receiver)
    turn(world, receiver)
    assert receiver.kinds() == ["MISSION_SIGNED_OUT"] * 3
    numbers = [int(str(one["number"])) for one in receiver.took]
    assert numbers == sorted(numbers)
    assert receiver.keys[probes] == receiver.keys[0]
    row.refresh_from_db()
    assert row.failing_since_at is None


def test_after_days_a_posting_is_given_up_and_the_webhook_goes_on(world: World) -> None:
    key = add(world, "head")
    receiver = Receiver(answer=Refused(sentence="The line is dead.", permanent=False))
    world.send_out("agent")
    turn(world, receiver)
    world.now += dt.timedelta(days=4)
    turn(world, receiver)
    (row,) = Posting.objects.filter(webhook_id=key)
    assert (row.state, row.trouble) == ("GIVEN_UP", "The line is dead.")
    receiver.answer = TAKEN
    world.sign_in("agent")
    turn(world, receiver)
    assert receiver.kinds() == ["MISSION_SIGNED_IN"]


def test_only_its_person_or_an_administrator_ends_it_and_she_is_told(world: World) -> None:
    key = add(world, "head")
    with pytest.raises(logbook.Refused):
        webhooks.end_webhook(webhook_id=key, by=world.as_("deputy"), now=world.now, tap=new_tap())
    webhooks.end_webhook(webhook_id=key, by=world.as_("admin"), now=world.now, tap=new_tap())
    world.look()
    subjects = [one.outgoing.subject for one in world.phone("head")]
    assert "Your webhook a map was ended" in subjects
    receiver = Receiver()
    world.send_out("agent")
    turn(world, receiver)
    assert not receiver.keys


def test_it_is_signed_as_the_webhook_channel_signs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = settings.current().model_copy(update={"webhook_allowed_hosts": (HOST,)})
    found = deliver.channel_settings(chosen)
    monkeypatch.setattr(webhooks, "channel_settings", lambda: found)
    monkeypatch.setattr(post, "channel_settings", lambda: found)
    with http_sink() as sink:
        add(world, "head", sink.url("/hook"))
        world.send_out("agent")
        turn(world, None)
    [request] = sink.requests
    seconds, _, digest = request.headers["homeby-signature"].removeprefix("t=").partition(",v1=")
    signed = seconds.encode() + b"." + request.body
    assert digest == hmac.new(b"s" * 20, signed, hashlib.sha256).hexdigest()
    assert json.loads(request.body)["entry"]["kind"] == "MISSION_SIGNED_OUT"
    assert request.headers["idempotency-key"].startswith("webhook:")


WRONG: tuple[tuple[dict[str, object], str], ...] = (
    ({"name": ""}, "name"),
    ({"name": "N" * 5000}, "name"),
    ({"kinds": ()}, "kinds"),
    ({"kinds": ("MESSAGE_HANDED",)}, "kinds"),
    ({"address": "ftp://example.org"}, "address"),
    ({"address": "http://127.0.0.1/"}, "address"),
    ({"address": "https://me:secret@example.org/"}, "address"),
)


def test_what_cannot_be_added_gets_a_sentence(world: World) -> None:
    good: dict[str, object] = {"name": "x", "address": "https://example.org/", "kinds": KINDS}
    for changed, where in WRONG:
        fields = webhooks.WebhookFields(**(good | changed), secret="s")  # type: ignore[arg-type]
        with pytest.raises(logbook.Refused) as refused:
            webhooks.add_webhook(fields=fields, by=world.as_("head"), now=world.now, tap=new_tap())
        assert set(refused.value.problems) == {where}
    assert not Webhook.objects.exists()


def test_address_and_secret_lie_sealed(world: World) -> None:
    key = add(world, "head", "https://example.org/my-secret-path")
    text = str(Webhook.objects.filter(pk=key).values()).encode()
    assert b"my-secret-path" not in text
    assert b"ssssss" not in text
