"""What can be entered in the office by a general form: one blank for each kind of thing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from homeby.logbook.rules import Tap
from homeby.people import queries as people
from homeby.people.rules import Role
from homeby.web.door import Door
from homeby.web.office.timed import key_of

Text = str | Promise
#: Where a page leads back to: its address and its name.
Way = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Blank:
    """A form of the office. `item` is what stands in the address: an id, or "new".

    `roles` empty: everybody who is logged in may ask, and `form` judges whose it is. `keep` does
    the one act that the filled form asks for.
    """

    title: Text
    intro: Text = ""
    submit: Text = ""
    roles: tuple[Role, ...] = (Role.ADMINISTRATOR,)
    form: Callable[[Door, str, Any], forms.Form]
    keep: Callable[[Door, str, Any, Tap], str]
    back: Callable[[Door, str], Way]
    after: Callable[[Door, str, Tap], str] | None = None


def simple(form: Callable[[Any], forms.Form]) -> Callable[[Door, str, Any], forms.Form]:
    """A form that needs nothing but what was sent."""

    def make(door: Door, item: str, sent: Any) -> forms.Form:
        new_only(item)
        return form(sent)

    return make


def new_only(item: str) -> None:
    """This thing is only entered, never changed."""
    if item != "new":
        raise Http404


def item_id(item: str) -> uuid.UUID:
    """The id in the address."""
    key = key_of(item)
    if key is None:
        raise Http404
    return key


def person_asked(door: Door) -> uuid.UUID:
    """The person an entry is for (`?person=`); a 404 for whoever may not see them."""
    key = key_of(door.request.GET.get("person", ""))
    if key is None or people.person(door.viewer, key) is None:
        raise Http404
    return key


def own_or_administrator(door: Door, person_id: uuid.UUID) -> uuid.UUID:
    """A person's own affairs: hers, or an administrator's who is not kept away from her."""
    theirs = door.viewer.has(Role.ADMINISTRATOR) and person_id not in door.viewer.apart
    if door.viewer.person_id != person_id and not theirs:
        raise Http404
    return person_id


def way_to_person(door: Door, person_id: uuid.UUID) -> Way:
    """The page on which a person's affairs stand: her own one, or the office's."""
    if door.viewer.person_id == person_id and not door.viewer.has(Role.ADMINISTRATOR):
        return reverse("account"), _("My page")
    found = people.person(door.viewer, person_id)
    return reverse("office-person", args=[person_id]), found.shown_as if found else _("People")


def back_to_person(door: Door, item: str) -> Way:
    """The same for the person in the address."""
    return way_to_person(door, person_asked(door))


def back_to_list(kind: str, title: Text) -> Callable[[Door, str], Way]:
    """The list on which a thing stands."""

    def way(door: Door, item: str) -> Way:
        return reverse("office-list", args=[kind]), str(title)

    return way


def teams(door: Door) -> list[tuple[str, str]]:
    """Every team as the choices of a field."""
    return [(str(team.pk), team.name) for team in people.teams(door.viewer)]
