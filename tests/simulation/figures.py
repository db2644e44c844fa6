"""What a run of the simulator found, in figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

SUMMED = ("days", "missions", "alarms", "messages", "repeats", "kills", "troubles", "acts")
DAYS_A_YEAR = 365.25


@dataclass
class Figures:
    """All worlds of a run. `broken` counts broken promises; a P1 is a lost alarm, a P6 a false."""

    database: str
    first_seed: int
    days: float
    small: bool = False
    seconds: float = 0.0
    worlds: list[dict[str, Any]] = field(default_factory=list)
    sums: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)

    def add(self, told: dict[str, Any]) -> None:
        """One world more. A broken one counts its days, though it ended there."""
        self.worlds.append(told)
        self.sums.update({name: told[name] for name in SUMMED})
        if told["broken"]:
            self.broken[told["broken"].partition(":")[0]] += 1

    @property
    def station_years(self) -> float:
        """Simulated time of one station each."""
        return self.sums["days"] / DAYS_A_YEAR

    @property
    def stations(self) -> str:
        """What kind of stations they are."""
        return "small" if self.small else "busy"

    def as_json(self) -> dict[str, Any]:
        """Everything, for a third party to compare."""
        return {
            "database": self.database,
            "first_seed": self.first_seed,
            "stations": self.stations,
            "seconds": round(self.seconds, 1),
            "station_years": round(self.station_years, 3),
            "lost": self.broken["P1"],
            "false": self.broken["P6"],
            "broken": dict(self.broken),
            "sums": dict(self.sums),
            "worlds": self.worlds,
        }

    def text(self) -> str:
        """One line a figure."""
        minutes = max(self.seconds, 0.1) / 60
        broken = ", ".join(f"{name} {count}" for name, count in sorted(self.broken.items()))
        return "\n".join(
            [
                f"{len(self.worlds)} worlds of {self.stations} stations from seed "
                f"{self.first_seed} on {self.database}, {self.station_years:.2f} station-years in "
                f"{minutes:.1f} min ({self.station_years / minutes:.2f} a minute)",
                f"{self.sums['missions']} missions, {self.sums['acts']} acts, "
                f"{self.sums['alarms']} alarms, {self.sums['messages']} messages",
                f"{self.sums['kills']} kills, {self.sums['troubles']} troubles of the database",
                f"lost {self.broken['P1']}, false {self.broken['P6']}, "
                f"repeats {self.sums['repeats']}, promises broken: {broken or 'none'}",
            ]
        )
