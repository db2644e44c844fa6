"""Kinds of mission with which a station begins; an organisation adds, renames and ends its own.
Their codes are those that the rule packs and the catalogue of qualifications name. Pure."""

from __future__ import annotations

from homeby.sentences import gettext as _


def first_kinds() -> tuple[tuple[str, str, bool], ...]:
    """Code, name in the language of the organisation, whether it is an exercise."""
    return (
        ("EXERCISE", _("Exercise"), True),
        ("PATROL", _("Patrol"), False),
        ("SEARCH", _("Search"), False),
        ("RESCUE", _("Rescue"), False),
        ("AVALANCHE", _("Avalanche"), False),
        ("CAVE_RESCUE", _("Cave rescue"), False),
        ("SWIFTWATER", _("Swiftwater rescue"), False),
        ("FIRE", _("Fire"), False),
        ("DISTRESS", _("Somebody in distress"), False),
        ("AIR", _("By air"), False),
        ("MEDICAL", _("Medical"), False),
        ("FIELD", _("Field work"), False),
    )
