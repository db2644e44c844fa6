"""The words of injuries and of how somebody stands, as forms and pages show them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from homeby.readiness.rules.injuries import Aid, Bleeding, BodyPart, Movement, NoteKind, ToldAs
from homeby.readiness.rules.kinds_of_rest import PackUse, Standing
from homeby.web.words import Words

PARTS: Words = {
    BodyPart.HEAD: gettext_lazy("head"),
    BodyPart.NECK_BACK: gettext_lazy("neck or back"),
    BodyPart.TRUNK: gettext_lazy("chest or belly"),
    BodyPart.ARM: gettext_lazy("arm"),
    BodyPart.HAND: gettext_lazy("hand"),
    BodyPart.LEG: gettext_lazy("leg"),
    BodyPart.FOOT: gettext_lazy("foot"),
    BodyPart.SEVERAL: gettext_lazy("several places"),
}
BLEEDING: Words = {
    Bleeding.NO: gettext_lazy("does not bleed"),
    Bleeding.STOPPED: gettext_lazy("bled, and has stopped"),
    Bleeding.SHINES_THROUGH: gettext_lazy("bleeds through"),
}
MOVEMENT: Words = {
    Movement.AS_EVER: gettext_lazy("moves as ever"),
    Movement.HURTS: gettext_lazy("moves, and hurts"),
    Movement.CANNOT: gettext_lazy("cannot be moved"),
}
FEVER: Words = {
    "NO": gettext_lazy("no fever"),
    "YES": gettext_lazy("fever"),
}
AID: Words = {
    Aid.NONE: gettext_lazy("none yet"),
    Aid.HERSELF: gettext_lazy("by the person who is hurt"),
    Aid.ANOTHER: gettext_lazy("by somebody else"),
    Aid.MEDIC: gettext_lazy("by a medic"),
}
#: How each fact is called, and the words of its answers (None: free text).
FACTS: dict[str, tuple[object, Words | None]] = {
    "part": (gettext_lazy("Where"), PARTS),
    "bleeding": (gettext_lazy("Bleeding"), BLEEDING),
    "movement": (gettext_lazy("Movement"), MOVEMENT),
    "fever": (gettext_lazy("Fever"), FEVER),
    "cause": (gettext_lazy("What happened, or was found"), None),
    "aid": (gettext_lazy("First aid"), AID),
    "aid_what": (gettext_lazy("What was done, with what, by whom"), None),
    "aid_at": (gettext_lazy("When that was"), None),
}
TOLD_AS: Words = {
    ToldAs.SELF: gettext_lazy("said by the person who is hurt"),
    ToldAs.COLLEAGUE: gettext_lazy("said by a colleague"),
    ToldAs.KIN: gettext_lazy("said by kin"),
    ToldAs.MEDIC: gettext_lazy("said by a medic"),
}
NOTES: Words = {
    NoteKind.TOLD: gettext_lazy("First told"),
    NoteKind.UPDATE: gettext_lazy("Update"),
    NoteKind.CHECK: gettext_lazy("Looked again"),
    NoteKind.CLEARANCE: gettext_lazy("Cleared"),
}
STANDING: Words = {
    Standing.RESTING: gettext_lazy("resting: only what is about safety comes through"),
    Standing.REACHABLE: gettext_lazy("resting, and reachable"),
    Standing.STOOD_DOWN: pgettext_lazy("person", "stood down: free"),
}
USES: Words = {
    PackUse.REST: gettext_lazy("Rest of everybody"),
    PackUse.MINORS: gettext_lazy("Limits of minors"),
}
