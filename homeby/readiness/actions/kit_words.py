"""What people are told about kit: that it went on to somebody else, that it is said to be missing.
Nobody is named in it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from homeby.logbook.actions import Page
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import KitItem
from homeby.watch.actions.notices import notify, notify_of_hours


def tell_former_holder(page: Page, row: KitItem, by: Viewer) -> None:
    """Whoever had it hears that it is no longer hers to bring back; never from whom it went on."""
    if row.held_by_id is None or row.held_by_id == by.person_id:
        return
    label, name = row.label, row.name

    def words() -> tuple[str, str]:
        said = {"label": label, "name": name}
        return (
            _("You no longer have %(label)s") % said,
            _("%(label)s (%(name)s) was taken over by somebody else. You need not bring it back.")
            % said,
        )

    key = f"kit:{page.entry.entry_id}"
    about = f"kit:{row.pk}"
    notify_of_hours(page, [row.held_by_id], words, key=key, about=about)


def tell_missing(page: Page, row: KitItem) -> None:
    """A thing that somebody has out is said to be missing: she hears of it, and so does whoever
    keeps the kit room."""
    if row.held_by_id is None:
        return
    said = {"label": row.label, "name": row.name}

    def to_holder() -> tuple[str, str]:
        text = _(
            "Somebody reports %(label)s (%(name)s) as missing; it still stands with you. If you "
            "have it, say so on its page; if not, say there that it is missing."
        )
        return _("Do you have %(label)s?") % said, text % said

    def to_keepers() -> tuple[str, str]:
        text = _("%(label)s (%(name)s) is reported missing while somebody has it out.")
        return _("Missing: %(label)s") % said, text % said

    about, key, by = f"kit:{row.pk}", f"kit:{page.entry.entry_id}", page.book.by
    if row.held_by_id != by:
        notify_of_hours(page, [row.held_by_id], to_holder, key=key, about=about)
    keepers = people.holders(Role.GATE_KEEPER, now=page.book.now)
    others = [one for one in keepers if one not in (by, row.held_by_id)]
    notify(page, others, to_keepers, key=f"{key}/keepers", about=about, in_danger=False)
