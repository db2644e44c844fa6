"""Words that are never said (DESIGN section 5): in names, in entry kinds, on pages.

Only what we name ourselves is read, so `Thread(daemon=True)` and `event.target` pass. Words that
are also plain English (late, close, return, report, case, group, edit) are told apart by eye.
"""

from __future__ import annotations

import ast
import itertools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import Source, dotted, imported_names

#: The word never said, and what to say.
SAY = {
    "trip": "mission",
    "job": "mission, deadline",
    "checkout": "sign out",
    "ping": "check-in",
    "heartbeat": "check-in",
    "timer": "deadline",
    "incident": "alarm",
    "severity": "phase",
    "policy": "escalation plan",
    "oncall": "duty officer, watch bill",
    "daemon": "watchkeeper",
    "cron": "watchkeeper",
    "nickname": "callsign",
    "lateness": "overdue",
    "certificate": "qualification",
}

#: Pairs of words that are wrong only together.
SAY_PAIRS = {
    "on call": "duty officer, watch bill",
    "check out": "sign out",
    "checked out": "signed out",
    "check outs": "sign-outs",
    "close alarm": "stand down",
    "resolve alarm": "stand down",
    "alarm closed": "stood down",
    "alarm resolved": "stood down",
    "alarms closed": "stood down",
    "alarms resolved": "stood down",
}

#: "event" is an outing nowhere; in a browser and on a wire it is a technical word.
ROOM_WORDS = {"event": "mission or entry", "schedule": "roster"}
ROOM_FILES = re.compile(r"homeby/(logbook|people|comms|watch|missions|readiness|welfare)/")

TRANSLATED = frozenset({"homeby.sentences.gettext"}) | frozenset(
    f"django.utils.translation.{name}"
    for name in ("gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext")
)
KIND = re.compile(r"[A-Z]+(_[A-Z]+)+")
ALLOWED = Path(__file__).with_name("allowed_words.toml")


def plural(word: str) -> str:
    """The plural of a banned word."""
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def wrong_words(text: str, *, in_room: bool = False) -> list[str]:
    """The banned words and pairs in a name or a sentence, in the form in which they stand there."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    found_words = re.findall(r"[a-z]+", apart.lower())
    single = SAY | (ROOM_WORDS if in_room else {})
    banned = {form for word in single for form in (word, plural(word))}
    pairs = {" ".join(pair) for pair in itertools.pairwise(found_words)}
    return sorted({*found_words} & banned) + sorted(pairs & SAY_PAIRS.keys())


def own_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that this file gives to something: definitions, arguments, assigned names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def own_texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every text for people (what is translated) and every name in capitals (kinds, states)."""
    names = imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if KIND.fullmatch(node.value):
                yield node.lineno, node.value
        elif isinstance(node, ast.Call) and dotted(node.func, names) in TRANSLATED:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield node.lineno, argument.value


def in_python(source: Source) -> list[tuple[str, str]]:
    """`path::word` and a sentence for each banned word in a Python file."""
    in_room = bool(ROOM_FILES.match(source.path))
    places = [*own_names(source.tree), *own_texts(source.tree)]
    file_name = [(1, Path(source.path).stem)]
    return [
        (f"{source.path}::{word}", _sentence(source.path, line, word, text))
        for line, text in [*file_name, *places]
        for word in wrong_words(text, in_room=in_room)
    ]


def in_template(path: str, text: str) -> list[tuple[str, str]]:
    """The same for what a template shows: its text and its translated phrases, not its mark-up."""
    found = []
    for number, line in enumerate(_shown(text).splitlines(), start=1):
        found += [
            (f"{path}::{word}", _sentence(path, number, word, line.strip()))
            for word in wrong_words(line)
        ]
    return found


def _shown(text: str) -> str:
    """A template with mark-up blanked out, line for line."""
    phrases = re.sub(r"{%\s*translate\s+\"([^\"]*)\"[^%]*%}", r"\1", text)
    blank = re.compile(
        r"<(script|style)\b.*?</\1>|{%\s*comment.*?endcomment\s*%}|{#.*?#}|{{.*?}}|{%.*?%}|<[^>]*>",
        re.S,
    )
    return blank.sub(lambda found: "\n" * found.group().count("\n") or " ", phrases)


def _sentence(path: str, line: int, word: str, text: str) -> str:
    known = SAY | SAY_PAIRS | ROOM_WORDS
    singular = next((w for w in known if word in (w, plural(w))), word)
    return f"{path}:{line}: never say {word} (in {text[:60]!r}); say {known[singular]}."


def allowed() -> dict[str, str]:
    """The places where such a word is right, with the reason."""
    found = tomllib.loads(ALLOWED.read_text(encoding="utf-8"))
    return {str(place): str(reason) for place, reason in found.get("allowed", {}).items()}


def judged(found: list[tuple[str, str]], exceptions: dict[str, str]) -> list[str]:
    """The sentences that no exception covers, and the exceptions without a use or a reason."""
    places = {place for place, _ in found}
    problems = [sentence for place, sentence in found if place not in exceptions]
    for place, reason in exceptions.items():
        if place not in places or not reason:
            problems.append(f"allowed_words.toml: {place} is not needed, or has no reason.")
    return problems
