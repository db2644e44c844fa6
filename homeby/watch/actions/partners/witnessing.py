"""Being the witness of a partner station: its newest checkpoint is cosigned here where it was shown
to be the last one we cosigned, grown, and where no other partner was shown another history."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from homeby import settings
from homeby.logbook import keeping, notes
from homeby.logbook import queries as station
from homeby.logbook.cosigning import cosign, line_of
from homeby.logbook.notes import Note, PublicKey, note_of
from homeby.watch.actions.partners import marks, shown
from homeby.watch.actions.partners.shown import Shown
from homeby.watch.models import Partner, PartnerMark
from homeby.watch.rules.partners import UNPROVEN_MAX, Trouble
from homeby.watch.rules.witness import Standing

log = logging.getLogger("homeby.partner")
CHECKPOINT, PROOFS, OTHERS = "checkpoint", "proofs", "others"
COSIGNATURE, WANTED = "cosignature", "wanted"
_OTHERS_MAX = 8


@dataclass(frozen=True, kw_only=True)
class Witnessed:
    """What we make of a checkpoint that came with a message. `fits` also where none came and none
    was ever cosigned: an earlier release brings none."""

    fits: bool
    troubles: tuple[Trouble, ...] = ()
    note: Note | None = None

    @property
    def may_be_cosigned(self) -> bool:
        """Whether our name may stand under it."""
        return self.fits and not self.troubles and self.note is not None


def look(partner: Partner, mark: PartnerMark, values: dict[str, Any]) -> Witnessed:
    """Judge what a partner shows of its logbook; the mark, which is locked, takes what is shown."""
    held = note_of(mark.witnessed)
    now = shown.read(values.get(CHECKPOINT), values.get(PROOFS))
    if now is None or not _is_theirs(partner, now.note):
        return Witnessed(fits=held is None, troubles=_told(mark, None))
    last = now.stands_to(held.head) if held else Standing.GROWN
    troubles = _told(mark, now)
    if last is Standing.ANOTHER:
        troubles = (*troubles, Trouble.LOGBOOK)
    found = Witnessed(fits=last is Standing.GROWN, troubles=troubles, note=now.note)
    if found.may_be_cosigned:
        mark.witnessed = str(_signed_by_itself(partner, now.note))
    return found


def _told(mark: PartnerMark, now: Shown | None) -> tuple[Trouble, ...]:
    """How it stands to what another partner station was shown."""
    told = note_of(mark.told)
    if told is None:
        mark.told, mark.told_unproven = "", 0
        return ()
    found = now.stands_to(told.head) if now else Standing.UNSHOWN
    if found is Standing.GROWN:
        mark.told, mark.told_unproven = "", 0
        return ()
    mark.told_unproven = UNPROVEN_MAX if found is Standing.ANOTHER else mark.told_unproven + 1
    return (Trouble.SPLIT,) if mark.told_unproven >= UNPROVEN_MAX else ()


def answered(mark: PartnerMark, found: Witnessed | None, *, now: dt.datetime) -> dict[str, Any]:
    """What our answer says of it: our cosignature (of `found`, None: of nothing), and whose growth
    we want to be shown next time. A copy cosigns nothing (P18)."""
    wanted = [note_of(text) for text in (mark.witnessed, mark.told)]
    told: dict[str, Any] = {WANTED: sorted({one.head.size for one in wanted if one})}
    key = keeping.key_of_station(settings.log_key())
    if found is None or found.note is None or not found.may_be_cosigned or key is None:
        return told
    if station.is_quarantined():
        return told
    return told | {COSIGNATURE: line_of(cosign(found.note, key=key, at=now))}


def take_told(sender: Partner, values: dict[str, Any]) -> None:
    """What the sender cosigned of other stations that are partners of ours, too: each must show us
    that ours has grown from it. Without a lock of ours on any row: two stations may tell each other
    of one another at the same instant."""
    given = values.get(OTHERS)
    for text in given[:_OTHERS_MAX] if isinstance(given, list) else []:
        note = note_of(text)
        if note is None:
            continue
        for one in Partner.objects.filter(ended_at=None).exclude(pk=sender.pk):
            if _is_theirs(one, note):
                marks.note_told(one, str(_signed_by_itself(one, note)), head=note.head)


def _is_theirs(partner: Partner, note: Note) -> bool:
    return note.origin == notes.origin_of(partner.station_id) and bool(
        _key(partner).has_signed(note)
    )


def _key(partner: Partner) -> PublicKey:
    name = notes.origin_of(partner.station_id)
    return PublicKey(name=name, raw=bytes.fromhex(partner.public_key))


def _signed_by_itself(partner: Partner, note: Note) -> Note:
    """Without the lines of others, which need not be kept here."""
    key = _key(partner)
    own = [s for s in note.signatures if (s.name, s.key_id) == (key.name, key.key_id)]
    return Note(origin=note.origin, head=note.head, signatures=tuple(own))
