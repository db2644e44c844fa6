"""The forms of a mission: its plan, and asking for more time."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeby.missions.rules import Conditions
from homeby.people.queries import Choice
from homeby.web import together
from homeby.web.gate.forms import LINKS, happened_field

CONDITIONS = [
    (Conditions.NORMAL, _("normal")),
    (Conditions.DEMANDING, _("demanding, or thin kit: help is called 15 min earlier")),
    (Conditions.SEVERE, _("severe: help is called 30 min earlier")),
]

ABOUT = "about_"
APART = _("Check-ins are 5 minutes to 24 hours apart.")


def _text(label: Any, *, long: bool = False, **more: Any) -> forms.CharField:
    """An optional line of text; what is too long is said by the action, in a sentence."""
    if long:
        more["widget"] = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=False, **more)


class PlanForm(forms.Form):
    """A plan as it is typed. What it means is judged in `planning`."""

    leader = forms.ChoiceField(
        label=_("Leader"),
        error_messages={"required": _("Choose a leader; alone, the person leads herself.")},
    )
    find = _text(_("Find by callsign"), max_length=60)
    members = forms.MultipleChoiceField(
        label=_("Who else goes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    team = forms.ChoiceField(label=_("For which team"), required=False)
    unit = forms.ChoiceField(
        label=_("For which special unit"),
        required=False,
        help_text=_(
            "In place of a team. Of a secret one nobody finds this mission but its party, whoever "
            "keeps the unit, and the duty officers."
        ),
    )
    solo = forms.BooleanField(
        label=_("Solo: one person alone"),
        required=False,
        help_text=_(
            "A party of one person is solo by itself; a unit only when you tick this. Solo means "
            "check-ins, a shorter grace, a device or a buddy, and a second person who approves."
        ),
    )
    device = _text(_("Device they carry"), help_text=_("Satellite messenger, beacon, radio."))
    buddy = forms.ChoiceField(
        label=_("Buddy who checks"),
        required=False,
        help_text=_(
            "Waits for the party: reads where they are, and learns of each return. Choose somebody "
            "whom they want to know it."
        ),
    )
    where = forms.CharField(
        label=_("Where"),
        help_text=_(
            "As searchers would look for it: the area, a comma, then the place and the way. While "
            "you are out a leader reads what stands before the comma."
        ),
        error_messages={"required": _("Say where they go: that is where we would look first.")},
    )
    what = _text(_("What"), help_text=_("Patrol, night watch, courier."))
    kind = forms.ChoiceField(
        label=_("Kind of mission"),
        required=False,
        help_text=_("Limits of minors and hours for qualifications go by it."),
    )
    site = forms.ChoiceField(label=_("From which site"), required=False)
    coordinates = _text(_("Coordinates"), help_text=_("Latitude, longitude: 46.4349, 13.7482."))
    route = forms.FileField(
        label=_("Route (GPX file)"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".gpx,application/gpx+xml"}),
        help_text=_("Up to 5 MB and 50,000 points. Points, heights, times and names are kept."),
    )
    drop_route = forms.BooleanField(label=_("Take the route away"), required=False)
    sets_out = _text(
        _("Sets out"),
        max_length=60,
        help_text=_("When they are to leave: 6:00, 22.11. 6:00 or +2h. Empty: not said."),
    )
    expected_back = forms.CharField(
        label=_("Expected back"),
        max_length=60,
        help_text=_("18:30, 22.11. 18:30 or +7h30."),
        error_messages={"required": _("Say when the party is expected back.")},
    )
    call_out = _text(
        _("Call-out time: when help is called"),
        max_length=60,
        help_text=_("19:30, or +1h after the expected return. Empty: the organisation's grace."),
    )
    check_in_minutes = forms.IntegerField(
        label=_("Check-ins every … minutes"),
        required=False,
        min_value=5,
        max_value=24 * 60,
        error_messages={"min_value": APART, "max_value": APART},
    )
    check_in_times = _text(
        _("Check-ins at these times"),
        max_length=300,
        help_text=_("11:00, 14:00, 16:30; beside the interval or without one."),
    )
    vehicle = _text(_("Vehicle"))
    communications = _text(_("Communications"))
    kit = _text(_("Kit"), long=True, max_length=5000)
    conditions = forms.ChoiceField(
        label=_("Conditions and kit level"),
        choices=CONDITIONS,
        required=False,
        help_text=_("They may move the call-out time earlier, never later."),
    )
    why = _text(
        _("Why all the same"),
        max_length=500,
        help_text=_("Where somebody rests then: kept with your name, and told to her."),
    )
    asked_by = forms.ChoiceField(label=_("Who asked for it"), required=False)
    assigned_by = forms.ChoiceField(label=_("Who assigned it"), required=False)
    group = together.group_field()
    group_name = together.name_field()

    def offer_people(self, found: Sequence[Choice], *, many: bool) -> None:
        """Set who can be chosen. With many people, those found; the field to find them stays."""
        everybody = [(str(one.person_id), one.label) for one in found]
        for name in ("leader", "buddy", "asked_by", "assigned_by"):
            self._offer(name, [("", _("nobody")), *everybody])
        self._offer("members", everybody)
        if not many:
            del self.fields["find"]

    def offer(self, name: str, choices: Sequence[tuple[str, str]], *, empty: Any = "") -> None:
        """Set what a select offers, below what its empty choice is called; one that offers nothing
        to choose is left out."""
        if not choices:
            del self.fields[name]
            return
        self._offer(name, [("", empty), *choices] if empty else list(choices))

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField), "only a field of choices offers some"
        field.choices = choices

    def ask_about(self, names: Mapping[uuid.UUID, str]) -> None:
        """A field for the looks of each of the party."""
        for key, name in names.items():
            self.fields[f"{ABOUT}{key}"] = forms.CharField(
                label=_("%(who)s: looks, clothing, what they carry") % {"who": name},
                required=False,
                max_length=1000,
            )

    @property
    def about(self) -> list[forms.BoundField]:
        """The fields about each of the party."""
        return [self[name] for name in self.fields if name.startswith(ABOUT)]


class ExtendForm(forms.Form):
    """Asking for more time."""

    expected_back = forms.CharField(
        label=_("New expected return"),
        max_length=60,
        help_text=_("20:30, 22.11. 20:30, or +2h from now."),
        error_messages={"required": _("Say until when.")},
    )
    reason = forms.CharField(label=_("Why"), required=False, max_length=500)
    link = forms.ChoiceField(
        label=_("Heard by"), choices=LINKS, widget=forms.RadioSelect, required=False
    )
    happened = happened_field()
