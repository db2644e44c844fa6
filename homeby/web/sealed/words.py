"""What the pages of sealed debriefs call things."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeby.missions.rules.openings import Why
from homeby.missions.rules.sealed import SealState
from homeby.people.rules import Role

STATES: dict[str, str | Promise] = {
    SealState.SEALED: _("sealed"),
    SealState.DELIVERED: _("delivered"),
    SealState.OPENED: _("opened"),
    SealState.ANSWERED: _("answered"),
}
ROLES: dict[str, str | Promise] = {
    Role.LEADER: _("leader"),
    Role.WELFARE_OFFICER: _("welfare officer"),
}
WHYS: dict[str, str | Promise] = {
    Why.LOST: _("The reader has lost phone and paper"),
    Why.LEFT: _("The reader left, and nobody else can open it"),
    Why.RISK: _("Somebody is in danger"),
}
CHOOSE_BOTH = _("Choose whose key it is about, and why.")

#: What a debrief asks for beside its text, where an organisation has not written its own; all of
#: it stands within the seal.
ITEMS = (
    _("How are you, and how did you rest?"),
    _("What delayed you?"),
    _("Kit: what is broken, lost or used up?"),
    _("What did you not know before?"),
    _("What should others learn from it?"),
)
