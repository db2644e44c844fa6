"""Our own checkpoint before a partner station as its witness: we show that it has grown, and keep
the cosignature that comes back with it."""

from __future__ import annotations

import base64
import logging
from typing import Any

from homeby.logbook import keeping, notes
from homeby.logbook.cosigning import Cosigner, with_line
from homeby.logbook.growing import proof
from homeby.logbook.notes import NoNote, note_of
from homeby.watch.actions.partners import marks
from homeby.watch.actions.partners.witnessing import (
    CHECKPOINT,
    COSIGNATURE,
    OTHERS,
    PROOFS,
    WANTED,
)
from homeby.watch.models import Partner, PartnerMark
from homeby.watch.rules.witness import WANTED_MAX

log = logging.getLogger("homeby.partner")
_SIZE_MAX = 2**53


def shown(partner: Partner, mark: PartnerMark) -> dict[str, Any]:
    """What goes with a minute message: our newest kept checkpoint, how it grew from those that the
    partner asked for, and what we cosigned of other stations, which may be partners of both."""
    found: dict[str, Any] = {}
    kept = keeping.newest()
    if kept is not None:
        proofs = {str(size): proof(size, kept) for size in mark.wanted[:WANTED_MAX]}
        found[CHECKPOINT] = kept.note
        found[PROOFS] = {
            size: [base64.b64encode(step).decode() for step in steps]
            for size, steps in proofs.items()
            if steps is not None
        }
    others = PartnerMark.objects.filter(partner__ended_at=None).exclude(pk=mark.pk)
    told = others.exclude(witnessed="").values_list("witnessed", flat=True)
    return found | {OTHERS: list(told)}


def keep(partner: Partner, sent: dict[str, Any], answer: dict[str, Any]) -> None:
    """Keep what a partner answered: its cosignature with the checkpoint that it stands under, and
    whose growth it wants to be shown next time."""
    given = answer.get(WANTED)
    sizes = [one for one in given if type(one) is int] if isinstance(given, list) else []
    wanted = [one for one in sizes if 0 < one < _SIZE_MAX][:WANTED_MAX]
    marks.note_answer(partner, wanted=wanted)
    line, note = answer.get(COSIGNATURE), note_of(sent.get(CHECKPOINT))
    if note is None or not isinstance(line, str) or len(line) > marks.LINE_MAX:
        return
    try:
        cosigned = with_line(note, line)
    except NoNote:
        log.warning("%s gave a cosignature that cannot be read", partner.name)
        return
    if cosigner_of(partner).cosigned_at(cosigned) is None:
        log.warning("%s gave a cosignature that is not its own", partner.name)
        return
    keeping.keep_cosignature(size=note.head.size, made=cosigned.signatures[-1])


def cosigner_of(partner: Partner) -> Cosigner:
    """A partner station as a witness of our logbook."""
    raw = bytes.fromhex(partner.public_key)
    return Cosigner(name=notes.origin_of(partner.station_id), raw=raw)
