"""P9 and P18 between two stations: each hears the other once a minute, and notices its silence, a
logbook that was rolled back, and a watch that sleeps. Two processes, two databases, real HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from homeby import settings
from homeby.logbook.models import Entry, KeptCheckpoint
from homeby.logbook.notes import read
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.station import cosigned, verifying
from homeby.watch.actions import alarms, set_back
from homeby.watch.actions.partners.presenting import cosigner_of
from homeby.watch.models import Alarm, Deadline, Partner, PartnerMark
from tests.promises.neighbour import NAME, Neighbour
from tests.promises.partnered import Pair, answering
from tests.world import START, World

WARDEN = "phone of Warden"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbour]:
    """The neighbour, founded once; each test begins with its fresh database."""
    neighbour = Neighbour.start(tmp_path_factory.mktemp("neighbour"))
    neighbour.does("keep", START, **{"as": "founded"})
    yield neighbour
    neighbour.stop()


@pytest.fixture
def pair(world: World, founded: Neighbour, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    founded.does("roll_back", START, **{"as": "founded"})
    with answering(world, monkeypatch) as server:
        yield Pair(world, founded, server)


def stand_down(pair: Pair, alarm: Alarm) -> None:
    world = pair.world
    alarms.stand_down(
        alarm_id=alarm.pk, reason="called", by=world.as_("head"), now=world.now, tap=new_tap()
    )


def test_silence_is_an_alarm_to_both_stations_duty_officers_until_a_person_ends_it(
    pair: Pair,
) -> None:
    pair.pair()
    world = pair.world
    for _ in range(7):
        came = pair.minute()
        assert (came["sent"], came["answer"]) == (1, "heard")
    assert pair.alarm() is None
    silent_since = world.now
    world.fast_forward(minutes=6)
    alarm = pair.alarm()
    assert alarm is not None
    assert alarm.opened_at - silent_since <= dt.timedelta(minutes=5)
    for phone in ("head", WARDEN):
        (first, *_) = [one for one in world.phone(phone) if NAME in one.subject and one.code]
        assert first.at == alarm.opened_at
        assert "was last heard" in first.outgoing.text
    assert pair.minute()["answer"] == "heard"
    assert [one.subject for one in world.phone(WARDEN)][
        -1
    ] == f"Heard again: partner station {NAME}"
    alarm.refresh_from_db()
    assert alarm.ended_at is None  # only a person ends it
    alarms.stand_down(
        alarm_id=alarm.pk, reason="cable", by=world.as_("head"), now=world.now, tap=new_tap()
    )
    world.fast_forward(minutes=6)  # silent again: the watch went on without being asked
    again = pair.alarm()
    assert again is not None
    assert again.pk != alarm.pk
    assert verify().difference is None


@pytest.mark.parametrize("hours", [1, 24])
def test_after_the_clock_was_set_back_silence_is_noticed_in_five_minutes(
    pair: Pair, hours: int
) -> None:
    pair.world.now += dt.timedelta(days=2)  # its people are known for longer than that
    pair.pair()
    pair.minute()
    pair.minute()
    pair.world.now -= dt.timedelta(hours=hours)
    assert set_back.put_right(now=pair.world.now, was_set_back=True)
    assert not set_back.put_right(now=pair.world.now)
    for _ in range(6):
        pair.minute()
    assert pair.alarm() is None  # it speaks on, and nobody is rung
    began = pair.world.now
    pair.world.fast_forward(minutes=6)
    alarm = pair.alarm()
    assert alarm is not None
    assert alarm.opened_at - began <= dt.timedelta(minutes=5)
    assert verify().difference is None


def test_an_hour_at_which_a_person_wants_to_be_asked_again_stands(pair: Pair) -> None:
    pair.world.now += dt.timedelta(days=2)
    pair.pair()
    pair.minute()
    pair.world.fast_forward(minutes=6)
    alarm = pair.alarm()
    assert alarm is not None
    stand_down(pair, alarm)
    chosen = Deadline.objects.get(kind="PARTNER", state="OPEN").due_at
    pair.world.now -= dt.timedelta(hours=1)
    set_back.put_right(now=pair.world.now, was_set_back=True)
    assert Deadline.objects.get(kind="PARTNER", state="OPEN").due_at == chosen
    pair.world.now -= dt.timedelta(days=1)  # nobody may choose an hour more than a day ahead
    set_back.put_right(now=pair.world.now, was_set_back=True)
    again_at = Deadline.objects.get(kind="PARTNER", state="OPEN").due_at
    assert again_at <= pair.world.now + dt.timedelta(hours=1)


def test_a_logbook_that_was_rolled_back_is_noticed_by_both(pair: Pair) -> None:
    pair.pair()
    pair.minute()
    pair.does_alone("keep", **{"as": "kept"})
    pair.does_alone("work", entries=5)
    pair.minute()
    assert pair.minute()["is_live"]
    pair.does_alone("roll_back", **{"as": "kept"})
    came = pair.minute()
    alarm = pair.alarm()
    assert alarm is not None
    assert "shorter than it was" in pair.world.phone("head")[-1].outgoing.text
    assert not came["is_live"]  # it learned from our answer that it is a copy (P18)
    pair.world.fast_forward(minutes=2)
    assert pair.does_alone("send")["sent"] == 0
    pair.does_alone("live")  # a person there says that it is the live one all the same
    pair.minute()
    assert pair.minute()["is_live"]
    assert pair.world.phone("head")
    stand_down(pair, alarm)  # a person here accepts its new history
    for _ in range(8):
        assert pair.minute()["is_live"]
    assert [one.pk for one in Alarm.objects.filter(ended_at=None)] == []
    assert verify().difference is None


def test_a_copy_that_has_grown_since_finds_out_that_it_is_one(pair: Pair) -> None:
    pair.pair()
    pair.minute()
    pair.does_alone("keep", **{"as": "kept"})
    pair.does_alone("work", entries=5)
    pair.minute()
    pair.does_alone("roll_back", **{"as": "kept"})
    pair.does_alone("work", entries=20)
    assert not pair.minute()["is_live"]


def test_a_watch_that_sleeps_while_its_machine_lives_is_an_alarm_here(pair: Pair) -> None:
    pair.pair()
    pair.minute()
    pair.minute(asleep=True)
    alarm = pair.alarm()
    assert alarm is not None
    assert "its own watch does not look any more" in pair.world.phone(WARDEN)[-1].outgoing.text
    stand_down(pair, alarm)
    for _ in range(14):  # a person knows: it rings nobody anew, until it is asked again in an hour
        pair.world.fast_forward(minutes=3)
        pair.minute(asleep=True)
    assert Alarm.objects.filter(ended_at=None).count() == 0
    pair.world.fast_forward(minutes=5)
    assert Alarm.objects.filter(ended_at=None).count() == 1


def test_each_watches_the_other_and_an_end_is_told_to_both(pair: Pair) -> None:
    pair.pair()
    pair.minute()
    mark = pair.send()
    assert mark.answer == "heard"
    assert mark.held_entries == Entry.objects.count()
    for _ in range(6):
        pair.minute()
    told = pair.does_alone("phones")["received"]
    assert [to for to, subject in told if "Partner station North hut" in subject]
    pair.does_alone("end", reason="we close for the winter")
    pair.neighbour_does("send")
    pair.world.look()
    (told_here,) = {one.subject for one in pair.world.phone("head") if "is over" in one.subject}
    assert told_here == f"The partnership with {NAME} is over"
    pair.world.fast_forward(minutes=30)
    assert pair.alarm() is None
    assert verify().difference is None


# --- entries that are missing (F4) ---------------------------------------------------------------


def begun(pair: Pair) -> None:
    pair.pair()
    pair.minute()


def rolled_back(pair: Pair, *, entries: int) -> tuple[int, int]:
    """Keep a copy, let the station go on and be seen by its partner, put the copy back. The newest
    entry of the copy, and how many its partner has seen beyond it."""
    pair.does_alone("keep", **{"as": "kept"})
    kept = pair.does_alone("shown")["newest"]
    pair.does_alone("work", entries=entries)
    pair.minute()
    seen = pair.does_alone("shown")["newest"]
    pair.does_alone("roll_back", **{"as": "kept"})
    return kept, seen - kept


def said(kept: int, missing: int) -> str:
    return f"Missing entries: {missing}, from the one behind entry {kept} on."


def test_at_its_start_it_asks_before_anything_leaves(pair: Pair) -> None:
    begun(pair)
    kept, missing = rolled_back(pair, entries=5)
    assert missing >= 5
    pair.world.now += dt.timedelta(seconds=5)
    assert pair.neighbour_does("begin") == {"doubts": True}
    ((level, sentence),) = pair.does_alone("shown")["said"]
    assert (level, said(kept, missing) in sentence) == ("RED", True)
    assert pair.does_alone("phones")["received"] == []  # a copy sends nothing
    assert pair.does_alone("send")["sent"] == 0


def test_what_it_has_written_since_is_not_counted_as_there(pair: Pair) -> None:
    """It could not ask at its start, wrote more than it had lost, and then its partner answers."""
    begun(pair)
    kept, missing = rolled_back(pair, entries=5)
    pair.world.now += dt.timedelta(seconds=5)
    pair.does_alone("work", entries=20)
    assert not pair.minute()["is_live"]
    assert said(kept, missing) in pair.does_alone("shown")["said"][0][1]


def test_those_who_keep_the_watch_are_told_once_a_person_has_said_that_it_is_live(
    pair: Pair,
) -> None:
    begun(pair)
    kept, missing = rolled_back(pair, entries=3)
    assert not pair.minute()["is_live"]
    assert pair.does_alone("phones")["received"] == []
    pair.does_alone("live")
    pair.does_alone("send")
    received = pair.does_alone("phones")["received"]
    told = {to for to, head in received if head == "Entries are missing from the logbook"}
    assert told == {"phone of Warden", "phone of Second"}  # duty officer and administrators
    ((level, sentence),) = pair.does_alone("shown")["said"]
    assert (level, said(kept, missing) in sentence) == ("AMBER", True)


def test_a_station_that_lacks_nothing_is_live_and_a_question_changes_nothing(pair: Pair) -> None:
    begun(pair)
    pair.does_alone("work", entries=3)
    pair.minute()
    heard_at = PartnerMark.objects.get().heard_at
    pair.world.now += dt.timedelta(minutes=3)
    assert pair.neighbour_does("begin") == {"doubts": False}
    assert PartnerMark.objects.get().heard_at == heard_at  # nor does it keep a dead station alive
    assert pair.does_alone("shown")["said"] == []


def test_a_partner_that_does_not_answer_stops_no_start(pair: Pair) -> None:
    begun(pair)
    pair.server.server_close()
    assert pair.does_alone("begin") == {"doubts": False}


def test_it_cosigns_each_checkpoint_that_was_shown_to_have_grown(
    pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    pair.pair()
    sizes = [pair.keep()]
    assert pair.send().answer == "heard"
    for _minute in range(3):
        pair.world.fast_forward(minutes=1)
        sizes.append(pair.keep())
        pair.does_alone("phones")
        assert pair.send().answer == "heard"
    assert len(set(sizes)) == 4, "each minute of this test is an entry"
    notes = dict(KeptCheckpoint.objects.values_list("size", "note"))
    by = cosigner_of(Partner.objects.get())
    times = [by.cosigned_at(read(notes[size])) for size in sizes]
    assert None not in times, "the first is trusted, the others were shown to have grown"
    verifying.run(settings=settings.current(), against="", as_json=False, say=print)
    said = capsys.readouterr().out
    assert f"The first {sizes[-1]} were cosigned by South hut at" in said
    entry = Entry.objects.order_by("number").first()
    assert entry is not None
    assert cosigned.newest_note(from_number=entry.number) == notes[sizes[-1]]
