"""Kin: whom a person named to be told, and what."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass

from django.db.models import Max
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import private, rules
from homeby.people.actions import kin_apart, kin_links
from homeby.people.actions.contacts import ALWAYS, Hours, own_or_administrator
from homeby.people.models import Kin
from homeby.people.rules import ChannelName, MayKnow, Viewer


@dataclass(frozen=True, kw_only=True)
class KinFields:
    """What a person says about somebody who waits for her. `looks_in`: asked to look in on her
    where she was hurt, or long overdue, and does not say afterwards that she woke well."""

    name: str
    relation: str = ""
    channel: ChannelName = ChannelName.EMAIL
    address: str = ""
    may_know: MayKnow = MayKnow.NOTHING
    language: str = "en"
    hours: Hours = ALWAYS
    looks_in: bool = False


@logbook.once
def name_kin(
    *, person_id: uuid.UUID, kin: KinFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Name somebody to be told, with what they may be told. Only the person herself or an
    administrator for her."""
    own_or_administrator(by, person_id)
    _check(kin)
    last = Kin.objects.filter(person_id=person_id).aggregate(last=Max("rank"))["last"]
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.KIN_NAMED,
            subject=f"person:{person_id}",
            person=person_id,
            facts={"may_know": kin.may_know, "looks_in": kin.looks_in},
            tap=tap,
            answer=_("Saved."),
        )
        page.add(
            Kin(
                id=tap.entry_id,
                person_id=person_id,
                rank=(last or 0) + 1,
                sealed=_sealed(person_id, kin),
                channel=kin.channel,
                may_know=kin.may_know,
                language=kin.language,
                looks_in=kin.looks_in,
                kept_from_at=kin_apart.kept_from_at(person_id, _values(kin), now=now),
                **asdict(kin.hours),
                **kin_links.new_link(person_id, now=now),
            )
        )
    return _("Saved.")


def _check(kin: KinFields) -> None:
    if not kin.name.strip():
        raise Refused(name=_("Give a name."))
    if not kin.address.strip() and kin.may_know != MayKnow.NOTHING:
        raise Refused(address=_("Give an address, or choose that nothing may be told."))
    if kin.looks_in and kin.may_know == MayKnow.NOTHING:
        raise Refused(looks_in=_("Whoever is told nothing cannot be asked; choose more above."))


def _sealed(person_id: uuid.UUID, kin: KinFields) -> bytes:
    return private.seal(person_id, _values(kin))


def _values(kin: KinFields) -> dict[str, str]:
    return {"name": kin.name, "relation": kin.relation, "address": kin.address.strip()}


@logbook.once
def change_kin(*, kin_id: uuid.UUID, kin: KinFields, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Change what was said of kin, and what they may be told. Only the person herself: nobody else
    reads their names."""
    _check(kin)
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Kin.objects.select_for_update().get(pk=kin_id)
        if by.person_id != row.person_id:
            raise Refused(_("Only the person who named them changes this."))
        page = book.entry(
            rules.KIN_CHANGED,
            subject=f"person:{row.person_id}",
            person=row.person_id,
            facts={"may_know": kin.may_know, "looks_in": kin.looks_in},
            tap=tap,
            answer=_("Saved."),
        )
        page.change(
            row,
            sealed=_sealed(row.person_id, kin),
            channel=kin.channel,
            may_know=kin.may_know,
            language=kin.language,
            looks_in=kin.looks_in,
            kept_from_at=kin_apart.kept_from_at(row.person_id, _values(kin), now=now),
            **asdict(kin.hours),
        )
    return _("Saved.")


@logbook.once
def move_up(*, kin_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Put kin one place further up in the person's order."""
    with logbook.writing(now=now, by=by.person_id) as book:
        moved = Kin.objects.get(pk=kin_id)
        own_or_administrator(by, moved.person_id)
        rows = list(
            Kin.objects.select_for_update().filter(person_id=moved.person_id).order_by("rank", "pk")
        )
        at = [row.pk for row in rows].index(kin_id)
        if at > 0:
            rows[at - 1], rows[at] = rows[at], rows[at - 1]
        page = book.entry(
            rules.KIN_CHANGED,
            subject=f"person:{moved.person_id}",
            person=moved.person_id,
            tap=tap,
            answer=_("Saved."),
        )
        for number, row in enumerate(rows, start=1):
            page.change(row, rank=number)
    return _("Saved.")


@logbook.once
def remove_kin(*, kin_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Remove kin; they are told nothing from now on."""
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Kin.objects.select_for_update().get(pk=kin_id)
        own_or_administrator(by, row.person_id)
        page = book.entry(
            rules.KIN_REMOVED,
            subject=f"person:{row.person_id}",
            person=row.person_id,
            tap=tap,
            answer=_("Removed."),
        )
        page.remove(row)
    return _("Removed.")
