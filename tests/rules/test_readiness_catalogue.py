"""The field catalogue that is shipped, and files of an organisation, read strictly."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeby.readiness.rules.catalogue import Catalogue, read_catalogue
from homeby.readiness.rules.prerequisites import below, circles
from homeby.readiness.rules.qualifications import QualificationKind, Where
from homeby.readiness.shipped import shipped_catalogue

HEAD = '[catalogue]\nname = "Own"\nsource = "ours"\ndated = 2026-02-28\n\n'


def position(key: str, *fields: str) -> str:
    """A position of three lines, and its fields."""
    return "\n".join(["[[position]]", f'key = "{key}"', f'name = "{key.upper()}"', *fields, ""])


def faults_of(*files: str) -> str:
    found = read_catalogue([(f"own{number}.toml", text) for number, text in enumerate(files)])
    return "" if isinstance(found, Catalogue) else "\n".join(map(str, found))


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    found = shipped_catalogue()
    assert isinstance(found, Catalogue), "\n".join(map(str, found))
    return found


def test_the_shipped_catalogue_has_sixty_positions_in_the_shape_of_the_nwcg(
    shipped: Catalogue,
) -> None:
    known = shipped.qualifications
    positions = [one for one in known.values() if one.kind is QualificationKind.POSITION]
    assert len(positions) >= 60
    assert circles(known) == []
    assert len({one.name for one in known.values()}) == len(known)
    for one in positions:
        assert one.needs.all_of, one.key
        assert one.current_months, one.key
        assert len(one.tasks) >= 3, one.key
    where = [task.where for one in positions for task in one.tasks]
    assert min(where.count(Where.REAL_ONLY), where.count(Where.EXERCISE_OK)) > 60
    months = {one.family: one.current_months for one in positions}
    assert (months["Air"], months["Dispatch and watch"], months["Fire line"]) == (36, 36, 60)
    assert sum(1 for one in positions if one.equivalents) > 30
    assert sum(1 for one in positions if one.needs.hours) > 15


def test_everything_leads_back_to_what_needs_nothing(shipped: Catalogue) -> None:
    known = shipped.qualifications
    for key in known:
        order = [*below(key, known), key]
        assert not known[order[0]].needs.all_of
        assert order.index(key) == len(order) - 1


def test_an_organisation_adds_its_own_beside() -> None:
    own = HEAD + position("X-SKI", 'needs = ["SRTM"]', "current_months = 12")
    found = shipped_catalogue(beside=[("own.toml", own)])
    assert isinstance(found, Catalogue)
    assert found.qualifications["X-SKI"].needs.all_of == ("SRTM",)
    again = shipped_catalogue(beside=[("own.toml", HEAD + position("SRTM"))])
    assert isinstance(again, list)
    assert "own.toml, line 7, [[position]] SRTM: “SRTM” stands in mountain.toml already" in str(
        again[0]
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            HEAD + position("a", 'needs = ["a"]'),
            "own0.toml, line 9, [[position]] a, “needs”: a → a",
        ),
        (
            HEAD
            + position("a", 'needs = ["b"]')
            + position("b", 'needs = ["c"]')
            + position("c", 'needs = ["a"]'),
            "a → b → c → a: nobody could ever get any of these",
        ),
        (
            HEAD + position("a", 'needs = ["zzz"]'),
            "line 9, [[position]] a: “needs” names “zzz”, which stands nowhere",
        ),
        (HEAD + position("a", 'one_of = [["b", "zzz"]]') + position("b"), "“one_of” names “zzz”"),
        (HEAD + position("a", 'one_of = ["b"]'), "“one_of” must be a list of lists"),
        (
            HEAD + position("a", 'equivalents = ["a"]'),
            "line 9, [[position]] a: “equivalents” names itself",
        ),
        (
            HEAD + position("a", 'needs = ["b", "b"]'),
            "“needs” must be a list of texts, none of them twice",
        ),
        (HEAD + position("a", "needs = 3"), "“needs” must be a list of texts"),
        (
            HEAD + position("a", "current_months = 0"),
            "line 9, [[position]] a: “current_months” must be",
        ),
        (
            HEAD + position("a", "least_age = 200"),
            "“least_age” must be a whole number from 6 to 99",
        ),
        (HEAD + position("a", "mood = 1"), "line 9, [[position]] a: nobody knows “mood” here"),
        (
            HEAD
            + position(
                "a", "tasks = [", '  { what = "x" },', '  { what = "y", where = "SEA" },', "]"
            ),
            "a tasks 2: “where” must be one of REAL_ONLY, EXERCISE_OK, EXERCISE_ONLY, not SEA",
        ),
        (HEAD + position("a", 'tasks = [{ where = "REAL_ONLY" }]'), "a tasks 1: “what” is missing"),
        (HEAD + position("a", "tasks = 1"), "“tasks” must be a list of tables"),
        (HEAD + position("a", 'hours = [{ kind = "FIRE" }]'), "a hours 1: “hours” is missing"),
        (HEAD + position("a", 'held = [{ key = "zzz", months = 3 }]'), "“held” names “zzz”"),
        (
            HEAD + position("a") + position("a"),
            "line 10, [[position]] a: “a” stands in this file already, at line 6",
        ),
        (HEAD + '[[position]]\nname = "A"\n', "line 6, [[position]]: “key” is missing"),
        (
            HEAD + '[[job]]\nkey = "A"\n',
            "line 6: nobody knows “job” here; known are catalogue, course",
        ),
        (position("a"), "[catalogue]: “source” is missing"),
        (HEAD + position("a", "name = 3"), "own0.toml, line 9: this is not TOML"),
    ],
)
def test_a_fault_is_named_with_line_and_field(text: str, said: str) -> None:
    assert said in faults_of(text)


def test_a_key_of_another_file_is_known_and_not_taken_twice() -> None:
    assert faults_of(HEAD + position("a", 'needs = ["b"]'), HEAD + position("b")) == ""
    said = faults_of(HEAD + position("a"), HEAD + position("b") + position("a"))
    assert "own1.toml, line 10" in said
    assert "“a” stands in own0.toml already, at line 6" in said


@given(
    text=st.lists(
        st.sampled_from(
            [
                "[[position]]",
                "[catalogue]",
                'key = "a"',
                'key = "b"',
                'needs = ["b", "c"]',
                "tasks = [{}]",
                "hours = [{hours = 1}]",
                "one_of = [[]]",
                'name = "n"',
                "[[rank]]",
                'needs = ["a"]',
                "held = [{}]",
                "x.y = 1",
                "tasks = [[1]]",
                "[position]",
            ]
        ),
        max_size=14,
    ).map("\n".join)
    | st.text(max_size=100)
)
@settings(max_examples=60)
def test_whatever_is_written_is_a_catalogue_or_sentences(text: str) -> None:
    found = read_catalogue([("x.toml", text)])
    assert isinstance(found, Catalogue) or (
        found and all(str(one).startswith("x.toml") for one in found)
    )
