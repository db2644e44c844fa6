"""Who is at the station of the browser tests; read by the tests and by the script that fills it."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "a long walk home"
ZONE = "Europe/Zurich"
GATE = "Green gate"
CARTS = 28


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person with an account, and an e-mail address that is verified."""

    login: str
    name: str
    callsign: str
    roles: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """Where their messages go."""
        return f"{self.login}@example.org"


#: The administrator that `homeby init` makes; duty officer, with a deputy.
HEAD = Member(login="tsunade", name="Tsunade Senju", callsign="")
DEPUTY = Member(login="shizune", name="Shizune Kato", callsign="")
KIN_EMAIL = "ino@example.org"

FOX = Member(login="sakura", name="Sakura Haruno", callsign="Fox")
OWL = Member(login="neji", name="Neji Hyuga", callsign="Owl")
KEEPER = Member(login="izumo", name="Izumo Kamizuki", callsign="Gate 1", roles=("GATE_KEEPER",))
OFFICE = Member(
    login="kotetsu",
    name="Kotetsu Hagane",
    callsign="Office",
    roles=("ADMINISTRATOR", "LEADER", "DUTY_OFFICER"),
)
MEMBERS = (FOX, OWL, KEEPER, OFFICE)


def cart(number: int) -> str:
    """The callsign of a vehicle that has a mission planned."""
    return f"Cart {number:02d}"
