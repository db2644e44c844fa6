"""The rows of partners that are no history: marks of each minute, and invitations that lapse.

They are written without entries, for a station that is well is no news, and a secret of ten minutes
must not stand in a logbook. What alarms, ends or is kept is written by the others, by the Book.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from homeby.logbook.notes import note_of
from homeby.logbook.tree import Head
from homeby.watch.actions.partners.signing import PairingKey
from homeby.watch.models import Partner, PartnerInvitation, PartnerMark

LINE_MAX = 400  # characters of one cosignature


def begin(partner: Partner, *, now: dt.datetime) -> None:
    """A new partner: silence counts from now."""
    PartnerMark.objects.create(partner=partner, well_at=now)


def locked(partner: Partner) -> PartnerMark:
    """The mark of a partner, for a message that changes it."""
    return PartnerMark.objects.select_for_update().get(partner=partner)


def note_heard(mark: PartnerMark) -> None:
    """Keep what a message changed; what our own process writes beside it is left alone."""
    names = ("well_at", "heard_at", "sequence", "said", "troubles", "unproven", "kept_at")
    held = ("seen", "seen_signature", "witnessed", "told", "told_unproven")
    mark.save(update_fields=[*names, *held])


def note_told(partner: Partner, text: str, *, head: Head) -> None:
    """Another partner station was shown this checkpoint of `partner`; kept until it is settled,
    one at a time, and not where it is the one that we cosigned ourselves."""
    row = PartnerMark.objects.filter(partner=partner, told="")
    held = note_of(row.values_list("witnessed", flat=True).first())
    if held is None or held.head != head:
        row.update(told=text, told_unproven=0)


def note_answer(partner: Partner, **values: Any) -> None:
    """Keep what a partner answered."""
    PartnerMark.objects.filter(partner=partner).update(**values)


def claim_minute(mark: PartnerMark, **values: Any) -> bool:
    """Take this minute's message to a partner; False where another process of ours has it."""
    mine = PartnerMark.objects.filter(pk=mark.pk, sent_sequence=mark.sent_sequence)
    return bool(mine.update(**values))


def let_go_of_checkpoint(partner: Partner) -> None:
    """Hold no checkpoint of a partner any more: its next one is taken as new."""
    nothing = {"seen": "", "seen_signature": "", "unproven": 0, "witnessed": ""}
    rows = PartnerMark.objects.filter(partner=partner)
    rows.update(told="", told_unproven=0, **nothing)


def listen_anew(*, now: dt.datetime) -> None:
    """After a time in which this station could hear nobody, or when the clock that heard was set
    back, silence counts from now."""
    PartnerMark.objects.filter(partner__ended_at=None).exclude(well_at=now).update(well_at=now)


def keep_invitation(pairing: PairingKey, *, until: dt.datetime, now: dt.datetime) -> None:
    """Keep what a pairing code proves, and forget the codes that have lapsed."""
    PartnerInvitation.objects.filter(expires_at__lt=now).delete()
    PartnerInvitation.objects.create(id=pairing.invitation, key=pairing.key, expires_at=until)


def use_invitation(invitation_id: uuid.UUID, *, by: Partner) -> None:
    """The code has led to this partner; it leads to no other."""
    PartnerInvitation.objects.filter(pk=invitation_id).update(used_by=by.pk)
