"""The whole path of the story (`STORY.md` 66 to 83, 102), told through pages alone: a mentor,
months of sessions, signatures, a refused request and a second one, examination, promotion, a secret
unit, and a change of team. Each step is seen by the learner, her mentor, her leader, a stranger."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import learners
from tests.browser import path_learning as learning
from tests.browser.conftest import has_failed
from tests.browser.learners import (
    EXAMINER,
    FIRST_ASKED,
    LEADER,
    LEARNER,
    MENTOR,
    OTHER_LEADER,
    OTHER_TEAM,
    POSITION,
    RANK,
    SECOND_ASKED,
    STRANGER,
    TEAM,
)
from tests.browser.path_walk import Path, card, follow, says
from tests.browser.pockets import plan_it
from tests.browser.screens import screens_at
from tests.browser.station import a_station


@pytest.fixture
def path(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Path]:
    with a_station(tmp_path_factory, name="path", has_tables=True) as station:
        learners.found(station)
        station.start()
        with screens_at(station, chromium, failed=lambda: has_failed(request)) as screens:
            yield Path(station=station, screens=screens)


@pytest.mark.timeout(600)
def test_the_path(path: Path) -> None:
    learning.she_gets_a_mentor(path)
    learning.she_goes_out_with_somebody_who_holds_it(path)
    path.later(days=90)
    learning.they_meet_and_tasks_are_signed(path)
    path.later(days=95)
    learning.the_book_is_signed_and_certified(path)
    learning.her_request_is_refused(path)
    learning.a_second_person_approves_and_names_the_board(path)
    path.later(days=1)  # at whatever hour this runs, it is the examination's day then
    learning.she_passes_and_is_promoted(path)
    a_secret_unit_asks_her(path)
    three_agree_on_another_team(path)
    path.later(hours=22)
    access_plans_and_rota_follow(path)


def a_secret_unit_asks_her(path: Path) -> None:
    keeper = path.of(SECOND_ASKED, "/special-units/")
    form = card(keeper, "Found a special unit")
    form.get_by_label("Name").fill("Masks")
    form.get_by_label("Secret: only whoever").check()
    form.get_by_label("What it requires").select_option(label=RANK)
    form.get_by_role("button", name="Found it").click()
    says(keeper, "Founded. You keep it; now ask people.")
    follow(keeper, "Masks")
    path.known["unit"] = keeper.url
    asks = card(keeper, "Ask somebody")
    asks.get_by_label("Whom").select_option(label=LEARNER.callsign)
    asks.get_by_label("What she is called there").fill("Pink Illusion")
    asks.get_by_label("I have spoken with her").check()
    asks.get_by_role("button", name="Ask her").click()
    says(keeper, "Asked. The place begins when she says yes.")
    learner = path.of(LEARNER, "/me/path/")
    follow(learner, "Masks")
    says(learner, "You have all of it.", "You are asked: member")
    learner.get_by_role("button", name="Yes", exact=True).click()
    says(learner, "You have the place from now on.")
    learner.goto("/me/path/")
    says(learner, "Masks", "Pink Illusion")
    keeper.reload()
    says(keeper, LEARNER.callsign)
    for who in (STRANGER, LEADER, FIRST_ASKED, MENTOR):
        page = path.of(who, "/special-units/")
        expect(page.get_by_role("heading", name="Special units")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Masks")
    path.is_nothing_for(STRANGER, LEADER, FIRST_ASKED, MENTOR, at=path.known["unit"])


def three_agree_on_another_team(path: Path) -> None:
    leader = path.of(LEADER, "/calendar/new/")
    leader.get_by_label("Name").fill("Night round")
    leader.get_by_label("For which team").select_option(label=TEAM)
    leader.get_by_label("From", exact=True).fill("+50h")
    leader.get_by_label("To", exact=True).fill("+8h")
    leader.get_by_label("Whoever fits may sign up herself").check()
    leader.get_by_role("button", name="Keep").click()
    path.known["duty"] = leader.url
    learner = path.of(LEARNER, "/me/duties/")
    follow(learner, "Night round")
    learner.get_by_role("button", name="I come").click()
    says(learner, "on it")
    learner.goto("/plan/")
    learner.get_by_label("For which team").select_option(label=TEAM)
    learner.get_by_label(EXAMINER.callsign, exact=True).check()
    learner.get_by_label(re.compile("^Where")).fill("Border post")
    learner.get_by_label("What optional", exact=True).fill("Old round")
    learner.get_by_label("Expected back").fill("+80h")
    plan_it(learner)
    expect(learner.get_by_role("heading", level=1)).to_contain_text(LEARNER.callsign)
    learner.goto("/me/path/")
    follow(learner, "Changes of team")
    form = card(learner, "Ask for a change")
    form.get_by_label("From the team").select_option(label=TEAM)
    form.get_by_label("To the team").select_option(label=OTHER_TEAM)
    form.get_by_label("From when on").fill("yesterday")
    form.get_by_role("button", name="Ask for it").click()
    expect(form.locator(".errorlist")).to_be_visible()
    expect(form.get_by_label("To the team").locator("option:checked")).to_have_text(OTHER_TEAM)
    form.get_by_label("From when on").fill("+20h")
    form.get_by_role("button", name="Ask for it").click()
    follow(learner, LEARNER.callsign)
    path.known["change"] = learner.url
    path.is_nothing_for(STRANGER, MENTOR, EXAMINER, at=path.known["change"])
    path.is_nothing_for(OTHER_LEADER, at=path.known["person"])
    for who, state in ((LEADER, "asked for"), (OTHER_LEADER, "agreed by all")):
        page = path.of(who, "/team-changes/")
        follow(page, LEARNER.callsign)
        page.get_by_role("button", name="I agree").click()
        says(page, "Agreed.", state)
    learner.reload()
    says(learner, "agreed by all", LEADER.callsign, OTHER_LEADER.callsign)


def access_plans_and_rota_follow(path: Path) -> None:
    path.station.homeby("hourly")  # the station does it by itself, five minutes after its start
    learner = path.of(LEARNER, path.known["change"])
    says(learner, "took effect")
    expect(learner.get_by_role("button", name="It stays as it is")).to_have_count(1)  # her learner
    leader = path.of(LEADER, path.known["change"])
    left = card(leader, "To settle")
    for what, named in (
        ("A mission of the old team counts on her", "Old round"),
        ("A duty of the old team counts on her", "Night round"),
    ):
        expect(left).to_contain_text(f"{what}: {named}")
        card(leader, f"{what}: {named}").get_by_role("button", name="It stays as it is").click()
    expect(left.get_by_text("stays as it is", exact=True)).to_have_count(2)
    path.is_nothing_for(LEADER, EXAMINER, STRANGER, at=path.known["person"])
    path.is_nothing_for(LEADER, at=path.known["held"])
    other = path.of(OTHER_LEADER, path.known["person"])
    expect(other.get_by_role("heading", level=1)).to_have_text(f"{LEARNER.callsign} Mbr.")
    expect(card(other, "Teams")).to_contain_text(OTHER_TEAM)
    expect(card(other, "Teams")).not_to_contain_text(TEAM)
    follow(other, "Qualifications")
    says(other, POSITION)
    learner.goto("/me/path/")
    says(learner, "refused", "passed", "Masks", RANK)
