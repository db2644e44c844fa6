"""Seats of a duty and its fixed roles, as people write them: a line each. Pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homeby.readiness.rules.duty_planning import SEATS_MAX
from homeby.sentences import gettext as _

ROLE_MAX = 60
NEEDS_MAX = 6


@dataclass(frozen=True, kw_only=True)
class SeatPlan:
    """A seat: the positions that it needs, all of them (none: anybody), and what whoever has it is
    there ("": nothing in particular)."""

    needs: tuple[str, ...] = ()
    role: str = ""


_LINE = re.compile(r"^(?:(?P<role>[^:]+):\s*)?(?P<count>\d{1,3})\s*x?(?:\s+(?P<names>.+))?$")


def parse_seats(text: str, *, positions: Mapping[str, str]) -> list[SeatPlan] | str:
    """Seats as people write them, a line each: `4` for four of anybody, `1 x MEDR`, `1 MEDR + DRIV`
    where one must hold both, `Driver: 1 DRIV` where she is there as the driver. `positions`: their
    names by key. A sentence names the line that is not understood. No line: no seats, whoever says
    yes comes."""
    found: list[SeatPlan] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.match(line.strip())
        if match is None or int(match["count"]) < 1:
            return _("Line {number}: write how many, and which position, such as “1 MEDR”.").format(
                number=number
            )
        needs = parse_needs(match["names"] or "", positions=positions)
        if isinstance(needs, str):
            return _("Line {number}: {said}").format(number=number, said=needs)
        role = (match["role"] or "").strip()[:ROLE_MAX]
        found += [SeatPlan(needs=needs, role=role)] * int(match["count"])
    if len(found) > SEATS_MAX:
        return _("A duty has at most {most} seats.").format(most=SEATS_MAX)
    return found


def parse_needs(text: str, *, positions: Mapping[str, str]) -> tuple[str, ...] | str:
    """Positions by their key or name, with a plus or a comma between several; a sentence names the
    one that is not known."""
    names = {name.casefold(): key for key, name in positions.items()}
    found: list[str] = []
    for part in re.split(r"[+,]", text):
        said = part.strip()
        if not said:
            continue
        key = said if said in positions else names.get(said.casefold(), said.upper())
        if key not in positions:
            return _("{position} is no position of the catalogue.").format(position=said[:60])
        found.append(key)
    if len(found) > NEEDS_MAX:
        return _("At most {most} positions for one.").format(most=NEEDS_MAX)
    return tuple(dict.fromkeys(found))


def parse_fixed(text: str, *, people: Mapping[str, uuid.UUID]) -> list[tuple[str, uuid.UUID]] | str:
    """Who is there as what, a line each: `Deputy: Owl`. `people`: their ids by callsign. A sentence
    names the line that is not understood."""
    known = {name.casefold(): key for name, key in people.items()}
    found: list[tuple[str, uuid.UUID]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        role, _sign, name = (part.strip() for part in line.partition(":"))
        if not role or not name:
            return _(
                "Line {number}: write the role and the callsign, such as “Deputy: Owl”."
            ).format(number=number)
        if name.casefold() not in known:
            return _("Line {number}: nobody here is called {name}.").format(
                number=number, name=name[:60]
            )
        found.append((role[:ROLE_MAX], known[name.casefold()]))
    if len(found) > SEATS_MAX:
        return _("A duty has at most {most} seats.").format(most=SEATS_MAX)
    if len({key for _role, key in found}) < len(found):
        return _("Somebody stands there twice; one role for each.")
    return found


def needs_key(needs: Sequence[str]) -> str:
    """These positions as one key, by which a seat finds who may have it; "" for anybody."""
    return "+".join(needs)
