"""Words that people of the village give as reasons, and say of others, while a party is missed:
each stands in one act, and the crawl looks who reads it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from homeby.comms.actions import webhooks
from homeby.logbook.rules import new_tap
from homeby.missions.actions import extend, glass, unmatched
from homeby.missions.models import BrokenGlass, Extension, Mission
from homeby.missions.rules import MISSION_CHECKED_IN
from homeby.people.rules_log_ins import Proof
from homeby.watch.actions import kin_care, pausing
from tests.promises.test_a_minor_has_limits_and_a_guardian import approve, is_minor
from tests.world import World


def before_they_are_missed(world: World, mission: Mission, words: dict[str, str]) -> None:
    """She asked for more time and why, and was told why not; the watch will pause; a minor is let
    go; somebody nobody knows was heard."""
    at: dict[str, Any] = {"now": world.now}
    hook = webhooks.WebhookFields(
        name="a map", address=f"https://{words['webhook']}.example.org/", secret="s" * 20,
        kinds=("MISSION_SIGNED_OUT",),
    )  # fmt: skip
    webhooks.add_webhook(fields=hook, by=world.as_("agent"), tap=new_tap(), **at)
    assert mission.due_at is not None
    wanted = extend.Wanted(due_at=mission.due_at + dt.timedelta(minutes=9), why=words["asked why"])
    extend.ask(mission_id=mission.pk, wanted=wanted, by=world.as_("agent"), tap=new_tap(), **at)
    extend.decide(extension_id=Extension.objects.get(mission=mission).pk, grant=False,
                  why=words["refused why"], by=world.as_("head"), tap=new_tap(), **at)  # fmt: skip
    wish = pausing.Wish(reason=words["pause"], with_notice=True,
                        until_at=world.now + dt.timedelta(hours=30))  # fmt: skip
    pausing.ask_pause(wish=wish, by=world.as_("head"), tap=new_tap(), **at)
    world.add("young")
    is_minor(world, "young")
    with_young = world.plan("chief", "young")
    approve(world, with_young, "deputy", reason=words["override"])
    unmatched.note(kind=MISSION_CHECKED_IN, who=words["stranger"], by=world.as_("guard"),
                   tap=new_tap(), **at)  # fmt: skip


def while_they_are_missed(world: World, mission: Mission, words: dict[str, str]) -> None:
    """The glass was broken over them, and closed, and reviewed; somebody speaks with their kin."""
    why, found = f"Her telephone says {words['glass']}.", f"All is well, {words['review']}."
    glass.break_glass(mission_id=mission.pk, reason=why, by=world.as_("guard"), now=world.now,
                      tap=new_tap(), proved=(Proof.PASSKEY,))  # fmt: skip
    broken = BrokenGlass.objects.get()
    glass.close_glass(glass_id=broken.pk, by=world.as_("guard"), now=world.now, tap=new_tap())
    glass.review_glass(glass_id=broken.pk, review=found, by=world.as_("head"),
                       now=world.now, tap=new_tap())  # fmt: skip
    kin_care.hold(ref=mission.ref, speaker=words["speaker"], by=world.as_("head"), now=world.now,
                  tap=new_tap())  # fmt: skip
