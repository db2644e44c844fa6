"""The entry kinds of qualifications, task books, mentors and plans. Pure.

Whatever is said of a person is for her, and for whoever oversees her on the pages of this room; no
list of entries shows it to an administrator.
"""

from __future__ import annotations

from homeby.logbook.rules import Audience, Erasure, declare


def _hers(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.PERSON, erase=Erasure.ERASE_BODY)


CATALOGUE_SET = declare(
    "CATALOGUE_SET",
    "The catalogue of qualifications was changed",
    seen_by=Audience.OFFICE,
    erase=Erasure.NOTHING_PERSONAL,
)
TASK_BOOK_OPENED = _hers("TASK_BOOK_OPENED", "A task book was opened")
TASK_BOOK_SIGNED = _hers("TASK_BOOK_SIGNED", "A task book was signed")
TASK_BOOK_CLOSED = _hers("TASK_BOOK_CLOSED", "A task book was closed before its end")
QUALIFICATION_CERTIFIED = _hers("QUALIFICATION_CERTIFIED", "A qualification was certified")
QUALIFICATION_RECORDED = _hers("QUALIFICATION_RECORDED", "A paper was recorded")
QUALIFICATION_WITHDRAWN = _hers("QUALIFICATION_WITHDRAWN", "A qualification was withdrawn")
QUALIFICATION_BADGED = _hers("QUALIFICATION_BADGED", "A signed Open Badge was taken away")
QUALIFICATION_DONE = _hers("QUALIFICATION_DONE", "A position on a mission counts as done")
QUALIFICATION_WARNED = _hers("QUALIFICATION_WARNED", "Somebody was told that hers ends soon")
PARTY_ROLE_GIVEN = _hers("PARTY_ROLE_GIVEN", "A position on a mission was said")
MENTORSHIP_BEGAN = _hers("MENTORSHIP_BEGAN", "A mentorship began")
MENTORSHIP_CHANGED = _hers("MENTORSHIP_CHANGED", "A mentorship was changed or ended")
MENTOR_SESSION_HELD = _hers("MENTOR_SESSION_HELD", "A mentor's session was written down")
PLAN_STEP_SET = _hers("PLAN_STEP_SET", "A step of a development plan was set")
