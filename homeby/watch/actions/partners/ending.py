"""Ending a partnership: by a person here with a reason, or by a signed word of the other station.
Both stations tell those who keep their watch; nobody is left without it in silence (P17)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.people.actions.organisation import require
from homeby.people.actions.partners import forget_officers
from homeby.people.rules import Role, Viewer
from homeby.people.texts import Words, named
from homeby.watch import texts_partner
from homeby.watch.actions import subjects
from homeby.watch.actions.partners.news import tell_own
from homeby.watch.models import Partner
from homeby.watch.rules import DeadlineKind
from homeby.watch.rules import partners as rules

REASON_MAX = 200


@logbook.once
def end(*, partner_id: uuid.UUID, reason: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """End a partnership; the other station is told by our next message to it."""
    require(by, Role.ADMINISTRATOR)
    if not 3 <= len(reason.strip()) <= REASON_MAX:
        raise Refused(reason=_("Give a reason; both stations will read it. 200 characters fit."))
    with logbook.writing(now=now, by=by.person_id) as book:
        partner = Partner.objects.select_for_update().filter(pk=partner_id).first()
        if partner is None or partner.ended_at is not None:
            raise Refused(_("This partnership is over already."))
        answer = (
            _(
                "The partnership with %s is over. Those who keep the watch of both stations are "
                "told."
            )
            % partner.name
        )
        page = book.entry(
            rules.PARTNER_ENDED,
            subject=rules.ref_of(partner.pk),
            facts={"reason": reason.strip()},
            tap=tap,
            answer=answer,
        )
        _over(page, partner, reason=reason.strip(), by_them=False)

        def words(names: Mapping[uuid.UUID, str]) -> Words:
            return texts_partner.partner_ended(partner, by=named(by, names))

        tell_own(page, partner, words, naming=[by.person_id])
    return answer


def ended_by_them(book: Book, partner: Partner, *, reason: str) -> None:
    """A person at the other station has ended it."""
    page = book.entry(
        rules.PARTNER_ENDED,
        subject=rules.ref_of(partner.pk),
        facts={"reason": reason, "by_them": True},
    )
    _over(page, partner, reason=reason or _("no reason was given"), by_them=True)
    tell_own(page, partner, lambda _names: texts_partner.partner_ended(partner, by=partner.name))


def _over(page: Page, partner: Partner, *, reason: str, by_them: bool) -> None:
    now = page.book.now
    page.change(partner, ended_at=now, end_reason=reason, ended_by_them=by_them)
    subjects.drop(page, rules.ref_of(partner.pk), kind=DeadlineKind.PARTNER, now=now)
    forget_officers(page, [uuid.UUID(key) for key in partner.officers])
