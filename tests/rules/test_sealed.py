"""What a sealed text is: read from its header and its length, without opening it."""

from __future__ import annotations

import pyrage
import pytest

from homeby.missions.rules import sealed

KEYS = [pyrage.x25519.Identity.generate().to_public() for _ in range(3)]


def made(clear: bytes, keys: int = 2) -> bytes:
    return bytes(pyrage.encrypt(clear, KEYS[:keys]))


@pytest.mark.parametrize(
    ("size", "steps"), [(1, 1), (4096, 1), (4097, 2), (16 * 4096, 16), (16 * 4096 + 1, 17)]
)
def test_a_sealed_text_fills_whole_steps(size: int, steps: int) -> None:
    text = made(sealed.padded(b"x" * size))
    assert sealed.problem_with_text(text, recipients=2) is None
    assert sealed.steps_of(text) == steps


@pytest.mark.parametrize("size", [0, 1, 4095, 4097, 64 * 1024 + 1])
def test_what_was_not_filled_up_is_refused(size: int) -> None:
    assert sealed.problem_with_text(made(b"x" * size), recipients=2) is not None


@pytest.mark.parametrize("more", [-1, 1])
def test_it_is_sealed_to_as_many_as_are_named(more: int) -> None:
    text = made(sealed.padded(b"x"))
    assert sealed.problem_with_text(text, recipients=2 + more) is not None


def test_a_flipped_byte_of_the_header_or_another_length_is_refused() -> None:
    text = made(sealed.padded(b"x" * 100_000))
    assert sealed.problem_with_text(text, recipients=2) is None
    for at in (3, 30, text.index(b"---") + 1):
        changed = text[:at] + b"\xff" + text[at + 1 :]
        assert sealed.problem_with_text(changed, recipients=2) is not None, at
    for end in (-1, -16, -17, 200, 30):
        assert sealed.problem_with_text(text[:end], recipients=2) is not None, end
    assert sealed.problem_with_text(text + b"\0", recipients=2) is not None


def test_other_locks_are_refused() -> None:
    clear = sealed.padded(b"x")
    password = bytes(pyrage.passphrase.encrypt(clear, "word"))
    armour = bytes(pyrage.encrypt(clear, KEYS[:2], armored=True))
    share = made(clear)
    first, _, rest = share.partition(b"-> X25519 ")
    short = first + b"-> X25519 " + rest[1:]
    for text in (password, armour, short, clear, b""):
        assert sealed.problem_with_text(text, recipients=2) is not None


def test_more_than_it_may_be_is_refused_unread() -> None:
    assert sealed.problem_with_text(b"x" * (sealed.MOST_BYTES + 1), recipients=2) is not None


def test_the_sign_of_a_key_is_its_last_signs() -> None:
    public = str(KEYS[0])
    assert sealed.fingerprint(public).replace(" ", "") == public[-12:]
    assert sealed.problem_with_public(public) is None
    for other in ("", public[:-1], public.upper(), "age1" + "b" * 58, public + "\n"):
        assert sealed.problem_with_public(other) is not None
