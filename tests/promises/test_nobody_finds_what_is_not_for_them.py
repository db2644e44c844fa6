"""Promise 8, by a crawl: a word of its own stands in every sensitive field; every address of the
URL table is opened by everybody, while they are missed and when they are home; no word comes to
anybody whom it is not for, and each comes to somebody whom it is for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from homeby.web.shell import shell
from tests.canary.__main__ import TO
from tests.promises.canary_fields import SEALED, WORD_OF, held_in_fields, unsaid
from tests.promises.canary_words import NEVER, READERS, TOLD, may_read
from tests.promises.crawling import (
    ACT,
    AFTERWARDS,
    API,
    EMPTY,
    OPEN,
    PAGE,
    SAME,
    SECRET,
    VIEWERS,
    Village,
    addresses,
    home_again,
    missed,
    routes,
    village,
)
from tests.promises.looking import errors_once, lookers
from tests.promises.posting import Offered, posted
from tests.world import World

#: Every route by what it is. A route that stands in none of these fails the crawl.
_BY_KIND = {
    PAGE: """
        home places board board-rows board-cards siren siren-state alarms alarms-rows alarm
        alarm-rows gates gate gate-qr gate-pick gate-unmatched gate-confirm gate-party gate-done
        gate-waits gate-first-report missions my my-rows mission-plan heard mission mission-rows
        mission-route mission-plan-change mission-extend mission-check-in mission-sign-out
        my-checkpoint
        mission-sign-in mission-report account account-contacts account-password account-archive
        account-private account-private-form health-list health search account-stay-away
        account-pin account-badge programs office office-people office-person office-person-contacts
        office-badges office-plans office-plan office-bill office-devices account-devices
        office-drill office-drill-rows office-watch office-watch-rows office-pause
        office-partners office-messages office-messages-rows office-teams office-list office-form
        mission-kin account-blocks again break-glass code-app my-looks office-erase office-glass
        office-log-in office-logbook office-logbook-file office-minor office-minors
        office-callsigns office-search account-unasked
        office-retention own-log-in passkey-add recovery-codes who typed passkey-rename kit
        kit-item kit-label kit-change kit-new glass path examinations examination
        special-units special-unit team-changes team-change calendar duty duty-new duty-time
        my-duties releases release rest rest-of hurt injuries injury rest-rules
        my-qualifications qualifications-of catalogue catalogue-read catalogue-file qualification
         qualification-change task-book skill-matrix asked-for ends-soon ends-soon-file who-can-go
         mission-positions mentoring mentorship my-chances my-decisions taking-part-teams
         taking-part evidence
         help own-concern welfare-desk concern
         welfare-check sealed sealed-how sealed-key sealed-read sealed-write
         sealed-again sealed-archive sealed-opening sealed-lost sealed-trial
         board-then mission-then person-then""",
    ACT: """
        alarm-act gate-take-back gate-seen my-key my-push heard-say time-said mission-act logout
        language
        programs-token programs-webhook programs-act account-test-hour office-pause-act
        office-partner-invite office-partner-end office-act receipts texts partner-pair
        partner-message kiosk-key kin-worry mission-kin-act mission-kin-confirm check_in
        ask_for_help sign_in sign_out take hand_over stand_down again-asked code-app-remove
        glass-close
        invitation-asked log-in-end log-in-more-asked log-ins-end openid_connect_callback
        sealed-text sealed-act sealed-give sealed-again-texts sealed-again-give
        passkey-add-asked passkey-log-in passkey-log-in-asked passkey-remove provider-link
        provider-log-in provider-unlink password-remove my-badge""",
    OPEN: "pause-bar login kiosk kiosk-state log-in-more my-key-works badge-issuer badge-key "
    "badge-withdrawn",
    SAME: "my-worker my-manifest kiosk-worker openapi-json",
    EMPTY: "api-root noticed",  # the second stands in a demonstration alone
    SECRET: "message-link message-link-state message-link-acts log-in-link kin-page kin-hurt "
    "invitation metrics calendar-feed",
    API: """
        list_people read_person list_missions plan_mission read_mission list_entries
        list_mission_entries list_alarms read_alarm read_watch_bill""",
}
#: How the names of pages begin that are not opened again once they are home: nothing of an outing,
#: an alarm or a report stands on them.
AS_BEFORE = (
    "account", "passkey", "code-app", "recovery", "own-log-in", "typed", "catalogue", "programs",
    "qualification", "task-book", "special-unit", "team-change", "examination", "mentor", "duty-",
    "kit-", "rest-rules", "office-form", "office-plan", "office-bill", "office-devices",
    "office-badges", "office-partner", "office-retention", "office-search", "office-minor",
    "skill-matrix",
    "asked-for", "ends-soon", "path", "provider", "password", "badge-", "language",
    "my-chances", "my-decisions", "taking-part", "evidence",
    "help", "own-concern", "concern", "welfare-",
)  # fmt: skip
ROUTES = {name: kind for kind, names in _BY_KIND.items() for name in names.split()}


def test_every_route_is_classified() -> None:
    assert sorted(set(routes()) - set(ROUTES)) == [], "say in ROUTES what these are"
    assert sorted(set(ROUTES) - set(routes())) == [], "there is no such route (any more)"


def test_every_field_that_holds_words_is_known() -> None:
    missing, gone = unsaid()
    assert missing == [], "say in canary_fields.py which word stands in it, or why none does"
    assert gone == [], "there is no such field (any more)"
    planted = {*WORD_OF.values(), *(one for several in SEALED.values() for one in several)}
    assert planted <= {*READERS, *NEVER}, "each has readers, or comes to nobody"


def test_every_address_beside_the_table_is_known() -> None:
    """The shell answers these before Django: a stream without a word (`tests/rooms/test_asgi.py`),
    the intake of devices (`test_a_device_says_no_more_than_its_key`), and two words about the
    station."""
    known = (one for name, one in vars(shell).items() if name.isupper())
    found = {one for one in known if isinstance(one, str) and one.startswith("/")}
    assert found == {"/events", "/intake/v1/entries", "/healthz", "/health/cycle"}


Answer = tuple[str, str, str, Any, str]


def opened(
    here: Village, patch: pytest.MonkeyPatch, people: tuple[str, ...], *, posts: bool
) -> Iterator[Answer]:
    """Every address that somebody opens, and every form they send, as nobody should: who (or which
    secret link it was), the route, the address, the answer and its text."""
    table, offered = routes(), Offered()
    for who, looking in lookers(here, patch, people):
        firsts: list[tuple[str, str]] = []
        for name, kind in ROUTES.items():
            if not posts and name.startswith(AS_BEFORE):
                continue
            all_of = [one for route in table[name] for one in addresses(route, here.names(name))]
            firsts += [(name, all_of[0])] if posts and kind in looking.posts else []
            for address in all_of if kind in looking.kinds else ():
                answer = looking.client.get(address)
                text = b"".join(answer).decode("utf-8", "replace")
                offered.note(who, name, address, text)
                yield here.holding(address) or who, name, address, answer, text
        if looking.posts and posts:
            yield from posted(who, looking.client, firsts, offered)


def crawl(
    here: Village, patch: pytest.MonkeyPatch, people: tuple[str, ...], *, posts: bool
) -> tuple[set[tuple[str, str]], set[str]]:
    """Which words came to whom (word, who), and the routes that answered somebody."""
    found: set[tuple[str, str]] = set()
    answered: set[str] = set()
    leaks: list[str] = []
    errors_once(patch)
    seen: list[tuple[str, str]] = []
    for who, name, address, response, text in opened(here, patch, people, posts=posts):
        seen.append((who, name))
        leaks += [f"{who} is answered an error at {address}"] * (response.status_code >= 500)
        answered |= {name} if response.status_code < 400 and who != "nobody" else set()
        read = here.read_in(text)
        found |= {(word, who) for word in read}
        tapped = address.startswith("POST ")
        wrong = sorted(one for one in read if not may_read(who, one, tapped=tapped))
        leaks += [f"{who} reads the {one} at {address}" for one in wrong]
    _tell(seen, len(here.words), leaks)
    assert not leaks, "\n".join(leaks)
    return found, answered


def _tell(seen: list[tuple[str, str]], words: int, hits: list[str]) -> None:
    """For `python -m tests.canary`: what was read, and by how many."""
    if to := os.environ.get(TO, ""):
        people, names = ({pair[place] for pair in seen} for place in (0, 1))
        line = {"people": len(people), "routes": len(names), "answers": len(seen), "words": words}
        with Path(to).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line | {"hits": hits}) + "\n")


@pytest.mark.looks  # the rules of who sees what are held against both databases by themselves
@pytest.mark.timeout(900)
def test_nobody_finds_a_word_that_is_not_for_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = village(world, monkeypatch)
    missed(here)
    kept = held_in_fields(here.words)
    found, answered = crawl(here, monkeypatch, VIEWERS, posts=True)
    home_again(here)
    told = {
        (word, one.person)
        for one in world.received
        for word, secret in here.words.items()
        if secret in f"{one.outgoing.subject} {one.outgoing.text}"
    }
    assert told == {(word, who) for word, readers in TOLD.items() for who in readers}
    kept |= held_in_fields(here.words)
    assert set(WORD_OF) <= kept, f"no row holds its word: {sorted(set(WORD_OF) - kept)}"
    later, answered_later = crawl(here, monkeypatch, AFTERWARDS, posts=False)
    came = found | later
    lost = [word for word, to in READERS.items() if not any((word, who) in came for who in to)]
    assert not lost, f"nobody at all finds these, so their absence proves nothing: {lost}"
    pages = {name for name, kind in ROUTES.items() if kind in (PAGE, API, OPEN, SAME)}
    never = pages - answered - answered_later
    assert not never, f"nobody was answered by {sorted(never)}"
