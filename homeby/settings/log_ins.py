"""The settings of log-ins: a provider of the organisation, a service that knows lost passwords."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from homeby.settings.messages import Words, words_of

_HERE = ("localhost", "127.0.0.1", "::1")


class LogInSettings(BaseSettings):
    """The part of the settings that is about log-ins."""

    oidc_issuer: str = Field(
        default="",
        description="The provider by which people log in, too (OpenID Connect): its address as it "
        "stands in its own configuration, such as https://login.example.org. Empty: none.",
    )
    oidc_name: str = Field(
        default="",
        max_length=60,
        description="What people call the provider; it stands on the button of the log-in page. "
        "Empty: its host name.",
    )
    oidc_client_id: str = Field(
        default="",
        description="Under which name the provider knows this station. There the address to come "
        "back to is public_url with /log-in/provider/back/ behind it.",
    )
    oidc_secret_file: Path | None = Field(
        default=None,
        description="The file with the secret that the provider gave to this station; readable by "
        "its owner only.",
    )
    password_range_url: str = Field(
        default="",
        description="A service that knows passwords which were lost elsewhere, such as "
        "https://api.pwnedpasswords.com/range/. It is asked with the first five of the 40 digits "
        "of a password's hash and never learns which one was meant. Empty: only the bundled list.",
    )

    log_in_days: int = Field(
        default=14,
        ge=1,
        le=30,
        description="After how many days a log-in ends in any case, unless its person proves once "
        "more who she is. What would be at night is put off until ten in the morning.",
    )
    log_in_idle_hours: int = Field(
        default=72,
        ge=1,
        le=336,
        description="After how many hours in which nobody uses it a log-in ends. A page that shows "
        "the board or the siren asks by itself, and so is used as long as it is shown.",
    )
    log_in_idle_hours_office: int = Field(
        default=12,
        ge=1,
        le=336,
        description="The same for whoever gives roles or opens what is private (administrator, "
        "medic, welfare officer, safeguarding lead) and keeps no watch.",
    )
    second_factor_office: bool = Field(
        default=False,
        description="Whether whoever opens doors to others (roles, log-ins, erasure) needs more "
        "than a password: a passkey, an app with codes, or the provider. Alarms, gates, boards and "
        "break-glass never wait for it.",
    )
    password_words: Words = Field(
        default=(),
        description="Words that no password here may hold, for strangers try them here first: "
        "names of your places, callsigns, what your people shout. Names of this station and of "
        "the organisation are among them by themselves. Four letters or more each.",
    )

    @field_validator("password_words", mode="before")
    @classmethod
    def _several_words(cls, value: object) -> object:
        return words_of(value)

    @field_validator("oidc_issuer", "password_range_url")
    @classmethod
    def _safe_address(cls, address: str) -> str:
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
        if address and not (is_safe and parts.hostname):
            raise ValueError("write a whole address that begins with https://")
        return address

    @property
    def oidc_origin(self) -> str:
        """Scheme and host of the provider, "" where there is none."""
        parts = urlsplit(self.oidc_issuer)
        return f"{parts.scheme}://{parts.netloc}" if self.oidc_issuer else ""

    @property
    def oidc_label(self) -> str:
        """What people call the provider, "" where there is none."""
        return self.oidc_name or (urlsplit(self.oidc_issuer).hostname or "")
