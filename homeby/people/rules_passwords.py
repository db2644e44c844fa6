"""What makes a password easy to guess, whatever its length. Pure.

Whoever guesses begins with lists of words and of passwords that were lost somewhere, writes them
big and small, puts digits, years and signs before or behind, and swaps letters for digits that look
like them. So a password is looked for by what is left when all of that is taken away.
"""

from __future__ import annotations

import difflib
import itertools
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator

LEAST = 10
#: More digits and signs than that around a word are a secret of their own.
_AROUND_MOST = 6
_WORD_LEAST = 4
_DIFFERENT_LEAST = 5
#: As alike as Django's own validator bears.
_ALIKE = 0.7
#: Letters of a walk over the keyboard go on for so long on average, before the finger jumps.
_WALK = 4

_LOOKS = str.maketrans("@4380$5!79", "aaebossitg")
_ROWS = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
_GERMAN = ("1234567890ß", "qwertzuiopü", "asdfghjklöä", "yxcvbnm,.-")
_FRENCH = ("1234567890)=", "azertyuiop", "qsdfghjklm", "wxcvbn,;:!")
_IN_ORDER = ("abcdefghijklmnopqrstuvwxyz", "01234567890")


def plain(text: str) -> str:
    """Small letters without their marks, as a guesser writes them."""
    wide = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in wide if not unicodedata.combining(one))


def squeezed(text: str) -> str:
    """Letters and digits alone."""
    return "".join(one for one in plain(text) if one.isalnum())


def cores(password: str) -> Iterator[str]:
    """What a list of passwords may know this one as."""
    small = plain(password).strip()
    found = {small, squeezed(small)}
    found |= {one for text in (small, squeezed(small)) if (one := _bare(text))}
    for text in tuple(found):
        for looks_like_one in ("i", "l"):
            yield text.translate(_LOOKS).replace("1", looks_like_one)
        yield text
    core = _bare(small.translate(_LOOKS).replace("1", "i"))
    if core:
        yield core


def _bare(text: str) -> str:
    """A word without the few digits and signs around it, "" where there is no such word."""
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    around = len(text) - len(core)
    return core if len(core) >= _WORD_LEAST and around <= _AROUND_MOST else ""


def is_common(password: str, *, known: Callable[[str], bool]) -> bool:
    """Whether a list of words and lost passwords knows it, with or without what stands around."""
    return any(known(one) for one in cores(password))


def is_pattern(password: str) -> bool:
    """Whether it is one short piece again and again, a few letters only, or a walk over the keys
    or through the alphabet."""
    small = plain(password).strip()
    if len(set(small)) < _DIFFERENT_LEAST:
        return True
    return _repeats(small) or _is_walk(small)


def _repeats(text: str) -> bool:
    """One piece, shorter than any password may be, at least twice and nothing else."""
    for length in range(1, min(LEAST, len(text) // 2 + 1)):
        if all(one == text[at % length] for at, one in enumerate(text)):
            return True
    return False


def _is_walk(text: str) -> bool:
    steps = len(text) - 1
    jumps = sum(pair not in _STEPS for pair in itertools.pairwise(text))
    return steps > 0 and len(text) >= _WALK * (jumps + 1)


def _neighbours() -> frozenset[tuple[str, str]]:
    found = set()
    for keys in (_ROWS, _GERMAN, _FRENCH):
        place = {key: (x, y) for y, row in enumerate(keys) for x, key in enumerate(row)}
        for (one, (x, y)), (other, (u, v)) in itertools.product(place.items(), repeat=2):
            if abs(x - u) <= 1 and abs(y - v) <= 1:
                found.add((one, other))
    for order in _IN_ORDER:
        found |= set(itertools.pairwise(order)) | set(itertools.pairwise(reversed(order)))
    return frozenset(found | {(one, one) for order in _IN_ORDER for one in order})


_STEPS = _neighbours()


def words_in(password: str, words: Collection[str]) -> list[str]:
    """Which of these words stand in it, however they are written; those of three letters or fewer
    are looked for nowhere."""
    ways = {squeezed(password)}
    for looks_like_one in ("i", "l"):
        looked = plain(password).translate(_LOOKS).replace("1", looks_like_one)
        ways.add(squeezed(looked))
    return [
        word
        for word in words
        if len(squeezed(word)) >= _WORD_LEAST and any(squeezed(word) in way for way in ways)
    ]


def is_like(password: str, own: Collection[str]) -> bool:
    """Whether it is what somebody is called: much like it, or too short without it."""
    rest, whole = squeezed(password), squeezed(password)
    parts = {squeezed(part) for text in own for part in (text, *re.split(r"\W+", text))}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) < 3:
            continue
        if difflib.SequenceMatcher(a=whole, b=part).ratio() >= _ALIKE:
            return True
        rest = rest.replace(part, "")
    return len(rest) < min(LEAST, len(whole))
