"""The pages of chances: one's own, counted for oneself alone."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

import pytest

from homeby.people.rules import NOBODY, Role
from homeby.readiness.models import Duty
from homeby.readiness.queries.decisions import CLOSES_AFTER
from homeby.readiness.rules.duty_planning import DutyType, NotPicked
from homeby.readiness.rules.own_times import OwnTimeKind
from homeby.welfare.models import Concern
from homeby.welfare.queries.behind import behind
from homeby.welfare.queries.chances import own_chances
from homeby.welfare.queries.mirror import mirror
from homeby.welfare.queries.taking_part import taking_part
from tests.promises.apart import keep_away
from tests.promises.caring import give
from tests.promises.lived import Lived
from tests.promises.planning_duties import ask, away, in_team, pick, planned, say
from tests.rooms.pages import Pages, text_of
from tests.world import World

CREW = ("agent", "mate", "outsider")


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    in_team(world, *CREW)
    return Pages(world, monkeypatch)


def chosen(world: World, *who: str, reason: NotPicked = NotPicked.SEATS_FULL) -> Duty:
    """A duty with one seat too few, of which everybody said that she can come; it has closed."""
    duty = planned(world, seats=str(len(who)))
    ask(world, duty, *CREW)
    for one in CREW:
        say(world, duty, one)
    pick(world, duty, *who, reason=reason)
    world.now = duty.ends_at + CLOSES_AFTER
    return duty


def leaves(value: Any) -> list[Any]:
    if dataclasses.is_dataclass(value):
        return [each for one in vars(value).values() for each in leaves(one)]
    if isinstance(value, tuple | list):
        return [each for one in value for each in leaves(one)]
    return [value]


def test_my_chances_are_counted_and_can_be_counted_again(world: World, pages: Pages) -> None:
    agent = pages.as_("agent")
    assert "Nothing could have gone either way yet." in text_of(agent.get("/me/chances/"))
    duties = [chosen(world, *who) for who in (("mate", "agent"), ("mate",), ("mate", "outsider"))]
    (mine,) = own_chances(world.as_("agent"), now=world.now)
    (said,) = mine.said
    assert said.numbers == (3, 1, 2) == tuple(map(int, re.findall(r"\d+", said.sentence)))
    assert said.keys == tuple(f"duty:{one.pk}" for one in duties)
    assert [(one.well, one.ref) for one in mine.chances] == [
        (is_on, f"duty:{one.pk}") for is_on, one in zip((True, False, False), duties, strict=True)
    ]
    assert not any(isinstance(one, float) for one in leaves(mine)), "no state is held, nor shown"
    page = agent.get("/me/chances/")
    assert said.sentence in text_of(page)
    assert page.content.decode().count('class="chances-not"') == 2 + 1, "and the key below it"
    assert all(f"/calendar/{one.pk}/" in page.content.decode() for one in duties)
    for other in ("Owl", "Stranger", "Head"):
        assert other not in text_of(page), "nobody else is on it"


def test_only_her_own_are_hers_to_read(world: World, pages: Pages) -> None:
    chosen(world, "mate")
    assert own_chances(NOBODY, now=world.now) == []
    assert own_chances(world.as_("head"), now=world.now) == [], "who decides is in no lottery"
    assert "/log-in/" in pages.nobody().get("/me/chances/").headers["Location"]
    agent, mate = (own_chances(world.as_(who), now=world.now)[0] for who in ("agent", "mate"))
    assert [one.well for one in agent.chances] == [False]
    assert [one.well for one in mate.chances] == [True]


def test_what_she_is_kept_away_from_is_neither_counted_nor_listed(
    world: World, pages: Pages
) -> None:
    chosen(world, "mate", "outsider")
    shown = chosen(world, "mate")
    keep_away(world, "agent", "outsider")
    (mine,) = own_chances(world.as_("agent"), now=world.now)
    assert [one.key for one in mine.chances] == [f"duty:{shown.pk}"]
    assert [one.numbers[0] for one in mine.said] == [1]


def test_a_year_is_what_is_looked_back(world: World, pages: Pages) -> None:
    chosen(world, "mate")
    away(world, "agent", hours=1, lasts=2, kind=OwnTimeKind.AVAILABLE)
    world.now += dt.timedelta(days=366)
    (mine,) = own_chances(world.as_("agent"), now=world.now)
    assert (mine.said, mine.chances) == ((), ())


def test_the_organiser_sees_what_can_still_be_mended(world: World, pages: Pages) -> None:
    chosen(world, "mate")
    world.now += dt.timedelta(days=7)
    duty = planned(world, kind=DutyType.TRAINING, seats="2", what="Ropes")
    ask(world, duty, "mate", "outsider")
    for one in ("mate", "outsider"):
        say(world, duty, one)
    page = text_of(pages.as_("head").get("/me/decisions/"))
    assert "Not told yet, though nothing is noted against it: 1." in page
    assert "Seats that nobody has: 2." in page
    assert "Has waited longest: Stranger." in page
    assert "Fewer than five people were concerned" in page
    assert pages.as_("agent").get("/me/decisions/").status_code == 404


def test_the_same_reason_again_is_shown_to_whoever_gives_it_alone(
    world: World, pages: Pages
) -> None:
    in_team(world, "deputy", "admin")
    for number in range(3):
        chosen(world, "mate", "outsider", reason=NotPicked.NOT_NEEDED)
        planned(world, by="head")
        page = text_of(pages.as_("head").get("/me/decisions/"))
        assert ("Fox: “nobody with this role is needed”, 3 times." in page) is (number == 2)
    assert "Duties for which you asked people: 3. Everybody who could come: 0." in page
    assert "Crews that you chose from several: 3. Without saying why: 0." in page
    assert "Crews where you said that somebody was not needed: 3." in page
    assert mirror(world.as_("deputy"), now=world.now).again == []
    keep_away(world, "head", "agent")
    assert mirror(world.as_("head"), now=world.now).again == []


def test_no_group_under_five_is_a_statistic_but_for_the_welfare_officer(
    world: World, pages: Pages
) -> None:
    chosen(world, "mate")
    url = f"/teams/{world.team_id}/taking-part/"
    head = pages.as_("head")
    assert "fewer than five people: not shown" in text_of(head.get(url))
    give(world, "deputy", Role.WELFARE_OFFICER)
    found = taking_part(world.as_("deputy"), world.team_id, now=world.now)
    assert found is not None
    assert [(one.could, one.offered, one.came) for one in found.parts] == [(3, 3, 1)]
    assert found.had_a_chance == found.people == 3
    for nobody in ("agent", "admin"):
        assert pages.as_(nobody).get(url).status_code == 404
    in_team(world, "deputy", "admin")
    duty = planned(world, kind=DutyType.SHIFT)
    ask(world, duty, "agent", "mate")
    world.now = duty.ends_at + CLOSES_AFTER
    page = text_of(head.get(url))
    assert "not shown" not in page
    assert "shift 2 8 5 1" in page, "no absence is counted: who had something else was not free"
    assert "%" not in page


def test_what_stands_behind_a_signal_is_hers_and_her_officer_s(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived, pages = Lived(world, monkeypatch), Pages(world, monkeypatch)
    lived.log = [lived.mission(n, "agent", "mate") for n in range(4)]
    lived.on()
    lived.without_her(4, 26)
    lived.until(26)
    assert lived.look().signals > 0
    concern = Concern.objects.get()
    url = f"/welfare/{concern.pk}/evidence/"
    (found, *_more) = behind(world.as_("carer"), concern.pk, now=world.now)
    assert found.stretch is not None
    (picked,) = found.stretch.counted
    log = [one for one in lived.log if one.key in picked.keys]
    mine = [each for one in log for each in one.candidates if each.who == str(found.person_id)]
    assert (picked.decisions, picked.well) == (len(log), sum(one.left for one in mine))
    assert found.asked == (0, len(log) - picked.well)
    assert [one.key for one in found.chances] == list(picked.keys)
    hers, officers = (text_of(pages.as_(who).get(url)) for who in ("agent", "carer"))
    even = round(picked.even)
    for page in (hers, officers):
        assert (
            f"{len(log)}. Went along: {picked.well}; an even share would be about {even}." in page
        )
        assert "about once in 100 years" in page
        assert "Owl" not in page, "no figure of anybody else"
    assert "Fox. Ask her first." in officers
    assert "What stands behind it" in text_of(pages.as_("agent").get("/me/chances/"))
    for nobody in ("admin", "head", "mate", "outsider", "deputy"):
        assert pages.as_(nobody).get(url).status_code == 404
        assert behind(world.as_(nobody), concern.pk, now=world.now) == []
    lived.log = lived.log[:4]
    assert "it would not be said any more" in text_of(pages.as_("carer").get(url))


def test_each_figure_leads_to_what_it_is_counted_from(world: World, pages: Pages) -> None:
    in_team(world, "deputy", "admin")
    duties = [
        chosen(world, *who, reason=NotPicked.NOT_NEEDED)
        for who in (("mate",), ("mate", "agent"), ("outsider",))
    ]
    urls = {f"/calendar/{one.pk}/" for one in duties}
    for one, counted in mirror(world.as_("head"), now=world.now).figures:
        numbers = [int(each) for each in re.findall(r"\d+", one.said)]
        assert numbers == [len(counted), sum(each.yes for each in counted)], one.said
    page = pages.as_("head").get("/me/decisions/").content.decode()
    assert urls <= set(re.findall(r'href="(/calendar/[^"]+)"', page))
    found = taking_part(world.as_("deputy"), world.team_id, now=world.now)
    world.add("carer", Role.WELFARE_OFFICER)
    cares = taking_part(world.as_("carer"), world.team_id, now=world.now)
    assert found is not None
    assert cares is not None
    (part,), (whole,) = found.parts, cares.parts
    assert len(part.behind) == part.activities == 3
    assert {one.could for one in part.behind} == {None}, "three people could: too few to be shown"
    sums = [
        sum(getattr(one, name) for one in whole.behind) for name in ("could", "offered", "came")
    ]
    assert sums == [whole.could, whole.offered, whole.came]
    taking = f"/teams/{world.team_id}/taking-part/"
    assert urls <= set(
        re.findall(r'href="([^"]+)"', pages.as_("head").get(taking).content.decode())
    )
    opens = re.findall(r'href="(/calendar/.+?/)"', pages.as_("carer").get(taking).content.decode())
    assert not urls & set(opens), "a welfare officer opens no duty by caring alone"
