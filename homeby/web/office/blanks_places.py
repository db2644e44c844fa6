"""Blanks about teams, places, the organisation, and what waits for somebody to look at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.logbook.rules import Tap
from homeby.missions import queries as missions
from homeby.missions.actions import debrief_items as asked_for
from homeby.missions.actions import history, kinds, places, unmatched
from homeby.missions.queries.debrief_items import debrief_items
from homeby.people import queries as people
from homeby.people.actions import teams
from homeby.people.actions.ranks import RankFields, set_rank
from homeby.people.queries import OrganisationFacts, ranks
from homeby.watch.actions import reaching
from homeby.web.choosing import WATCHERS
from homeby.web.door import Door
from homeby.web.office import forms as office
from homeby.web.office.blanks import Blank, Way, back_to_list, item_id
from homeby.web.office.forms import chosen
from homeby.web.office.organisation_form import WholeOrganisationForm
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


def _found(item: str, rows: Iterable[Any]) -> Any:
    """The thing of an address among these."""
    wanted = item_id(item)
    for row in rows:
        if row.pk == wanted:
            return row
    raise Http404


def _site_form(door: Door, item: str, sent: Any) -> forms.Form:
    if item == "new":
        return office.SiteForm(sent, initial={"zone": door.zone})
    found = _found(item, missions.sites(door.viewer, ended=True))
    return office.SiteForm(sent, initial={"name": found.name, "zone": found.zone})


def _save_site(door: Door, item: str, form: Any, tap: Tap) -> str:
    said = {"name": form.cleaned_data["name"], "zone": form.cleaned_data["zone"].strip()}
    if item == "new":
        return places.add_site(**said, by=door.viewer, now=door.now, tap=tap)
    return places.change_site(site_id=item_id(item), **said, by=door.viewer, now=door.now, tap=tap)


def _gate_form(door: Door, item: str, sent: Any) -> forms.Form:
    if item == "new":
        sites = [(str(site.pk), site.name) for site in missions.sites(door.viewer)]
        return office.GateForm(sent, sites=sites)
    found = _found(item, missions.gates(door.viewer, ended=True))
    at = [(str(found.site_id), found.site.name)]
    start = {"site": at[0][0], "name": found.name, "is_by_phone": found.is_by_phone}
    return office.GateForm(sent, sites=at, initial=start)


def _save_gate(door: Door, item: str, form: Any, tap: Tap) -> str:
    name, is_by_phone = form.cleaned_data["name"], form.cleaned_data["is_by_phone"]
    if item != "new":
        return places.change_gate(
            gate_id=item_id(item),
            name=name,
            is_by_phone=is_by_phone,
            by=door.viewer,
            now=door.now,
            tap=tap,
        )
    site_id = chosen(form, "site")
    assert site_id is not None, "a required field"
    return places.add_gate(
        site_id=site_id,
        name=name,
        is_by_phone=is_by_phone,
        by=door.viewer,
        now=door.now,
        tap=tap,
    )


def _reason_form(door: Door, item: str, sent: Any) -> forms.Form:
    if item == "new":
        return office.ReasonForm(sent)
    found = _found(item, missions.reasons(door.viewer, ended=True))
    start = {"label": found.label, "is_trouble": found.is_trouble}
    return office.ReasonChangeForm(sent, initial=start)


def _save_reason(door: Door, item: str, form: Any, tap: Tap) -> str:
    said = {name: form.cleaned_data[name] for name in ("label", "is_trouble")}
    if item == "new":
        code = form.cleaned_data["code"]
        return places.add_reason(code=code, **said, by=door.viewer, now=door.now, tap=tap)
    return places.change_reason(
        reason_id=item_id(item), **said, by=door.viewer, now=door.now, tap=tap
    )


def _kind_form(door: Door, item: str, sent: Any) -> forms.Form:
    if item == "new":
        return office.MissionKindForm(sent)
    found = _found(item, missions.kinds(door.viewer, ended=True))
    start = {"name": found.name, "is_exercise": found.is_exercise}
    return office.MissionKindChangeForm(sent, initial=start)


def _save_kind(door: Door, item: str, form: Any, tap: Tap) -> str:
    said = {name: form.cleaned_data[name] for name in ("name", "is_exercise")}
    if item == "new":
        code = form.cleaned_data["code"]
        return kinds.add_kind(code=code, **said, by=door.viewer, now=door.now, tap=tap)
    return kinds.change_kind(kind_id=item_id(item), **said, by=door.viewer, now=door.now, tap=tap)


def _rank_form(door: Door, item: str, sent: Any) -> forms.Form:
    if item == "new":
        return office.RankForm(sent)
    found = _found(item, ranks.ranks(door.viewer, ended=True))
    start = {"name": found.name, "short": found.short, "place": found.place}
    return office.RankForm(sent, initial=start)


def _save_rank(door: Door, item: str, form: Any, tap: Tap) -> str:
    return set_rank(
        rank_id=None if item == "new" else item_id(item),
        fields=RankFields(**form.cleaned_data),
        by=door.viewer,
        now=door.now,
        tap=tap,
    )


def _debrief_item_form(door: Door, item: str, sent: Any) -> forms.Form:
    if item == "new":
        return office.DebriefItemForm(sent)
    found = _found(item, debrief_items(door.viewer, ended=True))
    return office.DebriefItemForm(sent, initial={"text": found.text, "place": found.place})


def _save_debrief_item(door: Door, item: str, form: Any, tap: Tap) -> str:
    said = {name: form.cleaned_data[name] for name in ("text", "place")}
    if item == "new":
        return asked_for.add_item(**said, by=door.viewer, now=door.now, tap=tap)
    return asked_for.change_item(
        item_id=item_id(item), **said, by=door.viewer, now=door.now, tap=tap
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
    return WholeOrganisationForm(sent, initial=asdict(facts) if facts else None)


def _save_organisation(door: Door, item: str, form: Any, tap: Tap) -> str:
    return reaching.set_organisation(
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
        title=gettext_lazy("A site"),
        intro=gettext_lazy(
            "A place people leave from and come home to. It may have several gates."
        ),
        form=_site_form,
        keep=_save_site,
        back=back_to_list("sites", gettext_lazy("Sites")),
    ),
    "gates": Blank(
        title=gettext_lazy("A gate"),
        form=_gate_form,
        keep=_save_gate,
        back=back_to_list("gates", gettext_lazy("Gates")),
    ),
    "reasons": Blank(
        title=gettext_lazy("A reason for a delay"),
        form=_reason_form,
        keep=_save_reason,
        back=back_to_list("reasons", gettext_lazy("Reasons for a delay")),
    ),
    "kinds": Blank(
        title=gettext_lazy("A kind of mission"),
        form=_kind_form,
        keep=_save_kind,
        back=back_to_list("kinds", gettext_lazy("Kinds of mission")),
    ),
    "ranks": Blank(
        title=gettext_lazy("A rank"),
        form=_rank_form,
        keep=_save_rank,
        back=back_to_list("ranks", gettext_lazy("Ranks")),
    ),
    "debrief-items": Blank(
        title=gettext_lazy("One thing that a debrief asks for"),
        form=_debrief_item_form,
        keep=_save_debrief_item,
        back=back_to_list("debrief-items", gettext_lazy("What a debrief asks for")),
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
