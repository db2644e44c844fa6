"""What a field answers to what it cannot take, in our words and not in those of a library."""

from __future__ import annotations

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _

_TOO_LONG = _("%(show_value)d characters were typed; %(limit_value)d fit.")
_NOT_LISTED = _("This is not on the list any more. Choose once more.")


def speak() -> None:
    """Set what fields say that have no sentence of their own. Called once, at the start."""
    forms.Field.default_error_messages["required"] = _("This is needed; please fill it in.")
    forms.IntegerField.default_error_messages["invalid"] = _("Write a whole number, in digits.")
    forms.ChoiceField.default_error_messages["invalid_choice"] = _NOT_LISTED
    forms.MultipleChoiceField.default_error_messages["invalid_choice"] = _NOT_LISTED
    validators.MinValueValidator.message = _("At least %(limit_value)s.")
    validators.MaxValueValidator.message = _("At most %(limit_value)s.")
    validators.MaxLengthValidator.message = _TOO_LONG
