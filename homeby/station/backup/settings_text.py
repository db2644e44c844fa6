"""The settings of a station as they go into a backup: what was chosen, wherever it was chosen."""

from __future__ import annotations

import json
from typing import Any

from pydantic import SecretStr

from homeby.settings import Settings

#: What belongs to a machine and not to the station: another one has its own.
OF_THE_MACHINE = frozenset(
    {"home", "database_url", "host", "port", "demonstration", "backup_folder"}
)


def as_toml(settings: Settings) -> str:
    """The file homeby.toml with everything that was chosen in the file or by variables, secrets
    too."""
    chosen = sorted(settings.model_fields_set - OF_THE_MACHINE)
    head = "# From a backup. Folder, database, host and port are those of this machine.\n"
    return head + "".join(f"{name} = {_value(getattr(settings, name))}\n" for name in chosen)


def _value(value: Any) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
