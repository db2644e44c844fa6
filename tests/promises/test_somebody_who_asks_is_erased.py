"""Whoever asks is erased: no table holds her name, her key is gone, her words are gone; that it was
done stays, and the logbook can still be checked. Not while somebody may have to look for her."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from django.test import Client

from homeby.logbook.counting import checkpoint
from homeby.logbook.models import Entry, EntryBody, Read
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import report
from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import Hurt
from homeby.people.actions import apart, factors, kept, persons, proofs, providers
from homeby.people.actions.factors import NewPasskey
from homeby.people.actions.providers import Subject
from homeby.people.models import Account, LogInLink, Person, PersonKey, StayAway
from homeby.people.queries import viewer_for
from homeby.people.rules import Role
from homeby.people.rules_private import Kept
from homeby.retention.persons import erase_person
from homeby.watch.actions.forgetting import ERASED
from homeby.watch.models import Deadline
from homeby.watch.models import Subject as Watched
from tests.promises.acts import stand_down
from tests.promises.rested import hurt
from tests.rooms.pages import PASSWORD, Pages, sent, text_of
from tests.rooms.soft_key import SoftKey, add_passkey
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def erase(world: World, who: str = "agent", *, by: str = "admin", reason: str = "By letter") -> str:
    return erase_person(
        person_id=world.people[who], reason=reason,
        by=world.as_(by), now=world.now, tap=new_tap(),
    )  # fmt: skip


def lived(world: World, pages: Pages) -> Mission:
    """She was out with Owl, wrote a report and a note, set a PIN, and has kin and a log-in."""
    pages.account("agent")
    browser = Client(headers={"user-agent": "Quollbrowser"})
    browser.post("/log-in/", {"username": "agent", "password": PASSWORD})
    add_passkey(browser, SoftKey(), name="the quollstick")
    browser.get("/me/")
    world.give_kin("agent", "flatmate")
    kept.write_down(
        kept=Kept.WHERE, values={"note": "the flumhut"},
        by=world.as_("agent"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    proofs.set_pin(pin="4711", by=world.as_("agent"), now=world.now, tap=new_tap())
    mission = world.send_out(
        "agent", "mate", due_minutes=60,
        descriptions={world.people["agent"]: "quaxgreen jacket"},
    )  # fmt: skip
    world.fast_forward(minutes=80)
    world.sign_in("agent", "mate", heads=2)
    report.first_report(
        mission_id=mission.pk, person_id=world.people["agent"],
        fields=report.ReportFields(hurt=Hurt.NO, urgent="the zorbrope tore"),
        by=world.as_("agent"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    world.fast_forward(minutes=5)
    return mission


def kept_away(world: World) -> None:
    """She had somebody kept away from her, and somebody her."""
    for who, other in (("agent", "Stranger"), ("mate", "Fox")):
        apart.file_stay_away(
            person_id=world.people[who], callsign=other,
            by=world.as_(who), now=world.now, tap=new_tap(),
        )  # fmt: skip


def holding(text: str) -> set[str]:
    return {
        table._meta.label
        for table in apps.get_models()
        for row in table._default_manager.values_list()
        if text in str(row)
    }


def test_the_reason_that_stays_does_not_name_her(world: World) -> None:
    persons.change_person(
        person_id=world.people["agent"], values={"callsign": "Vixenette"},
        by=world.as_("admin"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    for said in ("agent by NAME wrote a letter", "Vixenette asked", "the one they called fox"):
        with pytest.raises(Refused) as refused:
            erase(world, reason=said)
        assert "by no name and no callsign" in refused.value.problems["reason"], said
    assert Person.objects.get(pk=world.people["agent"]).is_active
    erase(world, reason="By letter, from the foxhole")


WORDS = ("agent by name", "quaxgreen", "flumhut", "flatmate", "Quollbrowser", "quollstick")


def test_no_table_holds_her_name_or_a_word_of_hers(world: World, pages: Pages) -> None:
    mission = lived(world, pages)
    for words in ("agent by name", "quaxgreen", "zorbrope"):
        assert "logbook.EntryBody" in holding(words), "positive control"
    assert {"people.LogInTry", "usersessions.UserSession"} <= holding("Quollbrowser")
    assert "mfa.Authenticator" in holding("quollstick")
    kept_away(world)
    assert Watched.objects.get(ref=mission.ref).title == "Fox, Owl"
    hurt(world)
    world.look()
    acts = Watched.objects.exclude(wanted="")
    assert {one.title for one in acts} == {"Fox"}, "positive control"
    before = verify().checkpoint
    erase(world)
    assert {one.title for one in acts.all()} == {ERASED}
    assert not Deadline.objects.filter(subject__in=acts, state="OPEN").exists()
    for words in WORDS:
        assert holding(words) == set(), words
    assert holding("Fox") <= {"comms.Message", "logbook.EntryBody"}, "what others were told"
    assert Watched.objects.get(ref=mission.ref).title == f"{ERASED}, Owl", "the others stay"
    titled = EntryBody.objects.filter(body__contains='"title":"Fox')
    assert not titled.exists(), "nor does an entry say what her party was called"
    (row,) = StayAway.objects.all()
    assert (row.person_id, row.other_id) == (world.people["mate"], None), "and that it was, stays"
    assert ERASED in text_of(pages.as_("mate").get("/me/stay-away/"))
    assert holding("zorbrope") <= {"comms.Message", "logbook.EntryBody"}, "what others were told"
    assert PersonKey.objects.get(person_id=world.people["agent"]).wrapped is None
    found = verify(against=checkpoint(before))
    assert found.difference is None
    assert found.erased > 0
    mission.refresh_from_db()
    assert (mission.state, mission.place) == ("BACK", "North woods")
    assert PartyMember.objects.get(person_id=world.people["mate"]).back_at is not None
    said = Entry.objects.get(kind="PERSON_ERASED")
    assert (said.person_id, said.actor_id) == (world.people["agent"], world.people["admin"])


def test_of_looks_and_of_whom_others_keep_away_the_fact_stays_and_no_person(
    world: World, pages: Pages
) -> None:
    lived(world, pages)
    kept_away(world)
    agent, owl = world.people["agent"], world.people["mate"]
    pages.as_("head").post(f"/who/{agent}/", sent(reason="zqreason of a look"))
    world.add("medic", Role.MEDIC, callsign="Doc")
    for who, whom in (("head", owl), ("admin", agent)):
        pages.as_(who).get(f"/office/people/{whom}/")
    Read.objects.create(at=world.now, ten_minutes=1, viewer_id=agent, viewed_as="MEDIC",
                        kind="HEALTH", what=f"person:{owl}", whose=owl, device="web")  # fmt: skip
    assert {"logbook.Read", "people.StayAway", "logbook.EntryBody"} <= holding(str(agent))
    before = {row.number: (row.at, row.kind, row.viewed_as) for row in Read.objects.all()}
    erase(world)
    assert not {"logbook.Read", "people.StayAway"} & holding(str(agent))
    assert holding("zqreason") == set()
    after = {row.number: (row.at, row.kind, row.viewed_as) for row in Read.objects.all()}
    assert after == before, "when, what kind of look, in which part"
    assert Read.objects.filter(viewer_id=world.people["head"], kind="CALLSIGN").exists()
    assert f"{ERASED} " in text_of(pages.as_("mate").get("/me/looks/")), "by somebody, erased since"
    filed = Entry.objects.filter(kind="STAY_AWAY_FILED").values("pk")
    kept_bodies = EntryBody.objects.filter(entry__in=filed, body__isnull=False)
    assert not kept_bodies.exists()
    assert verify().difference is None


@pytest.mark.parametrize(
    "change", [{"why": "another"}, {"viewer_id": uuid.uuid4()}, {"kind": "KIN"}, {"why": ""}]
)
def test_of_a_look_nothing_else_changes(world: World, pages: Pages, change: Any) -> None:
    """By an entry that erases only what is a person's goes; without one, nothing."""
    pages.as_("head").post(f"/who/{world.people['agent']}/", sent(reason="She left her bag"))
    ways = [change] if change == {"why": ""} else [change, {**change, "erased_by": uuid.uuid4()}]
    for way in ways:
        with pytest.raises(DatabaseError), transaction.atomic():
            Read.objects.filter(kind="CALLSIGN").update(**way)


def test_she_gets_in_no_more_and_is_on_no_list(world: World, pages: Pages) -> None:
    lived(world, pages)
    browser = pages.as_("agent")
    assert browser.get("/me/").status_code == 200
    erase(world)
    assert browser.get("/me/").status_code == 302
    form = sent(username="agent", password=PASSWORD)
    assert pages.nobody().post("/log-in/", form).status_code != 302
    assert viewer_for(world.people["agent"], now=world.now).person_id is None
    listed = text_of(pages.as_("admin").get("/office/people/"))
    assert "Fox" not in listed
    assert "Owl" in listed, "positive control"
    for address in ("/missions/", f"/office/people/{world.people['agent']}/"):
        assert pages.as_("admin").get(address).status_code == 200


def of_account(account: Account) -> dict[str, int]:
    """How many rows of any table point to a log-in, and how many sessions are of it."""
    found = {
        one.related_model._meta.label: one.related_model._default_manager.filter(
            **{one.field.name: account}
        ).count()
        for one in Account._meta.related_objects
    }
    sessions = (one.get_decoded() for one in Session.objects.all())
    hers = [one for one in sessions if one.get("_auth_user_id") == str(account.pk)]
    return found | {"sessions.Session": len(hers)}


def test_nothing_is_left_of_what_let_her_in(world: World, pages: Pages) -> None:
    """Passkeys, codes, addresses, links to the provider, one-time links, sessions known or not."""
    both = [pages.account(who) for who in ("agent", "mate")]
    for number, account in enumerate(both):
        factors.put_passkey(account, NewPasskey(name="Phone", credential={}), now=world.now)
        Authenticator.objects.create(user=account, type="totp", data={"secret": "zorb"})
        providers.put_link(account, Subject(issuer="https://id.example", name=f"s{number}"))
        EmailAddress.objects.create(user=account, email=f"fox{number}@example.org")
        later = world.now + dt.timedelta(hours=1)
        LogInLink.objects.create(token_hash=f"{number}", account=account, expires_at=later)
        pages.nobody().force_login(account)
    browsers = [pages.as_(who) for who in ("agent", "mate")]
    assert [browser.get("/me/").status_code for browser in browsers] == [200, 200]
    before = of_account(both[1])
    assert min(before.values()) > 0, "positive control"
    assert before == of_account(both[0])
    erase(world)
    assert set(of_account(both[0]).values()) == {0}
    assert of_account(both[1]) == before, "what lets others in stays"
    assert Account.objects.get(pk=both[0].pk).last_login is None
    assert verify().difference is None


def test_not_while_somebody_may_have_to_look_for_her(world: World) -> None:
    mission = world.send_out("agent", due_minutes=5)
    with pytest.raises(Refused, match="on a mission"):
        erase(world)
    world.fast_forward(minutes=80)
    with pytest.raises(Refused, match="on a mission"):
        erase(world)
    Mission.objects.filter(pk=mission.pk).update(state="BACK")
    with pytest.raises(Refused, match="alarm about her is open"):
        erase(world)
    Mission.objects.filter(pk=mission.pk).update(state="OUT")
    stand_down(world)
    world.sign_in("agent")
    assert "erased" in erase(world)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"who": "head"}, "watch bill"),
        ({"who": "admin"}, "Another administrator"),
        ({"by": "head"}, "ADMINISTRATOR"),
        ({"reason": "  "}, "Say in a sentence"),
    ],
)
def test_whoever_may_not_be_erased_is_not(world: World, values: Any, says: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused, match=says):
        erase(world, **values)
    assert Entry.objects.count() == before


def test_twice_is_once(world: World, pages: Pages) -> None:
    erase(world)
    with pytest.raises(Refused, match="nobody here to erase"):
        erase(world)


def test_the_page_asks_why_and_says_what_is_wrong(world: World, pages: Pages) -> None:
    address = f"/office/people/{world.people['agent']}/erase/"
    for who in ("head", "mate", "agent"):
        assert pages.as_(who).get(address).status_code == 404
    browser = pages.as_("admin")
    assert "For good" in text_of(browser.get(address))
    assert browser.post(address, sent(reason="")).status_code == 422
    world.send_out("agent")
    page = browser.post(address, sent(reason="By letter"))
    assert page.status_code == 422
    assert "on a mission" in text_of(page)
