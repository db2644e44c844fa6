"""Promise 3: an alarm is taken by a signed-in device or by the code of the message, never by
opening a link; and a wrong code five times closes that way."""

from __future__ import annotations

import pytest

from homeby.comms import queries as outbox
from homeby.comms.models import Message
from homeby.comms.rules import MessageState
from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.rules import Refused, new_tap
from homeby.people.rules import NOBODY, STATION
from homeby.watch.actions import alarms
from tests.promises.acts import pass_time, recorded, refused, take_by_code
from tests.world import Received, World


@pytest.fixture
def message(world: World) -> Received:
    """What the duty officer received at the call-out time."""
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=120)
    return world.phone("head")[-1]


def test_reading_the_message_behind_a_link_changes_nothing(world: World, message: Received) -> None:
    before = Entry.objects.count(), world.alarm().act_at
    found = outbox.message_by_token(message.outgoing.link.rsplit("/", 1)[-1])
    assert found is not None
    assert (Entry.objects.count(), world.alarm().act_at) == before
    assert world.alarm().holder_id is None


def test_the_code_in_the_message_takes_it_for_whoever_it_was_sent_to(
    world: World, message: Received
) -> None:
    assert "yours until" in take_by_code(world, message)
    assert world.alarm().holder_id == world.people["head"]
    (entry,) = recorded("ALARM_ACKNOWLEDGED")
    assert entry.actor_id == world.people["head"]
    answered = Message.objects.filter(person_id=world.people["head"], answered_at__isnull=False)
    assert set(answered.values_list("state", flat=True)) == {MessageState.ANSWERED}


def test_blanks_around_a_code_are_no_mistake(world: World, message: Received) -> None:
    take_by_code(world, message, code=f"  {message.code}\n")
    assert world.alarm().holder_id is not None


def wrong(code: str) -> str:
    """Another code of six digits."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_five_wrong_codes_close_that_way_even_for_the_right_one(
    world: World, message: Received
) -> None:
    for _ in range(5):
        with pytest.raises(Refused) as refusal:
            take_by_code(world, message, code=wrong(message.code))
        assert "not the code of this message" in refusal.value.problems["code"]
    for code in (wrong(message.code), message.code):
        with pytest.raises(Refused, match="Too many wrong codes"):
            take_by_code(world, message, code=code)
    assert world.alarm().holder_id is None
    assert len(recorded("CODE_REFUSED")) == 5
    pass_time(world, minutes=60)
    take_by_code(world, world.phone("head")[-1])  # the next message has a code of its own


def test_a_wrong_code_sent_twice_counts_once(world: World, message: Received) -> None:
    """A telephone with a bad line repeats its form; that is one try, and the same answer."""
    token = message.outgoing.link.rsplit("/", 1)[-1]
    tap = new_tap()
    for _ in range(6):
        with pytest.raises(Refused, match="not the code of this message"):
            alarms.acknowledge_by_code(
                token=token, code=wrong(message.code), now=world.now, tap=tap
            )
    assert len(recorded("CODE_REFUSED")) == 1
    take_by_code(world, message)
    assert world.alarm().holder_id == world.people["head"]


@pytest.mark.parametrize("code", ["", " ", "000", "x" * 5000, "\uff11" * 6, "\x00"])
def test_rubbish_for_a_code_is_a_wrong_code(world: World, message: Received, code: str) -> None:
    with pytest.raises(Refused, match="not the code"):
        take_by_code(world, message, code=code)
    assert world.alarm().holder_id is None


def test_the_code_of_somebody_else_is_a_wrong_one(world: World, message: Received) -> None:
    pass_time(world, minutes=20)
    other = world.phone("deputy")[-1]
    assert other.code != message.code or other.outgoing.link != message.outgoing.link
    with pytest.raises(Refused):
        take_by_code(world, message, code=wrong(message.code))


@pytest.mark.parametrize("who", ["agent", "mother"])
def test_the_party_and_kin_have_nothing_to_take(world: World, who: str) -> None:
    world.give_kin("agent", "mother")
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=131)
    last = world.phone(who)[-1]
    assert last.code == ""
    if who == "mother":
        assert "/m/" not in last.outgoing.link, "kin have a page of their own, and it takes nothing"
    else:
        with pytest.raises(Refused, match="nothing to take"):
            take_by_code(world, last, code="")


def test_a_link_of_no_message_gets_a_sentence(world: World, message: Received) -> None:
    for token in ("", "rubbish", "x" * 500):
        with pytest.raises(Refused) as refusal:
            alarms.acknowledge_by_code(token=token, code="1", now=world.now, tap=new_tap())
        assert "belongs to no message" in refused(refusal.value)


def test_an_alarm_that_is_over_cannot_be_taken_by_an_old_code(
    world: World, message: Received
) -> None:
    world.sign_in("agent")
    with pytest.raises(Refused, match="is over already"):
        take_by_code(world, message)


@pytest.mark.parametrize("nobody", [NOBODY, STATION])
def test_nobody_in_particular_takes_nothing(
    world: World, message: Received, nobody: object
) -> None:
    with pytest.raises(Refused, match="Log in"):
        alarms.acknowledge(
            alarm_id=world.alarm().pk,
            by=nobody,  # type: ignore[arg-type]
            now=world.now,
            tap=new_tap(),
        )


def test_codes_and_links_stand_in_no_entry(world: World, message: Received) -> None:
    take_by_code(world, message)
    token = message.outgoing.link.rsplit("/", 1)[-1]
    text = "".join(body or "" for body in EntryBody.objects.values_list("body", flat=True))
    assert token not in text
    assert f'"{message.code}"' not in text
    assert (
        message.subject in text
    )  # the message itself is there: what is searched is the right place
