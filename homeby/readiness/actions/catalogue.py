"""The catalogue of the organisation: loaded from files, changed entry by entry, ended."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.readiness.actions.currency import refresh
from homeby.readiness.models import Holding, Qualification
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.queries.qualifications import KEEPERS
from homeby.readiness.rules import qualifications as facts
from homeby.readiness.rules import skill_kinds as kinds
from homeby.readiness.rules.catalogue import read_catalogue
from homeby.readiness.rules.catalogue_text import content_of

#: So many faults of a file are told at once.
FAULTS_MAX = 20
#: So many people's last days are worked out in one go.
AT_ONCE = 500


def require_keeper(by: Viewer) -> None:
    """Raises Refused for whoever does not keep the catalogue."""
    if not (by.is_station or by.has(*KEEPERS)):
        raise Refused(_("A leader or an administrator keeps the catalogue."))


@logbook.once
def load(*, files: Sequence[tuple[str, str]], by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Take what stands in these files (name, text) into the catalogue: what has a known key is
    changed, all else is added, what they do not name stays. Nothing is taken of files with a fault.
    Raises Refused with a sentence for each fault, beside `text`."""
    require_keeper(by)
    with logbook.writing(now=now, by=by.person_id) as book:
        rows = queries.rows_by_key()
        found = read_catalogue(files, beside=queries.known(rows))
        if isinstance(found, list):
            raise Refused(text=" ".join(str(one) for one in found[:FAULTS_MAX]))
        added, changed = _sorted(found.qualifications.values(), rows)
        said = {"added": len(added), "changed": len(changed), "count": len(found.qualifications)}
        answer = _("Read: %(count)d. New: %(added)d, changed: %(changed)d.") % said
        page = book.entry(
            kinds.CATALOGUE_SET,
            subject="catalogue",
            facts={"added": [one.key for one in added], "changed": [one.key for one in changed]},
            tap=tap,
            answer=answer,
        )
        for one in added:
            page.add(Qualification(id=uuid.uuid4(), key=one.key, **_columns(one)))
        for one in changed:
            page.change(rows[one.key], **_columns(one))
        if changed:
            _refresh_holders(page)
    return answer


def _columns(one: facts.Qualification) -> dict[str, object]:
    return {
        "name": one.name,
        "kind": str(one.kind),
        "family": one.family,
        "content": content_of(one),
    }


def _sorted(
    read: Iterable[facts.Qualification], rows: dict[str, Qualification]
) -> tuple[list[facts.Qualification], list[facts.Qualification]]:
    added, changed = [], []
    for one in read:
        if one.key not in rows:
            added.append(one)
        elif queries.as_rule(rows[one.key]) != one:
            changed.append(one)
    return added, changed


def _refresh_holders(page: Page) -> None:
    """Everybody's last days, by the catalogue as it is now."""
    rows = Holding.objects.order_by("person_id").values_list("person_id", flat=True).distinct()
    holders, catalogue = list(rows), queries.known()
    for first in range(0, len(holders), AT_ONCE):
        refresh(page, holders[first : first + AT_ONCE], catalogue)


@logbook.once
def end(*, qualification_id: uuid.UUID, ended: bool, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Give a qualification no more, or again; whoever holds it keeps it. Raises Refused."""
    require_keeper(by)
    answer = _("It is no longer given.") if ended else _("It is given again.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Qualification.objects.select_for_update().filter(pk=qualification_id).first()
        if row is None:
            raise Refused(_("There is no such qualification."))
        page = book.entry(
            kinds.CATALOGUE_SET,
            subject="catalogue",
            facts={"ended" if ended else "again": row.key},
            tap=tap,
            answer=answer,
        )
        page.change(row, ended_at=now if ended else None)
    return answer
