"""What a person does for the kin of those who are out: says which search step is taken, or speaks
with the family in place of the machine. A named person gives bad news, never a message or a page
(`STORY.md` 37)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from homeby.comms.actions.tell import cancel_to, tell
from homeby.comms.rules import Order
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.people.texts import Naming, Words, named, spoken_to
from homeby.watch import texts_kin
from homeby.watch.actions import kin_news, notices, recipients
from homeby.watch.models import KinCare, KinNews, Subject
from homeby.watch.rules.kin import SearchStep
from homeby.watch.rules.kinds import KIN_HELD, KIN_HOLD_ENDED, KIN_STEP_SAID

SPEAKER_MOST = 100


def _subject(ref: str, by: Viewer) -> Subject:
    """The subject, locked before anything of it; refused to whoever has no part in it, or is the
    one it is about."""
    found = Subject.objects.select_for_update(no_key=True).filter(ref=ref).first()
    team_id = found.team_id if found else None
    if by.person_id is None or not by.has_for(team_id, Role.DUTY_OFFICER, Role.LEADER):
        raise Refused(_("Only a duty officer or a leader speaks to kin."))
    if found is None:
        raise Refused(_("Nobody of this mission has gone out yet."))
    if str(by.person_id) in found.party:
        raise Refused(_("You are one of those this is about. Ask the duty officer."))
    return found


def _set(page: Page, subject: Subject, **values: Any) -> KinCare:
    row = KinCare.objects.select_for_update().filter(subject=subject).first()
    if row is None:
        row = KinCare(id=uuid.uuid4(), subject=subject, **values)
        page.add(row)
    else:
        page.change(row, **values)
    return row


@logbook.once
def say_step(*, ref: str, step: SearchStep, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Say to the kin of a subject what is done now, in an agreed sentence: on their page, and in a
    message to those who were told. The hour promised to them stands."""
    with logbook.writing(now=now, by=by.person_id) as book:
        subject = _subject(ref, by)
        care = kin_news.care_of(subject)
        if care.is_held:
            raise Refused(_("%s speaks with them now. End that first.") % care.speaker)
        answer = _("Said to the kin: %s") % texts_kin.step_words(step)
        page = book.entry(KIN_STEP_SAID, subject=ref, facts={"step": step}, tap=tap, answer=answer)
        _set(page, subject, step=step, step_at=now, step_by_id=by.person_id)
        tell(page, _step_orders(page, subject, step), now=now)
    return answer


def _step_orders(page: Page, subject: Subject, step: SearchStep) -> list[Order]:
    rows = list(KinNews.objects.filter(subject=subject, ended_at__isnull=True))
    kin = {one.person_id: one for one in people.kin_by_id([row.kin_id for row in rows])}
    orders = []
    for row in rows:
        one = kin.get(row.kin_id)
        if one is None or row.next_at is None:
            continue
        with spoken_to(one):
            text = texts_kin.step_words(step)
            end = kin_news.next_hour(subject, row.next_at, now=page.book.now)
            head = _("A message from the watch")
        words, part = (head, f"{text}\n{end}"), f"step/{page.entry.entry_id}"
        orders.append(kin_news.order_for(row, one, words, part=part))
    return orders


@logbook.once
def hold(*, ref: str, speaker: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """From now on a named person speaks with the kin of a subject, and no message of ours does: not
    at a promised hour, not "back". Their pages say who will call. Ends by a person only; whoever
    holds the watch hears of it (P17)."""
    speaker = " ".join(speaker.split())
    if not speaker:
        raise Refused(speaker=_("Say who will call them, by the name they shall read."))
    if len(speaker) > SPEAKER_MOST:
        raise Refused(speaker=_("The name has %d characters; 100 fit.") % len(speaker))
    with logbook.writing(now=now, by=by.person_id) as book:
        subject = _subject(ref, by)
        if not by.has_for(subject.team_id, Role.DUTY_OFFICER):
            raise Refused(_("Only a duty officer puts this on hold."))
        answer = _("%s speaks with them from now on. No message goes to kin until you end it.")
        answer %= speaker
        facts = {"speaker": speaker}
        page = book.entry(KIN_HELD, subject=ref, facts=facts, tap=tap, answer=answer)
        ended = {"hold_ended_at": None, "hold_ended_by_id": None}
        _set(page, subject, speaker=speaker, held_at=now, held_by_id=by.person_id, **ended)
        cancel_to(book, _kin_of(subject), why="a person speaks with them")

        def words(names: Mapping[uuid.UUID, str]) -> Words:
            head = _("%(who)s: %(speaker)s speaks with the kin")
            text = _("By %s. No message goes to kin on this mission until somebody ends it.")
            return head % {"who": subject.title, "speaker": speaker}, text % named(by, names)

        _tell_officers(page, subject, words)
    return answer


def _kin_of(subject: Subject) -> list[uuid.UUID]:
    """Kin of those who are out, and those who were told of this subject."""
    party = [uuid.UUID(key) for key in subject.party]
    told = KinNews.objects.filter(subject=subject).values_list("kin_id", flat=True)
    return list({*(one.person_id for one in people.kin_recipients(party)), *told})


def _tell_officers(page: Page, subject: Subject, words: Naming) -> None:
    party = [uuid.UUID(key) for key in subject.party]
    to = recipients.officers_about(party, now=page.book.now, knows=[page.book.by])
    key = f"{kin_news.about(subject)}/held/{page.entry.entry_id}"
    about, naming = kin_news.about(subject), [page.book.by]
    notices.notify_naming(page, to, words, naming=naming, key=key, about=about)


@logbook.once
def end_hold(*, ref: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """The person has spoken with the family; while somebody is still out the messages go on, the
    next within the hour. Of whoever came in meanwhile no machine says anything any more."""
    with logbook.writing(now=now, by=by.person_id) as book:
        subject = _subject(ref, by)
        care = kin_news.care_of(subject)
        if not care.is_held:
            raise Refused(_("Nothing is on hold: the messages to kin go on as they are."))
        answer = _("The messages to kin go on.")
        page = book.entry(KIN_HOLD_ENDED, subject=ref, tap=tap, answer=answer)
        _set(page, subject, hold_ended_at=now, hold_ended_by_id=by.person_id)
        kin_news.go_on(page, subject)

        def words(names: Mapping[uuid.UUID, str]) -> Words:
            text = _("By %(by)s; until now %(speaker)s spoke with them.")
            text %= {"by": named(by, names), "speaker": care.speaker}
            return _("%s: the messages to kin go on") % subject.title, text

        _tell_officers(page, subject, words)
    return answer


def silence(book: Book, kin_id: uuid.UUID) -> None:
    """One of the kin was taken out, or may be told nothing: what still waits to be sent to them is
    taken back in the same commit."""
    cancel_to(book, [kin_id], why="no longer kin who are told")
