"""The rows of a list of crews, as the file says them. Pure but for the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from homeby.sentences import gettext as _
from homeby.station.importing import files, tables
from homeby.station.importing.mapping import FileShape
from homeby.station.importing.wording import quoted

SEATS_MAX = 100_000
YEAR_MIN, YEAR_MAX = 1900, 2200
NUMBERS = (
    "number", "year_of_birth", "year_of_selection", "mission_number", "total_number_of_missions",
    "year_of_mission", "hours_mission", "total_hrs_sum", "eva_hrs_mission", "total_eva_hrs",
)  # fmt: skip
TEXTS = (
    "id", "name", "nationality", "occupation", "mission_title", "ascend_shuttle", "descend_shuttle",
)  # fmt: skip

#: Roles as such lists write them, in any case, and the position that each is.
ROLES = {
    "commander": "CREW-COMMANDER",
    "pilot": "CREW-PILOT",
    "flight engineer": "CREW-FLIGHT-ENGINEER",
    "msp": "CREW-MISSION-SPECIALIST",
    "psp": "CREW-PAYLOAD-SPECIALIST",
    "space tourist": "CREW-GUEST",
    "other (space tourist)": "CREW-GUEST",
    "other (journalist)": "CREW-GUEST",
    "spaceflight participant": "CREW-GUEST",
}


@dataclass(frozen=True, kw_only=True)
class Defect:
    """What is wrong in a line; `rule` is the same word for the same fault."""

    line: int
    rule: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One row: somebody on a mission. Numbers as typed, in `numbers` by column."""

    line: int
    texts: dict[str, str]
    numbers: dict[str, float]

    def text(self, column: str) -> str:
        """What stands in a column, without outer and double blanks."""
        return " ".join(self.texts[column].split())

    def whole(self, column: str) -> int:
        """The number of a column that counts."""
        return int(self.numbers[column])

    @property
    def year(self) -> int:
        """The year of the mission: the list knows no day."""
        return self.whole("year_of_mission")

    @property
    def flight(self) -> tuple[str, int]:
        """Which mission it was, whatever its spelling."""
        return spelled(self.text("mission_title") or self.text("ascend_shuttle")), self.year

    @property
    def who(self) -> tuple[int, str]:
        """Who it was: a number may stand for two people, and a name too."""
        return self.whole("number"), self.text("name")

    @property
    def role(self) -> str:
        """The position; "" for a word that nobody knows."""
        return ROLES.get(self.text("occupation").casefold(), "")


def spelled(title: str) -> str:
    """A title without what people write differently: case, blanks, hyphens, soft ones too."""
    return re.sub(r"[\s\u00ad-]", "", title).casefold()


def read(path: Path) -> Iterator[Seat | Defect]:
    """The rows of a file, or what is wrong with a row. Raises files.Broken for a file that is none
    of this kind."""
    with files.opened(path) as stream:
        shape = FileShape()
        table = tables.table(stream, shape)
        header = [name.strip() for name in table.header]
        lacking = [name for name in (*NUMBERS, *TEXTS) if name not in header]
        if lacking:
            sentence = _("The file lacks the column {missing}. It has {has}.")
            raise files.Broken(
                sentence.format(
                    missing=", ".join(map(quoted, lacking)), has=", ".join(map(quoted, header[:40]))
                ),
                line=1,
            )
        for count, row in enumerate(table.rows):
            if count >= SEATS_MAX:
                raise files.Broken(
                    _("The file has more than {number} rows. Split it.").format(number=SEATS_MAX),
                    line=row.line,
                )
            if isinstance(row, files.BadRow):
                yield Defect(line=row.line, rule="ROW", sentence=row.reason)
            else:
                yield _seat(row.line, dict(zip(header, row.cells, strict=False)))


def _seat(line: int, cells: dict[str, str]) -> Seat | Defect:
    numbers: dict[str, float] = {}
    for column in NUMBERS:
        try:
            numbers[column] = float(cells[column])
        except ValueError:
            numbers[column] = -1.0
        if not 0 <= numbers[column] < SEATS_MAX * 10:
            unfit = _("{column} holds {text}, which is no number").format(
                column=column, text=quoted(cells[column])
            )
            return Defect(line=line, rule="NUMBER", sentence=unfit)
    if not YEAR_MIN <= numbers["year_of_mission"] <= YEAR_MAX or not cells["name"].strip():
        unfit = _("it names nobody, or an impossible year")
        return Defect(line=line, rule="NUMBER", sentence=unfit)
    return Seat(line=line, texts={name: cells[name] for name in TEXTS}, numbers=numbers)


def names(seats: list[Seat]) -> dict[tuple[int, str], str]:
    """What each person is called here: two of one name get what tells them apart."""
    people = {seat.who: seat for seat in seats}
    often = Counter(seat.text("name").casefold() for seat in people.values())
    return {
        who: seat.text("name")
        if often[seat.text("name").casefold()] == 1
        else f"{seat.text('name')} ({seat.text('nationality') or who[0]})"
        for who, seat in people.items()
    }
