"""Two stations that differ by people who are kept away: what everybody is told at each of them.

At the one, ghosts have joined, are kept away from every looker, went out, were missed, were opened
by a broken glass, and came home. At the other they never were; there, too, somebody else is out and
missed, as is quite usual. Every answer must be the same, byte for byte, but for what is random.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import transaction

from homeby.comms.models import Message
from homeby.logbook.actions import note_looks
from homeby.logbook.reading import Look, ReaderHere, ReadKind
from homeby.logbook.rules import new_tap
from homeby.missions.actions import glass
from homeby.missions.models import Mission
from homeby.people.actions import apart, proofs
from homeby.people.models import Badge, ContactPoint, Kin, RoleHeld
from homeby.people.rules import Role
from homeby.people.rules_log_ins import Proof
from homeby.readiness.models import Duty
from homeby.watch.models import Alarm
from homeby.web.office.acts import ACTS
from tests.promises import special
from tests.promises.acts import pass_time
from tests.promises.ghost_things import (
    SEASON,
    comes_along,
    gets_things,
    ids_of_things,
    takes_things,
)
from tests.promises.learning import read
from tests.promises.looking import errors_once
from tests.promises.planning_duties import planned
from tests.rooms.api_client import Programs
from tests.rooms.pages import Pages, sent
from tests.world import World

ROLES = (Role.MEMBER, Role.GATE_KEEPER, Role.LEADER, Role.DUTY_OFFICER, Role.ADMINISTRATOR,
         Role.MEDIC, Role.WELFARE_OFFICER, Role.SAFEGUARDING_LEAD)  # fmt: skip
LOOKED_AT = (
    "/board/", "/board/rows/", "/missions/", "/missions/?state=BACK", "/plan/", "/alarms/",
    "/office/", "/office/people/", "/office/people/?q=Ghost", "/office/messages/", "/office/watch/",
    "/office/devices/", "/office/list/teams/", "/office/watch-bill/", "/office/drill/", "/me/",
    "/me/stay-away/", "/me/looks/", "/health/", "/heard/", "/siren/", "/office/logbook/",
    "/office/list/unmatched/", "/office/break-glass/", "/office/minors/", "/office/retention/",
    "/office/logbook/?show=looks", "/office/logbook/?actor=Ghost", "/kit/", "/calendar/",
    "/calendar/?show=month", "/calendar/?show=team", "/calendar/new/", "/me/duties/",
    "/gate/", "/gate/{gate}/out/", "/gate/{gate}/in/", "/gate/{gate}/in/somebody/", "/places/",
    "/office/logbook/file/csv/", "/office/pause/", "/metrics", "/board/cards/",
    "/me/path/", "/team-changes/", "/examinations/", "/special-units/", "/skill-matrix/",
    "/ends-soon/", "/release/", "/rest/", "/injuries/", "/me/mentoring/",
    "/office/logbook/file/csv/?show=looks", "/office/logbook/file/json/?show=looks",
)  # fmt: skip
#: Addresses with the ids of the ghosts, as somebody has them who knew them before.
OF_GHOSTS = (
    "/missions/{mission}/", "/missions/{mission}/rows/", "/missions/{mission}/kin/",
    "/break-glass/{mission}/", "/alarms/{alarm}/", "/alarms/{alarm}/search/",
    "/office/people/{person}/", "/who/{person}/", "/health/{person}/",
    "/gate/{gate}/party/{mission}/", "/missions/{mission}/who-can-go/", "/rest/{person}/",
    "/release/{mission}/{person}/", "/calendar/{duty}/", "/calendar/{duty}/time/",
    "/examinations/{examination}/", "/kit/{kit}/", "/kit/{kit}/change/", "/kit/{kit}/label/",
    "/injuries/{injury}/", "/mentoring/{mentorship}/", "/people/{person}/qualifications/",
    "/task-books/{book}/", "/calendar/{shared}/", "/missions/{mission}/positions/",
    "/calendar/{unit_duty}/", "/missions/{unit_mission}/", "/missions/{unit_mission}/plan/",
)  # fmt: skip
API = ("people", "missions", "alarms", "entries", "watch-bill", "missions/{mission}",
       "alarms/{alarm}", "people/{person}")  # fmt: skip
#: Forms that name a ghost; each is taken back, and only its answer is compared.
FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/plan/", {"leader": "{person}", "members": "{person}", "where": "Hut",
                "expected_back": "+3h"}),
    ("/heard/in/", {"callsign": "{callsign}", "how": "TOLD", "gate": "phone"}),
    ("/heard/check-in/", {"callsign": "{callsign}", "link": "PHONE", "note": "Well."}),
    ("/gate/{gate}/in/somebody/", {"who": "{callsign}", "how": "SEEN"}),
    ("/gate/{gate}/in/", {"tile": "{mission}/{person}"}),
    ("/break-glass/{mission}/", {"reason": "She does not answer."}),
    ("/kit/{kit}/", {"act": "give_back"}),
    ("/calendar/{duty}/", {"act": "sign_up"}),
    ("/calendar/{shared}/", {"act": "ask", "people": "{person}"}),
    ("/examinations/{examination}/", {"act": "withdraw"}),
    ("/injuries/{injury}/", {"act": "look", "said": "Clean."}),
    ("/hurt/", {"who": "{person}", "part": "ARM"}),
)  # fmt: skip
#: The buttons of the office, each with what it is pressed on.
FORMS += tuple(
    (f"/office/act/{kind}/{{{kind}}}/", {"act": act, "back": "/me/"})
    for kind, act in sorted(ACTS)
    if kind in ("people", "pins", "roles", "contact-points", "kin", "badges")
)
#: What differs by chance, by how many lines the whole logbook has, or by when a channel was last
#: used for anybody at all.
_NONCE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|csrfmiddlewaretoken\" value=\"\w+"
    r"|\b[0-9a-f]{12}-\d+\b|data-after=\"\w+\"|last took a message \d+ min ago"
    r"|(?<=\"number\": )\d+(?=, \"entry_id\")|(?<=\"next\": )\"[^\"]*\""
)
#: The duty of everybody, at both stations; the ghosts would come, too.
ALL_HANDS = "All hands"
Told = dict[tuple[Role, str], tuple[int, str]]


@dataclass
class Ghosts:
    """What somebody knows of the ghosts: their ids, which stand for nobody at the other station."""

    names: list[dict[str, str]] = field(default_factory=list)


class _Back(Exception):
    """Takes a world back."""


def keep_away(world: World, who: str, other: str) -> str:
    """Whoever is kept away files it herself."""
    return apart.file_stay_away(
        person_id=world.people[who], callsign=world.callsign(other), by=world.as_(who),
        now=world.now, tap=new_tap(),
    )  # fmt: skip


def bare(text: str) -> str:
    """Without what differs by chance."""
    return _NONCE.sub("0", text)


def told(world: World, lookers: Sequence[Role], ghosts: Iterable[Role], known: Ghosts) -> Told:
    """What everybody is told at a station with these ghosts; it is taken back."""
    patch, found = pytest.MonkeyPatch(), Told()
    world = replace(world, people=dict(world.people), received=[])
    try:
        with transaction.atomic():
            _lived(world, patch, lookers, list(ghosts), known)
            errors_once(patch)
            for place, role in enumerate(lookers):
                names = known.names[(place + 3) % len(known.names)]
                names = names | {"shared": str(Duty.objects.get(what=ALL_HANDS).pk)}
                found |= {(role, what): said for what, said in _seen(world, patch, role, names)}
            raise _Back
    except _Back:
        return found
    finally:
        patch.undo()


def _lived(
    world: World, patch: pytest.MonkeyPatch, lookers: Sequence[Role], ghosts: list[Role],
    known: Ghosts,
) -> None:  # fmt: skip
    Pages(world, patch)
    for role in lookers:
        world.add(f"viewer {role}", *_held(role), callsign=f"Viewer {role}")
        world.give_phone(f"viewer {role}")
    for place, role in enumerate(lookers[:2]):  # one who reads a board, too; reminded before a look
        world.send_out(f"viewer {role}", due_minutes=60 + place)
    world.send_out("mate", "outsider", due_minutes=18)
    read(world)
    special.found_unit(world)
    shared = planned(world, what=ALL_HANDS, team_id=None, seats="4", hours=48, together=SEASON)
    out = [_goes_out(world, role, lookers, 3 * place) for place, role in enumerate(ghosts)]
    for who, _mission in out:
        comes_along(world, shared, who)
    pass_time(world, minutes=48)
    for who, mission in out:
        world.check_in(mission, by=who)
        known.names.append({
            "mission": str(mission.pk), "person": str(world.people[who]),
            "alarm": str(Alarm.objects.get(subject__ref=mission.ref).pk),
            "callsign": world.callsign(who), "gate": str(world.gate_id), **_owned(world, who),
            **ids_of_things(world, who),
        })  # fmt: skip
        world.sign_in(who)


def _owned(world: World, who: str) -> dict[str, str]:
    """The ids that the buttons of the office bear."""
    me = str(world.people[who])
    tables: dict[str, Any] = {
        "roles": RoleHeld, "contact-points": ContactPoint, "kin": Kin, "badges": Badge,
    }  # fmt: skip
    rows = {kind: table.objects.filter(person_id=me).first() for kind, table in tables.items()}
    found = {kind: str(row.pk if row is not None else uuid.uuid4()) for kind, row in rows.items()}
    return found | {"people": me, "pins": me}


def _looks_at(world: World, who: str, others: Sequence[str]) -> None:
    """A ghost has looked at each of those whom she keeps away."""
    reader = ReaderHere(person_id=world.people[who], as_=Role.MEMBER, device="web", now=world.now)
    looks = [
        Look(kind=ReadKind.KIN, what=f"person:{world.people[one]}", whose=world.people[one])
        for one in others
    ]
    note_looks(looks, by=reader)


def _held(role: Role) -> list[Role]:
    return [] if role == Role.MEMBER else [role]


def _goes_out(world: World, role: Role, lookers: Sequence[Role], later: int) -> tuple[str, Mission]:
    """A ghost goes out, and the gate keeper breaks the glass over her. Her alarm comes last: a gap
    in the numbers of alarms tells no more than that there was one. Each is late at another minute:
    many messages at once would be put into one list, which the logbook says, if of nobody."""
    who = f"ghost {role}"
    world.add(who, *_held(role), callsign=f"Ghost {role}")
    for looker in lookers:
        keep_away(world, who, f"viewer {looker}")
    _looks_at(world, who, [f"viewer {looker}" for looker in lookers])
    world.give_kin(who, f"kin of {who}")
    proofs.set_pin(pin="4711", by=world.as_(who), now=world.now, tap=new_tap())
    proofs.add_badge(person_id=world.people[who], name="Card", code=f"QX-{role}",
                     by=world.as_("admin"), now=world.now, tap=new_tap())  # fmt: skip
    gets_things(world, who)
    mission = world.send_out(who, due_minutes=20 + later)
    takes_things(world, who, mission)
    glass.break_glass(mission_id=mission.pk, reason="Her telephone lies at the gate.",
                      proved=(Proof.PASSKEY,), by=world.as_("guard"),
                      now=world.now, tap=new_tap())  # fmt: skip
    world.look()
    return who, mission


def _seen(
    world: World, patch: pytest.MonkeyPatch, role: Role, names: dict[str, str]
) -> Iterator[tuple[str, tuple[int, str]]]:
    """All pages and lists, and what answers about one of the ghosts."""
    who = f"viewer {role}"
    programs = Programs(world, patch)  # first: it stops the clock by which proofs grow old
    client = Pages(world, patch).as_(who)
    for address in (*LOOKED_AT, *OF_GHOSTS):
        yield address, _answer(client.get(address.format(**names)), address)
    for address, fields in FORMS:
        filled = {name: value.format(**names) for name, value in fields.items()}
        try:
            with transaction.atomic():
                said = _answer(client.post(address.format(**names), sent(**filled), follow=True))
                raise _Back
        except _Back:
            yield f"POST {address}", said
    yield "MESSAGES", (200, _received(world, who))
    program = programs.of(who)
    for address in API:
        yield f"API {address}", _answer(program.get(address.format(**names)), "API")


def _received(world: World, who: str) -> str:
    """All that the outbox ever held for somebody: what it says, how grave it is, what became of
    it. Each at its instant; what is of one instant has no order."""
    rows = Message.objects.filter(person_id=world.people[who])
    columns = ("created_at", "kind", "in_danger", "urgency", "state", "subject", "text")
    return bare("\n".join(sorted(str(row) for row in rows.values_list(*columns))))


def _answer(response: Any, address: str = "") -> tuple[int, str]:
    """Status and text; what was sent or read in one instant, and what is listed by id, has no
    order."""
    text = bare(b"".join(response).decode())
    if address == "API" and response.status_code == 200:
        told = json.loads(text)
        lines = [json.dumps(one) for one in told["items"]] if "items" in told else [text]
    else:
        lines = re.sub(r"(<tr|</?li|</ul)", r"\n\1", text).splitlines()
    if address.startswith(("/office/messages/", "/me/looks/", "/office/logbook/", "API")):
        lines = sorted(lines)
    return response.status_code, "\n".join(lines)
