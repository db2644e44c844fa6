"""The words that screens use for the codes of the rooms; one list each, so that pages agree."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from homeby.missions.rules import Acceptance, How, Link
from homeby.people.rules import Act, ChannelName, MayKnow, PersonKind, Role
from homeby.people.rules_log_ins import Proof
from homeby.watch.rules import Anchor, DeadlineKind, Target

Words = dict[str, str | Promise]

ROLES: Words = {
    Role.MEMBER: gettext_lazy("member"),
    Role.LEADER: gettext_lazy("leader"),
    Role.DUTY_OFFICER: gettext_lazy("duty officer"),
    Role.GATE_KEEPER: gettext_lazy("gate keeper"),
    Role.ADMINISTRATOR: gettext_lazy("administrator"),
    Role.MEDIC: gettext_lazy("medic"),
    Role.WELFARE_OFFICER: gettext_lazy("welfare officer"),
    Role.SAFEGUARDING_LEAD: gettext_lazy("safeguarding lead"),
}

PERSON_KINDS: Words = {
    PersonKind.HUMAN: gettext_lazy("a person"),
    PersonKind.UNIT: gettext_lazy("a unit (crew or vehicle)"),
}

#: What a device may say, as whoever gives it a key reads it.
ACTS: Words = {
    Act.SIGN_OUT: gettext_lazy("sign out"),
    Act.CHECK_IN: gettext_lazy("check in"),
    Act.SIGN_IN: gettext_lazy("sign in"),
    Act.HELP: gettext_lazy("HELP"),
    Act.MORE_TIME: gettext_lazy("ask for more time"),
}

CHANNELS: Words = {
    ChannelName.EMAIL: gettext_lazy("e-mail"),
    ChannelName.SMS: gettext_lazy("SMS"),
    ChannelName.NTFY: gettext_lazy("ntfy"),
    ChannelName.WEBPUSH: gettext_lazy("push to a browser"),
    ChannelName.APPRISE: gettext_lazy("Apprise"),
    ChannelName.WEBHOOK: gettext_lazy("webhook"),
    ChannelName.CONSOLE: gettext_lazy("console"),
}

#: What kin may be told, as the person who names them reads it.
MAY_KNOW: Words = {
    MayKnow.NOTHING: gettext_lazy("nothing; a person may call them"),
    MayKnow.BACK_OR_LATE: gettext_lazy("only that I am later than expected, and that I am back"),
    MayKnow.OUT_AND_DUE: gettext_lazy("also when I am expected back"),
    MayKnow.AREA: gettext_lazy("also the area"),
    MayKnow.UNIT: gettext_lazy("also the area and with which team"),
}

#: The languages kin may be spoken to in, each by its own name.
LANGUAGES: list[tuple[str, str]] = sorted(
    ((code, info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info),
    key=lambda one: one[1].lower(),
)

#: The languages in which pages and messages speak.
SPOKEN: list[tuple[str, str]] = list(settings.LANGUAGES)


def spoken(code: str) -> AbstractContextManager[None]:
    """A page in this language where this station has it, else as the browser asks for."""
    return translation.override(code) if code in dict(SPOKEN) else nullcontext()


def isolated(name: str) -> str:
    """A name for a sentence; one that runs from right to left turns no number beside it around."""
    turns = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name)
    return f"\u2068{name}\u2069" if turns else name


def said_in(code: str) -> str:
    """A language by its own name; a code that nobody has named stands for itself."""
    return dict(LANGUAGES).get(code, code)


TARGETS: Words = {
    Target.PARTY: gettext_lazy("the party"),
    Target.LEADER: gettext_lazy("the leader of the party"),
    Target.DUTY_OFFICER: gettext_lazy("the duty officer"),
    Target.DEPUTY: gettext_lazy("the deputy"),
    Target.TEAM_LEADERS: gettext_lazy("the leaders of the team"),
    Target.EVERY_LEADER: gettext_lazy("every leader"),
    Target.KIN: gettext_lazy("kin (as agreed)"),
    Target.NAMED: gettext_lazy("named people"),
    Target.RESPONSIBLE: gettext_lazy("whoever has to do it"),
}

ANCHORS: Words = {
    Anchor.DUE: gettext_lazy("expected back"),
    Anchor.CALL_OUT: gettext_lazy("call-out time"),
}

DEADLINES: Words = {
    DeadlineKind.RETURN: pgettext_lazy("deadline", "Not back"),
    DeadlineKind.CHECK_IN: pgettext_lazy("deadline", "Check-in missed"),
    DeadlineKind.DUTY: pgettext_lazy("deadline", "An act not done"),
    DeadlineKind.CARE: pgettext_lazy("deadline", "Looking after somebody"),
    DeadlineKind.PARTNER: pgettext_lazy("deadline", "Partner station silent"),
}

#: The parts of the watch, as the page "Is the watch awake?" calls them.
PROOFS: Words = {
    Proof.PASSWORD: gettext_lazy("by password"),
    Proof.PASSKEY: gettext_lazy("by a passkey"),
    Proof.APP: gettext_lazy("by the code of an app"),
    Proof.RECOVERY_CODE: gettext_lazy("by a recovery code"),
    Proof.PROVIDER: gettext_lazy("by the provider"),
    Proof.LINK: gettext_lazy("by a link"),
    Proof.INVITATION: gettext_lazy("by a link of the office"),
    Proof.DOOR: gettext_lazy("by a door of the demonstration"),
}
PARTS: Words = {
    "logbook": gettext_lazy("Logbook"),
    "watchkeeper": gettext_lazy("Watchkeeper"),
    "pause": gettext_lazy("Pause"),
    "next deadline": gettext_lazy("Next deadline"),
    "outbox": gettext_lazy("Outbox"),
    "duty phones": gettext_lazy("Duty phones"),
    "canary": gettext_lazy("Canary"),
    "auditor": gettext_lazy("Auditor"),
    "outside heartbeat": gettext_lazy("Outside heartbeat"),
    "partner station": gettext_lazy("Partner station"),
    "blind period": gettext_lazy("Blind period"),
    "backup": gettext_lazy("Backup"),
    "retention": gettext_lazy("For how long"),
    "looks": gettext_lazy("Who looked at whom"),
    "passwords": gettext_lazy("Lost passwords"),
}

HOWS: Words = {
    How.DEVICE: gettext_lazy("by their own device"),
    How.SEEN: gettext_lazy("seen"),
    How.TOLD: gettext_lazy("told"),
}

LINKS: Words = {
    Link.OWN_DEVICE: gettext_lazy("by their own device"),
    Link.RADIO: gettext_lazy("by radio"),
    Link.PHONE: gettext_lazy("by phone"),
    Link.SATELLITE: gettext_lazy("by satellite"),
    Link.IN_PERSON: gettext_lazy("in person"),
}

ACCEPTANCES: Words = {
    Acceptance.ASKED: gettext_lazy("asked"),
    Acceptance.ACCEPTED: gettext_lazy("accepted"),
    Acceptance.REFUSED: gettext_lazy("refused"),
}


def word(words: Words, code: object) -> str:
    """The word for a code; a code nobody knows stands for itself."""
    return str(words.get(str(code), code))


def choices(words: Words) -> list[tuple[str, str | Promise]]:
    """A list of words as the choices of a form's field."""
    return list(words.items())


def targets(codes: Iterable[object]) -> str:
    """Whom a step tells, in words: "the party, the duty officer"."""
    return ", ".join(word(TARGETS, code) for code in codes) or _("nobody")
