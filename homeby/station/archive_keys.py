"""`homeby archive-key`: the key of the archive, made once, printed as three envelopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from homeby import clock
from homeby.logbook.rules import Refused, new_tap
from homeby.missions.actions.reader_keys import add_archive_key
from homeby.missions.rules import sealed as rules
from homeby.people.queries.who import account_called
from homeby.people.rules import STATION
from homeby.station import sealed_text


def run(*, logins: Sequence[str], say: Callable[[str], None]) -> int:
    """Make it for three people; 1 where they cannot be its officers."""
    found = [account_called(one) for one in logins]
    unknown = [login for login, account in zip(logins, found, strict=True) if account is None]
    if unknown:
        say(f"Nobody logs in as {', '.join(unknown)}.")
        return 1
    made = sealed_text.make_archive()
    try:
        add_archive_key(
            public=made.public,
            pairs=made.pairs,
            officers=[account.person_id for account in found if account is not None],
            by=STATION,
            now=clock.now(),
            tap=new_tap(),
        )
    except Refused as refused:
        say(str(refused))
        return 1
    sign = rules.fingerprint(made.public)
    for number, (login, share) in enumerate(zip(logins, made.shares, strict=True), start=1):
        groups = "\n".join(f"    {share[at : at + 16]}" for at in range(0, len(share), 16))
        say(
            f"--- Envelope {number} of {len(logins)}, for {login} {'-' * 40}\n"
            f"Archive key {sign}. Two of the three envelopes open sealed debriefs together.\n"
            f"Never at the station, never photographed, never two in one hand.\n\n{groups}\n"
        )
    say(f"The public half: {made.public}")
    say("This was shown once and is kept nowhere. Print it, cut it, close the envelopes.")
    return 0
