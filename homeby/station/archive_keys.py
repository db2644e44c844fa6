"""`homeby archive-key`: the key of the archive, made once, printed as three envelopes; and
`homeby sealed-files`: what they open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from homeby import clock
from homeby.logbook.rules import Refused, new_tap
from homeby.missions.actions.reader_keys import NewArchive, add_archive_key
from homeby.missions.queries import sealed as queries
from homeby.missions.rules import sealed as rules
from homeby.people.queries.who import account_called
from homeby.people.rules import STATION
from homeby.station import sealed_text


def write_files(*, out: Path, say: Callable[[str], None]) -> int:
    """Write into a new folder what is sealed, as it is, for officers who open the archive on a
    machine of their own: nothing in it is readable without a key. 1 where it cannot be written."""
    archive = queries.archive_key(STATION)
    if archive is None:
        say("There is no archive key yet: homeby archive-key makes it.")
        return 1
    try:
        out.mkdir(mode=0o700)
        names = ("archive-1-2.age", "archive-1-3.age", "archive-2-3.age")
        for name, pair in zip(names, archive.pairs, strict=True):
            (out / name).write_text(pair, encoding="utf-8")
        count = 0
        for key, content in queries.all_texts(STATION):
            (out / f"{key}.age").write_bytes(content)
            count += 1
    except OSError as trouble:
        say(f"{out} cannot be written: {trouble.strerror}.")
        return 1
    say(f"Sealed debriefs written: {count}. Two envelopes open each:")
    say(f"    homeby open {out}/FILE.age --identity ONE --identity OTHER --archive {out}")
    return 0


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
            made=NewArchive(public=made.public, pairs=made.pairs, shares=made.envelopes),
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
