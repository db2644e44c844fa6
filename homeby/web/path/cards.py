"""A page of acts: each is a card with a form and its buttons, and posts to the page itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from homeby.logbook.rules import Refused
from homeby.web.door import Door, show
from homeby.web.gate.acts import already


@dataclass(frozen=True, kw_only=True)
class Button:
    """One button: the name of its act, its label, and what does it with the valid form."""

    act: str
    label: str | Promise
    do: Callable[[Any], str]
    look: str = "main"


@dataclass(frozen=True, kw_only=True)
class Card:
    """One form of a page. `make` builds it from what was sent, or from nothing; `note` says
    what should be known before, `facts` what is known of her, `doubts` what speaks against it."""

    title: str | Promise
    buttons: Sequence[Button]
    make: Callable[[Any], forms.Form] = forms.Form
    note: str | Promise = ""
    facts: Sequence[str] = ()
    doubts: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A card as the template draws it."""

    card: Card
    form: forms.Form


def done(door: Door, cards: Sequence[Card]) -> tuple[bool, list[Shown]]:
    """What was sent, done, and whether the page is to be opened anew; the cards as they are to be
    shown otherwise, with sentences beside the fields and all that was typed. A tap that comes twice
    gets its answer again, and one on a page that is no longer true is told so."""
    sent = door.request.POST if door.request.method == "POST" else None
    if sent is None:
        return False, [Shown(card=one, form=one.make(None)) for one in cards]
    if before := already(door):
        messages.success(door.request, before.answer)
        return True, []
    wanted = sent.get("act", "")
    found = [(card, one) for card in cards for one in card.buttons if one.act == wanted]
    if not found:
        messages.error(door.request, _("It stands differently by now: look again."))
        return True, []
    card, button = found[0]
    form = card.make(sent)
    if form.is_valid() and _is_done(door, form, button):
        return True, []
    return False, [Shown(card=one, form=form if one is card else one.make(None)) for one in cards]


def _is_done(door: Door, form: forms.Form, button: Button) -> bool:
    try:
        messages.success(door.request, button.do(form))
    except Refused as refused:
        show(form, refused)
        return False
    return True
