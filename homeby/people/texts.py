"""Speaking to people: each in her own language, where this station has it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from django.conf import settings
from django.db import Error
from django.utils import translation
from django.utils.functional import lazy

from homeby.people.rules import Recipient, Viewer

logger = logging.getLogger(__name__)

#: A subject line and a text.
Words = tuple[str, str]
#: Says them in the language that is spoken just now.
Said = Callable[[], Words]
#: The same where people are named, given what they are called.
Naming = Callable[[Mapping[uuid.UUID, str]], Words]


def in_language(code: str) -> AbstractContextManager[None]:
    """Speak this language; English where this station has none of it."""
    code = code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return nullcontext() if translation.get_language() == code else translation.override(code)


def spoken_to(one: Recipient) -> AbstractContextManager[None]:
    """Write in the language of whom it is for."""
    return in_language(one.language)


def say_to(one: Recipient, said: Said) -> Words:
    """The words for one reader. A catalog that is damaged stops no message: English is said."""
    try:
        with spoken_to(one):
            return said()
    except Error:
        raise
    except Exception:
        if one.language == settings.LANGUAGE_CODE:
            raise
        logger.exception("A message could not be written in %s; English is sent.", one.language)
        with translation.override(settings.LANGUAGE_CODE):
            return said()


def each_hears(said: Said) -> Callable[[Recipient], Words]:
    """The words for each of many readers; made once for each language among them."""
    made: dict[str, Words] = {}

    def words(one: Recipient) -> Words:
        if one.language not in made:
            made[one.language] = say_to(one, said)
        return made[one.language]

    return words


def each_reads(
    called: Callable[[uuid.UUID], Mapping[uuid.UUID, str]], said: Naming
) -> Callable[[Recipient], Words]:
    """The words for each of many readers where people are named: to each reader as she is to read
    them (`people.queries.apart.read_as`). Made once for each language and each set of names."""
    made: dict[frozenset[tuple[uuid.UUID, str]], Callable[[Recipient], Words]] = {}

    def words(one: Recipient) -> Words:
        names = called(one.person_id)
        key = frozenset(names.items())
        if key not in made:
            made[key] = each_hears(partial(said, names))
        return made[key](one)

    return words


def named(by: Viewer, names: Mapping[uuid.UUID, str]) -> str:
    """Whoever did something, as a reader of a message is to read them; the station by its name."""
    return by.name if by.person_id is None else names.get(by.person_id, "?")


def said_anew(say: Callable[[], str]) -> str:
    """A sentence that becomes part of others, in the language of each; `str` of it is the sentence
    in the language that is spoken just now."""
    sentence: str = lazy(say, str)()
    return sentence
