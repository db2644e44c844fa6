"""What somebody texts from out there: a few words in five languages. Pure.

A text is believed only where it says one thing and nothing beside it, so that "not back", "back at
8" or "ok, but Tom fell" changes nothing by itself: a person reads those. HELP is another matter:
one such word anywhere is enough, for what stands around it may be all that was left of a message.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from homeby.people.rules import Act

#: What a text may say, by Homeby's own words, and by those of each language.
_HELP = frozenset(
    [
        "help",
        "sos",
        "mayday",
        "emergency",
        "hilfe",
        "notfall",
        "notruf",
        "hilf",
        "secours",
        "aidez",
        "aide",
        "urgence",
        "detresse",
        "ayuda",
        "ayudame",
        "ayudenme",
        "socorro",
        "auxilio",
        "emergencia",
    ]
)
_HELP_ANYWHERE = ("助けて", "たすけて", "タスケテ", "助け", "救助", "遭難", "緊急", "ヘルプ")
_FINE = frozenset(
    [
        "ok",
        "okay",
        "okey",
        "fine",
        "well",
        "good",
        "safe",
        "gut",
        "wohlauf",
        "bien",
        "bien",
        "vale",
        "大丈夫",
        "大丈夫です",
        "無事",
        "無事です",
        "異常なし",
        "異常ありません",
    ]
)
_BACK = frozenset(
    [
        "back",
        "home",
        "zurück",
        "zurueck",
        "zuruck",
        "daheim",
        "zuhause",
        "retour",
        "rentre",
        "rentree",
        "rentré",
        "rentrée",
        "vuelta",
        "vuelto",
        "regreso",
        "regrese",
        "regresé",
        "帰着",
        "帰着しました",
        "戻りました",
        "帰りました",
        "下山しました",
        "帰還しました",
    ]
)
_BESIDE_BACK = frozenset({"safe"})
_LATE = frozenset(
    [
        "late",
        "later",
        "delayed",
        "später",
        "spaeter",
        "spater",
        "verspätet",
        "verspaetet",
        "retard",
        "tarde",
        "retraso",
    ]
)
_LATE_IN_JAPANESE = re.compile(r"遅れ(?:ます|る|そうです|\s|$)|遅刻します")
#: Said beside these by whoever speaks of herself; it adds nothing.
_BESIDE = frozenset(
    [
        "i",
        "am",
        "im",
        "i'm",
        "all",
        "is",
        "are",
        "we're",
        "we",
        "me",
        "and",
        "again",
        "ich",
        "bin",
        "wir",
        "sind",
        "alles",
        "alle",
        "wieder",
        "mir",
        "geht",
        "es",
        "uns",
        "je",
        "suis",
        "nous",
        "sommes",
        "tout",
        "va",
        "vas",
        "de",
        "ça",
        "ca",
        "estoy",
        "estamos",
        "todo",
        "todos",
        "de",
        "he",
        "ya",
    ]
)
#: Whoever says "we" or "all" of being back speaks of others, who sign in themselves.
_OF_OTHERS = frozenset(
    ["all", "are", "we're", "we", "wir", "sind", "alle", "nous", "sommes", "estamos", "todos"]
)
_BESIDE_LATE = _BESIDE | frozenset(["running", "en", "con", "un"])
_PIN = re.compile(r"[0-9]{4,8}")
_LAST_DIGITS = re.compile(r"[0-9]{4,8}(?=[^0-9]*$)")
_QUESTION = frozenset("?¿")
_AMOUNT = re.compile(r"[0-9]{1,3}")
_SOS = re.compile(r"(?<![a-z])s[\s.\-_]*o[\s.\-_]*s(?![a-z])")
_HOUR = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_LENGTH = re.compile(
    r"[0-9]{1,3}\s*(?:h|std|stunden?|hours?|hrs?|heures?|horas?|時間|m|min|minut[eno]+s?|分)?"
    r"(?:\s*[0-9]{1,2}\s*(?:m|min|minut[eno]+s?|分)?)?(?![0-9a-z])"
)
_SPLIT = re.compile(r"[\s,;.!?¡¿…、。\"“”„«»()\[\]]+")
_TEXT_MOST = 2000


@dataclass(frozen=True, kw_only=True)
class TextRead:
    """What a text says: an act, or None where it is unclear. `amount` is how much later, or until
    when, as it was typed; `pin` what may be a PIN. `whole` is the text, `kept` the same without a
    PIN where its sender has one."""

    act: Act | None
    whole: str
    kept: str
    amount: str = ""
    pin: str = ""


def read_text(text: str, *, has_pin: bool = False) -> TextRead:
    """Read what was texted by somebody who has a PIN, or has none."""
    text = " ".join(text.replace("\x00", " ").split())[:_TEXT_MOST]
    words = [word for word in _SPLIT.split(_plain(text)) if word]
    bare, pin = (words[:-1], words[-1]) if _ends_in_pin(words) else (words, "")
    own, kept = (pin, _without_pin(text)) if pin and has_pin else ("", text)
    if _calls_for_help(_plain(text), words):
        return TextRead(act=Act.HELP, whole=text, kept=kept, pin=own)
    if _asks(text):
        return TextRead(act=None, whole=text, kept=kept, pin=own)
    if _says_late(kept, words):
        amount = _amount_in(kept)
        act = Act.MORE_TIME if amount else None
        return TextRead(act=act, whole=text, kept=kept, amount=amount, pin=own)
    said = set(bare) - _BESIDE
    if said & _BACK and said <= _BACK | _BESIDE_BACK and not set(bare) & _OF_OTHERS:
        return TextRead(act=Act.SIGN_IN, whole=text, kept=kept, pin=pin)
    if said and said <= _FINE:
        return TextRead(act=Act.CHECK_IN, whole=text, kept=kept, pin=pin)
    return TextRead(act=None, whole=text, kept=kept, pin=own)


def _plain(text: str) -> str:
    """Small letters, of one width; "à l'aide" is two words."""
    small = unicodedata.normalize("NFKC", text).casefold()
    return small.replace("l\u2019", "l'").replace("l'", " ")


def _ends_in_pin(words: list[str]) -> bool:
    return bool(words) and _PIN.fullmatch(words[-1]) is not None


def _without_pin(text: str) -> str:
    """Whatever stands before it, and in digits of whatever width it was typed."""
    return _LAST_DIGITS.sub("****", unicodedata.normalize("NFKC", text))


def _asks(text: str) -> bool:
    """Whoever asks whether somebody is back does not say so."""
    return not _QUESTION.isdisjoint(unicodedata.normalize("NFKC", text))


def _says_late(text: str, words: list[str]) -> bool:
    """Whether it is what they say, and not what they deny: nothing else stands before it."""
    if _LATE_IN_JAPANESE.search(text):
        return True
    at = next((place for place, word in enumerate(words) if word in _LATE), None)
    return at is not None and set(words[:at]) <= _BESIDE_LATE


def _calls_for_help(text: str, words: list[str]) -> bool:
    """One word for it anywhere, however it is drawn out ("HEEELP") or run into the next
    ("helpme"). "Helpful" calls, too: somebody asks once more, and nobody is left alone."""
    if _SOS.search(text) or any(one in text for one in _HELP_ANYWHERE):
        return True
    for word in (*words, *(_without_marks(word) for word in words)):
        for form in (word, re.sub(r"(.)\1+", r"\1", word)):
            if form in _HELP or any(len(one) > 3 and form.startswith(one) for one in _HELP):
                return True
    return False


def _without_marks(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _amount_in(text: str) -> str:
    """The first that is an amount of time, or a time of the day, and all that belongs to it: "2h",
    "1 h 30", "60", "20:30"."""
    found = _HOUR.search(text) or _LENGTH.search(_plain(text))
    return found[0].strip() if found else ""


def is_minutes(amount: str) -> bool:
    """Whether an amount is a bare number: then it means minutes, as in "LATE 60"."""
    return _AMOUNT.fullmatch(amount) is not None
