"""The words that the crawl plants, and whose they are to read and to hear."""

from __future__ import annotations

#: Which words are whose to read, by the people of the village; "agent" is the one they are about.
#: Beside `READERS`, those here see where she is while she is out.
WATCH = {"guard", "deputy", "head"}
READERS: dict[str, set[str]] = {
    "name": {"agent", "deputy", "head", "admin"},
    "what": {"agent", "mate", "chief", *WATCH},
    "place": {"agent", "mate", "chief", *WATCH},
    "vehicle": {"agent", "mate", "chief", *WATCH},
    "route": {"agent", "mate", "chief", *WATCH},
    "address": {"agent"},
    "kin name": {"agent"},
    "kin address": {"agent"},
    "home": {"agent"},
    "way in": {"agent"},
    "conditions": {"agent"},
    "medication": {"agent"},
    "allergies": {"agent"},
    "webhook": {"agent", "admin"},
    "where": {"agent"},
    "report": {"agent", "deputy", "head", "chief"},
    "worry": WATCH,
    "badge": {"agent", "admin", *WATCH},
    "token": {"agent", "admin"},
    "asked why": {"agent", "mate", "chief", *WATCH},
    "refused why": {"deputy", "head"},
    "pause": {"admin", *WATCH},
    "override": {"chief", "safeguarding", *WATCH},
    "stranger": WATCH,
    "glass": {"admin", *WATCH},
    "review": {"admin", *WATCH},
    "speaker": {"guard", "head", "kin"},
    "urgent": {"agent", "deputy", "head", "chief"},
    "examination": {"agent", "deputy"},
    "secret unit": {"agent", "deputy"},
    "injury": {"agent"},  # a medic opens it in a tap of its own
    "paper": {"agent", "chief", "deputy", "head"},
}
#: To whose telephone which of these words come; no other word of the village comes to any.
TOLD = {
    "place": {"head"},
    "asked why": {"head"},
    "refused why": {"agent", "mate", "deputy"},
    "pause": {"agent", "mate", "chief", "deputy", "head", "admin"},
}
