"""The settings of backups: to whom they are sealed, where they lie, when one is missed."""

from __future__ import annotations

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from homeby.settings.messages import Words, words_of


class BackupSettings(BaseSettings):
    """The part of the settings that is about backups."""

    backup_recipients: Words = Field(
        default=(),
        description="Whom backups are sealed to, at least two: the public halves of backup keys, "
        "each with a name before it if you like, such as Mia=age1... `homeby backup-key` makes "
        "one.",
    )
    backup_folder: str = Field(
        default="",
        description="Where `homeby backup` writes. Empty: the folder backups in the station's own. "
        "Better a disk of another machine. /metrics says how old the newest file in it is.",
    )
    backup_days_max: int = Field(
        default=7,
        ge=1,
        le=365,
        description="After so many days without a backup `homeby doctor` says so.",
    )

    @field_validator("backup_recipients", mode="before")
    @classmethod
    def _holders(cls, value: object) -> object:
        return words_of(value)
