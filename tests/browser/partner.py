"""A partner station for pages to show: paired by a real code, heard once, with no address of its
duty officers. `python -m tests.browser.partner` does it in a station's environment."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid

from tests.browser import looks
from tests.browser.screens import PHONE, Screens
from tests.browser.station import ROOT
from tests.browser.village import enter


def faults_of_partner_pages(screens: Screens) -> list[str]:
    """What is wrong with the pages of partner stations: with one, with a fresh code, ending it."""
    subprocess.run(
        [sys.executable, "-m", "tests.browser.partner"],
        env=screens.station.environment,
        cwd=ROOT,
        check=True,
        timeout=60,
    )
    page = enter(screens, "tsunade", "/office/partners/", viewport=PHONE)
    found = looks.faults(page)
    page.get_by_role("link", name="End the partnership").click()
    found += looks.faults(page)
    page.goto("/office/partners/")
    page.get_by_role("button", name="Make a pairing code").click()
    page.locator(".pairing-code").wait_for()
    return found + looks.faults(page)


def main() -> None:
    """The door of the script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django

    django.setup()
    from homeby import clock
    from homeby.logbook.rules import canonical, new_tap
    from homeby.people.rules import STATION
    from homeby.watch.actions.partners import pairing, signing
    from homeby.watch.actions.partners.signing import PairingKey, Signer

    now, other = clock.now(), Signer(bytes(32))
    made = pairing.Code.read(pairing.invite(by=STATION, now=now, tap=new_tap()))
    key = PairingKey.of(made.secret)
    card = {
        "station": str(uuid.uuid4()),
        "name": "South hut",
        "url": "https://south-hut.example.org",
        "key": other.public_key,
        "officers": [],
    }
    values = {"card": card, "signature": other.sign(canonical(card), purpose=signing.CARD)}
    sealed = key.seal(values, purpose=signing.REQUEST_SEAL)
    request = {pairing.INVITATION: str(key.invitation), pairing.SEALED: sealed}
    pairing.answer_request(request, now=now)


if __name__ == "__main__":
    main()
