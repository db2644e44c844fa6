"""What every page carries, and the page for a database that cannot record."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from homeby import settings
from homeby.web import middleware

LOCKED = OperationalError("database is locked")
FULL = OperationalError("database or disk is full")
NEWER = OperationalError("no such column: watch_alarm.colour")


_FORM = "application/x-www-form-urlencoded"


def _encoded(fields: dict[str, object]) -> str:
    return urlencode(fields, doseq=True)


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page")


def _stored(request: HttpRequest) -> HttpResponse:
    return HttpResponse("fragment", headers={"Cache-Control": "private, no-cache"})


@csrf_exempt
def _breaks(request: HttpRequest, how: str) -> HttpResponse:
    raise {
        "locked": LOCKED,
        "full": FULL,
        "newer": NEWER,
        "disk": OSError(errno.ENOSPC, "No space left on device"),
        "bug": ValueError("a mistake of ours"),
        "not-allowed": PermissionDenied("Only the duty officer takes this alarm."),
    }[how]


urlpatterns = [
    path("page/", _page),
    path("stored/", _stored),
    path("breaks/<how>/", _breaks),
    path("log-in/", _page, name="login"),  # the frame of every page names it
]
handler400 = "homeby.web.middleware.bad_request"
handler403 = "homeby.web.middleware.not_allowed"
handler404 = "homeby.web.middleware.not_found"
handler500 = "homeby.web.middleware.server_error"


@pytest.fixture
def client() -> Iterator[Client]:
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


def test_every_page_is_protected_and_kept_nowhere(client: Client) -> None:
    headers = client.get("/page/").headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_browser_that_came_by_https_comes_by_https_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the station is served so; never over a line that is not, and zero days take it back."""

    def told(chosen: dict[str, object], *, secure: bool = True) -> str | None:
        station = settings.current().model_copy(update=chosen)
        with monkeypatch.context() as here:
            here.setattr(settings, "current", lambda: station)
            return client.get("/page/", secure=secure).headers.get("Strict-Transport-Security")

    https: dict[str, object] = {"public_url": "https://homeby.example.org"}
    assert told(https) == "max-age=31536000"
    assert told(https, secure=False) is None
    assert told({}) is None
    assert told({**https, "https_only_days": 0}) == "max-age=0"
    below = told({**https, "https_only_subdomains": True})
    assert below == "max-age=31536000; includeSubDomains"


@pytest.mark.django_db
def test_a_page_that_nobody_has_is_protected_too(client: Client) -> None:
    found = client.get("/nowhere/")
    assert found.status_code == 404
    assert "Nothing stands at this address" in found.content.decode()
    assert "Content-Security-Policy" in found.headers


@pytest.mark.django_db
def test_a_page_that_is_not_for_the_viewer_says_why(client: Client) -> None:
    found = client.get("/breaks/not-allowed/")
    assert found.status_code == 403
    assert "Only the duty officer takes this alarm." in found.content.decode()


def test_a_host_name_that_is_not_ours_is_a_sentence(client: Client) -> None:
    found = client.get("/page/", headers={"host": "evil.example"})
    assert found.status_code == 400
    assert "could not be understood" in found.content.decode()


@pytest.mark.django_db
def test_a_form_without_our_mark_is_a_sentence() -> None:
    with override_settings(ROOT_URLCONF=__name__):
        client = Client(enforce_csrf_checks=True)
        found = client.post("/page/", {"a": "b"})
    assert found.status_code == 403
    assert "send it once more" in found.content.decode()


def test_a_page_may_say_itself_how_it_is_kept(client: Client) -> None:
    assert client.get("/stored/").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("locked", "Please send it again in a moment"),
        ("full", "disk of the station is full"),
        ("disk", "disk of the station is full"),
        ("newer", "another version of Homeby"),
    ],
)
def test_trouble_of_the_database_is_a_sentence(client: Client, how: str, words: str) -> None:
    found = client.get(f"/breaks/{how}/")
    text = found.content.decode()
    assert found.status_code == 503
    assert words in text
    assert "not recorded" in text
    assert found.headers["Retry-After"] == "5"
    assert "Content-Security-Policy" in found.headers
    assert "Traceback" not in text
    assert "homeby/css/base.css" in text, "it looks like every other page"


def test_the_sentence_reaches_the_person_even_when_the_page_cannot_be_made(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*words: object, **more: object) -> str:
        raise ValueError("a template is missing")

    monkeypatch.setattr(middleware, "render_to_string", breaks)
    found = client.get("/breaks/full/")
    assert found.status_code == 503
    assert "disk of the station is full" in found.content.decode()


def test_another_mistake_is_a_sentence_too(client: Client) -> None:
    found = client.get("/breaks/bug/")
    assert found.status_code == 500
    assert "Something went wrong in the station" in found.content.decode()
    assert "a mistake of ours" not in found.content.decode()


def test_what_was_sent_can_be_sent_again_with_one_tap(client: Client) -> None:
    sent: dict[str, object] = {
        "entry_id": "0193-ab",
        "note": "<b>all & well</b>",
        "member": ["1", "2"],
    }
    found = client.post("/breaks/locked/?from=gate", _encoded(sent), content_type=_FORM)
    page = found.content.decode()
    assert '<form method="post" novalidate action="/breaks/locked/?from=gate">' in page
    assert '<input type="hidden" name="entry_id" value="0193-ab">' in page
    assert "&lt;b&gt;all &amp; well&lt;/b&gt;" in page
    assert page.count('name="member"') == 2
    assert "Send again" in page


def test_a_password_never_stands_in_the_page(client: Client) -> None:
    sent = _encoded({"name": "guard", "new_password1": "quiet-word"})
    page = client.post("/breaks/locked/", sent, content_type=_FORM).content.decode()
    assert "quiet-word" not in page
    assert "Send again" not in page


def test_a_program_gets_the_sentence_as_json(client: Client) -> None:
    found = client.get("/breaks/full/", headers={"Accept": "application/json"})
    assert found.status_code == 503
    assert "disk of the station is full" in found.json()["sentence"]


def test_an_address_that_names_another_host_is_not_sent_to(client: Client) -> None:
    found = client.post("//evil.example/breaks/locked/", _encoded({"a": "b"}), content_type=_FORM)
    assert 'action="//' not in found.content.decode()
