"""The channel of the canary: it leads back into the station and rings nobody."""

from __future__ import annotations

from homeby.comms.channels.base import ChannelSettings, Handed, Outgoing, Result


class LoopbackChannel:
    """Takes every message, for it has nobody to hand it to."""

    name = "LOOPBACK"
    most_text = 100_000

    def __init__(self, *, settings: ChannelSettings) -> None:
        self._settings = settings

    def unready(self) -> str | None:
        """Always ready."""
        return None

    def problem_with(self, address: str) -> str | None:
        """There is one address, the station itself."""
        return None

    def send(self, outgoing: Outgoing, *, timeout_seconds: float) -> Result:
        """Taken."""
        return Handed(provider_ref="loopback")
