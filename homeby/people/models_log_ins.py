"""Log-ins that were tried: a table of its own, for their person to read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from homeby.people.rules_log_ins import Proof

_PROOFS = [(one, one) for one in Proof]


class LogInTry(models.Model):
    """Somebody came in, or was turned away, by the log-in of a person. No state row and no entry:
    it changes nothing, it goes with its time, and a logbook keeps for ever. Of what was typed
    nothing stands here, nor from which address it came. Wrong tries of
    one hour are one row."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="of several in one hour the last")
    hour = models.BigIntegerField(help_text="which hour of the clock this is")
    succeeded = models.BooleanField()
    proof = models.CharField(max_length=20, choices=_PROOFS)
    proof_too = models.CharField(max_length=20, choices=_PROOFS, blank=True)
    browser = models.CharField(max_length=200, blank=True, help_text="as it calls itself")
    times = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "-at"], name="tries_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at} {self.proof}"
