"""The first steps of the path: a mentor, sessions, signatures, a request refused and asked again,
the examination."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.cast import Member
from tests.browser.learners import (
    EXAMINER,
    FIRST_ASKED,
    LEADER,
    LEARNER,
    MENTOR,
    OTHER_LEADER,
    POSITION,
    RANK,
    SECOND_ASKED,
    STRANGER,
)
from tests.browser.path_walk import Path, card, follow, says
from tests.browser.pockets import plan_it


def she_gets_a_mentor(path: Path) -> None:
    leader = path.of(LEADER, "/office/people/")
    follow(leader, LEARNER.callsign)
    path.known["person"] = leader.url
    follow(leader, "Qualifications")
    path.known["held"] = leader.url
    given = card(leader, "Give a mentor")
    given.get_by_label("Mentor").select_option(label=MENTOR.callsign)
    given.get_by_label("Towards").select_option(label=POSITION)
    given.get_by_label("How far").fill("by herself, for ten days")
    given.get_by_role("button", name="Keep").click()
    says(leader, "Kept: Mirage is the mentor.")
    opened = card(leader, "Open a task book")
    opened.get_by_label("A task book for").select_option(label=POSITION)
    opened.get_by_role("button", name="Open it").click()
    says(leader, f"The task book for {POSITION} is open.", "0 of 3 shown")
    learner = path.of(LEARNER)
    follow(learner, "My qualifications", "Mentoring")
    step = card(learner, "A further step")
    step.get_by_label("What I aim at").select_option(label=RANK)
    step.get_by_role("button", name="Keep").click()
    says(learner, "It stands in your plan.")
    follow(learner, "What is missing?")
    says(learner, "Probationer")
    learner.goto("/me/mentoring/")
    follow(learner, MENTOR.callsign)
    path.known["mentoring"] = learner.url
    mentor = path.of(MENTOR)
    follow(mentor, "My qualifications", "Mentoring", LEARNER.callsign)
    says(mentor, "The learner's own plan", RANK, "by herself, for ten days", "0 of 3 shown")
    a_session(mentor, minutes=90, practised="Tents in wind")
    path.is_nothing_for(STRANGER, EXAMINER, at=path.known["mentoring"])
    path.is_nothing_for(STRANGER, at=path.known["held"])


def a_session(mentor: Page, *, minutes: int, practised: str) -> None:
    form = card(mentor, "Write down a session")
    form.get_by_label("How many minutes").fill(str(minutes))
    form.get_by_label("What was practised").fill(practised)
    form.get_by_role("button", name="Keep").click()
    says(mentor, "Written down.", practised)


def she_goes_out_with_somebody_who_holds_it(path: Path) -> None:
    learner = path.of(LEARNER, "/plan/")
    learner.get_by_label(EXAMINER.callsign, exact=True).check()
    learner.get_by_label(re.compile("^Where")).fill("Camp below the pass")
    learner.get_by_label("What optional", exact=True).fill("Field camp")
    learner.get_by_label("Expected back").fill("+10h")
    plan_it(learner)
    keeper = path.of(STRANGER, "/gate/")
    party = f"{LEARNER.callsign}, {EXAMINER.callsign}"
    for way in ("out", "in"):
        keeper.goto("/gate/")
        follow(keeper, cast.GATE, f"Sign {way}", party)
        for one in (LEARNER, EXAMINER):
            keeper.get_by_label(one.callsign).check()
        if way == "in":
            keeper.get_by_label("heads").fill("2")
        keeper.get_by_role("button", name=f"Sign {way} those ticked").click()
    says(keeper, "Welcome back")


def sign(page: Page, task: str, *, said: str) -> None:
    """Sign a task in the book that stands open, as shown today."""
    form = card(page, "Sign")
    form.get_by_label("What was shown").select_option(label=task)
    form.get_by_role("button", name="Sign").click()
    says(page, said)


def they_meet_and_tasks_are_signed(path: Path) -> None:
    mentor = path.of(MENTOR, path.known["mentoring"])
    a_session(mentor, minutes=120, practised="Calls by schedule")
    follow(mentor, POSITION)
    path.known["book"] = mentor.url
    sign(mentor, "Pitches a tent in wind", said="Signed: Pitches a tent in wind.")
    holder = path.of(EXAMINER)
    follow(holder, "My qualifications", f"{LEARNER.callsign}: {POSITION}")
    form = card(holder, "Sign")
    form.get_by_label("What was shown").select_option(label="Works ten days from a camp")
    form.get_by_role("button", name="Sign").click()
    says(holder, "This counts on a real mission only")
    form.get_by_label("On which mission").select_option(index=1)
    form.get_by_role("button", name="Sign").click()
    says(holder, "They were on this mission from")
    day = path.day(path.station.started_at)
    form.get_by_label("On which day").fill(day)
    form.get_by_role("button", name="Sign").click()
    says(holder, "Signed: Works ten days from a camp.")
    learner = path.of(LEARNER)
    follow(learner, "My qualifications", POSITION)
    expect(learner.get_by_role("button", name="Sign", exact=True)).to_have_count(0)
    says(learner, "never you yourself", MENTOR.callsign, EXAMINER.callsign)
    leader = path.of(LEADER, path.known["held"])
    says(leader, "2 of 3 shown")
    path.is_nothing_for(STRANGER, OTHER_LEADER, at=path.known["book"])


def the_book_is_signed_and_certified(path: Path) -> None:
    mentor = path.of(MENTOR, path.known["mentoring"])
    a_session(mentor, minutes=30, practised="Turning back")
    says(mentor, "4 h in sessions")
    mentor.goto(path.known["book"])
    sign(mentor, "Calls in by the schedule of the party", said="Signed: Calls in")
    holder = path.of(EXAMINER, path.known["book"])
    sign(
        holder, "final evaluation", said="The final evaluation is signed; somebody else certifies."
    )
    leader = path.of(LEADER, path.known["book"])
    card(leader, "Certify").get_by_role("button", name="Certify").click()
    says(leader, f"{POSITION} is certified.")
    learner = path.of(LEARNER, "/me/qualifications/")
    held = card(learner, "Held").get_by_role("listitem").filter(has_text=POSITION)
    expect(held).to_contain_text("valid")
    learner.get_by_label("Can I go as").select_option(label=POSITION)
    learner.get_by_role("button", name="Ask", exact=True).click()
    says(learner, "You can go.")
    mentor.goto(path.known["mentoring"])
    says(mentor, "held")


def ask_for_it(page: Page, of: Member) -> None:
    form = card(page, "Ask for an examination")
    form.get_by_label("For what").select_option(label=RANK)
    form.get_by_label("Whom I ask").select_option(label=of.callsign)
    form.get_by_role("button", name="Ask for it").click()


def her_request_is_refused(path: Path) -> None:
    learner = path.of(LEARNER)
    follow(learner, "My path")
    ask_for_it(learner, FIRST_ASKED)
    says(learner, "Asked. You read the answer here.", "asked for")
    asked = path.of(FIRST_ASKED, "/office/")
    follow(asked, "Examination desk", RANK)
    path.known["refused"] = asked.url
    form = card(asked, "The request")
    form.get_by_label("I have spoken with her").check()
    form.get_by_role("button", name="Refuse").click()
    says(asked, "Say why: what is still to be shown.")
    expect(form.get_by_label("I have spoken with her")).to_be_checked()
    form.get_by_label("Why").fill("Lead one party yourself first.")
    form.get_by_role("button", name="Refuse").click()
    says(asked, "Refused. She reads your reason, and may ask somebody else.")
    learner.reload()
    follow(learner, RANK)
    says(learner, f"Refused by {FIRST_ASKED.callsign}", "Lead one party yourself first.")
    expect(learner.get_by_text(re.compile(r"Refused by \w+ \d\d:\d\d"))).to_be_visible()
    path.is_nothing_for(STRANGER, MENTOR, LEADER, at=path.known["refused"])
    follow(learner, "My path")
    ask_for_it(learner, FIRST_ASKED)
    says(learner, "She refused the request before; this one goes to a second person.")
    form = card(learner, "Ask for an examination")
    expect(form.get_by_label("For what").locator("option:checked")).to_have_text(RANK)
    form.get_by_label("Whom I ask").select_option(label=SECOND_ASKED.callsign)
    form.get_by_role("button", name="Ask for it").click()
    says(learner, "Asked. You read the answer here.")


def a_second_person_approves_and_names_the_board(path: Path) -> None:
    second = path.of(SECOND_ASKED, "/office/")
    follow(second, "Examination desk", RANK)
    path.known["examination"] = second.url
    form = card(second, "The request")
    form.get_by_label("I have spoken with her").check()
    form.get_by_role("button", name="Approve").click()
    says(second, "Approved. Now name the board.")
    board = card(second, "The board")
    board.get_by_label(MENTOR.callsign).check()
    board.get_by_label("Parts").fill("Knots\nRadio at night")
    day = dt.timedelta(days=1) + path.station.ahead
    board.get_by_label("Day", exact=True).fill(path.day(path.station.started_at + day))
    board.get_by_role("button", name="Set it").click()
    says(second, "A mentor does not examine alone")
    expect(board.get_by_label("Parts")).to_have_value("Knots\nRadio at night")
    board.get_by_label(EXAMINER.callsign).check()
    board.get_by_role("button", name="Set it").click()
    says(second, "Set. She and the board are told.")
    learner = path.of(LEARNER, "/me/path/")
    follow(learner, RANK)
    says(learner, "Radio at night", f"{MENTOR.callsign}, {EXAMINER.callsign}")
    path.is_nothing_for(STRANGER, LEADER, FIRST_ASKED, at=path.known["examination"])


def she_passes_and_is_promoted(path: Path) -> None:
    mentor = path.of(MENTOR, path.known["examination"])
    expect(mentor.get_by_role("button", name="Give the result")).to_have_count(0)
    examiner = path.of(EXAMINER)
    follow(examiner, "My path", "Examination desk", RANK)
    form = card(examiner, "The result")
    form.get_by_role("group", name="Knots").get_by_label("passed").check()
    form.get_by_role("button", name="Give the result").click()
    says(examiner, "1 answer needs another look")
    expect(form.get_by_role("group", name="Knots").get_by_label("passed")).to_be_checked()
    form.get_by_role("group", name="Radio at night").get_by_label("passed").check()
    form.get_by_role("button", name="Give the result").click()
    says(examiner, "Passed. She is told.")
    learner = path.of(LEARNER, "/me/path/")
    says(learner, "passed", "refused")
    expect(card(learner, "Promotions")).to_contain_text(RANK)
    leader = path.of(LEADER, path.known["person"])
    expect(leader.get_by_role("heading", level=1)).to_have_text(f"{LEARNER.callsign} Mbr.")
    path.is_nothing_for(STRANGER, LEADER, FIRST_ASKED, at=path.known["examination"])
