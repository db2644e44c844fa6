"""Whether an alarm that opened now would reach somebody who could take it, and whether kin know
whom to call; findings for doctor."""

from __future__ import annotations

import uuid

from homeby import clock, keys
from homeby.findings import Finding, amber, green, red
from homeby.people import private
from homeby.people import queries as people
from homeby.people.queries.callsigns import without_callsign
from homeby.people.queries.factors import without_passkey
from homeby.people.queries.kin import kin_hear_something
from homeby.people.rules import Purpose
from homeby.people.rules_callsigns import stand_in
from homeby.watch.actions import recipients

WHAT = "who is told"
NAMED_MOST = 10


def finding() -> Finding:
    """Asks what the watch will ask: who holds it, on what contact points, and whether the addresses
    open under this station's key."""
    now = clock.now()
    roll = recipients.call_roll([], named=(), now=now)
    officers = [roll.people[key] for key in roll.officers if key in roll.people]
    points = {one.person_id: one.reaches_now(now=now, in_danger=True) for one in officers}
    wanted = [point.contact_id for found in points.values() for point in found]
    opened = _opened(wanted)
    reached = [key for key, found in points.items() if opened & {one.contact_id for one in found}]
    if reached:
        return green(WHAT, f"Of those who hold the watch, an alarm now would reach {len(reached)}.")
    if wanted:
        return red(
            WHAT,
            "No address of those who hold the watch can be opened: an alarm reaches nobody. "
            "keys/people.key is missing, or is not the key of this station.",
            "Bring keys/people.key back from your copy, or enter the addresses anew.",
        )
    return red(
        WHAT,
        "Nobody on watch has a verified contact point: an alarm reaches nobody.",
        "Log in, open My page, add a contact point and type the code sent to it.",
    )


def for_kin() -> list[Finding]:
    """Kin are told at which hour to call; without a number they cannot. Nothing without kin."""
    organisation = people.organisation()
    if organisation is None or not kin_hear_something():
        return []
    if organisation.call_phone:
        return [green("kin", "Kin read at which number they reach the watch.")]
    return [
        amber(
            "kin",
            "Members named kin, and their pages give no number to call.",
            "Enter it on the page Office, The organisation: Telephone number for kin.",
        )
    ]


def by_callsign() -> Finding:
    """Whoever has no callsign is shown by a stand-in, never by name: it is named here, and the
    office finds its person by it."""
    without = sorted(map(stand_in, without_callsign()))
    if not without:
        return green("callsigns", "Everybody has a callsign.")
    named = ", ".join(without[:NAMED_MOST]) + (" and others" if len(without) > NAMED_MOST else "")
    return amber(
        "callsigns",
        f"{len(without)} people have no callsign; boards and messages call them {named}.",
        "Search for these on the page Office, People, and give each a callsign.",
    )


def passkeys() -> list[Finding]:
    """Whoever keeps the watch breaks the glass by a passkey, if she has one. Nothing where nobody
    logs in yet."""
    officers = recipients.call_roll([], named=(), now=clock.now()).officers
    lacking = without_passkey(officers)
    if not lacking:
        return []
    return [
        amber(
            "passkeys",
            f"Of those whom an alarm would reach first, {lacking} have no passkey: a glass that "
            "they break is marked.",
            "Have them add one by day: My page, My log-in, Add a passkey.",
        )
    ]


def _opened(contact_ids: list[uuid.UUID]) -> set[uuid.UUID]:
    try:
        return set(private.addresses(contact_ids, purpose=Purpose.DELIVER))
    except keys.KeyProblem:
        return set()
