"""An entry of the logbook as a signed POST: as the webhook channel posts and signs a message."""

from __future__ import annotations

import dataclasses
import json

from homeby.comms.channels.base import ChannelSettings, Outgoing
from homeby.comms.channels.webhook import WebhookChannel


class EntryWebhook(WebhookChannel):
    """Posts what stands in `text` (one JSON object) under a secret of its own."""

    def __init__(self, *, settings: ChannelSettings, secret: str) -> None:
        super().__init__(settings=dataclasses.replace(settings, webhook_secret=secret))

    def _body(self, outgoing: Outgoing) -> bytes:
        """The same `Outgoing` gives the same bytes, so a repeat has the same signature."""
        fields = {
            "key": outgoing.key,
            "sent_as": outgoing.sent_as,
            "from_name": outgoing.from_name,
            "written_at": outgoing.written_at.isoformat(),
            "entry": json.loads(outgoing.text),
        }
        return json.dumps(fields, ensure_ascii=False).encode("utf-8")
