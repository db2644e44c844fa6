"""Forms of release, rest and injuries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from homeby.missions.rules import Hurt
from homeby.readiness.actions.releasing import AWAKE_HOURS_MOST, ReleaseFields
from homeby.readiness.rules.injuries import CHECK_HOURS_MOST, FIELDS, TEXT_MOST
from homeby.readiness.rules.kinds_of_rest import Standing
from homeby.readiness.rules.protection import REASON_MOST
from homeby.web import words as common
from homeby.web.office.forms import Choices
from homeby.web.rest import words

_YES_NO = (("YES", gettext_lazy("yes")), ("NO", gettext_lazy("no")))
_HURT = (*_YES_NO, (Hurt.WILL_NOT_SAY, gettext_lazy("will not say")))


class ReleaseForm(forms.Form):
    """What is asked before anybody goes. The actions say what has no answer."""

    is_fit = forms.ChoiceField(
        label=gettext_lazy("Fit for the way home?"),
        choices=_YES_NO,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy(
                "Ask whether they are fit for the way home, and say the answer."
            )
        },
    )
    awake_hours = forms.IntegerField(
        label=gettext_lazy("Awake for how many hours?"),
        required=False,
        min_value=0,
        max_value=AWAKE_HOURS_MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    hurt = forms.ChoiceField(
        label=gettext_lazy("Are you hurt?"),
        choices=_HURT,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy(
                "Ask, and say the answer. Whoever would not say it is kept as that."
            )
        },
        help_text=gettext_lazy(
            "It must have an answer. Yes tells a medic at once; facts can follow on the next page."
        ),
    )
    stands = forms.ChoiceField(
        label=gettext_lazy("From now on"),
        choices=common.choices(words.STANDING),
        widget=forms.RadioSelect,
        initial=Standing.RESTING,
    )
    debrief = forms.ChoiceField(
        label=gettext_lazy("The rest of the debrief"),
        choices=(
            ("TOMORROW", gettext_lazy("tomorrow: an appointment after the rest")),
            ("NOW", gettext_lazy("now: all is said")),
        ),
        widget=forms.RadioSelect,
        initial="TOMORROW",
    )

    def __init__(self, *args: Any, is_shift: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_shift:  # only a mission has a debrief
            del self.fields["debrief"]

    @property
    def fields_said(self) -> ReleaseFields:
        """What was said, for the action."""
        said = self.cleaned_data
        return ReleaseFields(
            is_fit={"YES": True, "NO": False}.get(said["is_fit"]),
            hurt=Hurt(said["hurt"]) if said["hurt"] else None,
            awake_hours=said["awake_hours"],
            stands=Standing(said["stands"]),
            tomorrow=said.get("debrief") == "TOMORROW",
        )


class HurtForm(forms.Form):
    """Facts of an injury, not ratings: where, and what can be seen. Three taps are enough."""

    person = forms.ChoiceField(label=gettext_lazy("Who is hurt"))

    def __init__(self, *args: Any, people: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people:
            chooser: Any = self.fields["person"]
            chooser.choices = people
        else:
            del self.fields["person"]
        for name, (label, answers) in words.FACTS.items():
            self.fields[name] = self._field(name, label, answers)

    @staticmethod
    def _field(name: str, label: Any, answers: common.Words | None) -> forms.Field:
        if answers is None:
            return forms.CharField(label=label, max_length=TEXT_MOST, required=False)
        missing = {"required": gettext_lazy("Say where; it is the one thing that must be known.")}
        return forms.ChoiceField(
            label=label,
            choices=common.choices(answers),
            widget=forms.RadioSelect,
            required=name == "part",
            error_messages=missing if name == "part" else None,
        )

    @property
    def facts(self) -> dict[str, str]:
        """The facts that were said, by name."""
        return {name: str(self.cleaned_data.get(name, "")) for name in FIELDS}


class LookForm(forms.Form):
    """What a medic found, and what follows."""

    said = forms.CharField(
        label=gettext_lazy("What you found"),
        max_length=TEXT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    again_hours = forms.IntegerField(
        label=gettext_lazy("Look again in how many hours"),
        required=False,
        min_value=1,
        max_value=CHECK_HOURS_MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    clears_on = forms.DateField(
        label=gettext_lazy("Cleared by itself on"),
        required=False,
        help_text=gettext_lazy(
            "If nothing is told of it until that day, nobody has to look again. At most 28 days "
            "ahead."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    not_before = forms.DateField(
        label=gettext_lazy("Not on duty before"),
        required=False,
        help_text=gettext_lazy("Whoever plans reads this day, and nothing else."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class OverrideForm(forms.Form):
    """Why a rest is broken; the name stands beside it."""

    reason = forms.CharField(
        label=gettext_lazy("Why it may be all the same"),
        max_length=REASON_MOST,
        help_text=gettext_lazy("Your name and this reason stand in their history."),
    )
