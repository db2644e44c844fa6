"""The gate's pages: two taps, the promise, heads against names, nobody refused, no name at rest."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from homeby.logbook.models import Entry
from homeby.missions.models import FirstReport, Mission, PartyMember, Unmatched
from homeby.watch.models import Alarm
from tests.rooms.pages import Pages, entries, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def guard(pages: Pages) -> Client:
    return pages.as_("guard")


def pick(world: World, act: str) -> str:
    return reverse("gate-pick", args=[world.gate_id, act])


def tile(world: World, mission: Mission, who: str = "") -> str:
    return f"{mission.pk}/{world.people[who] if who else ''}"


def member(world: World, mission: Mission, who: str) -> PartyMember:
    return PartyMember.objects.get(mission=mission, person_id=world.people[who])


def test_with_one_gate_the_choice_is_made(world: World, guard: Client) -> None:
    answer = guard.get(reverse("gates"))
    assert answer.headers["Location"] == reverse("gate", args=[world.gate_id])


def test_the_gate_at_rest_names_nobody(world: World, guard: Client) -> None:
    world.send_out("agent", "mate")
    said = text_of(guard.get(reverse("gate", args=[world.gate_id])))
    assert "Sign out" in said
    assert "Sign in" in said
    assert "Fox" not in said
    assert "Owl" not in said
    assert "North woods" not in said


@pytest.mark.parametrize("page", ["gate", "gate-pick", "gate-party", "gate-unmatched"])
def test_whoever_keeps_no_gate_finds_no_gate(world: World, pages: Pages, page: str) -> None:
    mission = world.send_out("agent")
    more: dict[str, list[object]] = {"gate-party": [mission.pk], "gate": []}
    address = reverse(page, args=[world.gate_id, *more.get(page, ["in"])])
    assert pages.as_("agent").get(address).status_code == 404
    assert pages.as_("guard").get(address).status_code == 200


def test_one_tap_signs_out_and_the_promise_is_said(world: World, guard: Client) -> None:
    mission = world.plan("agent", due_minutes=120)
    said = followed(guard, guard.post(pick(world, "out"), sent(tile=tile(world, mission, "agent"))))
    assert "Signed out: Fox" in said
    assert "expected back 11:00" in said
    assert "11:05 the duty officer" in said
    assert "At 12:00 help is called" in said
    row = member(world, mission, "agent")
    assert (row.state, row.out_how, row.out_gate_id) == ("OUT", "SEEN", world.gate_id)


def test_looking_changes_nothing(world: World, guard: Client) -> None:
    mission = world.plan("agent", "mate")
    before = entries()
    addresses = [pick(world, "out"), pick(world, "in"), pick(world, "check-in")]
    addresses.append(reverse("gate-confirm", args=[world.gate_id, "out", mission.pk]))
    addresses.append(reverse("gate-party", args=[world.gate_id, mission.pk]))
    for address in addresses:
        assert guard.get(address).status_code == 200
    assert entries() == before
    assert Mission.objects.get(pk=mission.pk).state == "PLANNED"


def test_a_tap_that_is_sent_twice_counts_once(world: World, guard: Client) -> None:
    mission = world.send_out("agent")
    entry = str(uuid.uuid4())
    first = guard.post(pick(world, "in"), sent(tile=tile(world, mission, "agent"), entry_id=entry))
    before = entries()
    again = guard.post(pick(world, "in"), sent(tile=tile(world, mission, "agent"), entry_id=entry))
    assert again.headers["Location"] == first.headers["Location"]
    assert "Welcome back, Fox." in followed(guard, again)
    assert entries() == before
    assert not Unmatched.objects.exists()


def test_signing_in_ends_the_alarm_and_says_so(world: World, guard: Client) -> None:
    mission = world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=45)
    assert world.alarm().state == "OPEN"
    said = followed(guard, guard.post(pick(world, "in"), sent(tile=tile(world, mission, "agent"))))
    assert "Welcome back, Fox." in said
    assert "Back, all informed" in said
    assert "First report, one minute" in said
    assert Alarm.objects.get().state == "ENDED"
    world.look()
    assert "back" in world.phone("head")[-1].subject.lower()


def test_a_check_in_is_one_tap_and_keeps_its_link(world: World, guard: Client) -> None:
    mission = world.send_out("agent", "mate")
    world.now += dt.timedelta(minutes=40)
    answer = guard.post(pick(world, "check-in"), sent(tile=tile(world, mission), link="PHONE"))
    assert "Noted: fine at 09:40" in followed(guard, answer)
    mission.refresh_from_db()
    assert mission.heard_at == world.now
    assert '"link":"PHONE"' in str(Entry.objects.get(kind="MISSION_CHECKED_IN").content.body)


def test_a_party_leaves_without_who_is_not_ticked(world: World, guard: Client) -> None:
    mission = world.plan("agent", "mate")
    assert text_of(guard.get(pick(world, "out"))).count("Fox, Owl") == 1
    address = reverse("gate-confirm", args=[world.gate_id, "out", mission.pk])
    said = text_of(guard.get(address))
    assert "Our promise" in said
    assert "You are expected back 11:00" in said
    guard.post(address, sent(person=[str(world.people["agent"])], how="SEEN"))
    assert member(world, mission, "agent").state == "OUT"
    assert member(world, mission, "mate").state == "PLANNED"


def test_names_and_heads_must_agree_and_ticks_are_kept(world: World, guard: Client) -> None:
    mission = world.send_out("agent", "mate")
    address = reverse("gate-party", args=[world.gate_id, mission.pk])
    both = [str(world.people["agent"]), str(world.people["mate"])]
    refused = guard.post(address, sent(person=both, heads="1", how="TOLD", happened="08:59"))
    assert "You counted 1 heads, but 2 of 2 names are ticked" in text_of(refused)
    page = refused.content.decode()
    assert page.count("checked") >= 3
    assert 'value="08:59"' in page
    assert member(world, mission, "agent").state == "OUT"
    uncounted = guard.post(address, sent(person=both, how="TOLD"))
    assert "Count the heads" in text_of(uncounted)
    said = followed(guard, guard.post(address, sent(person=both, heads="2", how="TOLD")))
    assert "Welcome back, Fox, Owl." in said
    assert "Nobody of this mission is missing" in said
    assert member(world, mission, "mate").back_how == "TOLD"


def test_one_of_a_party_comes_home_with_one_tap_and_the_other_is_still_missed(
    world: World, guard: Client
) -> None:
    mission = world.send_out("agent", "mate")
    said = followed(guard, guard.post(pick(world, "in"), sent(tile=tile(world, mission, "mate"))))
    assert "Welcome back, Owl." in said
    assert "Still out: Fox." in said
    mission.refresh_from_db()
    assert mission.state == "OUT"


def test_a_sign_in_is_entered_afterwards_with_its_own_time(world: World, guard: Client) -> None:
    mission = world.send_out("agent", due_minutes=60)
    world.fast_forward(minutes=90)
    assert "It is now" in text_of(guard.get(pick(world, "in"), {"exact": "1"}))
    address = reverse("gate-party", args=[world.gate_id, mission.pk])
    ahead = guard.post(address, sent(how="TOLD", happened="22.11.2026 18:00"))
    assert "This time lies ahead" in text_of(ahead)
    guard.post(address, sent(how="TOLD", happened="09:50"))
    row = member(world, mission, "agent")
    assert row.back_at == dt.datetime(2026, 11, 20, 8, 50, tzinfo=dt.UTC)
    assert Alarm.objects.get().state == "ENDED"


def test_a_second_sign_out_is_asked_about_and_possible(world: World, guard: Client) -> None:
    world.send_out("agent")
    second = world.plan("agent", what="Another round")
    assert "/out/" + str(second.pk) in guard.get(pick(world, "out")).content.decode()
    address = reverse("gate-confirm", args=[world.gate_id, "out", second.pk])
    assert "Fox is still out on “Patrol”" in text_of(guard.get(address))
    refused = guard.post(address, sent(how="SEEN"))
    assert "is still out on" in text_of(refused)
    assert Mission.objects.get(pk=second.pk).state == "PLANNED"
    followed(guard, guard.post(address, sent(how="SEEN", anyway="on")))
    assert Mission.objects.get(pk=second.pk).state == "OUT"


def test_one_alone_without_approval_is_told_so_and_leaves_by_an_override(
    world: World, guard: Client
) -> None:
    mission = world.plan("agent", is_solo=True, device="beacon")
    address = reverse("gate-confirm", args=[world.gate_id, "out", mission.pk])
    assert "waits for approval" in text_of(guard.get(pick(world, "out")))
    assert "no second person has approved it" in text_of(guard.get(address))
    one_tap = guard.post(pick(world, "out"), sent(tile=tile(world, mission, "agent")))
    assert "no second person has approved it" in followed(guard, one_tap)
    assert Mission.objects.get(pk=mission.pk).state == "PLANNED"
    assert "Signed out: Fox" in followed(guard, guard.post(address, sent(anyway="on", how="SEEN")))
    assert Mission.objects.get(pk=mission.pk).state == "OUT"


def test_somebody_on_no_list_is_recorded_never_refused(world: World, guard: Client) -> None:
    address = reverse("gate-unmatched", args=[world.gate_id, "in"])
    nothing = guard.post(address, sent(how="SEEN"))
    assert "Choose somebody, or write who it is" in text_of(nothing)
    said = followed(guard, guard.post(address, sent(who="Old Tom from the mill", how="SEEN")))
    assert "Recorded" in said
    assert "duty officer" in said
    assert "Old Tom" in Unmatched.objects.get().why
    known = guard.post(address, sent(person=str(world.people["mate"]), how="SEEN"))
    assert "Recorded, though Owl was not signed out" in followed(guard, known)
    assert Unmatched.objects.count() == 2


def test_somebody_found_on_no_tile_but_out_is_signed_in(world: World, guard: Client) -> None:
    mission = world.send_out("agent")
    address = reverse("gate-unmatched", args=[world.gate_id, "in"])
    followed(guard, guard.post(address, sent(person=str(world.people["agent"]), how="SEEN")))
    assert member(world, mission, "agent").state == "BACK"
    assert not Unmatched.objects.exists()


def test_the_first_report_asks_whether_hurt_and_keeps_what_was_typed(
    world: World, guard: Client
) -> None:
    mission = world.send_out("agent")
    world.sign_in("agent")
    address = reverse("gate-first-report", args=[world.gate_id, mission.pk, world.people["agent"]])
    refused = guard.post(address, sent(urgent="ice on the bridge"))
    assert "“will not say” is an answer" in text_of(refused)
    assert "ice on the bridge" in refused.content.decode()
    followed(guard, guard.post(address, sent(hurt="WILL_NOT_SAY", urgent="ice on the bridge")))
    assert FirstReport.objects.get().hurt == "WILL_NOT_SAY"
    nobody = reverse("gate-first-report", args=[world.gate_id, mission.pk, uuid.uuid4()])
    assert guard.get(nobody).status_code == 404


def test_what_was_recorded_is_shown_to_keepers_only(
    world: World, pages: Pages, guard: Client
) -> None:
    mission = world.send_out("agent")
    answer = guard.post(pick(world, "in"), sent(tile=tile(world, mission, "agent")))
    address = answer.headers["Location"]
    assert 'data-clear-after="10"' in guard.get(address).content.decode()
    assert pages.as_("outsider").get(address).status_code == 404
    unknown = reverse("gate-done", args=[world.gate_id, "in", uuid.uuid4()])
    assert guard.get(unknown).status_code == 404


def test_the_tiles_take_few_queries_however_many_are_out(world: World, guard: Client) -> None:
    def queries() -> int:
        guard.get(pick(world, "in"))  # who looked is written down once in ten minutes
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert guard.get(pick(world, "in")).status_code == 200
        return len(caught)

    world.send_out("agent")
    queries()  # the first page of a log-in puts it on the list of log-ins
    few = queries()
    for number in range(6):
        world.add(f"extra{number}", reachable=False)
        world.send_out(f"extra{number}")
    assert queries() == few


def test_a_tile_is_found_by_callsign_or_place(world: World, guard: Client) -> None:
    world.send_out("agent")
    world.send_out("mate", place="Quarry")
    assert "Owl" not in text_of(guard.get(pick(world, "in"), {"q": "fox"}))
    assert "Fox" not in text_of(guard.get(pick(world, "in"), {"q": "quar"}))
    assert "Nobody here is called “nobody”" in text_of(
        guard.get(pick(world, "in"), {"q": "nobody"})
    )
