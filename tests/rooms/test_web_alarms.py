"""The alarm's page: where it stands, who was told and what became of it, what a person does."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.watch.models import Alarm, Deadline
from tests.rooms.pages import Pages, entries, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def alarm(world: World) -> Alarm:
    """Fox is overdue and nobody has it; two steps have run."""
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=40)
    return world.alarm()


def act(pages: Pages, who: str, alarm: Alarm, **fields: str) -> str:
    """Press a button of the alarm's page; what the page that follows says."""
    address = f"/alarms/{alarm.pk}/act/"
    return text_of(pages.as_(who).post(address, sent(**fields), follow=True))


def test_the_page_says_where_the_alarm_stands_and_what_comes_next(
    pages: Pages, world: World, alarm: Alarm
) -> None:
    page = text_of(pages.as_("head").get(f"/alarms/{alarm.pk}/"))
    assert f"A-{alarm.number}" in page
    assert "Uncertainty" in page
    assert "nobody yet" in page
    assert "the duty officer, the leader of the party" in page  # the step at the call-out time
    assert "Step 1: the party" in page
    assert "Step 2: the duty officer" in page
    assert "An alarm was opened" in page


def test_the_list_shows_open_and_ended_alarms(pages: Pages, world: World, alarm: Alarm) -> None:
    assert "Nobody has taken it yet" in text_of(pages.as_("head").get("/alarms/"))
    world.sign_in("agent")
    page = text_of(pages.as_("head").get("/alarms/rows/"))
    assert "No alarm is open." in page
    assert "Everybody is signed in, by Gate 1" in page


def test_looking_acknowledges_nothing(pages: Pages, world: World, alarm: Alarm) -> None:
    before = entries()
    for address in (
        "/alarms/",
        "/alarms/rows/",
        f"/alarms/{alarm.pk}/",
        f"/alarms/{alarm.pk}/rows/",
    ):
        for who in ("head", "guard", "deputy"):
            assert pages.as_(who).get(address).status_code == 200
            assert pages.as_(who).head(address).status_code == 200
    assert pages.as_("head").get(f"/alarms/{alarm.pk}/act/").status_code == 405
    assert entries() == before


def test_who_may_not_see_an_alarm_finds_no_page(pages: Pages, alarm: Alarm) -> None:
    for address in (f"/alarms/{alarm.pk}/", f"/alarms/{alarm.pk}/rows/"):
        assert pages.as_("outsider").get(address).status_code == 404
        assert pages.as_("mate").get(address).status_code == 404
        assert pages.nobody().get(address).status_code == 302
    client = pages.as_("outsider")
    assert client.post(f"/alarms/{alarm.pk}/act/", sent(act="take")).status_code == 404
    alarm.refresh_from_db()
    assert alarm.holder_id is None


def test_one_tap_takes_it_and_the_same_tap_again_counts_once(
    pages: Pages, world: World, alarm: Alarm
) -> None:
    client, fields = pages.as_("head"), sent(act="take")
    first = client.post(f"/alarms/{alarm.pk}/act/", fields, follow=True)
    assert f"A-{alarm.number} is yours until" in text_of(first)
    assert "I still have it" in text_of(first)
    before = entries()
    again = client.post(f"/alarms/{alarm.pk}/act/", fields, follow=True)
    assert f"A-{alarm.number} is yours until" in text_of(again)
    assert entries() == before
    alarm.refresh_from_db()
    assert alarm.holder_id == world.people["head"]


def test_handing_over_offers_it_and_keeps_it_until_it_is_taken(
    pages: Pages, world: World, alarm: Alarm
) -> None:
    act(pages, "head", alarm, act="take")
    page = act(pages, "head", alarm, act="hand_over", to=str(world.people["deputy"]))
    assert "Offered to Deputy. It stays with you until they take it." in page
    assert "offered to Deputy" in page
    act(pages, "deputy", alarm, act="take")
    alarm.refresh_from_db()
    assert alarm.holder_id == world.people["deputy"]


def test_handing_over_to_nobody_is_a_sentence_beside_the_field(
    pages: Pages, world: World, alarm: Alarm
) -> None:
    act(pages, "head", alarm, act="take")
    assert "This is needed; please fill it in." in act(pages, "head", alarm, act="hand_over", to="")
    alarm.refresh_from_db()
    assert alarm.offered_to_id is None


def test_standing_down_needs_a_reason_and_keeps_what_was_typed(
    pages: Pages, world: World, alarm: Alarm
) -> None:
    client = pages.as_("head")
    answer = client.post(
        f"/alarms/{alarm.pk}/act/", sent(act="stand_down", reason="", again_at="in 3 h")
    )
    assert answer.status_code == 422
    assert "in 3 h" in answer.content.decode()
    answer = client.post(
        f"/alarms/{alarm.pk}/act/",
        sent(act="stand_down", reason="Seen at the hut", again_at="soon"),
    )
    assert "“soon” is not a time." in text_of(answer)
    assert "Seen at the hut" in answer.content.decode()
    alarm.refresh_from_db()
    assert alarm.ended_at is None


def test_standing_down_ends_it_and_asks_again_while_somebody_is_out(
    pages: Pages, world: World, alarm: Alarm
) -> None:
    page = act(pages, "head", alarm, act="stand_down", reason="Seen at the hut", again_at="+90 min")
    assert "Stood down by Head: Seen at the hut" in page
    assert page.count("The alarm ended") == 1
    assert "How it ended" in page
    deadline = Deadline.objects.get(state="OPEN", kind="RETURN")
    assert deadline.due_at == world.now + dt.timedelta(minutes=90)


def test_a_gate_keeper_stands_nothing_down(pages: Pages, alarm: Alarm) -> None:
    page = act(pages, "guard", alarm, act="stand_down", reason="I think it is fine")
    assert "Only a duty officer, a leader or an administrator" in page
    alarm.refresh_from_db()
    assert alarm.ended_at is None


def test_a_person_raises_it_to_distress(pages: Pages, world: World, alarm: Alarm) -> None:
    assert "This is needed; please fill it in." in act(
        pages, "guard", alarm, act="distress", reason=""
    )
    page = act(pages, "guard", alarm, act="distress", reason="Smoke over the ridge")
    assert "Raised to DISTRESS." in page
    assert page.count("A person raised the alarm to DISTRESS") == 1
    alarm.refresh_from_db()
    assert alarm.phase == "DISTRESS"


def test_a_button_nobody_knows_does_nothing(pages: Pages, alarm: Alarm) -> None:
    before = entries()
    assert "Choose one of the buttons." in act(pages, "head", alarm, act="explode")
    assert entries() == before


def test_what_became_of_each_message_is_shown(pages: Pages, world: World) -> None:
    world.add("silent", callsign="Silent", reachable=False)
    world.breaks("head")
    world.send_out("silent", due_minutes=30)
    world.fast_forward(minutes=36)
    alarm = world.alarm()
    page = text_of(pages.as_("deputy").get(f"/alarms/{alarm.pk}/"))
    assert "cannot be reached" in page  # to the party, who has no contact point
    assert "This step reached nobody, so the next one followed at once." in page
    assert "trouble, trying on" in page
    assert "The line is dead." in page
    assert "tries" in page or "1 try" in page
    act(pages, "admin", alarm, act="take")
    assert "taken back" in text_of(pages.as_("deputy").get(f"/alarms/{alarm.pk}/rows/"))
