"""The form of the organisation's settings: its limits, and whom kin call."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from homeby.web.office.forms import OrganisationForm


class WholeOrganisationForm(OrganisationForm):
    """Name, limits, and what stands on every kin page."""

    call_whom = forms.CharField(
        label=gettext_lazy("Whom kin call"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("As kin read it on their page, such as: the duty officer."),
    )
    call_phone = forms.CharField(
        label=gettext_lazy("Telephone number for kin"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("One that is answered at any hour. It stands on every kin page."),
    )
