"""How pure code speaks: its sentences are marked here and translated where a language is known.

Rules may not reach Django (house rule 3), yet whatever a person reads must be translatable. So they
mark a sentence with `_`, and the web and the commands bring the translator once, at start. Without
one, sentences stay English.
"""

from __future__ import annotations

from collections.abc import Callable


def _as_written(sentence: str) -> str:
    return sentence


_translate: Callable[[str], str] = _as_written


def speak_with(*, translate: Callable[[str], str]) -> None:
    """Translate from now on with this function: Django's `gettext`, brought at start."""
    global _translate  # a process has exactly one translator; it follows the reader's language
    _translate = translate


def gettext(sentence: str) -> str:
    """The sentence in the reader's language; import it as `_`, so that translators find it."""
    return _translate(sentence)
