"""Her kin as the person herself sees them: their links, and whether she has confirmed them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from homeby import settings
from homeby.missions.queries.sheets import Sheet
from homeby.people import private
from homeby.people.queries import kin
from homeby.people.queries.kin import KinFacts
from homeby.people.rules import MayKnow, Purpose
from homeby.web import words
from homeby.web.door import Door
from homeby.web.kin import agreed
from homeby.web.kin.numbers import own_line


def page_of(door: Door, one: KinFacts) -> dict[str, Any]:
    """The page of one of the viewer's kin: whether they may have one, its whole address ("" where
    there is none), and since when that holds."""
    found = {
        "has_page": one.may_know is not MayKnow.NOTHING and not one.is_kept_from,
        "link": "",
        "link_at": one.link_at,
        "agreed": agreed.of_the_page(one.may_know),
        "agreed_messages": agreed.of_messages(one.may_know, looks_in=one.looks_in),
    }
    if one.link_sealed is None or not found["has_page"]:
        return found
    secret = private.kin_links([one.id], purpose=Purpose.OWN_PAGE).get(one.id)
    if secret is None:
        return found
    address = reverse("kin-page", args=[secret])
    return found | {"link": f"{settings.current().public_url}{address}"}


def to_confirm(door: Door, sheet: Sheet) -> dict[str, Any] | None:
    """What stands on the sign-out page of somebody who goes herself: whom she named, what each may
    know, and when she confirmed it. None for everybody else."""
    own = own_line(door, sheet)
    if own is None:
        return None
    return {
        "kin": [
            {"name": _name(one), "told": _told(one)}
            for one in kin.kin_named(door.viewer, own.person_id)
        ],
        "confirmed_at": own.kin_confirmed_at,
    }


def _told(one: KinFacts) -> str:
    if one.is_kept_from:
        return _("told nothing: you are kept away from them")
    return words.word(words.MAY_KNOW, one.may_know)


def _name(one: KinFacts) -> str:
    try:
        return private.unseal(one.person_id, one.sealed, purpose=Purpose.OWN_PAGE)["name"]
    except (private.Shredded, KeyError):
        return "?"
