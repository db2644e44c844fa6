"""The settings of whoever operates the station: figures for programs, and what is printed."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from homeby.settings.messages import MessageSettings


class OperationSettings(MessageSettings):
    """The part of the settings that is about operating a station."""

    metrics_token_file: Path | None = Field(
        default=None,
        description="A file that holds a secret of at least 24 characters: whoever brings it as a "
        "bearer token may read /metrics. Empty: only a program on this machine may, and not by way "
        "of a proxy. A file that cannot be used lets nobody in.",
    )

    https_only_days: int = Field(
        default=365,
        ge=0,
        le=1095,
        description="For how many days a browser that was here by https asks for this host by "
        "https alone (Strict-Transport-Security). Only with a public_url of https. 0 takes it back "
        "with the next page; do that before you leave https, and wait until everybody was here.",
    )
    https_only_subdomains: bool = Field(
        default=False,
        description="Whether that is also said of all hosts whose name ends with that of this "
        "station. Only when every one of them is reached by https.",
    )

    where_help_is: str = Field(
        default="",
        max_length=2000,
        description="Whom people may call who need help, in the organisation's own words: shown to "
        "every member under Help and care, whoever she is.",
    )

    log_format: Literal["auto", "json", "text"] = Field(
        default="auto",
        description="How the processes print what happens: json is a line for each event, for "
        "programs that collect lines; text is a sentence. auto: text on a terminal, else json. "
        "Either way no line holds a name, an address, a secret or a link.",
    )

    @field_validator("metrics_token_file")
    @classmethod
    def _whole_place(cls, path: Path | None) -> Path | None:
        return None if path is None or path == Path() else path.expanduser().absolute()
