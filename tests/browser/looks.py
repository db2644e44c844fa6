"""How a page looks to those who see little, hold a small screen, or stand in the dark."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404
from playwright.sync_api import Page

from tests.browser.screens import DESK, PHONE, has_no_sideways_scroll

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RUN = """
only => axe.run(document, only ? {runOnly: only} : {}).then(found => found.violations.map(
  one => `${one.id} (${one.help}): ` + one.nodes.map(node => node.target.join(" ")).join(" | ")))
"""
#: A bar that lies over a page hides what stands under it just now. A person scrolls on, axe does
#: not: it would call a field half under the bar a small one. So the bars lie still meanwhile.
BARS_LIE_STILL = """
() => { for (const one of document.querySelectorAll("body *")) {
  if (["fixed", "sticky"].includes(getComputedStyle(one).position)) {
    one.dataset.laidStill = ""; one.style.position = "static";
  }
} }
"""
BARS_AGAIN = """
() => { for (const one of document.querySelectorAll("[data-laid-still]")) {
  delete one.dataset.laidStill; one.style.position = "";
} }
"""
#: Where links lead; one within a picture says it by its attribute alone.
LINKS = """
[...document.querySelectorAll("a[href]")].map(
  link => new URL(link.getAttribute("href"), document.baseURI).href)
"""
#: A name that stands twice: a label of the one leads to the other, and axe does not say so.
TWICE = """
() => { const names = [...document.querySelectorAll("[id]")].map(one => one.id);
  return [...new Set(names.filter((name, place) => names.indexOf(name) !== place))]; }
"""
#: What depends on light and width; everything else is asked once a page.
BY_LOOK = ["color-contrast", "target-size"]
Light = Literal["light", "dark", "night"]
#: The kinds of pages that were judged in this run.
judged: set[tuple[object, ...]] = set()
LOOKS: tuple[tuple[Any, Light, list[str] | None], ...] = (
    (PHONE, "light", None),
    (PHONE, "dark", BY_LOOK),
    (PHONE, "night", BY_LOOK),
    (DESK, "light", BY_LOOK),
    (DESK, "dark", BY_LOOK),
)


def faults(page: Page) -> list[str]:
    """What is wrong with the page on a telephone and on a desk, by each light, in sentences."""
    judged.add(kind_of(page.url) or ())
    page.evaluate(AXE)
    found = [f"{page.url}: two are called {name}" for name in page.evaluate(TWICE)]
    for viewport, light, only in LOOKS:
        page.set_viewport_size(viewport)
        set_light(page, light)
        where = f"{page.url} at {viewport['width']} px, {light}:"
        page.evaluate(BARS_LIE_STILL)
        found += [f"{where} {sentence}" for sentence in page.evaluate(RUN, only)]
        page.evaluate(BARS_AGAIN)
        if not has_no_sideways_scroll(page):
            found.append(f"{where} it scrolls sideways")
    set_light(page, "light")
    return found


def set_light(page: Page, light: Light) -> None:
    """Show the page by this light, as the person chooses it in the menu."""
    page.evaluate("light => localStorage.setItem('homeby-theme', light)", light)
    page.emulate_media(reduced_motion="reduce")  # colours change at once
    page.evaluate("light => { document.documentElement.dataset.theme = light }", light)


def kind_of(address: str) -> tuple[object, ...] | None:
    """What kind of page an address leads to: view, words in its address, questions asked of it."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    words = [v for k, v in sorted(match.kwargs.items()) if k in ("act", "kind") or v == "new"]
    return (match.url_name, *words, *sorted(set(parse_qs(parts.query)) - {"page", "person"}))


def crawl(page: Page, *starts: str, seen: set[tuple[object, ...]]) -> Iterator[str]:
    """Open a page of every kind that links lead to, each kind once; the page stands open."""
    waiting = deque(starts)
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address)
        if kind is None or kind in seen or kind[0] in NO_PAGES:
            continue
        seen.add(kind)
        page.goto(address)
        yield address
        host = urlsplit(page.url).netloc
        links = page.evaluate(LINKS)
        waiting.extend(link for link in links if urlsplit(link).netloc == host)


#: Addresses that answer a fragment, a file or an act, and no page.
NO_PAGES = frozenset(
    {
        "account-contacts",
        "office-person-contacts",
        "receipts",
        "texts",
        "home",
        "logout",
        "time-said",
        "mission-route",
        "mission-act",
        "alarm-act",
        "office-act",
        "badge-issuer",
        "badge-key",
        "badge-withdrawn",
        "my-badge",
        "ends-soon-file",
    }
    | {"gate-take-back", "gate-seen", "gate-waits", "calendar-feed"}
    | {"board-rows", "mission-rows", "alarms-rows", "alarm-rows", "office-messages-rows"}
    | {"places", "message-link-state", "message-link-acts"}
    | {"office-watch-rows", "pause-bar", "office-pause-act"}
    | {"partner-pair", "partner-message"}
    | {"office-drill-rows", "account-test-hour", "siren-state"}
    | {"mission-kin-act", "mission-kin-confirm", "kin-worry", "language"}
    | {"my-rows", "my-key", "my-key-works", "my-push", "my-checkpoint", "my-worker", "my-manifest"}
    | {"programs-token", "programs-webhook", "programs-act"}
    | {"kiosk-state", "kiosk-key", "kiosk-worker"}
    | {"office-logbook-file", "glass-close", "catalogue-file"}
    | {"metrics"}
    # Of a signal and a missed duty, which the demonstration has none of: test_left_behind.py
    | {"evidence", "welfare-check"}
    | {"sealed-text", "sealed-act", "sealed-give", "sealed-again-texts", "sealed-again-give"}
    | {"sealed-key", "sealed-read", "sealed-write"}  # behind keys: test_sealed.py judges them
    # The same, over the years: test_sealed_again.py
    | {"sealed-again", "sealed-archive", "sealed-opening", "sealed-lost", "sealed-trial"}
    | {"break-glass", "glass"}  # behind a password: test_break_glass.py judges them
    | {"passkey-log-in", "passkey-log-in-asked", "passkey-add-asked", "passkey-remove"}
    | {"passkey-rename", "password-remove", "typed"}  # forms like others, behind a passkey
    | {"again-asked", "log-in-more-asked", "invitation-asked", "code-app-remove"}
    | {"log-ins-end", "log-in-end", "openid_connect_callback"}
    | {"provider-log-in", "provider-link", "provider-unlink"}
)


def never_judged() -> set[str]:
    """The name of every address that answers a page and that was not judged."""

    def names(resolver: URLResolver) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                yield str(pattern.name)
            elif pattern.namespace != "api":  # it answers programs, no page
                yield from names(pattern)

    return set(names(get_resolver())) - NO_PAGES - {str(kind[0]) for kind in judged if kind}
