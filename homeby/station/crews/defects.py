"""What is wrong in a list of crews, each with its line. Pure.

Nothing is mended in silence: what is told apart or put together by the import stands here too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from homeby.sentences import gettext as _
from homeby.station.crews.seats import Defect, Seat
from homeby.station.importing.wording import quoted

#: Hours are given to two places at most, and sums of many: a smaller difference is rounding.
HOURS_NEAR = 0.5
#: A year that stands once where the others of the same crew have another is a slip.
SLIP_LEAST = 2


def defects(seats: Sequence[Seat]) -> list[Defect]:
    """Everything that is found, in the order of the lines."""
    found = [
        *_of_each(seats),
        *_spellings(seats),
        *_years(seats),
        *_people(seats),
        *_names(seats),
        *_totals(seats),
    ]
    return sorted(found, key=lambda one: (one.line, one.rule, one.sentence))


def _of_each(seats: Iterable[Seat]) -> Iterator[Defect]:
    for seat in seats:
        yield from _missing(seat)
        yield from _hours(seat)
        yield from _role(seat)
        if seat.year < seat.numbers["year_of_selection"]:
            before = _("a mission in {year}, before the selection in {selected}")
            yield Defect(
                line=seat.line,
                rule="BEFORE_SELECTION",
                sentence=before.format(year=seat.year, selected=seat.whole("year_of_selection")),
            )


def _missing(seat: Seat) -> Iterator[Defect]:
    for column in ("mission_title", "ascend_shuttle", "descend_shuttle"):
        if seat.text(column) in ("", "NA"):
            empty = _("{column} is empty").format(column=column)
            yield Defect(line=seat.line, rule="EMPTY", sentence=empty)


def _hours(seat: Seat) -> Iterator[Defect]:
    hours, outside = seat.numbers["hours_mission"], seat.numbers["eva_hrs_mission"]
    if hours == 0:
        yield Defect(line=seat.line, rule="ZERO_HOURS", sentence=_("a mission of zero hours"))
    if outside > hours:
        more = _("{outside} h outside on a mission of {hours} h")
        sentence = more.format(outside=f"{outside:g}", hours=f"{hours:g}")
        yield Defect(line=seat.line, rule="OUTSIDE_TOO_LONG", sentence=sentence)


def _role(seat: Seat) -> Iterator[Defect]:
    word = seat.text("occupation")
    if not seat.role:
        unknown = _("the role {word} is not known").format(word=quoted(word))
        yield Defect(line=seat.line, rule="ROLE_UNKNOWN", sentence=unknown)
    elif word not in (word.lower(), "MSP", "PSP"):
        case = _("the role {word} is written with other capitals elsewhere")
        yield Defect(line=seat.line, rule="ROLE_CASE", sentence=case.format(word=quoted(word)))


def _spellings(seats: Iterable[Seat]) -> Iterator[Defect]:
    """Titles that differ only in how they are written: the most frequent one is taken."""
    written: dict[tuple[str, int], list[Seat]] = defaultdict(list)
    for seat in seats:
        written[seat.flight].append(seat)
    for crew in written.values():
        counted = Counter(seat.texts["mission_title"] for seat in crew)
        usual = title(crew)
        for seat in crew:
            own = seat.texts["mission_title"]
            if len(counted) > 1 and own != usual:
                said = _("{own} is {usual} in other rows")
                sentence = said.format(own=quoted(own), usual=quoted(usual))
                yield Defect(line=seat.line, rule="SPELLING", sentence=sentence)


def title(crew: Sequence[Seat]) -> str:
    """How most of a crew write their mission; of equals the first in the alphabet."""
    counted = Counter(seat.texts["mission_title"] for seat in crew)
    return min(counted, key=lambda one: (-counted[one], one))


def _years(seats: Iterable[Seat]) -> Iterator[Defect]:
    """A year that no other row of the same title has. Bare numbers are of expeditions, which
    several programmes count from one."""
    by_title: dict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        by_title[seat.flight[0]].append(seat)
    for name, crew in by_title.items():
        years = Counter(seat.year for seat in crew)
        usual, often = years.most_common(1)[0]
        for seat in crew:
            if not name.isdecimal() and often >= SLIP_LEAST and years[seat.year] == 1:
                said = _("{title} is of {year} here and of {usual} in {often} other rows")
                own = quoted(seat.text("mission_title"))
                sentence = said.format(title=own, year=seat.year, usual=usual, often=often)
                yield Defect(line=seat.line, rule="YEAR_DIFFERS", sentence=sentence)


def _people(seats: Iterable[Seat]) -> Iterator[Defect]:
    by_number: dict[int, Seat] = {}
    for seat in seats:
        first = by_number.setdefault(seat.whole("number"), seat)
        if first.text("name") != seat.text("name"):
            said = _("number {number} is {first} in line {line}")
            sentence = said.format(
                number=seat.whole("number"), first=quoted(first.text("name")), line=first.line
            )
            yield Defect(line=seat.line, rule="TWO_UNDER_ONE_NUMBER", sentence=sentence)


def _names(seats: Iterable[Seat]) -> Iterator[Defect]:
    by_name: dict[str, Seat] = {}
    for seat in seats:
        first = by_name.setdefault(seat.text("name").casefold(), seat)
        if first.whole("number") != seat.whole("number"):
            said = _("{name} is another person in line {line}")
            sentence = said.format(name=quoted(seat.text("name")), line=first.line)
            yield Defect(line=seat.line, rule="TWO_OF_ONE_NAME", sentence=sentence)


def _totals(seats: Iterable[Seat]) -> Iterator[Defect]:
    """Totals that differ from what the rows of the same person add up to, at her first row."""
    by_person: dict[tuple[int, str], list[Seat]] = defaultdict(list)
    for seat in seats:
        by_person[seat.who].append(seat)
    for own in by_person.values():
        first = own[0]
        for rule, told, summed in (
            ("TOTAL_HOURS", "total_hrs_sum", sum(one.numbers["hours_mission"] for one in own)),
            ("TOTAL_OUTSIDE", "total_eva_hrs", sum(one.numbers["eva_hrs_mission"] for one in own)),
            ("TOTAL_MISSIONS", "total_number_of_missions", len(own)),
        ):
            said = sorted({one.numbers[told] for one in own})
            near = HOURS_NEAR if rule != "TOTAL_MISSIONS" else 0
            if any(abs(one - summed) > near for one in said):
                sentence = _("{column} says {said}, the rows add up to {summed}").format(
                    column=told, said=" / ".join(f"{one:g}" for one in said), summed=f"{summed:g}"
                )
                yield Defect(line=first.line, rule=rule, sentence=sentence)
