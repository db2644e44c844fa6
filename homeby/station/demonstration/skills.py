"""What people of the village hold: a catalogue, papers, a task book on its way, and a mentor."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from homeby.logbook.rules import new_tap
from homeby.people.rules import STATION, Viewer
from homeby.readiness.actions import catalogue, holdings, mentoring, task_books
from homeby.readiness.actions.holdings import PaperFields
from homeby.readiness.actions.mentoring import MentorFields, StepFields
from homeby.readiness.queries.qualifications import rows_by_key
from homeby.readiness.shipped import shipped_files

#: Who has which paper: since how many days, for how many more (None: none stands on it).
PAPERS = (
    ("tsunade", "FIRST-AID", 900, None),
    ("tsunade", "FLDM", 300, None),
    ("tsunade", "NAVIGATION", 900, None),
    ("neji", "FLDM", 300, None),
    ("neji", "NAVIGATION", 800, None),
    ("neji", "FIRST-AID", 700, 25),
    ("kakashi", "FLDL", 600, None),
    ("kakashi", "FIRST-AID", 600, 400),
    ("sakura", "FIRST-AID", 200, 500),
    ("naruto", "FIRST-AID", 800, -5),
    ("kurenai", "NAVIGATION", 400, None),
)


def fill(
    people: Mapping[str, uuid.UUID], *, tsunade: Viewer, sakura: Viewer, now: dt.datetime
) -> None:
    """Everything, as it stands while the agent is out."""
    catalogue.load(files=shipped_files(), by=STATION, now=now, tap=new_tap())
    keys = {key: row.pk for key, row in rows_by_key().items()}
    day = now.date()
    for who, key, since, more in PAPERS:
        begins = day - dt.timedelta(days=since)
        fields = PaperFields(
            qualification_id=keys[key],
            from_date=begins,
            expires_date=None if more is None else day + dt.timedelta(days=more),
        )
        holdings.record_paper(
            person_id=people[who], fields=fields, by=STATION, now=now, tap=new_tap()
        )
    task_books.open_book(
        person_id=people["sakura"],
        qualification_id=keys["FLDM"],
        by=tsunade,
        now=now,
        tap=new_tap(),
    )
    mentor = MentorFields(mentor_id=people["tsunade"], aims=((keys["FLDM"], "by herself"),))
    mentoring.begin(learner_id=people["sakura"], fields=mentor, by=tsunade, now=now, tap=new_tap())
    step = StepFields(qualification_id=keys["FLDM"], by_date=day + dt.timedelta(days=90))
    mentoring.add_step(fields=step, by=sakura, now=now, tap=new_tap())
