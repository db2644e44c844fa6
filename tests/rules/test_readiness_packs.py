"""Rule packs: what is shipped stands, and limits that nobody could keep get a sentence."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeby.readiness.rules.duties import LOOK_BACK
from homeby.readiness.rules.limits import JUDGES
from homeby.readiness.rules.packs import FIELDS, Pack, RuleKind, look_back, read_pack
from homeby.readiness.rules.rest_said import figures
from tests.rules.readiness_samples import PACKS

HEAD = '[pack]\nkey = "own"\nname = "Own"\nsource = "ours"\ndated = 2026-02-28\n\n'


def rule(kind: str, *fields: str) -> str:
    """A rule whose first line is 7 in a file, so that its first field stands on line 11."""
    return "\n".join(["[[rule]]", 'key = "r"', f'kind = "{kind}"', 'name = "R"', *fields, ""])


def faults_of(text: str) -> str:
    found = read_pack(text, file="own.toml")
    return "" if isinstance(found, Pack) else "\n".join(map(str, found))


def test_the_shipped_packs_stand_with_a_source_and_a_day() -> None:
    assert set(PACKS) == {"volunteers", "nwcg", "eu-2003-88", "eleven-hours", "minors"}
    assert all(pack.source and pack.dated for pack in PACKS.values())
    volunteers = {one.key: one for one in PACKS["volunteers"].rules}
    assert (volunteers["rest-after-duty"].hours, volunteers["rest-after-duty"].share) == (11, 0.5)
    assert volunteers["longest-duty"].hours == 16
    assert (volunteers["hours-in-a-week"].hours, volunteers["hours-in-a-week"].days) == (84, 7)
    row = volunteers["days-in-a-row"]
    assert (row.days, row.days_off) == (14, 2)


def test_a_rule_says_its_figures() -> None:
    said = {one.key: figures(one) for pack in PACKS.values() for one in pack.rules}
    assert said["rest-after-duty"] == "≥ 11 h"
    assert (said["longest-duty"], said["hours-in-a-week"]) == ("≤ 16 h", "≤ 84 h")
    assert said["days-in-a-row"] == "≤ 14"
    assert {"2 : 1", "06:00 – 22:00", ""} <= {*said.values()}, said  # noqa: RUF001


def test_every_kind_is_explained_and_judged() -> None:
    assert set(FIELDS) == set(RuleKind)
    assert {kind for kind in RuleKind if not kind.startswith("MINOR")} == set(JUDGES)


def test_duties_are_read_as_far_back_as_a_pack_asks() -> None:
    for key, asks in (("volunteers", 16), ("eu-2003-88", 122), ("eleven-hours", 0)):
        assert look_back(PACKS[key]) == dt.timedelta(days=28 + asks), key
    own = HEAD + rule("HOURS_IN_DAYS", "hours = 40", "days = 7", "average_days = 366")
    found = read_pack(own, file="own.toml")
    assert isinstance(found, Pack)
    assert look_back(found) > dt.timedelta(days=366), "a mean of a year"
    assert look_back(found) <= LOOK_BACK, "and the rules read all of it"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "own.toml, line 1: the file is empty"),
        ("[pack\n", "own.toml, line 1: this is not TOML"),
        (HEAD, "there is no table [[rule]]"),
        (HEAD + "[mood]\na = 1\n", "line 7: nobody knows “mood” here; known are pack, rule"),
        (HEAD.replace("2026-02-28", "2026-02-30"), "line 5: this is not TOML"),
        (HEAD.replace('"ours"', '""'), "line 4, [pack] own: “source” must be a text"),
        (HEAD.replace("dated = 2026-02-28\n", ""), "[pack] own: “dated” is missing; add it"),
        (rule("DAILY_REST", "hours = 11"), "line 1, [pack]: “key” is missing"),
        (
            HEAD + rule("DAILY_REST", "hours = 25"),
            "own.toml, line 11, [[rule]] r: “hours” is 25 h; no more than 24 h fit",
        ),
        (HEAD + rule("DAILY_REST", "hours = -2"), "line 11, [[rule]] r: “hours” must be a number"),
        (HEAD + rule("DAILY_REST", "hours = nan"), "line 11, [[rule]] r: “hours” must be a number"),
        (HEAD + rule("DAILY_REST", "hours = true"), "“hours” must be a number"),
        (HEAD + rule("DAILY_REST", 'hours = "11"'), "“hours” must be a number"),
        (HEAD + rule("DAILY_REST"), "line 7, [[rule]] r: “hours” is missing; add it"),
        (
            HEAD + rule("DAILY_REST", "hours = 11", "mood = 3"),
            "line 12, [[rule]] r: nobody knows “mood”",
        ),
        (HEAD + rule("WEEKLY_REST", "hours = 169", "days = 7"), "no more than 168 h fit"),
        (
            HEAD + rule("DAILY_REST", "hours = 24"),
            "line 11, [[rule]] r: “hours” is 24 h of 24 h; no time is left for a duty",
        ),
        (
            HEAD + rule("WEEKLY_REST", "hours = 168", "days = 7"),
            "“hours” is 168 h of 168 h; no time is left for a duty",
        ),
        (
            HEAD + rule("WORK_RATIO", "work_hours = 0.25", "rest_hours = 24", 'begins = "06:00"'),
            "line 12, [[rule]] r: “rest_hours” is 24 h for 0.25 h of duty; a day holds no more",
        ),
        (
            HEAD + rule("WORK_RATIO", "work_hours = 24", "rest_hours = 24", 'begins = "06:00"'),
            "“rest_hours” is 24 h for 24 h of duty",
        ),
        (
            HEAD
            + rule(
                "LONGEST_DUTY",
                "hours = 8",
                'begins = "23:00"',
                'ends = "06:00"',
                "least_hours = 24",
            ),
            "line 14, [[rule]] r: “least_hours” is 24 h; that night has no more than 7 h",
        ),
        (
            HEAD + rule("MINOR_LONGEST", "below_age = 19", "hours = 8"),
            "line 11, [[rule]] r: “below_age” is 19; whoever is 18 is of age, and bound by none",
        ),
        (HEAD + rule("HOURS_IN_DAYS", "hours = 169", "days = 7"), "no more than 168 h fit"),
        (
            HEAD + rule("HOURS_IN_DAYS", "hours = 48", "days = 7", "average_days = 3"),
            "line 13, [[rule]] r: “average_days” is 3 days, less than the 7",
        ),
        (
            HEAD + rule("REST_AFTER", "hours = 12", "hours_most = 3"),
            "line 12, [[rule]] r: “hours_most” is 3 h, less than the 12 h",
        ),
        (HEAD + rule("REST_AFTER", "hours = 400"), "no more than 336 h fit"),
        (
            HEAD + rule("DAYS_IN_A_ROW", "days = 1.5", "days_off = 2"),
            "“days” must be a whole number",
        ),
        (
            HEAD + rule("DAYS_IN_A_ROW", "days = 14", "days_off = 0"),
            "“days_off” must be a whole number",
        ),
        (
            HEAD + rule("NIGHT_REST", "hours = 11", 'begins = "24:00"', 'ends = "06:00"'),
            "line 12, [[rule]] r: “begins” must be a time",
        ),
        (
            HEAD + rule("NIGHT_REST", "hours = 11", 'begins = "06:00"', 'ends = "06:00"'),
            "“ends” is the time at which it begins; nothing is left",
        ),
        (HEAD + rule("LONGEST_DUTY", "hours = 8", 'begins = "23:00"'), "“ends” is missing"),
        (HEAD + rule("MINOR_KINDS", "below_age = 18"), "“kinds” is missing"),
        (HEAD + rule("MINOR_SOLO", "below_age = 0"), "“below_age” must be a whole number from 1"),
        (HEAD + rule("DAILY_REST", "hours = 11", 'counts = ["PLAY"]'), "“counts” must be one of"),
        (HEAD + rule("SLEEP", "hours = 11"), "“kind” must be one of REST_AFTER"),
        (HEAD + rule("DAILY_REST", "hours = 11") * 2, "“r” stands in this file already, at line 7"),
        (HEAD + "rule = 3\n", "[pack] own: nobody knows “rule”"),
        ("rule = 3\n" + HEAD, "“rule” must be a list of tables"),
    ],
)
def test_what_nobody_could_keep_is_named_with_file_rule_and_field(text: str, said: str) -> None:
    assert said in faults_of(text)


@pytest.mark.parametrize(
    "text",
    [
        rule("DAILY_REST", "hours = 23.75"),
        rule("WEEKLY_REST", "hours = 167", "days = 7"),
        rule("WORK_RATIO", "work_hours = 8", "rest_hours = 16", 'begins = "06:00"'),
        rule("LONGEST_DUTY", "hours = 8", 'begins = "23:00"', 'ends = "06:00"', "least_hours = 7"),
        rule("MINOR_LONGEST", "below_age = 18", "hours = 8"),
    ],
)
def test_what_can_be_kept_if_only_just_is_a_rule(text: str) -> None:
    assert isinstance(read_pack(HEAD + text, file="own.toml"), Pack)


def test_what_was_chosen_when_less_was_looked_at_holds_on() -> None:
    text = HEAD + rule("MINOR_LONGEST", "below_age = 25", "hours = 8")
    assert isinstance(read_pack(text, file="own.toml", kept=True), Pack)
    assert "below_age" in faults_of(text)


def test_all_faults_are_named_at_once() -> None:
    text = (
        HEAD
        + rule("DAILY_REST", "hours = 25")
        + rule("WEEKLY_REST", "days = 0").replace('"r"', '"s"')
    )
    assert faults_of(text).count("\n") == 2


@given(
    text=st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "[[rule]]",
                "[pack]",
                "key = 1",
                'key = "a"',
                "hours = 1e9",
                "= ",
                "[[",
                "rule = []",
                'kind = "DAILY_REST"',
                "dated = 2026-01-01",
                '"""',
                "a.b = {c = [1]}",
            ]
        ),
        max_size=12,
    ).map("\n".join)
)
@settings(max_examples=60)
def test_whatever_is_written_is_a_pack_or_sentences(text: str) -> None:
    found = read_pack(text, file="x.toml")
    assert isinstance(found, Pack) or (
        found and all(str(one).startswith("x.toml") for one in found)
    )
