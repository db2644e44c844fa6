"""Forms of mentoring: who teaches, a session, a step of one's own plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.readiness.actions.mentoring import LEVEL_MAX, MINUTES_MAX, WORDS_MAX
from homeby.web.office.forms import Choices, select
from homeby.web.skills.forms import day_field


class MentorForm(forms.Form):
    """Who teaches her, and towards what first."""

    mentor = forms.ChoiceField(label=gettext_lazy("Mentor"))
    aim = forms.ChoiceField(label=gettext_lazy("Towards"), required=False)
    level = forms.CharField(label=gettext_lazy("How far"), required=False, max_length=LEVEL_MAX)

    def __init__(self, *args: Any, people: Choices, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("mentor", self, people)
        select("aim", self, choices)


class SessionForm(forms.Form):
    """Time spent together."""

    held_date = day_field(gettext_lazy("On which day"))
    minutes = forms.IntegerField(
        label=gettext_lazy("How many minutes"),
        min_value=1,
        max_value=MINUTES_MAX,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    practised = forms.CharField(
        label=gettext_lazy("What was practised"), required=False, max_length=WORDS_MAX
    )
    is_attended = forms.BooleanField(
        label=gettext_lazy("The learner was there"), required=False, initial=True
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_date"].initial = today


class StepForm(forms.Form):
    """A step of one's own plan."""

    qualification = forms.ChoiceField(label=gettext_lazy("What I aim at"), required=False)
    aim = forms.CharField(
        label=gettext_lazy("In my own words"), required=False, max_length=WORDS_MAX
    )
    by_date = day_field(gettext_lazy("Until when"), required=False)
    mentor = forms.ChoiceField(
        label=gettext_lazy("With whom"),
        required=False,
        help_text=gettext_lazy("Your wish; a leader gives you a mentor."),
    )

    def __init__(self, *args: Any, choices: Choices, mentors: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["qualification"]
        shown.choices = [("", _("nothing of the list")), *choices]
        shown = self.fields["mentor"]
        shown.choices = [("", _("nobody just now")), *mentors]
