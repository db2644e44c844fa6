"""Blanks about people: who they are, what they may do, how they are reached, who waits for them."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from homeby.comms.actions import credentials
from homeby.logbook.rules import Refused, Tap
from homeby.people import private
from homeby.people import queries as people
from homeby.people.actions import accounts, contacts, kin, persons, teams
from homeby.people.queries import kin as own_queries
from homeby.people.queries.kin import KinFacts
from homeby.people.rules import ChannelName, MayKnow, PersonKind, Purpose, Role
from homeby.web.accounts.lost_passwords import refuse_lost
from homeby.web.door import Door
from homeby.web.office import blanks, own_reach, sheets
from homeby.web.office import forms as office
from homeby.web.office.blanks import Blank, Way, item_id, new_only, person_asked
from homeby.web.office.contact_forms import ContactOrderForm
from homeby.web.office.forms import chosen
from homeby.web.office.person_forms import NewPersonForm
from homeby.web.office.timed import RoleForm

OFFICE = (Role.ADMINISTRATOR, Role.LEADER)


def _new_person(kind: PersonKind) -> Any:
    def make(sent: Any) -> forms.Form:
        spoken = {"kind": kind, "language": get_language() or ""}
        return NewPersonForm(sent, initial=spoken)

    return blanks.simple(make)


def _save_person(door: Door, item: str, form: Any, tap: Tap) -> str:
    return persons.add_person(
        name=form.cleaned_data["name"],
        callsign=form.cleaned_data["callsign"],
        kind=PersonKind(form.cleaned_data["kind"]),
        language=form.cleaned_data["language"] or "en",
        by=door.viewer,
        now=door.now,
        tap=tap,
    )


def _to_people(door: Door, item: str) -> Way:
    return reverse("office-people"), _("People")


def _to_new_person(door: Door, item: str, tap: Tap) -> str:
    return reverse("office-person", args=[tap.entry_id])


def _person(title: Any, kind: PersonKind) -> Blank:
    return Blank(
        title=title,
        roles=OFFICE,
        form=_new_person(kind),
        keep=_save_person,
        back=_to_people,
        after=_to_new_person,
    )


def _role_form(door: Door, item: str, sent: Any) -> forms.Form:
    new_only(item)
    person_asked(door)
    return RoleForm(sent, teams=blanks.teams(door), zone=door.zone, now=door.now)


def _save_role(door: Door, item: str, form: Any, tap: Tap) -> str:
    return teams.give_role(
        person_id=person_asked(door),
        role=Role(form.cleaned_data["role"]),
        term=teams.Term(team_id=chosen(form, "team"), to_at=form.cleaned_data["to_at"]),
        by=door.viewer,
        now=door.now,
        tap=tap,
    )


def _membership_form(door: Door, item: str, sent: Any) -> forms.Form:
    new_only(item)
    person_asked(door)
    return office.MembershipForm(sent, teams=blanks.teams(door))


def _save_membership(door: Door, item: str, form: Any, tap: Tap) -> str:
    team_id = chosen(form, "team")
    assert team_id is not None, "a required field"
    return teams.join_team(
        person_id=person_asked(door), team_id=team_id, by=door.viewer, now=door.now, tap=tap
    )


def _account_form(door: Door, item: str, sent: Any) -> forms.Form:
    new_only(item)
    person_asked(door)
    return office.AccountForm(sent)


def _save_account(door: Door, item: str, form: Any, tap: Tap) -> str:
    refuse_lost(door.request, form.cleaned_data["password"])
    return accounts.open_account(
        person_id=person_asked(door),
        login=form.cleaned_data["login"],
        password=form.cleaned_data["password"],
        by=door.viewer,
        now=door.now,
        tap=tap,
    )


def _password_form(door: Door, item: str, sent: Any) -> forms.Form:
    new_only(item)
    if people.account_of(door.viewer, person_asked(door)) is None:
        raise Http404
    return office.NewPasswordForm(sent)


def _save_password(door: Door, item: str, form: Any, tap: Tap) -> str:
    account = people.account_of(door.viewer, person_asked(door))
    if account is None:
        raise Refused(_("This person has no account yet."))
    refuse_lost(door.request, form.cleaned_data["password"])
    return accounts.change_password(
        account_id=account.pk,
        password=form.cleaned_data["password"],
        by=door.viewer,
        now=door.now,
        tap=tap,
        beside=credentials.told(
            account.person_id, lambda: _("An administrator set a new password for your log-in.")
        ),
    )


def _whose(door: Door) -> uuid.UUID:
    return blanks.own_or_administrator(door, person_asked(door))


def _hours(door: Door, form: Any) -> contacts.Hours:
    first, last = form.cleaned_data["from_time"], form.cleaned_data["to_time"]
    return contacts.Hours(from_time=first, to_time=last, zone=door.zone)


def _contact_form(door: Door, item: str, sent: Any) -> forms.Form:
    new_only(item)
    _whose(door)
    return office.AddressForm(sent)


def _save_contact(door: Door, item: str, form: Any, tap: Tap) -> str:
    return own_reach.add_contact(
        door,
        person_id=_whose(door),
        channel=ChannelName(form.cleaned_data["channel"]),
        address=form.cleaned_data["address"],
        hours=_hours(door, form),
        tap=tap,
    )


def _order_form(door: Door, item: str, sent: Any) -> forms.Form:
    new_only(item)
    return ContactOrderForm(sent, points=sheets.points_to_order(door, _whose(door)))


def _save_order(door: Door, item: str, form: Any, tap: Tap) -> str:
    return own_reach.order_contacts(door, person_id=_whose(door), ranks=form.ranks(), tap=tap)


def contact_owner(door: Door, contact_id: uuid.UUID) -> uuid.UUID:
    """Whose contact point this is; a 404 for whoever may not change it."""
    recipient = people.recipient_at(contact_id)
    if recipient is None:
        raise Http404
    return blanks.own_or_administrator(door, recipient.person_id)


def _code_form(door: Door, item: str, sent: Any) -> forms.Form:
    contact_owner(door, item_id(item))
    return office.CodeForm(sent)


def _save_code(door: Door, item: str, form: Any, tap: Tap) -> str:
    code = form.cleaned_data["code"]
    return contacts.confirm_contact(
        contact_id=item_id(item), code=code, by=door.viewer, now=door.now, tap=tap
    )


def _to_owner(door: Door, item: str) -> Way:
    return blanks.way_to_person(door, contact_owner(door, item_id(item)))


def _own_kin(door: Door, item: str) -> KinFacts:
    """One whom the viewer has named; nobody else opens what she said of them."""
    own = door.viewer.person_id
    assert own is not None, "whoever is here is logged in"
    wanted = item_id(item)
    for one in own_queries.kin_named(door.viewer, own):
        if one.id == wanted:
            return one
    raise Http404


def _kin_form(door: Door, item: str, sent: Any) -> forms.Form:
    if item == "new":
        _whose(door)
        return office.KinForm(sent, initial={"language": get_language() or ""})
    one = _own_kin(door, item)
    said = private.unseal(one.person_id, one.sealed, purpose=Purpose.OWN_PAGE)
    start = {
        "channel": one.reach.channel,
        "may_know": one.may_know,
        "looks_in": one.looks_in,
        "language": one.language,
        "from_time": one.reach.from_time,
        "to_time": one.reach.to_time,
    }
    return office.KinForm(sent, initial=said | start)


def _save_kin(door: Door, item: str, form: Any, tap: Tap) -> str:
    typed = form.cleaned_data
    fields = kin.KinFields(
        name=typed["name"],
        relation=typed["relation"],
        channel=ChannelName(typed["channel"] or ChannelName.EMAIL),
        address=typed["address"],
        may_know=MayKnow(typed["may_know"]),
        looks_in=typed["looks_in"],
        language=typed["language"] or "en",
        hours=_hours(door, form),
    )
    if item != "new":
        return own_reach.change_kin(door, kin_id=_own_kin(door, item).id, fields=fields, tap=tap)
    return own_reach.name_kin(door, person_id=_whose(door), fields=fields, tap=tap)


def _from_kin(door: Door, item: str) -> Way:
    if item == "new":
        return blanks.back_to_person(door, item)
    return reverse("account"), _("My page")


BLANKS: dict[str, Blank] = {
    "people": _person(gettext_lazy("Add a person or unit"), PersonKind.HUMAN),
    "units": _person(gettext_lazy("Add a unit"), PersonKind.UNIT),
    "roles": Blank(
        title=gettext_lazy("Give a role"),
        intro=gettext_lazy("From now on; it can be ended at any time."),
        form=_role_form,
        keep=_save_role,
        back=blanks.back_to_person,
    ),
    "memberships": Blank(
        title=gettext_lazy("Join a team"),
        roles=OFFICE,
        form=_membership_form,
        keep=_save_membership,
        back=blanks.back_to_person,
    ),
    "accounts": Blank(
        title=gettext_lazy("Open an account"),
        form=_account_form,
        keep=_save_account,
        back=blanks.back_to_person,
    ),
    "passwords": Blank(
        title=gettext_lazy("Set a new password"),
        form=_password_form,
        keep=_save_password,
        back=blanks.back_to_person,
    ),
    "contact-points": Blank(
        title=gettext_lazy("Add a contact point"),
        intro=gettext_lazy("It counts for the watch once a code sent there was typed."),
        roles=(),
        form=_contact_form,
        keep=_save_contact,
        back=blanks.back_to_person,
    ),
    "contact-order": Blank(
        title=gettext_lazy("In which order"),
        intro=gettext_lazy(
            "The first is used at once. The next follows when a message was not handed over within "
            "30 seconds or a try failed; equal numbers go together."
        ),
        roles=(),
        form=_order_form,
        keep=_save_order,
        back=blanks.back_to_person,
    ),
    "codes": Blank(
        title=gettext_lazy("Type the code"),
        submit=gettext_lazy("Verify"),
        roles=(),
        form=_code_form,
        keep=_save_code,
        back=_to_owner,
    ),
    "kin": Blank(
        title=gettext_lazy("Name somebody to be told"),
        intro=gettext_lazy(
            "Kinship is not required. They are told what you choose here and no more, by the plan "
            "you are out on; never that all is well before a person has seen you."
        ),
        roles=(),
        form=_kin_form,
        keep=_save_kin,
        back=_from_kin,
    ),
}
