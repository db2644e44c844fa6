"""Speaking to people: each in her own language, where this station has it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.utils import translation

from homeby.people.rules import Recipient

#: A subject line and a text.
Words = tuple[str, str]
#: Says them in the language that is spoken just now.
Said = Callable[[], Words]


def spoken_to(one: Recipient) -> AbstractContextManager[None]:
    """Write in the language of whom it is for; in English where this station has none of it."""
    known = one.language in dict(settings.LANGUAGES)
    code = one.language if known else settings.LANGUAGE_CODE
    return nullcontext() if translation.get_language() == code else translation.override(code)


def each_hears(said: Said) -> Callable[[Recipient], Words]:
    """The words for each of many readers; made once for each language among them."""
    made: dict[str, Words] = {}

    def words(one: Recipient) -> Words:
        if one.language not in made:
            with spoken_to(one):
                made[one.language] = said()
        return made[one.language]

    return words
