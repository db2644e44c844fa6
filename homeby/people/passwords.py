"""Which passwords are not taken, as validators of Django's (`people.rules_passwords` decides).

The bundled list (`lost/NOTICE.md`: 193,152 words, names and lost passwords) is looked at on this
machine, with every password and without a line to anywhere.
"""

from __future__ import annotations

import bisect
import functools
import hashlib
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeby import settings
from homeby.people import rules_passwords as rules
from homeby.people.models import Organisation, Person

_FILE = Path(__file__).parent / "lost" / "commonest.bin"
_BYTES = 5


@functools.cache
def _marks() -> bytes:
    return _FILE.read_bytes()


def is_listed(text: str) -> bool:
    """Whether the bundled list holds this text."""
    marks = _marks()
    wanted = hashlib.sha256(text.encode("utf-8", "replace")).digest()[:_BYTES]

    def at(place: int) -> bytes:
        return marks[place * _BYTES : (place + 1) * _BYTES]

    count = len(marks) // _BYTES
    place = bisect.bisect_left(range(count), wanted, key=at)
    return place < count and at(place) == wanted


def own_words() -> list[str]:
    """Words of this organisation, which strangers try here before all others."""
    chosen = settings.current()
    names = Organisation.objects.values_list("name", flat=True)
    return ["homeby", chosen.station_name, *names, *chosen.password_words]


class _Judge:
    """A validator as Django asks for one."""

    sentence: str | Promise = ""

    def judge(self, password: str, account: Any) -> bool:
        """Whether it is refused."""
        raise NotImplementedError

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with a sentence."""
        if self.judge(password, user):
            raise ValidationError(str(self.sentence), code=type(self).__name__)

    def get_help_text(self) -> str:
        """What Django shows in its own forms, which are not ours."""
        return ""


class NotCommon(_Judge):
    """No password that strangers try first: of a list, however it is dressed up."""

    sentence = _(
        "Strangers try this password among the first: a word or a known password stays one with "
        "digits and signs around it. Take a short sentence of your own."
    )

    def judge(self, password: str, account: Any) -> bool:
        """Whether a list knows it."""
        return rules.is_common(password, known=is_listed)


class NoPattern(_Judge):
    """No piece again and again, and no walk over the keyboard."""

    sentence = _(
        "This is a pattern: one piece again and again, or keys side by side. Strangers try those "
        "among the first. Take a short sentence of your own."
    )

    def judge(self, password: str, account: Any) -> bool:
        """Whether it is one."""
        return rules.is_pattern(password)


class NotOurs(_Judge):
    """No word of this organisation: its name, its places, what it calls its people."""

    sentence = _(
        "A name or a word of this organisation stands in it, and strangers try those here first. "
        "Leave it out."
    )

    def judge(self, password: str, account: Any) -> bool:
        """Whether one stands in it."""
        return bool(rules.words_in(password, own_words()))


class NotHers(_Judge):
    """Not what its person is called."""

    sentence = _(
        "This password is too much like your log-in name, your callsign or your name. Take a short "
        "sentence in which you are not named."
    )

    def judge(self, password: str, account: Any) -> bool:
        """Whether it is much like it, or little more."""
        if account is None:
            return False
        person = Person.objects.filter(pk=account.person_id).first()
        own = [account.login, *((person.callsign, person.name) if person else ())]
        return rules.is_like(password, own)
