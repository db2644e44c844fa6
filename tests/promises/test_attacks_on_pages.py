"""Attacks on the pages of whoever is logged in (threats 11, 19 and 20 of docs/guide/threats.md;
ASVS 5.0, chapters 3, 7 and 14). Each fails as soon as the defence it is about is taken away."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.people.actions import persons
from homeby.people.rules import STATION
from tests.promises.routes import routes
from tests.rooms.pages import PASSWORD, Pages
from tests.world import World

PAGES = ("/board/", "/alarms/", "/me/", "/office/", "/office/people/", "/log-in/", "/nowhere/")
EVIL = "evil.example"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def acts_recorded() -> int:
    """Entries of what somebody did; what somebody read is no act."""
    return Entry.objects.exclude(kind__contains="READ").exclude(kind__contains="LOOKED").count()


class Source(HTMLParser):
    """Of a page what a browser would run or load, written into it or from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside, self.elsewhere = [], []  # type: ignore[var-annotated]
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inside += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.inside += [f"{tag} style"] if "style" in given else []
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inside += [] if given.get("type") == "application/json" else [f"<{tag}>"]
        loaded = given.get("src", "") or (given.get("href", "") if tag in ("link", "base") else "")
        if re.match(r"(\w+:)?//", loaded):
            self.elsewhere.append(loaded)


def test_a_script_from_elsewhere_or_in_the_page_does_not_run(world: World, pages: Pages) -> None:
    admin = pages.as_("admin")
    for path in PAGES:
        answer = admin.get(path)
        told = answer.headers["Content-Security-Policy"]
        rules = {word: rest for word, _, rest in (one.partition(" ") for one in told.split("; "))}
        assert rules["script-src"] == rules["style-src"] == rules["default-src"] == "'self'", path
        assert (rules["object-src"], rules["base-uri"]) == ("'none'", "'none'")
        assert rules["form-action"] == "'self'"
        found = Source(answer.content.decode())
        assert (found.inside, found.elsewhere) == ([], []), path


def test_a_page_stands_in_no_frame_of_another_site(world: World, pages: Pages) -> None:
    admin = pages.as_("admin")
    for path in PAGES:
        headers = admin.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_nobody_reads_a_page_from_the_store_of_a_browser(world: World, pages: Pages) -> None:
    """The next one at the tablet presses Back. ASVS 14.2.2, 14.3.2."""
    for path in (*PAGES, "/api/v1/missions", "/metrics"):
        answer = pages.as_("admin").get(path)
        assert answer.headers["Cache-Control"] in ("no-store", "private, no-store"), path
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_session_that_was_given_to_somebody_is_not_hers_after_the_log_in(
    world: World, pages: Pages
) -> None:
    """Session fixation: the attacker knows the cookie that she will log in with. ASVS 7.2.4."""
    pages.account("head")
    attacker, victim = Client(), Client()
    planted = attacker.session
    planted["planted"] = True
    planted.save()
    name, key = settings.SESSION_COOKIE_NAME, planted.session_key
    assert key is not None
    victim.cookies[name] = attacker.cookies[name] = key
    assert victim.post("/log-in/", {"username": "head", "password": PASSWORD}).status_code == 302
    assert victim.cookies[name].value != key
    assert victim.get("/me/").status_code == 200
    assert attacker.get("/me/").status_code == 302, "the old cookie opens nothing"


def test_a_session_ends_with_the_log_out(world: World, pages: Pages) -> None:
    """Who copied the cookie beforehand has nothing afterwards. ASVS 7.4.1."""
    client, thief = pages.as_("head"), Client()
    name = settings.SESSION_COOKIE_NAME
    thief.cookies[name] = client.cookies[name].value
    assert thief.get("/me/").status_code == 200
    client.post("/log-out/")
    assert thief.get("/me/").status_code == 302


@pytest.mark.looks
def test_another_site_cannot_send_our_forms(world: World, pages: Pages) -> None:
    """Every address, not only those that somebody thought of. ASVS 3.5.1."""
    admin = Client(enforce_csrf_checks=True)
    admin.force_login(pages.account("admin"))
    before, tried = acts_recorded(), 0
    for route in routes():
        if route.needs_mark:
            answer = admin.post(route.path, {"name": "x"}, headers={"Origin": f"https://{EVIL}"})
            refused = (400, 403) if route.pattern.startswith("api/") else (403,)
            assert answer.status_code in refused, route
            tried += 1
    assert (acts_recorded(), tried > 60) == (before, True)


def test_what_needs_no_mark_of_ours_needs_a_key_instead(world: World, pages: Pages) -> None:
    """A cookie alone opens none of the addresses that are made for machines."""
    admin = Client(enforce_csrf_checks=True)
    admin.force_login(pages.account("admin"))
    before = acts_recorded()
    for route in routes():
        if not route.needs_mark:
            answer = admin.post(route.path, "{}", content_type="application/json")
            assert answer.status_code >= 400 or route.pattern.endswith("openapi.json"), route
    assert acts_recorded() == before


@pytest.mark.looks
def test_reading_does_nothing_whatever_method_it_says_it_is(world: World, pages: Pages) -> None:
    """A link in a mail, or a picture in a page elsewhere, is a GET with her cookie. ASVS 3.5.3."""
    admin, before = pages.as_("admin"), acts_recorded()
    override = {
        "X-HTTP-Method-Override": "POST",
        "X-HTTP-Method": "POST",
        "X-Method-Override": "POST",
    }
    for route in routes():
        answer = admin.get(route.path, {"_method": "POST", "name": "x"}, headers=override)
        assert answer.status_code < 500, route
    assert acts_recorded() == before
    assert admin.get("/me/").status_code == 200, "she is still logged in"


@pytest.mark.parametrize(
    "wanted",
    [f"https://{EVIL}/", f"//{EVIL}/", f"/\\{EVIL}", f"///{EVIL}", f"https:{EVIL}",
     "javascript:alert(1)", f"/log-in/../..//{EVIL}", f"\thttps://{EVIL}"],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(world: World, pages: Pages, wanted: str) -> None:
    """Open redirect. ASVS 1.2.2, 3.7.2."""
    pages.account("head")
    answer = Client().post("/log-in/", {"username": "head", "password": PASSWORD, "next": wanted})
    spoken = Client().post("/language/", {"language": "de", "next": wanted})
    for one in (answer, spoken):
        assert one.status_code == 302
        assert re.fullmatch(r"/([^/\\].*)?", one.headers["Location"]), one.headers["Location"]
        assert not one.headers["Location"].startswith("/log-in/..//")


def test_a_host_that_is_not_ours_gets_no_page_and_no_link(world: World, pages: Pages) -> None:
    """A poisoned link in a message would lead to the attacker. ASVS 13.2.4, 4.1.3."""
    assert Client().get("/log-in/", headers={"Host": EVIL}).status_code == 400
    for headers in ({"X-Forwarded-Host": EVIL}, {"X-Host": EVIL}, {"Forwarded": f"host={EVIL}"}):
        answer = pages.as_("head").get("/me/", headers=headers)
        assert EVIL not in answer.content.decode()
        assert EVIL not in str(answer.headers)
        assert EVIL not in str(Client().get("/me/", headers=headers).headers)
    world.send_out("agent", "mate", due_minutes=1)
    world.fast_forward(minutes=10)
    links = re.findall(r"https?://\S+", " ".join(one.outgoing.whole_text for one in world.received))
    assert links
    assert EVIL not in " ".join(links)


def test_a_name_that_is_a_script_is_shown_and_not_run(world: World, pages: Pages) -> None:
    name = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    for who in ("agent",):
        values: dict[str, Any] = {"name": name, "callsign": "\"'><b onclick=x>"}
        persons.change_person(
            person_id=world.people[who], values=values, by=STATION, now=world.now, tap=new_tap()
        )
    world.send_out("agent", "mate", place=name, what=name)
    seen = 0
    for path in ("/office/people/", "/board/", f"/office/people/{world.people['agent']}/"):
        text = pages.as_("admin").get(path).content.decode()
        assert Source(text).inside == [], path
        seen += "&lt;script&gt;" in text or "&lt;b onclick" in text
    assert seen >= 2, "it is shown"


@pytest.mark.parametrize("https", [True, False])
def test_a_cookie_goes_to_this_host_only_and_no_script_reads_it(https: bool) -> None:
    """ASVS 3.3.1 to 3.3.4. What the browser is told follows from public_url."""
    url = f"http{'s' if https else ''}://homeby.example.org"
    names = ("SESSION", "CSRF", "LANGUAGE")
    asked = (
        "import json; from homeby import django_settings as s; print(json.dumps({n: [getattr(s, n +"
        " '_COOKIE_' + k, None) for k in ('NAME', 'SECURE', 'HTTPONLY', 'SAMESITE')] for n in "
        f"{names!r}}}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "HOMEBY_PUBLIC_URL": url},
        capture_output=True,
        check=True,
        text=True,
    )
    for name, (called, secure, no_script, same_site) in json.loads(told.stdout).items():
        assert called.startswith("__Host-") is https
        assert (secure, same_site) == (https, "Lax")
        assert no_script is True or name == "LANGUAGE"


def test_the_cookies_that_a_browser_gets_are_as_told(world: World, pages: Pages) -> None:
    pages.account("head")
    client = Client()
    client.get("/log-in/")
    client.post("/log-in/", {"username": "head", "password": PASSWORD})
    client.post("/language/", {"language": "de"})
    assert len(client.cookies) >= 3
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert (cookie["samesite"], cookie["domain"], cookie["path"]) == ("Lax", "", "/"), name
