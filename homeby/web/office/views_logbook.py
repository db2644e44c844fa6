"""The logbook, and who looked at whom, by person, kind, actor, time; as far as one may read it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby import instants
from homeby.archive import leaving
from homeby.logbook import looks
from homeby.logbook.looks import Hers, Wanted
from homeby.logbook.reading import ReadKind, opened
from homeby.missions.queries import looked
from homeby.people.queries.callsigns import called
from homeby.people.rules import STATION, Role
from homeby.web import recheck
from homeby.web.context import OFFICE_ROLES
from homeby.web.door import Door, page
from homeby.web.office import ledger

PAGE_SIZE = 50
EXPORT_MOST = 10_000
_LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class FilterForm(forms.Form):
    """What is to be seen; empty fields leave everything."""

    person = forms.CharField(label=gettext_lazy("About whom"), required=False, max_length=60)
    actor = forms.CharField(label=gettext_lazy("By whom"), required=False, max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("To, with that day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, sent: Any, *, door: Door, of_looks: bool) -> None:
        super().__init__(sent)
        self.apart = door.viewer.apart
        self.place = instants.zone_info(door.zone)
        field: Any = self.fields["kind"]
        field.choices = [("", _("everything")), *ledger.kind_choices(door, of_looks=of_looks)]

    def _one(self, name: str) -> uuid.UUID | None:
        text = self.cleaned_data[name]
        found = [key for key in called(text) if key not in self.apart] if text.strip() else []
        if text.strip() and not found:
            raise forms.ValidationError(_("Nobody is called “%s”.") % text)
        return found[0] if found else None

    def clean_person(self) -> uuid.UUID | None:
        """Whom the entries are about, by callsign."""
        return self._one("person")

    def clean_actor(self) -> uuid.UUID | None:
        """Who did it, by callsign."""
        return self._one("actor")

    def _day(self, name: str, *, after: int = 0) -> dt.datetime | None:
        day = self.cleaned_data.get(name)
        if day is None or not dt.date(1970, 1, 2) <= day <= dt.date(9990, 1, 1):
            return None
        return dt.datetime.combine(day + dt.timedelta(days=after), dt.time(), self.place)

    def wanted(self, door: Door, *, of_looks: bool) -> Wanted:
        """What was asked for, as far as it was understood."""
        person = self.cleaned_data.get("person")
        since, until = self._day("since"), self._day("until", after=1)
        hers = Hers()
        if of_looks and person is not None:
            begin, end = since or _LONG_AGO, until or door.now
            # An administrator finds every look; what the mission was she is not told by it.
            sees = STATION if door.viewer.has(Role.ADMINISTRATOR) else door.viewer
            outings = looked.outings_of(sees, person, since=begin, until=end)
            # Nor when she was out: a board that hangs there would tell it by the minute.
            out = looked.outings_of(door.viewer, person, since=begin, until=end).out
            hers = Hers(refs=tuple(outings.named), out=out)
        return Wanted(
            person_id=person,
            hers=hers,
            own=looked.hidden_of(door.viewer, now=door.now) if of_looks else Hers(),
            actor_id=self.cleaned_data.get("actor"),
            kind=self.cleaned_data.get("kind") or "",
            since=since,
            until=until,
        )


@page(*OFFICE_ROLES)
def office_logbook(door: Door) -> HttpResponse:
    """One of the two lists."""
    asked = door.request.GET
    name, form, wanted = _asked(door)
    _note(wanted, "logbook")
    rows = _rows(door, wanted, name)
    shown: Any = Paginator(rows.none() if form.errors else rows, PAGE_SIZE).get_page(
        asked.get("page")
    )
    shown.object_list = _cells(door, name, shown.object_list)
    kept = {key: asked[key] for key in (*form.fields, "show") if asked.get(key)}
    context = {
        "show": name,
        "form": form,
        "columns": [str(column.title) for column in _COLUMNS[name]],
        "page": shown,
        "query": urlencode(kept) + "&" if kept else "",
    }
    return render(door.request, "office/logbook.html", context)


_COLUMNS = {"looks": ledger.LOOKS, "entries": ledger.ENTRIES}
_FILES = {"csv": (ledger.as_csv, "text/csv"), "json": (ledger.as_json, "application/json")}


def _rows(door: Door, wanted: Wanted, name: str) -> Any:
    find: Any = looks.listed if name == "looks" else looks.entries
    return find(door.viewer, wanted)


def _cells(door: Door, name: str, rows: Any, *, then: bool = False) -> list[list[Any]]:
    make = ledger.look_rows if name == "looks" else ledger.entry_rows
    return make(door, rows, then=then)


def _note(wanted: Wanted, what: str) -> None:
    """Reading of somebody in the logbook is a look at her."""
    person = wanted.person_id
    opened(ReadKind.LOGBOOK, what=f"{what}/{person}" if person else what, whose=person)


def _asked(door: Door) -> tuple[str, FilterForm, Wanted]:
    """Which list, and what of it."""
    of_looks = door.request.GET.get("show") == "looks"
    form = FilterForm(door.request.GET, door=door, of_looks=of_looks)
    form.is_valid()
    return "looks" if of_looks else "entries", form, form.wanted(door, of_looks=of_looks)


@page(*OFFICE_ROLES)
def office_logbook_file(door: Door, kind: str) -> HttpResponse:
    """What was asked for as a file, at most ten thousand lines."""
    if again := recheck.needed_for_others(door):
        return again
    name, form, wanted = _asked(door)
    if kind not in _FILES or form.errors:
        raise Http404
    _note(wanted, f"export:{name}")
    rows = _rows(door, wanted, name)
    make, content_type = _FILES[kind]
    cells = _cells(door, name, rows[:EXPORT_MOST], then=True)
    text = make(_COLUMNS[name], cells, leaving.in_one_line(now=door.now))
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="homeby-{name}.{kind}"'
    return response
