"""Release, rest and injuries, for pages to show, in the village of the demonstration."""

from __future__ import annotations

from tests.browser import looks
from tests.browser.screens import PHONE, Screens
from tests.browser.village import enter, prove


def faults_of_rest(screens: Screens) -> list[str]:
    """What is wrong with the pages on which somebody is released, rests, is hurt, is looked at."""
    head = enter(screens, "tsunade", "/release/", viewport=PHONE)
    found = looks.faults(head)
    head.locator("main").get_by_role("link", name="Release").first.click()
    found += looks.faults(head)
    head.get_by_role("button", name="Release", exact=True).click()
    head.get_by_text("Ask, and say the answer.").wait_for()
    head.get_by_label("yes").first.check()
    head.get_by_label("yes").last.check()
    head.get_by_role("button", name="Release", exact=True).click()
    head.wait_for_url("**/hurt/**")
    found += looks.faults(head)
    hurt = head.url.partition("person=")[2]
    for path in (f"/rest/{hurt}/", "/office/rest-rules/"):
        head.goto(path)
        found += looks.faults(head)
    medic = enter(screens, "shizune", "/injuries/", viewport=PHONE)
    prove(medic, "/injuries/")
    found += looks.faults(medic)
    medic.locator("main li").get_by_role("link").first.click()
    medic.get_by_role("button", name="Open it").click()
    medic.get_by_text("Only that they are hurt.").wait_for()
    found += looks.faults(medic)
    own = enter(screens, "sakura", "/rest/", viewport=PHONE)
    own.get_by_role("button", name="about 6 h").click()
    own.get_by_text("Kept. Only you see it.").wait_for()
    found += looks.faults(own)
    return found
