"""The office's part of the watch: escalation plans, the watch bill, what people received."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from homeby import settings
from homeby.comms.models import Message
from homeby.missions import queries as missions
from homeby.missions.models import Mission
from homeby.people.rules import STATION
from homeby.watch.models import BillRow, EscalationPlan
from tests import imports
from tests.rooms.pages import Pages, entries, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def typed_plan(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The editor's fields for these steps."""
    fields = {
        "name": "Night",
        "kind": "RETURN",
        "repeat_minutes": 10,
        "repeat_minutes_max": 60,
        "steps-TOTAL_FORMS": len(steps),
        "steps-INITIAL_FORMS": 0,
    }
    for number, step in enumerate(steps):
        defaults = {"ORDER": number + 1, "wait_minutes": 5, "counted_from": "CALL_OUT"}
        for name, value in (defaults | step).items():
            fields[f"steps-{number}-{name}"] = value
    return sent(**(fields | more))


OFFICER = {"offset_minutes": 0, "tell": ["DUTY_OFFICER"]}
PARTY = {"offset_minutes": 0, "counted_from": "DUE", "tell": ["PARTY"]}


def test_the_plans_are_shown_with_an_example(pages: Pages) -> None:
    page = text_of(pages.as_("head").get("/office/plans/"))
    assert "18:15 The party: a reminder." in page
    assert "18:30 A check-in is due." in page
    assert "Add a plan" not in page
    assert "Add a plan" in text_of(pages.as_("admin").get("/office/plans/"))


def test_a_plan_is_made_with_its_steps_in_the_order_of_their_places(pages: Pages) -> None:
    fields = typed_plan({**OFFICER, "ORDER": 2}, {**PARTY, "ORDER": 1}, is_default="on")
    client = pages.as_("admin")
    assert client.post("/office/plans/new/", fields).headers["Location"] == "/office/plans/"
    client.post("/office/plans/new/", fields)
    plan = EscalationPlan.objects.get(name="Night")
    assert [step.targets for step in plan.steps.order_by("rank")] == [["PARTY"], ["DUTY_OFFICER"]]
    assert EscalationPlan.objects.filter(kind="RETURN", is_default=True).get() == plan


def test_a_step_is_added_without_a_script_and_nothing_is_kept_yet(pages: Pages) -> None:
    before = entries()
    page = pages.as_("admin").post(
        "/office/plans/new/", typed_plan(OFFICER, name="Ni", act="add_step")
    )
    html = page.content.decode()
    assert page.status_code == 200
    assert 'name="steps-1-offset_minutes"' in html
    assert 'name="steps-TOTAL_FORMS" value="2"' in html
    assert 'value="Ni"' in html
    assert entries() == before


def test_a_step_is_taken_out(pages: Pages) -> None:
    plan = EscalationPlan.objects.get(name="Return")
    page = pages.as_("admin").get(f"/office/plans/{plan.pk}/")
    form, steps = page.context["form"], page.context["steps"]
    fields = {"steps-TOTAL_FORMS": 6, "steps-INITIAL_FORMS": 6, **sent(**form.initial)}
    for row in steps:
        values = {name: value for name, value in row.initial.items() if value != []}
        fields |= {f"{row.prefix}-{name}": value for name, value in values.items()}
    fields["steps-0-DELETE"] = "on"
    answer = pages.as_("admin").post(f"/office/plans/{plan.pk}/", fields)
    assert answer.status_code == 302
    assert plan.steps.count() == 5
    assert plan.steps.get(rank=0).offset_minutes == 0


def test_a_further_step_left_empty_is_none(pages: Pages) -> None:
    empty = {"ORDER": "", "counted_from": "DUE", "offset_minutes": ""}
    answer = pages.as_("admin").post("/office/plans/new/", typed_plan(OFFICER, empty))
    assert answer.status_code == 302
    assert EscalationPlan.objects.get(name="Night").steps.count() == 1


def test_what_makes_a_plan_unsafe_is_said_and_what_was_typed_stays(pages: Pages) -> None:
    client = pages.as_("admin")
    page = client.post("/office/plans/new/", typed_plan(PARTY))
    assert page.status_code == 422
    assert "a step must tell the duty officer or every leader" in text_of(page)
    assert 'value="Night"' in page.content.decode()
    page = client.post("/office/plans/new/", typed_plan({"offset_minutes": "soon", "tell": []}))
    assert "This step tells nobody; choose at least one." in text_of(page)
    assert "Write a whole number, in digits." in text_of(page)
    page = client.post("/office/plans/new/", typed_plan())
    assert "A plan needs at least one step." in text_of(page)
    page = client.post("/office/plans/new/", typed_plan({**OFFICER, "tell": ["NAMED"]}))
    assert "tells named people, but names none" in text_of(page)
    assert not EscalationPlan.objects.filter(name="Night").exists()


def test_rubbish_for_the_number_of_steps_is_no_trouble(pages: Pages) -> None:
    fields = typed_plan(OFFICER, act="add_step") | {"steps-TOTAL_FORMS": "many"}
    assert pages.as_("admin").post("/office/plans/new/", fields).status_code == 200
    del fields["act"]
    assert pages.as_("admin").post("/office/plans/new/", fields).status_code == 422


def test_a_watch_is_entered_and_taken_out(pages: Pages, world: World) -> None:
    client = pages.as_("head")
    assert "Has the watch now Head" in text_of(client.get("/office/watch-bill/"))
    people = {"duty": str(world.people["deputy"]), "deputy": str(world.people["head"])}
    page = client.post("/office/watch-bill/", sent(**people, from_at="in 2 h", to_at="in 1 h"))
    assert "The watch ends before it begins." in text_of(page)
    assert 'value="in 2 h"' in page.content.decode()
    page = client.post("/office/watch-bill/", sent(**people, from_at="in 2 h", to_at="dusk"))
    assert "“dusk” is not a time." in text_of(page)
    client.post("/office/watch-bill/", sent(**people, from_at="in 2 h", to_at="in 8 h"))
    row = BillRow.objects.get(to_at__isnull=False)
    assert row.to_at == world.now + dt.timedelta(hours=8)
    assert "no watch; Head stands in" in text_of(client.get("/office/watch-bill/"))
    client.post(f"/office/act/bill/{row.pk}/", sent(act="remove", back="/office/watch-bill/"))
    assert not BillRow.objects.filter(pk=row.pk).exists()


def test_every_watch_has_a_deputy_who_is_somebody_else(pages: Pages, world: World) -> None:
    head = str(world.people["head"])
    client = pages.as_("head")
    page = client.post("/office/watch-bill/", sent(duty=head, deputy=head))
    assert "The deputy must be somebody else." in text_of(page)
    page = client.post("/office/watch-bill/", sent(duty=head, deputy=""))
    assert page.status_code == 422


def test_not_fit_to_watch_is_one_tap(pages: Pages, world: World) -> None:
    client = pages.as_("head")
    address = f"/office/act/bill/{world.people['head']}/"
    page = client.post(address, sent(act="not_fit", back="/me/"), follow=True)
    assert "The watch is with Deputy now. Rest well." in text_of(page)
    assert "I am not fit to watch" not in text_of(page)
    assert "Has the watch now Deputy" in text_of(client.get("/office/watch-bill/"))
    assert "I am not fit to watch" in text_of(pages.as_("deputy").get("/me/"))


def test_outside_a_demonstration_messages_are_for_the_office_and_hold_no_code(
    pages: Pages, world: World
) -> None:
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=40)
    message = Message.objects.exclude(code="").get()
    assert "Step 2" not in text_of(pages.as_("admin").get("/office/messages/"))
    for who in ("head", "deputy"):
        page = pages.as_(who).get("/office/messages/").content.decode()
        assert "Step 2. Open the link" in page
        assert message.code not in page
        assert message.token not in page
    for who in ("guard", "agent"):
        assert pages.as_(who).get("/office/messages/").status_code == 404
        assert pages.as_(who).get("/office/messages/rows/").status_code == 404


def test_in_a_demonstration_everybody_sees_every_phone(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.give_kin("agent", "Flatmate")
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=105)
    shown = settings.current().model_copy(update={"demonstration": True})
    monkeypatch.setattr(settings, "current", lambda: shown)
    message = Message.objects.exclude(code="").first()
    assert message is not None
    for address in ("/office/messages/", "/office/messages/rows/"):
        page = pages.as_("agent").get(address).content.decode()
        assert message.code in page
        assert f"/m/{message.token}" in page
        assert "kin of Fox" in page
    assert pages.nobody().get("/office/messages/").status_code == 302


def test_an_imported_mission_is_confirmed_or_ended_by_a_person(
    pages: Pages, world: World, tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    head = "Date;Out;Back;Who;Where;What;Due;Remarks\n"
    lines = (
        "19.11.2026;07:30;;Fox;North face;Patrol;18:00;\n19.11.2026;08:30;;Owl;Hut;Round;18:00;\n"
    )
    path.write_text(head + lines, encoding="utf-8")
    imports.run(path, "missions-example", now=world.now)
    fox, owl = missions.unconfirmed(STATION)
    client = pages.as_("guard")
    assert "2 imported missions are still open" in text_of(client.get("/board/"))
    assert "North face" in text_of(client.get("/office/list/unconfirmed/"))
    address = f"/office/form/unconfirmed/{fox.pk}/"
    page = client.post(address, sent(where="OUT", due=""))
    assert "Say when they are expected back." in text_of(page)
    page = client.post(address, sent(where="OUT", due="19.11. 18:00"))
    assert "lies in the past" in text_of(page)
    client.post(address, sent(where="OUT", due="+3 h"))
    assert Mission.objects.get(pk=fox.pk).state == "OUT"
    client.post(f"/office/form/unconfirmed/{owl.pk}/", sent(where="HOME", back="19.11. 17:40"))
    assert Mission.objects.get(pk=owl.pk).state == "BACK"
    assert client.get(address).status_code == 404
