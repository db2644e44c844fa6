"""What the script of the page on a phone says: every sentence, so that it is translated here."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    """The sentences by their names in `my.js`; `{...}` is filled in there."""
    return _acts() | _states() | _notes()


def _acts() -> dict[str, str]:
    return {
        "sign_out": _("Sign out"),
        "check_in": _("I am fine"),
        "sign_in": _("I am back"),
        "more_time": _("More time, until {time}"),
        "help": _("HELP"),
        "party": _("{act}: {people}"),
        "heads": _("{heads} heads counted"),
    }


def _states() -> dict[str, str]:
    return {
        "waiting": _("not yet told"),
        "told": pgettext("what a phone said", "told"),
        "refused": pgettext("what a phone said", "refused"),
        "unverified": _("does not count yet"),
        "out_waiting": _("The station does not know yet that you are out: nobody watches you."),
        "back_waiting": _(
            "The station does not know yet that you are back. Until it does, you are missed."
        ),
        "help_waiting": _(
            "HELP has not reached the station yet. Keep this page open: it is sent by itself as "
            "soon as there is a line. Try every other way too: call, shout, signal."
        ),
    }


def _notes() -> dict[str, str]:
    return {
        "log_in": _("Log in first, then try once more."),
        "no_line": _("There is no line to the station now. Try once more when there is one."),
        "failed": _("This did not work; nothing is lost. Reload the page and try once more."),
        "disagree": _(
            "You counted {heads} heads, but {named} names are ticked. Count again. If you say it "
            "as it is, nobody is signed in by it, and the duty officer looks into it."
        ),
        "tick": _("Tick who it is."),
        "count": _("Count the heads that stand here, and write the number."),
        "not_kept": _(
            "This phone cannot keep what you say: it is sent only while this page stays open. Try "
            "every other way too: call, shout, signal."
        ),
        "no_time": _("Write the time as hours and minutes."),
        "sure": _("Say it as it is"),
        "anyway": _("Sign out anyway"),
        "at_gate": _("At {gate}: what you say now is noted with it."),
        "at_a_gate": _("What you say now is noted with the gate whose code you looked at."),
        "take_note": _("I have read it"),
        "withdraw": _("Withdraw it"),
    }
