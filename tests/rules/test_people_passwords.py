"""What strangers try first is no password, however it is dressed up; a sentence of one's own is."""

from __future__ import annotations

import pytest

from homeby.people.rules_passwords import is_common, is_like, is_pattern, words_in

LISTED = {"password", "basketball", "mountain", "letmein", "liverpool", "1q2w3e4r5t", "iloveyou"}

GOOD = (
    "a long walk home",
    "the kettle sang at four",
    "fünf Gämsen im Nebel",
    "wir gehen heim um acht",
    "mountain 83719204655",  # eleven digits are a secret of their own
    "correcthorsebatterystaple",
    "帰り道は長い坂道の上",
    "tW8#kq!Rz0vm",
    "were we there yet",
)


@pytest.mark.parametrize(
    "password",
    [
        "basketball",
        "Basketball1",
        "BASKETBALL2026!",
        "!!basketball!!",
        "B4sk3tb@ll77",
        "p@$$w0rd2024",
        "Password 123",
        "pass.word.12",
        "pässword1234",
        "Mountain2025",
        "l3tm31n!2024",
        "1love you!!",
        "  liverpool  ",
        "1q2w3e4r5t",
    ],
)
def test_a_known_word_stays_one_with_what_stands_around_it(password: str) -> None:
    assert is_common(password, known=LISTED.__contains__)


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "abababababab",
        "fox1fox1fox1",
        "walk walk walk ",
        "walkhomewalkhome",
        "1234567890",
        "0987654321qwerty",
        "qwertyuiop[]",
        "qwertzuiopü",
        "azertyuiop12",
        "1qaz2wsx3edc",
        "zaq12wsxcde3",
        "abcdefghijkl",
        "111222333444",
        "1a1a1a2a2a2a",
    ],
)
def test_a_pattern_is_no_password(password: str) -> None:
    assert is_pattern(password)


@pytest.mark.parametrize("password", GOOD)
def test_a_sentence_of_ones_own_is_taken(password: str) -> None:
    assert not is_common(password, known=LISTED.__contains__)
    assert not is_pattern(password)
    assert not words_in(password, ["Matterhorn", "Rega", "", "ab"])
    assert not is_like(password, ["fox", "Fox", "Frieda Fuchs", ""])


@pytest.mark.parametrize("password", ["to the Matterhorn", "M4tterh0rn calls", "matter-horn rock"])
def test_a_word_of_our_own_is_found_inside(password: str) -> None:
    assert words_in(password, ["Matterhorn", "Rega"]) == ["Matterhorn"]


@pytest.mark.parametrize(
    "password",
    ["friedafuchs", "FriedaFuchs1", "fuchs-frieda-99", "fox.12.walking", "Frieda 1990!"],
)
def test_what_somebody_is_called_is_no_password_of_hers(password: str) -> None:
    assert is_like(password, ["fox.12", "Fox", "Frieda Fuchs"])


def test_her_name_in_a_sentence_that_would_do_without_it() -> None:
    assert not is_like("fox came home at nine", ["fox.12", "Fox", "Frieda Fuchs"])
