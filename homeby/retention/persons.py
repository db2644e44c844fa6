"""Erases one person who asks for it, all at once or not at all. Name and callsign go, her key is
destroyed, the words about her are erased; that she was erased, when, by whom and why stays."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from homeby.comms.actions import forgetting as comms_words
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.emptying import forget_looks
from homeby.logbook.forgetting import Forgetting, Reach, forget, forget_words
from homeby.logbook.rules import Refused, Tap
from homeby.missions.actions import forgetting as missions_words
from homeby.missions.queries.in_use import is_on_mission, missions_of
from homeby.people import kinds
from homeby.people.actions.organisation import require
from homeby.people.actions.persons import person_to_erase
from homeby.people.actions.retention import erase_rows
from homeby.people.queries.callsigns import ever_called
from homeby.people.rules import Role, Viewer
from homeby.readiness.actions import forgetting as readiness_words
from homeby.retention.applying import spared
from homeby.retention.forgotten import NAMED, PLACES, REPORTS
from homeby.watch.actions import forgetting as watch_words
from homeby.watch.actions.acts import drop_act
from homeby.watch.queries.by_subject import refs_of_acts
from homeby.watch.queries.in_use import is_missed, stands_on_bill
from homeby.welfare.actions import forgetting as welfare_words

REASON_MAX = 500
#: All words in entries about her; and in entries that name her how she looked, what she was called,
#: and what was sent.
ABOUT_HER = Forgetting(name="PERSON", every_body=True)
OF_HERS = Forgetting(
    name="PERSON",
    blank={
        **REPORTS,
        **NAMED,
        "missions.partymember": PLACES["missions.partymember"],
        "people.stayaway": {"other_id": None, "filed_by_id": None},
    },
)
#: All tables and columns with words that are hers, whoever wrote them.
WORDS = (
    *missions_words.WORDS,
    *readiness_words.WORDS,
    *watch_words.WORDS,
    *comms_words.WORDS,
)


@logbook.once
def erase_person(
    *, person_id: uuid.UUID, reason: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Erase a person for good. Not while she is out, an alarm about her is open, or a watch is
    hers: then nobody would be looked for, or nobody told."""
    require(by, Role.ADMINISTRATOR)
    if not reason.strip() or len(reason) > REASON_MAX:
        raise Refused(reason=_("Say in a sentence that she asked, and how (500 characters)."))
    answer = _("She is erased. What others did stays, without her name.")
    with transaction.atomic():
        person = person_to_erase(person_id, by=by, now=now)
        _refuse_while_needed(person_id, now=now)
        names = ever_called(person_id)
        if _names_her(reason, names):
            raise Refused(
                reason=_(
                    "This stays in the logbook for ever: speak of her by no name and no callsign."
                )
            )
        with logbook.writing(now=now, by=by.person_id) as book:
            page = book.entry(
                kinds.PERSON_ERASED,
                subject=f"person:{person_id}",
                person=person_id,
                facts={"reason": reason.strip()},
                tap=tap,
                answer=answer,
            )
            erase_rows(page, person)
            missions_words.forget_person(page, person_id)
            readiness_words.forget_person(page, person_id)
            welfare_words.forget_person(page, person_id)
            refs = [*missions_of(person_id), *_dropped(page, person_id, why=answer)]
            refs += missions_words.help_refs(person_id)
            watch_words.forget_person(
                page, person_id, names=names, refs=refs
            )  # locked before messages
            comms_words.forget_person(page, person_id)
            forget_looks(page, person_id)
        for rule, mentions in ((ABOUT_HER, False), (OF_HERS, True)):
            reach = Reach(person_id=person_id, mentions=mentions)
            forget(rule, reach, spared=partial(spared, now=now), by=by.person_id, now=now)
        forget_words(WORDS, person_id, spared=partial(spared, now=now), by=by.person_id, now=now)
    return answer


_WORD = re.compile(r"\w+")


def _names_her(text: str, names: Collection[str]) -> bool:
    """Whether a word of this, or several, is what somebody is or was called."""
    said, *called = (" ".join(_WORD.findall(one.casefold())) for one in (text, *names))
    return any(one and f" {one} " in f" {said} " for one in called)


def _dropped(page: Page, person_id: uuid.UUID, *, why: str) -> list[str]:
    """The acts that were waited for about her, which nobody waits for any more."""
    assert page.book.by is not None, "an administrator erases"
    refs = sorted(refs_of_acts([person_id]))
    for ref in refs:
        drop_act(page, ref, by=page.book.by, why=why)
    return refs


def _refuse_while_needed(person_id: uuid.UUID, *, now: dt.datetime) -> None:
    if is_on_mission(person_id):
        raise Refused(
            _("She is on a mission that is planned or not over: somebody may have to look for her.")
        )
    if is_missed(person_id):
        raise Refused(_("An alarm about her is open. It must end first."))
    if stands_on_bill(person_id, now=now):
        raise Refused(_("She stands on the watch bill. Put somebody else there first."))
