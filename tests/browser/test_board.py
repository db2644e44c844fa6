"""The board on a wall is larger than on a desk; a menu goes away when somebody turns from it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.screens import DESK, PHONE, Screens, has_no_sideways_scroll

SIZES = """
() => [".strips .phase", ".strips .small-line", ".counts dt"].map(
  one => parseFloat(getComputedStyle(document.querySelector(one)).fontSize))
"""
#: The longest word that can stand there must fit into its place.
FITS = """
() => { const chip = document.querySelector(".strips .phase");
  chip.lastChild.textContent = "Uncertainty";
  return chip.getBoundingClientRect().right <= chip.closest("td").getBoundingClientRect().right; }
"""


def somebody_is_out(screens: Screens) -> None:
    gate = screens.open("/gate/", login=cast.KEEPER.login, viewport=PHONE)
    gate.get_by_role("link", name=cast.GATE).click()
    gate.get_by_role("link", name="Sign out").click()
    gate.get_by_role("button", name=cast.cart(9)).click()
    gate.wait_for_url("**/done/**")


def sizes(page: Page, path: str) -> list[float]:
    page.goto(path)
    expect(page.locator(".strips .phase").first).to_be_visible()
    found: list[float] = page.evaluate(SIZES)
    return found


def test_on_the_wall_everything_that_matters_is_larger(screens: Screens) -> None:
    somebody_is_out(screens)
    page = screens.open("/board/", login=cast.OFFICE.login)
    for viewport in (DESK, {"width": 1920, "height": 1080}):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        desk, wall = sizes(page, "/board/"), sizes(page, "/board/?wall=1")
        assert all(large >= 1.3 * small for small, large in zip(desk, wall, strict=True))
        assert page.evaluate(FITS)
        assert has_no_sideways_scroll(page)


def test_the_menu_goes_away(screens: Screens) -> None:
    page = screens.open("/missions/", login=cast.FOX.login)
    menu = page.locator("details.menu")
    for leave in ("Escape", "elsewhere"):
        menu.locator("summary").click()
        expect(menu).to_have_attribute("open", "")
        if leave == "Escape":
            page.keyboard.press("Escape")
            expect(menu.locator("summary")).to_be_focused()
        else:
            page.get_by_role("heading", level=1).click()
        expect(menu).not_to_have_attribute("open", "")
