"""The form in which a person orders how she is reached."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from homeby.people.actions.contacts import RANK_MAX, Ranks


@dataclass(frozen=True, kw_only=True)
class PointToOrder:
    """A contact point as the form names it, with its present places."""

    id: uuid.UUID
    label: str
    rank: int
    rank_in_danger: int


class ContactOrderForm(forms.Form):
    """Two numbers for each contact point: its place in danger, and its place otherwise."""

    def __init__(self, *args: Any, points: Sequence[PointToOrder], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = points
        for point in points:
            says = _("%s, when somebody is in danger") % point.label
            self.fields[f"danger_{point.id}"] = _place(says, point.rank_in_danger)
        for point in points:
            says = _("%s, for every other message") % point.label
            self.fields[f"other_{point.id}"] = _place(says, point.rank)

    def ranks(self) -> dict[uuid.UUID, Ranks]:
        """The places that were typed."""
        return {
            point.id: Ranks(
                rank=self.cleaned_data[f"other_{point.id}"],
                rank_in_danger=self.cleaned_data[f"danger_{point.id}"],
            )
            for point in self.points
        }


def _place(label: str, present: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, initial=present, min_value=1, max_value=RANK_MAX)
