"""What the watch knows a person by, taken out where she is erased."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection

from django.db.models import Q

from homeby.logbook.actions import Page
from homeby.logbook.forgetting import Words, blank_words
from homeby.watch.models import Duress, KinCare, KinWorry, Subject
from homeby.watch.rules.duress import silent_ref
from homeby.watch.rules.unplaced import REF

#: What stands in place of a name that is erased; no text of ours, but data.
ERASED = "–"  # noqa: RUF001 - a dash, as for "nobody"
#: Who was forced and where, what her kin said, and as whom kin read her name.
WORDS = (
    Words(table=Duress, blank={"who": ERASED, "place": ""}),
    Words(table=KinWorry, blank={"said": ""}),
    Words(table=KinCare, of="held_by_id", blank={"speaker": ERASED}),
)
_AT_ONCE = 500


def forget_person(
    page: Page, person_id: uuid.UUID, *, names: Collection[str], refs: Collection[str]
) -> None:
    """Take out, as part of an entry, what screens ever called her (`names`) of the titles of what
    she was watched by (`refs`), of silent alarms and of what is said to kin, what hers said, and
    what she said when she asked for HELP."""
    forced = list(Duress.objects.select_for_update().filter(person_id=person_id).order_by("pk"))
    _retitle(page, Q(pk__in=[one.subject_id for one in forced]), names)
    wanted = sorted({one for ref in refs for one in (ref, silent_ref(ref))})
    for start in range(0, len(wanted), _AT_ONCE):
        _retitle(page, Q(ref__in=wanted[start : start + _AT_ONCE]), names)
    for name in names:  # HELP at a gate, where somebody said it who was not known to be she
        _retitle(page, Q(ref__startswith=REF, title=f"“{name}”"), [f"“{name}”"])
    blank_words(page, WORDS, person_id)


def _retitle(page: Page, which: Q, names: Collection[str]) -> None:
    for subject in Subject.objects.select_for_update().filter(which).order_by("pk"):
        title = without(names, subject.title)
        now_is = {"title": title, "said": ""}
        changed = {name: said for name, said in now_is.items() if getattr(subject, name) != said}
        if changed:
            page.change(subject, **changed)


def without(names: Collection[str], title: str) -> str:
    """A title ("Fox, Owl +2") with a dash for each of these names that stands in it whole."""
    known = "|".join(re.escape(one) for one in sorted(names, key=len, reverse=True) if one)
    if not known:
        return title
    return re.sub(rf"(?:(?<=^)|(?<=, ))(?:{known})(?=$|, | \+\d+$)", ERASED, title)
