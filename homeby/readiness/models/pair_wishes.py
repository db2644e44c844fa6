"""With whom somebody likes to go: a wish, and no more."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow


class PairWish(StateRow):
    """Somebody says that she works well with another. Read by herself and by whoever plans, and
    never by the other; it binds nobody, and has no reason."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "other"], name="wished_once"),
            models.CheckConstraint(name="wish_of_another", condition=~Q(person=F("other"))),
        ]

    def __str__(self) -> str:
        return f"wish of {self.person_id}"
