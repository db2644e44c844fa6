"""What the pages of qualifications share: words, colours, choices."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy

from homeby.readiness.rules.currency import WARN_DAYS, Standing, Validity
from homeby.readiness.rules.qualifications import QualificationKind, Stage
from homeby.web import words

STANDINGS: words.Words = {
    Standing.CURRENT: gettext_lazy("valid"),
    Standing.LAPSED: gettext_lazy("lapsed"),
    Standing.NOT_YET: gettext_lazy("begins later"),
    Standing.WITHDRAWN: gettext_lazy("withdrawn"),
    Standing.NOT_HELD: gettext_lazy("not held"),
}
LEVELS = {
    Standing.CURRENT: "green",
    Standing.LAPSED: "red",
    Standing.NOT_YET: "plain",
    Standing.WITHDRAWN: "red",
    Standing.NOT_HELD: "plain",
}
KINDS: words.Words = {
    QualificationKind.COURSE: gettext_lazy("course"),
    QualificationKind.SKILL: gettext_lazy("skill"),
    QualificationKind.POSITION: gettext_lazy("position"),
    QualificationKind.RANK: gettext_lazy("rank"),
}
STAGES: words.Words = {
    Stage.INITIATE: gettext_lazy("opened"),
    Stage.EVALUATE: gettext_lazy("shown"),
    Stage.FINAL: gettext_lazy("final evaluation"),
    Stage.CERTIFY: gettext_lazy("certified"),
}


def stands(found: Validity, *, day: dt.date) -> dict[str, Any]:
    """How somebody stands, for a page: word, colour, last day."""
    ends_soon = (
        found.standing is Standing.CURRENT
        and found.through is not None
        and (found.through - day).days <= WARN_DAYS
    )
    return {
        "word": words.word(STANDINGS, found.standing),
        "level": "amber" if ends_soon else LEVELS[found.standing],
        "through": found.through,
        "is_current": found.standing is Standing.CURRENT,
        "is_held": found.standing is not Standing.NOT_HELD,
    }
