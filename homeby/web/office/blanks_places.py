"""Blanks about teams, places, the organisation, and what waits for somebody to look at it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.logbook.rules import Tap
from homeby.missions import queries as missions
from homeby.missions.actions import history, places, unmatched
from homeby.people import queries as people
from homeby.people.actions import organisation, teams
from homeby.people.queries import OrganisationFacts
from homeby.web.choosing import WATCHERS
from homeby.web.door import Door
from homeby.web.office import blanks
from homeby.web.office import forms as office
from homeby.web.office.blanks import Blank, Way, back_to_list, item_id, new_only
from homeby.web.office.forms import chosen
from homeby.web.office.timed import OUT, WhereForm


def _team_form(door: Door, item: str, sent: Any) -> forms.Form:
    if item == "new":
        return office.TeamForm(sent)
    known = {team.pk: team for team in people.teams(door.viewer)}
    found = known.get(item_id(item))
    if found is None:
        raise Http404
    return office.TeamForm(sent, initial={"name": found.name, "callsign": found.callsign})


def _save_team(door: Door, item: str, form: Any, tap: Tap) -> str:
    name, callsign = form.cleaned_data["name"], form.cleaned_data["callsign"]
    if item == "new":
        return teams.add_team(name=name, callsign=callsign, by=door.viewer, now=door.now, tap=tap)
    return teams.change_team(
        team_id=item_id(item),
        name=name,
        callsign=callsign,
        by=door.viewer,
        now=door.now,
        tap=tap,
    )


def _site_form(door: Door, item: str, sent: Any) -> forms.Form:
    new_only(item)
    return office.SiteForm(sent, initial={"zone": door.zone})


def _save_site(door: Door, item: str, form: Any, tap: Tap) -> str:
    return places.add_site(
        name=form.cleaned_data["name"],
        zone=form.cleaned_data["zone"].strip(),
        by=door.viewer,
        now=door.now,
        tap=tap,
    )


def _gate_form(door: Door, item: str, sent: Any) -> forms.Form:
    new_only(item)
    sites = [(str(site.pk), site.name) for site in missions.sites(door.viewer)]
    return office.GateForm(sent, sites=sites)


def _save_gate(door: Door, item: str, form: Any, tap: Tap) -> str:
    site_id = chosen(form, "site")
    assert site_id is not None, "a required field"
    return places.add_gate(
        site_id=site_id,
        name=form.cleaned_data["name"],
        is_by_phone=form.cleaned_data["is_by_phone"],
        by=door.viewer,
        now=door.now,
        tap=tap,
    )


def _save_reason(door: Door, item: str, form: Any, tap: Tap) -> str:
    return places.add_reason(
        code=form.cleaned_data["code"],
        label=form.cleaned_data["label"],
        is_trouble=form.cleaned_data["is_trouble"],
        by=door.viewer,
        now=door.now,
        tap=tap,
    )


def _settle_form(door: Door, item: str, sent: Any) -> forms.Form:
    wanted = item_id(item)
    if wanted not in {row.id for row in missions.unmatched(door.viewer)}:
        raise Http404
    return office.SettleForm(sent)


def _save_settled(door: Door, item: str, form: Any, tap: Tap) -> str:
    return unmatched.settle_unmatched(
        unmatched_id=item_id(item),
        how=form.cleaned_data["how"],
        by=door.viewer,
        now=door.now,
        tap=tap,
    )


def _where_form(door: Door, item: str, sent: Any) -> forms.Form:
    wanted = item_id(item)
    found = [one for one in missions.unconfirmed(door.viewer) if one.pk == wanted]
    if not found:
        raise Http404
    return WhereForm(sent, zone=found[0].zone, now=door.now)


def _save_where(door: Door, item: str, form: Any, tap: Tap) -> str:
    typed = form.cleaned_data
    if typed["where"] == OUT:
        return history.confirm(
            mission_id=item_id(item),
            due_at=typed["due"],
            call_out_at=typed["call_out"],
            by=door.viewer,
            now=door.now,
            tap=tap,
        )
    return history.close(
        mission_id=item_id(item), back_at=typed["back"], by=door.viewer, now=door.now, tap=tap
    )


def _organisation_form(door: Door, item: str, sent: Any) -> forms.Form:
    facts = people.organisation()
    return office.OrganisationForm(sent, initial=asdict(facts) if facts else None)


def _save_organisation(door: Door, item: str, form: Any, tap: Tap) -> str:
    return organisation.set_organisation(
        values=OrganisationFacts(**form.cleaned_data), by=door.viewer, now=door.now, tap=tap
    )


def _to_office(door: Door, item: str) -> Way:
    return reverse("office"), _("Office")


BLANKS: dict[str, Blank] = {
    "teams": Blank(
        title=gettext_lazy("A team"),
        form=_team_form,
        keep=_save_team,
        back=back_to_list("teams", gettext_lazy("Teams")),
    ),
    "sites": Blank(
        title=gettext_lazy("Add a site"),
        intro=gettext_lazy(
            "A place people leave from and come home to. It may have several gates."
        ),
        form=_site_form,
        keep=_save_site,
        back=back_to_list("sites", gettext_lazy("Sites")),
    ),
    "gates": Blank(
        title=gettext_lazy("Add a gate"),
        form=_gate_form,
        keep=_save_gate,
        back=back_to_list("gates", gettext_lazy("Gates")),
    ),
    "reasons": Blank(
        title=gettext_lazy("Add a reason for a delay"),
        form=blanks.simple(office.ReasonForm),
        keep=_save_reason,
        back=back_to_list("reasons", gettext_lazy("Reasons for a delay")),
    ),
    "unmatched": Blank(
        title=gettext_lazy("An entry that fits nothing"),
        intro=gettext_lazy("Nothing is deleted: what you write stands beside it from now on."),
        submit=gettext_lazy("Settle"),
        roles=WATCHERS,
        form=_settle_form,
        keep=_save_settled,
        back=back_to_list("unmatched", gettext_lazy("Entries that fit nothing")),
    ),
    "unconfirmed": Blank(
        title=gettext_lazy("Out, unconfirmed"),
        intro=gettext_lazy("Imported as still out. Nobody is missed until you say where they are."),
        submit=gettext_lazy("Record"),
        roles=WATCHERS,
        form=_where_form,
        keep=_save_where,
        back=back_to_list("unconfirmed", gettext_lazy("Out, unconfirmed")),
    ),
    "organisation": Blank(
        title=gettext_lazy("The organisation"),
        intro=gettext_lazy("Its name, and the limits within which plans are made."),
        form=_organisation_form,
        keep=_save_organisation,
        back=_to_office,
    ),
}
