"""What the kiosk's scripts say, for a script holds no words of its own."""

from __future__ import annotations

from django.utils.translation import gettext as _


def said() -> dict[str, str]:
    """The sentences by the name that the scripts know them by, in the language of this request."""
    return {
        "heard": _("The station hears this tablet."),
        "deaf": _("The station does not hear this tablet just now. Touch it all the same."),
        "silent": _("The watch is silent or paused: tell the gate keeper that you go."),
        "waiting_one": _("1 act waits here for the station."),
        "waiting_many": _("{n} acts wait here for the station."),
        "lost_one": _("1 act could not be recorded. Tell the gate keeper."),
        "lost_many": _("{n} acts could not be recorded. Tell the gate keeper."),
        "sending": _("One moment."),
        "kept": _("Kept here; told as soon as the station hears."),
        "not_kept": _("This could not be kept here. Tell the gate keeper."),
        "no_camera": _("The camera cannot be used. Type your callsign."),
        "again_for_help": _("Press once more: HELP"),
        "help": _("HELP"),
        "unsafe": _(
            "This address is not encrypted (https), so nothing could be sealed here. Open the "
            "kiosk by the encrypted address of the station."
        ),
        "no_store": _("This browser keeps nothing (a private window?), so it can be no kiosk."),
        "no_line": _("The station does not answer. Try again."),
        "over": _("This tablet's key was revoked. What it had kept was handed to the station."),
    }
