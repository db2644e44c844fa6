"""What goes wrong is a page with a sentence: wrong password, wrong code, an address of nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import cast
from tests.browser.screens import PHONE, Screens
from tests.browser.station import Station


def test_a_wrong_password_is_a_sentence_that_tells_nothing(screens: Screens) -> None:
    page = screens.open("/log-in/", viewport=PHONE)
    for login in (cast.FOX.login, "nobody-at-all"):
        page.get_by_label("Log-in name").fill(login)
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Log in", exact=True).click()
        expect(page.get_by_role("alert").filter(has_text="do not belong together")).to_be_visible()
        expect(page.get_by_label("Log-in name")).to_have_value(login)


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/m/not-a-token", 404, "This link belongs to no message."),
        ("/nowhere/", 404, "Nothing stands at this address"),
        ("/missions/6f1f1f52-0d4e-4a5e-9a39-000000000000/", 404, "Nothing stands at this address"),
        ("/office/form/nonsense/new/", 404, "Nothing stands at this address"),
    ],
)
def test_an_address_of_nothing_is_a_page(
    screens: Screens, path: str, status: int, sentence: str
) -> None:
    page = screens.open("/board/", login=cast.OFFICE.login)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_role("link", name="Homeby")).to_be_visible()


def test_a_used_log_in_link_is_a_page(screens: Screens) -> None:
    page = screens.open("/log-in/not-a-secret/", viewport=PHONE)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("This link has been used or has lapsed")).to_be_visible()


def test_a_page_of_others_is_none(screens: Screens) -> None:
    page = screens.open("/missions/", login=cast.FOX.login)
    for path in ("/office/", "/board/", "/gate/"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404, path


def test_a_form_from_another_place_is_refused_with_a_sentence(station: Station) -> None:
    answer = station.ask("/log-in/", method="POST")
    assert answer.status == 403
    assert "was not recorded" in answer.body.decode()


def test_half_a_time_is_no_error_and_a_whole_one_is_said_back(screens: Screens) -> None:
    page = screens.open("/plan/", login=cast.FOX.login, viewport=PHONE)
    field, said = page.get_by_label("Expected back"), page.locator("output[for=id_expected_back]")
    field.press_sequentially("+7h30", delay=300)  # slower than the page asks
    expect(said).to_contain_text("in 7 h 30")
    field.fill("later")
    expect(said).to_be_empty()
