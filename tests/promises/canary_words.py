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
    "lesson": {"agent", "deputy", "head", "chief"},
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
    "speaker": {"guard", "head", "kin-page"},
    "urgent": {"agent", "deputy", "head", "chief"},
    "examination": {"agent", "deputy", "guard", "mate", "head"},
    "secret unit": {"agent", "deputy"},
    "unit shift": {"deputy", "head"},  # who keeps it, and the duty officer
    "unit outing": {"deputy", "mate", "head"},  # the party, too
    "unit group": {"deputy"},
    "injury": {"agent"},  # a medic opens it in a tap of its own
    "paper": {"agent", "chief", "deputy", "head"},
    "wanted kit": {"agent", "mate", "chief", *WATCH},
    "communications": {"agent", "mate", "chief", *WATCH},
    "carried": {"agent", "mate", "chief", *WATCH},
    "description": {"agent", "mate", "chief", *WATCH},
    "login": {"agent", "admin"},
    "device": {"agent", "admin", *WATCH},
    "board": {"agent", "deputy", "guard", "mate", "head"},
    "moved": {"agent", "deputy", "guard", "mate", "head"},
    "part": {"agent", "deputy", "guard", "mate", "head"},
    "appeal": {"agent", "deputy", "guard", "mate", "head"},
    "appeal answer": {"agent", "deputy", "guard", "mate", "head"},
    "shift": {"agent", "chief", "medic", *WATCH},  # the medic is of that team
    "shift place": {"agent", "chief", "medic", *WATCH},
    "answer": {"agent", "chief", *WATCH},
    "swap": {"agent", "mate", "chief", *WATCH},
    "called off": {"agent", "chief", "medic", *WATCH},
    "rest": {"agent", "chief", "head", "deputy"},
    "practised": {"agent", "chief", "deputy"},
    "aim": {"agent", "deputy"},
    "withdrawn": {"agent", "chief", "deputy", "head"},
    "looked again": {"agent"},
    "check-in": {"agent", "mate", "chief", *WATCH},
    "help": WATCH,
    "still out": {"agent", "deputy", "head", "chief"},
    "danger": {"agent", "deputy", "head", "chief"},
    "ended": WATCH,
    "concern": {"agent", "welfare"},
}
#: Words that come to nobody: nothing but a hash is kept, or rules alone read what is sealed.
NEVER = ("PIN", "duress PIN", "device key", "invitation", "calendar link", "birth date",
         "feed")  # fmt: skip
#: Words of another shape, each as it could be written.
SHAPED = {"PIN": "90271834", "duress PIN": "41860275"}
BIRTH = ("2013-04-17", "17 April 2013", "17 Apr 2013", "17.04.2013", "17.4.2013", "17/04/2013")
#: What a medic opens in a tap of her own, which is written down.
OPENED_BY_MEDICS = {"conditions", "medication", "allergies", "injury", "looked again"}
#: What whoever holds a secret link reads by it, whoever they are.
BY_LINK: dict[str, set[str]] = {
    "kin-page": {"speaker"},
    "message-link": {"refused why"},
    "invitation": {"invitation"},
    "calendar-feed": {"shift", "shift place", "calendar link"},
}
#: To whose telephone which of these words come; no other word of the village comes to any.
TOLD = {
    "shift": {"agent"},
    "place": {"head"},
    "asked why": {"head"},
    "refused why": {"agent", "mate", "deputy"},
    "pause": {"agent", "mate", "chief", "deputy", "head", "admin"},
}


def may_read(who: str, word: str, *, tapped: bool) -> bool:
    """Whether a word is for somebody, or for whoever holds the secret link of this name; what a
    medic opens she reads in answer to a tap, and by looking at no page."""
    if who in BY_LINK:
        return word in BY_LINK[who]
    return who in READERS.get(word, ()) or (tapped and who == "medic" and word in OPENED_BY_MEDICS)
