"""What a known device says, done by the acts of the gate: whose mission it is, whether the key may
speak of these people, and, where it fits nothing, the list that a person looks through.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook import queries as entries
from homeby.logbook.rules import FUTURE_LIMIT, Refused, Tap, bounded_happened_at
from homeby.missions import queries, rules
from homeby.missions.actions import after_all, extend, gate
from homeby.missions.actions.extend import Wanted
from homeby.missions.actions.gate import AtGate
from homeby.missions.actions.unmatched import keep_unmatched
from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import How, Link, MemberState, MissionState
from homeby.missions.rules.intake import (
    KINDS,
    Claim,
    Proof,
    is_of_an_earlier_outing,
    is_to_come,
    is_unproven,
    may_speak,
    speaks_of_its_own,
)
from homeby.people import queries as people
from homeby.people.queries.callsigns import called
from homeby.people.queries.proofs import have_pins
from homeby.people.rules import Act, DeviceFacts, DeviceKind, Role, Viewer


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was answered, and whether the act fitted what is out; if not, a person looks at it."""

    answer: str
    fits: bool = True


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One claim being judged: of whom it speaks, by which device, when."""

    claim: Claim
    device: DeviceFacts
    who: tuple[uuid.UUID, ...]
    tap: Tap
    now: dt.datetime

    @property
    def by(self) -> Viewer:
        """Whoever acts: the phone's person, or at a kiosk whoever it is about. A key lends none of
        the roles that its person holds."""
        key = self.device.person_id or (self.who[0] if self.who else None)
        return Viewer(person_id=key, roles=frozenset({Role.MEMBER}))

    @property
    def has_left(self) -> bool:
        """Whether it was kept by the device: whoever signed out by it left long ago, and reads no
        question whether to leave anyway."""
        at = bounded_happened_at(self.tap.happened_at, now=self.now)
        return at < self.now - FUTURE_LIMIT

    @property
    def gate_id(self) -> uuid.UUID | None:
        """The kiosk's gate; or that at which a phone says that it is, if there is such a one in
        use. What else a phone says of it changes nothing."""
        wanted = self.claim.gate_id
        if self.device.kind is DeviceKind.KIOSK or wanted is None:
            return self.device.gate_id
        return wanted if wanted in {row.pk for row in queries.gates(self.by)} else None

    @property
    def at(self) -> AtGate:
        """At the kiosk's gate, or where the phone is."""
        is_coerced = self.claim.proof is Proof.DURESS
        return AtGate(
            gate_id=self.gate_id,
            how=How.DEVICE,
            is_coerced=is_coerced,
            has_left=self.leaves_anyway,
        )

    @property
    def leaves_anyway(self) -> bool:
        """Whoever says by the own phone that they leave all the same has left: nobody else is there
        to write it down."""
        return self.has_left or (self.claim.anyway and self.device.kind is DeviceKind.PHONE)


def speak(claim: Claim, device: DeviceFacts, *, tap: Tap, now: dt.datetime) -> Said:
    """Do what the claim says. Raises `Refused` with a sentence where it cannot be done."""
    who = _who(claim, device)
    scene = Scene(claim=claim, device=device, who=who, tap=tap, now=now)
    if not who:
        return _fits_nothing(scene, _why_nobody(claim))
    has_pin = device.kind is DeviceKind.KIOSK and bool(have_pins(who))
    if is_unproven(claim, device, has_pin=has_pin):
        return _fits_nothing(scene, _why_unproven(scene), answer=_not_yet(device))
    if claim.mission_id is None and not speaks_of_its_own(device, who):
        return _fits_nothing(scene, _("Only a leader speaks of others, by the mission."))
    if claim.act is Act.SIGN_IN:
        return _sign_in(scene)
    missions = _missions(scene)
    if isinstance(missions, str):
        return _fits_nothing(scene, missions, is_early=claim.mission_id is None)
    return _done(scene, _DO[claim.act](scene, missions))


def keep(claim: Claim, device: DeviceFacts, *, why: str, tap: Tap, now: dt.datetime) -> Said:
    """What a kiosk said and what cannot be done, for a person to look at: whoever said it may have
    left long ago, and nobody reads why not."""
    who = _who(claim, device)
    return _fits_nothing(Scene(claim=claim, device=device, who=who, tap=tap, now=now), why)


def _who(claim: Claim, device: DeviceFacts) -> tuple[uuid.UUID, ...]:
    """Of whom it speaks; nobody where a callsign is nobody's or several people's."""
    if claim.person_ids:
        return tuple(dict.fromkeys(claim.person_ids))
    if device.person_id is not None:
        return (device.person_id,)
    found = called(claim.callsign) if claim.callsign else []
    return tuple(found) if len(found) == 1 else ()


def _why_unproven(scene: Scene) -> str:
    who = [scene.device.person_id] if scene.device.person_id else scene.who
    if scene.claim.proof is Proof.WRONG:
        return _("The PIN that was typed for %s is not theirs.") % _called(who)
    return _("%s has a PIN, and it was not typed.") % _called(who)


def _not_yet(device: DeviceFacts) -> str:
    """What a phone reads of it; a kiosk has words of its own."""
    if device.kind is not DeviceKind.PHONE:
        return ""
    return _("It does not count yet: the PIN does not fit, or was not typed. Say it once more.")


def _why_nobody(claim: Claim) -> str:
    if not claim.callsign and claim.proof is Proof.WRONG:
        return _("The card that was read is nobody's.")
    if not claim.callsign:
        return _("It names nobody.")
    if called(claim.callsign):
        return _("“%s” could be several people.") % claim.callsign
    return _("“%s” is on no list.") % claim.callsign


def _missions(scene: Scene) -> list[uuid.UUID] | str:
    """The missions it is about: the one named, else those that these people are out on, or for a
    sign-out the one that is planned. Why it fits none, where it does not."""
    wanted = scene.claim.mission_id
    if wanted is None:
        found = _planned(scene) if scene.claim.act is Act.SIGN_OUT else _out_on(scene)
        return found or _("%s is not out, and on no plan that fits.") % _called(scene.who)
    mission = Mission.objects.filter(pk=wanted).values_list("leader_id", flat=True).first()
    party = set(PartyMember.objects.filter(mission_id=wanted).values_list("person_id", flat=True))
    if mission is None or not may_speak(scene.device, scene.who, party=party, leader_id=mission):
        return _("%s is not on that mission.") % _called(scene.who)
    return [wanted]


def _out_on(scene: Scene) -> list[uuid.UUID]:
    """What they are out on; a check-in that a device kept is about what they were out on then."""
    open_ones = [row.mission_id for row in queries.open_outings(scene.who)]
    if scene.claim.act is Act.CHECK_IN and scene.tap.happened_at is not None:
        at = bounded_happened_at(scene.tap.happened_at, now=scene.now)
        rows = PartyMember.objects.filter(person_id__in=scene.who, out_at__lte=at)
        then = rows.filter(Q(state=MemberState.OUT) | Q(state=MemberState.BACK, back_at__gt=at))
        open_ones = [*then.order_by("out_at").values_list("mission_id", flat=True)] or open_ones
    return list(dict.fromkeys(open_ones))


def _planned(scene: Scene) -> list[uuid.UUID]:
    """The one plan on which these people may leave now; none where several fit."""
    rows = PartyMember.objects.filter(
        person_id__in=scene.who,
        state=MemberState.PLANNED,
        mission__state__in=(MissionState.PLANNED, MissionState.OUT),
        mission__due_at__gt=scene.now,
    )
    found = set(rows.values_list("mission_id", flat=True))
    return list(found) if len(found) == 1 else []


def _called(who: Iterable[uuid.UUID]) -> str:
    names = people.names(who)
    return ", ".join(sorted(names.values())) or _("Somebody")


def _sign_out(scene: Scene, missions: list[uuid.UUID]) -> str:
    (mission_id,) = missions
    answer = gate.sign_out(
        mission_id=mission_id,
        person_ids=list(scene.who),
        at=scene.at,
        anyway=scene.leaves_anyway,
        by=scene.by,
        now=scene.now,
        tap=scene.tap,
    )
    after_all.count(mission_id, scene.who, tap=scene.tap, now=scene.now)
    return answer


def _check_in(scene: Scene, missions: list[uuid.UUID]) -> str:
    answer, gate_id = "", scene.gate_id
    for mission_id, tap in _taps(scene.tap, missions):
        answer = gate.check_in(
            mission_id=mission_id,
            link=Link.OWN_DEVICE if scene.device.kind is DeviceKind.PHONE else Link.IN_PERSON,
            note=scene.claim.note,
            gate_id=gate_id,
            by=scene.by,
            now=scene.now,
            tap=tap,
        )
    return answer


def _help(scene: Scene, missions: list[uuid.UUID]) -> str:
    answer, gate_id = "", scene.gate_id
    for mission_id, tap in _taps(scene.tap, missions):
        answer = gate.ask_for_help(
            mission_id=mission_id,
            why=scene.claim.note,
            gate_id=gate_id,
            by=scene.by,
            now=scene.now,
            tap=tap,
        )
    return answer


def _taps(tap: Tap, missions: list[uuid.UUID]) -> list[tuple[uuid.UUID, Tap]]:
    """A tap for each mission; the entry's own comes last, so that sending it again finishes what
    failed on the way and repeats nothing."""
    *others, last = missions
    made = [(key, dataclasses.replace(tap, entry_id=uuid.uuid5(tap.entry_id, str(key))))
            for key in others]  # fmt: skip
    return [*made, (last, tap)]


def _more_time(scene: Scene, missions: list[uuid.UUID]) -> str:
    if scene.claim.due_at is None:
        raise Refused(due=_("Say until when."))
    if len(missions) > 1:
        raise Refused(_("There are several missions that are out. Say of which you speak."))
    wanted = Wanted(due_at=scene.claim.due_at, why=scene.claim.note[:500])
    return extend.ask(
        mission_id=missions[0], wanted=wanted, by=scene.by, now=scene.now, tap=scene.tap
    )


_DO = {
    Act.SIGN_OUT: _sign_out,
    Act.CHECK_IN: _check_in,
    Act.HELP: _help,
    Act.MORE_TIME: _more_time,
}


def _sign_in(scene: Scene) -> Said:
    """Back. A claim that is older than the outing it would end ends nothing, nor does one of a time
    to come: a clock that was wrong may have kept it since an earlier outing."""
    wanted = scene.claim.mission_id
    if scene.device.kind is DeviceKind.PHONE and scene.who != (scene.device.person_id,):
        found = _missions(scene)
        if isinstance(found, str):
            return _fits_nothing(scene, found)
    _hold(scene.who)
    happened_at = bounded_happened_at(scene.tap.happened_at, now=scene.now)
    rows = [row for row in queries.open_outings(scene.who) if wanted in (None, row.mission_id)]
    if rows and wanted is None and is_to_come(scene.tap.happened_at, now=scene.now):
        return _fits_nothing(scene, _("The device gives a time that is still to come."))
    later = [r for r in rows if is_of_an_earlier_outing(happened_at=happened_at, out_at=r.out_at)]
    ended = {row.mission_id for row in rows if row not in later}
    if later and (len(ended) != 1 or len(scene.who) != 1):
        why = _("%s left after the time that the device gives.") % later[0].person.shown_as
        return _fits_nothing(scene, why, is_early=True)
    if later:  # they went again meanwhile: that one goes on
        (wanted,) = ended
    try:
        answer = gate.sign_in(
            person_ids=list(scene.who),
            at=scene.at,
            mission_id=wanted,
            heads=scene.claim.heads,
            by=scene.by,
            now=scene.now,
            tap=scene.tap,
        )
    except Refused as refused:
        # Whoever counted is perhaps gone by the time that the phone had a line: nobody is home by
        # it, and the duty officer asks.
        if "heads" not in refused.problems or scene.device.kind is not DeviceKind.PHONE:
            raise
        return _fits_nothing(scene, refused.problems["heads"], is_told=True)
    return _done(scene, answer)


def _hold(who: Iterable[uuid.UUID]) -> None:
    """Nobody of these signs out until this is committed: a sign-out locks its mission first."""
    states = (MemberState.PLANNED, MemberState.OUT)
    rows = PartyMember.objects.filter(person_id__in=list(who), state__in=states)
    keys = set(rows.values_list("mission_id", flat=True))
    list(Mission.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _done(scene: Scene, answer: str) -> Said:
    """The acts of the gate keep what fits nothing by themselves: the kind of the entry says so."""
    given = entries.given_before([scene.tap.entry_id]).get(scene.tap.entry_id)
    return Said(answer=answer, fits=given is None or given.kind != rules.ENTRY_UNMATCHED)


def _fits_nothing(
    scene: Scene, why: str, *, is_told: bool = False, is_early: bool = False, answer: str = ""
) -> Said:
    """Recorded first, judged by a person after (house rule 7). `is_told` where the device may hear
    why: it speaks of what it said itself; `is_early` where a later sign-out may take it up."""
    text = " ".join(part for part in (why, scene.claim.note) if part)
    person_id = scene.who[0] if len(scene.who) == 1 else None
    told = _("Recorded, but nobody is signed in by it; the duty officer sees it.")
    answer = f"{told} {why}" if is_told else answer
    kind, mission_id = KINDS[scene.claim.act], scene.claim.mission_id
    with logbook.writing(now=scene.now, by=scene.by.person_id) as book:
        answer = keep_unmatched(
            book,
            kind,
            person_id,
            mission_id,
            text,
            tap=scene.tap,
            answer=answer,
            is_early=is_early,
            callsign=scene.claim.callsign,
        )
    return Said(answer=answer, fits=False)
