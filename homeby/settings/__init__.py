"""What the organisation may choose, read from `homeby.toml` and from `HOMEBY_*` variables.

A variable beats the file. A name that nobody knows is refused with a sentence that names it and the
nearest name that exists, for a misspelt setting that is silently ignored is a setting that lies.
"""

from __future__ import annotations

import difflib
import functools
import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from homeby import keys
from homeby.settings.backups import BackupSettings
from homeby.settings.log_ins import LogInSettings
from homeby.settings.messages import Words, words_of
from homeby.settings.operation import OperationSettings

PREFIX = "HOMEBY_"
HOME_VARIABLE = "HOMEBY_HOME"
FILE_NAME = "homeby.toml"

#: Variables with our prefix that are not settings of the organisation.
OTHER_VARIABLES = frozenset(
    {
        "HOMEBY_ALLOW_UNSAFE_DATABASE",
        "HOMEBY_CLOCK",
        "HOMEBY_DATA",
        "HOMEBY_LIFELINE",
        "HOMEBY_TESTS",
    }
)

#: Variables of the test runs; no station reads them.
_OF_TESTS = ("HOMEBY_TEST_", "HOMEBY_CI", "HOMEBY_CHROMIUM", "HOMEBY_PICTURES")

_ALMOST = 0.7


class SettingsProblem(Exception):
    """The settings cannot be used; the text is a sentence for the person who wrote them."""


class Settings(LogInSettings, OperationSettings, BackupSettings):
    """The settings of one station. The documentation is made from the descriptions."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        frozen=True,
        validate_default=True,
        env_ignore_empty=True,
    )

    home: Path = Field(
        default=Path("station"),
        description="The station's own folder: database, keys, homeby.toml. Only by the variable "
        "HOMEBY_HOME, for the file lies in this folder.",
    )
    station_name: str = Field(
        default="Homeby",
        min_length=1,
        max_length=80,
        description="The name of the station, shown on every page and in every message.",
    )
    database_url: str = Field(
        default="",
        repr=False,
        description="Where the records are kept. Empty: SQLite, homeby.sqlite3 in the station's "
        "folder. Else sqlite:///path or postgresql://user:password@host/name; a socket folder is "
        "given as ?host=/folder.",
    )
    public_url: str = Field(
        default="",
        description="The address under which people reach this station; links in messages begin "
        "with it. Empty: http://127.0.0.1 with the port.",
    )
    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="The network address that the web part listens on; 0.0.0.0 for all of them.",
    )
    port: int = Field(
        default=8765,
        ge=1,
        le=65535,
        description="The port that the web part listens on.",
    )
    allowed_hosts: Words = Field(
        default=(),
        description="Further host names under which pages may be asked for. The host of public_url "
        "and this machine's own names are always allowed.",
    )
    api_per_minute: int = Field(
        default=120,
        ge=10,
        le=100_000,
        description="How often a personal token may read, and again as often act, in a minute. "
        "What signs in, checks in or asks for HELP is never limited.",
    )
    web_threads: int = Field(
        default=8,
        ge=1,
        le=64,
        description="How many pages may be made at the same time; each thread keeps one connection "
        "to the database.",
    )
    canary_addresses: Words = Field(
        default=(),
        repr=False,
        description="Where the canary's nightly message goes, one line for each channel class, "
        "such as email=night@example.org or webhook=https://example.org/hook. A class without a "
        "line is not tried.",
    )
    channel_unproven_days: int = Field(
        default=7,
        ge=1,
        le=90,
        description="After so many days without a message handed through it, a channel class "
        "counts as unproven and is shown so.",
    )
    weekly_tests: bool = Field(
        default=True,
        description="Whether each person on the watch bill gets a test alarm within every seven "
        "days, to be taken. Without it, only a real alarm or a drill shows that she is reached.",
    )
    heartbeat_url: SecretStr = Field(
        default=SecretStr(""),
        description="The outside heartbeat: an address of any healthchecks-compatible service, "
        "asked for once a minute while auditor and canary agree that the watch does its work, and "
        "with /fail behind it when they do not. Empty: nobody outside notices a dead station.",
    )
    pause_hours_max: int = Field(
        default=12,
        ge=1,
        le=72,
        description="The watch can be paused for at most so many hours, by two people or with a "
        "day's notice; then it goes on by itself.",
    )
    partner_inner_hosts: Words = Field(
        default=(),
        description="Partner stations inside our own network, by host name or address. Without a "
        "line here this station sends its minute message to outer addresses only.",
    )
    demonstration: bool = Field(
        default=False,
        description="True: this is a demonstration. Messages land on a page and reach no phone, "
        "and every page says so.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """A variable beats the file. `load` hands the file's values in as initial values."""
        return env_settings, init_settings

    @field_validator("allowed_hosts", "canary_addresses", "partner_inner_hosts", mode="before")
    @classmethod
    def _words(cls, value: object) -> object:
        return words_of(value)

    @field_validator("home")
    @classmethod
    def _whole_path(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, address: str) -> str:
        if not address:
            return address
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("write a whole address such as https://homeby.example.org")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("write only scheme and host; Homeby does not live under a path")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        scheme = url.partition("://")[0]
        if url and scheme not in ("sqlite", "postgresql", "postgres"):
            raise ValueError("write sqlite:///path or postgresql://user:password@host/name")
        return url

    @model_validator(mode="after")
    def _address_from_port(self) -> Settings:
        if not self.public_url:
            object.__setattr__(self, "public_url", f"http://127.0.0.1:{self.port}")
        return self

    @property
    def public_host(self) -> str:
        """The host name in `public_url`, without port."""
        return urlsplit(self.public_url).hostname or "127.0.0.1"

    @property
    def public_is_https(self) -> bool:
        """Whether people reach the station over an encrypted line."""
        return self.public_url.startswith("https://")

    @property
    def sender_address(self) -> str:
        """The address in the From line of e-mail."""
        return self.smtp_from or f"homeby@{self.public_host}"

    @property
    def backups(self) -> Path:
        """Where backups go: the setting, or the folder `backups` in the station's own."""
        return Path(self.backup_folder) if self.backup_folder else self.home / "backups"

    @property
    def file(self) -> Path:
        """Where the settings file is looked for; it need not exist."""
        return self.home / FILE_NAME


def load() -> Settings:
    """Read the settings of the station whose folder is `HOMEBY_HOME` (default `./station`).

    Raises SettingsProblem with a sentence when a name or a value cannot be used.
    """
    home = Path(os.environ.get(HOME_VARIABLE) or "station").expanduser().absolute()
    _refuse_misspelt_variables(names=os.environ)
    values = _read_file(path=home / FILE_NAME)
    try:
        return Settings(**{**values, "home": home})
    except ValidationError as error:
        raise SettingsProblem(_sentences(error=error, path=home / FILE_NAME)) from None


@functools.cache
def current() -> Settings:
    """The settings of this process, read once. Raises SettingsProblem."""
    return load()


def people_key() -> bytes:
    """The 32 bytes that protect private values of people at this station. Raises KeyProblem."""
    if os.environ.get("HOMEBY_TESTS"):
        return bytes(keys.PEOPLE_KEY_BYTES)  # tests write no key and protect nobody
    return keys.people_key(home=current().home)


def webpush_key() -> bytes:
    """The 32 bytes that sign push messages to browsers. Raises KeyProblem."""
    if os.environ.get("HOMEBY_TESTS"):
        return bytes(range(1, keys.WEBPUSH_KEY_BYTES + 1))  # tests write no key
    return keys.webpush_key(home=current().home)


def kiosk_key() -> bytes:
    """The 32 bytes that open what kiosks have sealed to this station. Raises KeyProblem."""
    if os.environ.get("HOMEBY_TESTS"):
        return bytes(range(3, keys.KIOSK_KEY_BYTES + 3))  # tests write no key
    return keys.kiosk_key(home=current().home)


def make_open_badges_key() -> None:
    """Make that key where there is none, before the first badge is given. Raises KeyProblem."""
    if not os.environ.get("HOMEBY_TESTS"):  # tests write no key
        keys.make_open_badges_key(home=current().home)


def open_badges_key() -> rsa.RSAPrivateKey:
    """The key that signs the Open Badges that people take away. Raises KeyProblem."""
    if os.environ.get("HOMEBY_TESTS"):
        return _open_badges_key_of_tests()
    return keys.open_badges_key(home=current().home)


@functools.cache
def _open_badges_key_of_tests() -> rsa.RSAPrivateKey:
    """One for each process: tests write no key."""
    return keys.new_open_badges_key()


def log_key() -> bytes:
    """The 32 bytes that sign checkpoints and what partner stations are told. Raises KeyProblem."""
    if os.environ.get("HOMEBY_TESTS"):
        return bytes(range(2, keys.LOG_KEY_BYTES + 2))  # tests write no key
    return keys.log_key(home=current().home)


def unknown_variables(*, names: Iterable[str]) -> list[str]:
    """The names that carry our prefix and that nothing reads."""
    known = {*(PREFIX + name.upper() for name in Settings.model_fields), *OTHER_VARIABLES}
    return sorted(
        name
        for name in names
        if name.startswith(PREFIX) and name not in known and not name.startswith(_OF_TESTS)
    )


def _refuse_misspelt_variables(*, names: Iterable[str]) -> None:
    """Refuse a variable that is nearly a setting; doctor reports those far from all of them."""
    fields = [name.upper() for name in Settings.model_fields]
    for name in unknown_variables(names=names):
        near = difflib.get_close_matches(name.removeprefix(PREFIX), fields, n=1, cutoff=_ALMOST)
        if near:
            raise SettingsProblem(
                f"The variable {name} is not a setting of Homeby. Did you mean {PREFIX}{near[0]}?"
            )


def _read_file(*, path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsProblem(f"The settings file {path} cannot be read: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsProblem(
            f"The settings file {path} is not valid TOML: {error}. "
            'Each line is a name, an equals sign and a value, such as station_name = "North hut".'
        ) from None
    if "home" in values:
        raise SettingsProblem(
            f"Take the line home out of {path}: the file lies in that folder already. "
            f"To use another folder, set the variable {HOME_VARIABLE}."
        )
    return values


def _sentences(*, error: ValidationError, path: Path) -> str:
    """One sentence per finding: what is wrong, where, what to do."""
    return "\n".join(_sentence(detail=dict(detail), path=path) for detail in error.errors())


def _sentence(*, detail: dict[str, Any], path: Path) -> str:
    name = str(detail["loc"][0]) if detail["loc"] else "settings"
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, list(Settings.model_fields), n=1, cutoff=0.0)
        return f"{path} sets {name}, which is not a setting of Homeby. Did you mean {near[0]}?"
    where = PREFIX + name.upper()
    place = f"the variable {where}" if where in os.environ else f"{name} in {path}"
    reason = str(detail["msg"]).removeprefix("Value error, ")
    return f"The setting {name} cannot be used ({place}): {reason[:1].lower()}{reason[1:]}."
