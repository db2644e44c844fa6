"""What people do at the desk of examinations, with a learner, in a unit, in the calendar, in the
kit room, when they rest and when they are hurt: on a telephone and at a desk, by the keyboard alone
where they wish, and axe finds nothing on what they meet on the way. How the pages look before that
is judged by `test_demonstration.py`."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.looks import faults
from tests.browser.screens import DESK, PHONE, Screens, has_no_sideways_scroll
from tests.browser.station import until
from tests.browser.village import enter

TABS_MOST = 90
PHONE_SIZE = ViewportSize(width=PHONE["width"], height=PHONE["height"])
DESK_SIZE = ViewportSize(width=DESK["width"], height=DESK["height"])


def tab_to(page: Page, wanted: Locator) -> None:
    """Reach something by the Tab key alone, as whoever uses no mouse does."""
    for _time in range(TABS_MOST):
        if wanted.evaluate("element => element === document.activeElement"):
            page.wait_for_function(  # what is reached is seen; a busy browser scrolls late
                "() => { const box = document.activeElement.getBoundingClientRect(); "
                "return box.bottom > 0 && box.top < innerHeight; }"
            )
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach it: {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Reach it by the keyboard and press a key there."""
    tab_to(page, wanted)
    page.keyboard.press(key)


def in_card(page: Page, title: str) -> Locator:
    """The card of this title."""
    return page.locator(".card").filter(has=page.get_by_role("heading", name=title, exact=True))


def test_a_request_is_answered_by_the_keyboard(village_screens: Screens) -> None:
    page = enter(village_screens, "shizune", "/examinations/", viewport=DESK)
    press(page, page.get_by_role("link", name="Senior member"))
    page.wait_for_url("**/examinations/*-*/")
    form = in_card(page, "The request")
    press(page, form.get_by_role("button", name="Approve"))
    expect(
        page.get_by_text("Speak with her first; if that must wait, say below why.")
    ).to_be_visible()
    assert faults(page) == []
    page.set_viewport_size(PHONE_SIZE)
    page.keyboard.press("Shift+Tab")  # the field in question had the focus, at the other size
    press(page, form.get_by_label("I have spoken with her"), "Space")
    press(page, form.get_by_label("Why"), "W")
    page.keyboard.type("e spoke. The two missions are led by spring.")
    press(page, form.get_by_role("button", name="Approve"))
    expect(page.get_by_text("Approved. Now name the board.")).to_be_visible()
    assert has_no_sideways_scroll(page)
    board = in_card(page, "The board")
    press(page, board.get_by_label("Parts"), "K")
    page.keyboard.type("nots")
    press(page, board.get_by_role("button", name="Set it"))
    expect(board.locator(".errorlist").first).to_be_visible()
    expect(board.get_by_label("Parts")).to_have_value("Knots")
    assert faults(page) == []
    learner = enter(village_screens, "sakura", "/me/path/", viewport=PHONE)
    expect(learner.get_by_text("approved, no board yet")).to_be_visible()
    other = enter(village_screens, "naruto", viewport=PHONE)
    assert other.request.get(page.url).status == 404


def test_a_mentor_writes_down_a_session(village_screens: Screens) -> None:
    page = enter(village_screens, "tsunade", "/me/mentoring/", viewport=PHONE)
    press(page, in_card(page, "Whom I teach").get_by_role("link", name="Fox"))
    page.wait_for_url("**/mentoring/*-*/")
    form = in_card(page, "Write down a session")
    press(page, form.get_by_label("What was practised"), "T")
    page.keyboard.type("ents")
    press(page, form.get_by_role("button", name="Keep"))
    expect(form.locator(".errorlist").first).to_be_visible()
    expect(form.get_by_label("What was practised")).to_have_value("Tents")
    assert faults(page) == []
    press(page, form.get_by_label("How many minutes"), "9")
    page.keyboard.type("0")
    press(page, form.get_by_role("button", name="Keep"))
    expect(page.get_by_text("1.5 h in sessions to which the learner came")).to_be_visible()
    page.set_viewport_size(DESK_SIZE)
    press(page, page.get_by_role("link", name="Field party member"))
    expect(in_card(page, "Sign")).to_be_visible()
    assert faults(page) == []


def test_a_secret_unit_is_answered_on_a_telephone(village_screens: Screens) -> None:
    page = enter(village_screens, "sakura", "/me/path/", viewport=PHONE)
    press(page, page.get_by_role("link", name="Night watch"))
    expect(page.get_by_text("You are asked: member")).to_be_visible()
    assert faults(page) == []
    page.set_viewport_size(PHONE_SIZE)
    press(page, page.get_by_role("button", name="Yes", exact=True))
    expect(page.get_by_text("You have the place from now on.")).to_be_visible()
    expect(page.get_by_text("secret", exact=True)).to_be_visible()
    assert faults(page) == []
    other = enter(village_screens, "naruto", "/special-units/", viewport=DESK)
    expect(other.get_by_role("heading", name="Special units")).to_be_visible()
    expect(other.get_by_text("Night watch")).to_have_count(0)
    assert other.request.get(page.url).status == 404


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_week_month_and_team(village_screens: Screens, viewport: dict[str, int]) -> None:
    page = enter(village_screens, "sakura", "/calendar/", viewport=viewport)
    tabs = page.get_by_role("navigation", name="What is shown")
    for shown in ("month", "team", "week"):
        press(page, tabs.get_by_role("link", name=shown))
        expect(tabs.get_by_role("link", name=shown)).to_have_attribute("aria-current", "page")
        assert has_no_sideways_scroll(page)
    today = page.get_by_text("today", exact=True)
    expect(today).to_be_visible()
    press(page, page.get_by_role("link", name="After"))
    page.wait_for_url("**from=*")
    expect(today).to_have_count(0)
    press(page, page.get_by_role("link", name="Today"))
    expect(today).to_be_visible()


def test_a_duty_passes_from_hand_to_hand(village_screens: Screens) -> None:
    head = enter(village_screens, "tsunade", viewport=DESK)
    guard = enter(village_screens, "izumo", viewport=PHONE)
    needle = enter(village_screens, "shizune", viewport=DESK)
    begun = sign_up(head, guard, "Dawn at the gate", starts="+8 min")
    assert faults(guard) == []
    guard.set_viewport_size(PHONE_SIZE)
    form = in_card(guard, "Swap, or pass it on")
    form.get_by_label("To whom").select_option(label="Needle")
    press(guard, form.get_by_role("button", name="Ask her"))
    expect(guard.locator(".note.success").first).to_be_visible()
    needle.goto("/me/duties/")
    offer = in_card(needle, "Swaps and hand-overs")
    expect(offer).to_contain_text("Gate 1 asks you: Dawn at the gate")
    assert faults(needle) == []
    press(needle, offer.get_by_role("button", name="I take it"))
    expect(in_card(needle, "What I am on")).to_contain_text("Dawn at the gate")
    guard.goto(begun)
    expect(in_card(guard, "Who")).to_contain_text("Needle")
    hand_over(needle, guard, begun)


def test_two_swap_their_duties(village_screens: Screens) -> None:
    head = enter(village_screens, "tsunade", viewport=DESK)
    guard = enter(village_screens, "izumo", viewport=PHONE)
    needle = enter(village_screens, "shizune", viewport=DESK)
    early = sign_up(head, guard, "Early at the hut", starts="+60h")
    late = sign_up(head, needle, "Late at the hut", starts="+200h")
    guard.goto(early)
    guard.set_viewport_size(PHONE_SIZE)
    form = in_card(guard, "Swap, or pass it on")
    form.get_by_label("To whom").select_option(label="Needle")
    wanted = form.get_by_label("For which of hers")
    hers = wanted.locator("option", has_text="Late at the hut").get_attribute("value")
    wanted.select_option(hers)
    press(guard, form.get_by_role("button", name="Ask her"))
    expect(guard.locator(".note.success").first).to_be_visible()
    assert faults(guard) == []
    needle.goto("/me/duties/")
    offer = in_card(needle, "Swaps and hand-overs")
    expect(offer).to_contain_text("Late at the hut")
    assert faults(needle) == []
    press(needle, offer.get_by_role("button", name="I take it"))
    expect(in_card(needle, "What I am on")).to_contain_text("Early at the hut")
    expect(in_card(needle, "What I am on")).not_to_contain_text("Late at the hut")
    for duty, has_it in ((early, "Needle"), (late, "Gate 1")):
        head.goto(duty)
        line = in_card(head, "Who").locator(".line").filter(has_text=has_it)
        expect(line.get_by_text("on it", exact=True)).to_be_visible()


def sign_up(head: Page, member: Page, what: str, *, starts: str) -> str:
    """The head plans a duty that is open, and somebody signs up; gives its address."""
    head.goto("/calendar/new/")
    head.get_by_label("Name").fill(what)
    head.get_by_label("From", exact=True).fill(starts)
    head.get_by_label("To", exact=True).fill("+8h")
    head.get_by_label("Whoever fits may sign up herself").check()
    press(head, head.get_by_role("button", name="What speaks against this time?"))
    expect(head.get_by_role("status").first).to_be_visible()
    expect(head.get_by_label("Name")).to_have_value(what)
    head.get_by_role("button", name="Keep").click()
    head.wait_for_url("**/calendar/*-*/")
    member.goto("/me/duties/")
    press(member, in_card(member, "Open to sign up").get_by_role("link", name=what))
    press(member, member.get_by_role("button", name="I come"))
    expect(member.get_by_text("on it", exact=True)).to_be_visible()
    return head.url


def hand_over(giver: Page, taker: Page, duty: str) -> None:
    """It has begun: whoever is on it hands it over, with a word that the other should know."""

    def has_begun() -> bool:
        giver.goto(duty)
        return in_card(giver, "Hand over").is_visible()

    until(has_begun, seconds=90, what="the duty has begun, ten times as fast as in life")
    form = in_card(giver, "Hand over")
    form.get_by_label("To whom").select_option(label="Gate 1")
    form.get_by_label("What she should know").fill("The bell is broken.")
    press(giver, form.get_by_role("button", name="Hand over"))
    expect(giver.locator(".note.success").first).to_be_visible()
    taker.goto("/me/duties/")
    offer = in_card(taker, "Swaps and hand-overs")
    expect(offer).to_contain_text("The bell is broken.")
    press(taker, offer.get_by_role("button", name="I take over"))
    expect(taker.locator(".note.success").first).to_be_visible()
    taker.goto(duty)
    expect(in_card(taker, "Who")).to_contain_text("Gate 1")


def test_slept_in_one_tap_changes_the_curve(village_screens: Screens) -> None:
    page = enter(village_screens, "sakura", "/me/", viewport=PHONE)
    in_card(page, "My rest").get_by_role("link", name="My rest").click()
    curve = page.get_by_role("img", name=re.compile("^How tired the models"))
    expect(curve).to_be_visible()
    before = curve.locator("polyline").get_attribute("points")
    expect(page.get_by_text("Nobody said when the last sleep was")).to_be_visible()
    press(page, page.get_by_role("button", name="about 6 h"))
    expect(page.get_by_text("Kept. Only you see it.")).to_be_visible()
    expect(page.get_by_text("Nobody said when the last sleep was")).to_have_count(0)
    assert curve.locator("polyline").get_attribute("points") != before
    head = enter(village_screens, "tsunade", "/office/people/", viewport=DESK)
    head.get_by_role("row").get_by_role("link", name="Fox", exact=True).click()
    head.get_by_role("link", name="Rest of Fox").click()
    expect(head.get_by_text(re.compile("^Awake for about"))).to_be_visible()
    expect(head.locator("svg.curve")).to_have_count(0)
    expect(head.locator("main")).not_to_contain_text("sleepy")
    assert faults(head) == []


def test_hurt_is_said_in_three_taps(village_screens: Screens) -> None:
    page = enter(village_screens, "naruto", "/me/", viewport=PHONE)
    in_card(page, "My rest").get_by_role("link", name="Somebody is hurt").click()
    for tap in ("arm", "bleeds through"):
        page.get_by_role("radio", name=tap).or_(page.get_by_label(tap, exact=True)).first.check()
    page.get_by_role("button", name="Tell a medic").click()
    page.wait_for_url("**/rest/")
    expect(in_card(page, "Where I was hurt")).to_be_visible()
    assert faults(page) == []
    page.goto("/hurt/")
    page.get_by_role("button", name="Tell a medic").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    assert faults(page) == []


def test_kit_goes_out_and_comes_back_by_its_code(village_screens: Screens) -> None:
    keeper = enter(village_screens, "tsunade", "/kit/", viewport=DESK)
    keeper.get_by_role("link", name="FA-1").click()
    keeper.get_by_role("link", name="Label to print").click()
    expect(keeper.get_by_role("img", name=re.compile("^QR code of http"))).to_be_visible()
    code = keeper.get_by_text(re.compile(r"^https?://\S+/kit/")).inner_text()
    code = code.replace(re.sub(r"(https?://[^/]+).*", r"\1", code), "")
    taker = enter(village_screens, "izumo", code, viewport=PHONE)
    press(taker, taker.get_by_role("button", name="I have it now"))
    expect(taker.get_by_text("You have it, since")).to_be_visible()
    assert faults(taker) == []
    other = enter(village_screens, "shizune", code, viewport=PHONE)
    expect(other.get_by_text("Gate 1 has it, since")).to_be_visible()
    back = in_card(other, "Bring it back")
    back.get_by_label("bandages").fill("4")
    press(other, back.get_by_role("button", name="It is in its place"))
    expect(other.locator(".level", has_text="to be checked").first).to_be_visible()
    expect(in_card(other, "What should be in it")).to_contain_text("2 / 6")
    assert faults(other) == []
    keeper.goto("/kit/?text=FA-1")
    keeper.wait_for_url("**/kit/*-*/")
    keeper.goto("/kit/?show=see-to")
    expect(in_card(keeper, "To restock")).to_contain_text("FA-1 First-aid kit: 4 bandages")
    keeper.get_by_role("link", name="FA-1").first.click()
    look = in_card(keeper, "Look it through")
    look.get_by_label("bandages (6)").fill("6")
    press(keeper, look.get_by_role("button", name="I have checked it"))
    expect(keeper.locator(".level", has_text="ready").first).to_be_visible()
