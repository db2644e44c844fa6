"""The organisation chooses its rules of rest, and those for minors: a pack that comes with Homeby,
or a text of its own."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions.actions.minor_limits import hand_down
from homeby.people.actions.organisation import require
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import RulePack
from homeby.readiness.rules import kinds_of_rest as kinds
from homeby.readiness.rules.kinds_of_rest import PackUse
from homeby.readiness.rules.minors import limits_of
from homeby.readiness.rules.packs import Pack, read_pack
from homeby.readiness.shipped import shipped_packs

TEXT_MOST = 100_000
FAULTS_MOST = 10


@logbook.once
def choose_pack(
    *, use: PackUse, key: str, text: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """From now on these rules hold: the shipped pack of this key, or, where there is a text, the
    pack in it. Rests that run keep the end they were given. Raises Refused with a sentence for each
    thing that is wrong with a text."""
    require(by, Role.ADMINISTRATOR)
    own = text.strip()
    pack = _read(own) if own else shipped_packs().get(key)
    if pack is None:
        raise Refused(key=_("Choose one of the packs that are shown."))
    answer = _("From now on: %s.") % pack.name
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            kinds.RULES_CHOSEN,
            subject=f"rules:{use.lower()}",
            facts={"use": use, "pack": pack.key},
            tap=tap,
            answer=answer,
        )
        row = RulePack.objects.select_for_update().filter(use=use).first()
        if row is None:
            page.add(RulePack(id=uuid.uuid4(), use=use, key=pack.key, text=own))
        else:
            page.change(row, key=pack.key, text=own)
        if use is PackUse.MINORS:
            hand_down(page, limits_of(pack))
    return answer


def _read(text: str) -> Pack:
    if len(text) > TEXT_MOST:
        raise Refused(text=_("This is longer than %d characters.") % TEXT_MOST)
    found = read_pack(text, file=_("your text"))
    if isinstance(found, Pack):
        return found
    raise Refused(text=" ".join(fault.sentence for fault in found[:FAULTS_MOST]))
