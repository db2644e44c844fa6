"""Packs a person's own data into one ZIP: what the rooms gathered as JSON, and a PDF to read."""

from __future__ import annotations

import datetime as dt
import json
import uuid
import zipfile
from dataclasses import replace
from functools import partial
from typing import IO, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from homeby import instants
from homeby.archive import gathering, leaving
from homeby.archive.paper import Paper, Section, pdf
from homeby.archive.words import LOOKED_AT, NOTED
from homeby.people import queries as people
from homeby.people.actions.archives import note_archive
from homeby.people.rules import Viewer
from homeby.people.rules_callsigns import ERASED_NAME
from homeby.readiness.queries.who import viewer_for

#: What stands in one file of its own; the rest is about the person.
_OWN_FILES = (
    "missions",
    "first_reports",
    "lessons",
    "more_time",
    "messages",
    "webhooks",
    "watch_bill",
    "looks",
)
MISSIONS_ON_PAPER = 300
LOOKS_ON_PAPER = 300


def pack(*, person_id: uuid.UUID, by: Viewer, now: dt.datetime, to: IO[bytes]) -> int:
    """Write the archive of a person to a file, and that it was asked for into the logbook; gives
    how many entries it holds. Raises Refused for whoever is neither she nor the station."""
    note_archive(person_id=person_id, by=by, now=now)
    viewer = replace(viewer_for(person_id, now=now), roles=frozenset(), team_roles=frozenset())
    found = gathering.rows(viewer, now=now)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        about = {name: value for name, value in found.items() if name not in _OWN_FILES}
        _add(archive, "about-me.json", about | {"made_at": now.isoformat()})
        for name in _OWN_FILES:
            _add(archive, f"{name.replace('_', '-')}.json", found[name])
        count = _add_entries(archive, viewer)
        archive.writestr("checkpoint.txt", leaving.checkpoint(now=now))
        archive.writestr("read-me.pdf", pdf(_paper(found, count, now=now), now=now))
    return count


def _add(archive: zipfile.ZipFile, name: str, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    archive.writestr(name, text)


def _add_entries(archive: zipfile.ZipFile, viewer: Viewer) -> int:
    """One entry after the other, so that the whole is never held."""
    count = 0
    with archive.open("entries.json", "w", force_zip64=True) as file:
        file.write(b"[")
        for entry in gathering.entries(viewer):
            file.write(b",\n" if count else b"\n")
            file.write(json.dumps(entry, ensure_ascii=False, sort_keys=True).encode())
            count += 1
        file.write(b"\n]\n")
    return count


def _paper(found: dict[str, Any], entries: int, *, now: dt.datetime) -> Paper:
    person = found["person"]
    organisation = people.organisation()
    zone = people.zone()
    note = _(
        "Made on %(at)s. All of it lies beside this page, too, in files for machines (JSON). Other "
        "people stand there by their callsigns. Signs that no font of this station has may be "
        "missing on paper; the files hold them. What was done by a duress PIN is never in it."
    )
    return Paper(
        title=_("What %s keeps of me") % (organisation.name if organisation else "Homeby"),
        author=person["callsign"] or person["name"],
        language=(get_language() or "en")[:2],
        note=note % {"at": instants.wall(now, zone, now)},
        nothing=_("Nothing."),
        sections=[
            *_about(found),
            *_apart_and_passkeys(found, zone, now),
            _care(found, zone, now),
            _missions(found["missions"], zone, now),
            _looks(found["looks"], zone, now),
            _counts(found, entries),
        ],
    )


def _about(found: dict[str, Any]) -> list[Section]:
    person = found["person"]
    return [
        Section(
            title=_("Who I am"),
            rows=_pairs(
                (_("Name"), person["name"]),
                (_("Callsign"), person["callsign"]),
                (_("Rank"), person["rank"]),
                (_("Date of birth"), person.get("born", "")),
                (_("Language"), person["language"]),
                (_("Teams"), ", ".join(one["team__name"] for one in found["teams"])),
                (_("Log-in name"), ", ".join(one["login"] for one in found["log_ins"])),
            ),
        ),
        Section(
            title=_("How I am reached"),
            rows=[(one["channel"], one["address"]) for one in found["contact_points"]],
        ),
        Section(
            title=_("Who waits for me"),
            columns=(_("Name"), _("Address"), _("May be told:")),
            rows=[
                (one.get("name", ""), one.get("address", ""), one["may_know"])
                for one in found["kin"]
            ],
        ),
        Section(
            title=_("For a bad day"),
            rows=[
                (kept, "; ".join(text for text in values.values() if text))
                for kept, values in found["for_a_bad_day"].items()
            ],
        ),
    ]


def _pairs(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if pair[1]]


def _at(text: str | None, zone: str, now: dt.datetime) -> str:
    return instants.wall(dt.datetime.fromisoformat(text), zone, now) if text else ""


def _apart_and_passkeys(found: dict[str, Any], zone: str, now: dt.datetime) -> list[Section]:
    at = partial(_at, zone=zone, now=now)
    return [
        Section(
            title=_("Kept away"),
            columns=(_("Callsign"), _("since"), _("Until")),
            rows=[
                (one["other_id"] or ERASED_NAME, at(one["filed_at"]), at(one["ended_at"]))
                for one in found["stay_aways"]
            ],
        ),
        Section(
            title=_("Passkeys"),
            columns=(_("Name"), _("since"), _("last used")),
            rows=[
                (one["name"], at(one["added_at"]), at(one["used_at"])) for one in found["passkeys"]
            ],
        ),
    ]


def _care(found: dict[str, Any], zone: str, now: dt.datetime) -> Section:
    """What was said and done between her and welfare officers, as she may read it."""
    notes = [each for one in found["concerns"] for each in one["notes"]]
    return Section(
        title=_("Help and care"),
        columns=(_("When"), _("What"), _("Who"), _("In words")),
        rows=[
            (
                _at(one["at"], zone, now),
                str(NOTED.get(one["kind"], one["kind"])),
                one["by_id"] or "",
                "; ".join(text for name, text in one["said"].items() if name not in ("at", "how")),
            )
            for one in sorted(notes, key=lambda one: str(one["at"]))
        ],
    )


def _looks(rows: list[dict[str, Any]], zone: str, now: dt.datetime) -> Section:
    """The newest; all stand in the file beside it."""
    return Section(
        title=_("Who looked at me"),
        columns=(_("When"), _("Who"), _("What"), _("Why")),
        rows=[
            (
                _at(one["first_at"], zone, now),
                one["viewer_id"],
                str(LOOKED_AT.get(one["kind"], one["kind"])),
                one["why"],
            )
            for one in rows[:LOOKS_ON_PAPER]
        ],
    )


def _missions(rows: list[dict[str, Any]], zone: str, now: dt.datetime) -> Section:
    at = partial(_at, zone=zone, now=now)
    return Section(
        title=_("Missions"),
        columns=(_("What"), _("Where"), _("Out"), _("Back")),
        rows=[
            (row["what"], row["place"], at(row["own"]["out_at"]), at(row["own"]["back_at"]))
            for row in rows[:MISSIONS_ON_PAPER]
        ],
    )


def _counts(found: dict[str, Any], entries: int) -> Section:
    return Section(
        title=_("How much there is"),
        rows=[
            (_("Missions"), str(len(found["missions"]))),
            (_("Messages"), str(len(found["messages"]))),
            (_("Entries in the logbook"), str(entries)),
            (_("Devices"), str(len(found["devices"]))),
            (_("Personal tokens"), str(len(found["personal_tokens"]))),
        ],
    )
