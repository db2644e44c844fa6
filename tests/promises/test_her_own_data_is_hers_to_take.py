"""A person takes away all that is kept of her, in one file; nobody else gets it, and of others it
holds the callsign only."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from homeby import settings
from homeby.archive import gathering, paper
from homeby.archive.packing import pack
from homeby.logbook import actions as logbook
from homeby.logbook import keeping, notes
from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.models import Mission
from homeby.people.actions import apart, kept, minors, persons, tokens
from homeby.people.models import Person
from homeby.people.rules import STATION, Right, hash_of
from homeby.people.rules_private import Kept
from homeby.station import archiving
from homeby.watch.models import Duress
from tests.rooms.devices import claim, kiosk
from tests.rooms.pages import Pages, sent, text_of
from tests.rooms.soft_key import SoftKey, add_passkey
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def lived(world: World) -> Mission:
    """Fox has kin, a note, a token, and was out with Owl, who has a name too."""
    world.give_kin("agent", "flatmate")
    kept.write_down(
        kept=Kept.WHERE, values={"note": "the flumhut"},
        by=world.as_("agent"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    tokens.make_token(
        fields=tokens.TokenFields(name="my plotter", rights=(Right.PLAN,), days=9),
        key_hash=hash_of("x"), by=world.as_("agent"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    mission = world.send_out("agent", "mate", due_minutes=60)
    world.fast_forward(minutes=80)
    world.sign_in("agent", "mate", heads=2)
    return mission


def files_in(content: bytes) -> dict[str, Any]:
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            text = archive.read(name)
            found[name] = json.loads(text) if name.endswith(".json") else text
    return found


def packed(world: World, who: str = "agent") -> dict[str, Any]:
    file = io.BytesIO()
    pack(person_id=world.people[who], by=world.as_(who), now=world.now, to=file)
    return files_in(file.getvalue())


def test_it_holds_all_that_is_hers(world: World, pages: Pages) -> None:
    mission = lived(world)
    browser = pages.as_("agent")
    assert "Give me my data" in text_of(browser.get("/me/archive/"))
    answer: Any = browser.post("/me/archive/", sent())
    assert answer.headers["Content-Type"] == "application/zip"
    assert "no-store" in answer.headers["Cache-Control"]
    found = files_in(b"".join(answer.streaming_content))
    about = found["about-me.json"]
    assert about["person"]["name"] == "agent by name"
    assert about["contact_points"][0]["address"] == "agent"
    assert about["kin"][0]["name"] == "flatmate"
    assert about["for_a_bad_day"]["WHERE"] == {"note": "the flumhut"}
    assert about["personal_tokens"][0]["name"] == "my plotter"
    (outing,) = found["missions.json"]
    assert outing["id"] == str(mission.pk)
    assert outing["with"] == ["Owl"]
    assert any("Fox" in one["subject"] for one in found["messages.json"])
    known = {one["kind"] for one in found["entries.json"]}
    assert {"PERSON_ADDED", "TOKEN_MADE", "PRIVATE_WRITTEN", "ARCHIVE_MADE"} <= known
    own = Entry.objects.filter(person_id=world.people["agent"]).values_list("number", flat=True)
    assert set(own) <= {one["number"] for one in found["entries.json"]}
    assert found["read-me.pdf"].startswith(b"%PDF")
    assert b"pdfuaid" in found["read-me.pdf"], "it says that it is PDF/UA"


def test_it_holds_who_looked_whom_she_keeps_away_her_passkeys_and_her_birth(
    world: World, pages: Pages
) -> None:
    mission, agent = lived(world), world.people["agent"]
    add_passkey(pages.as_("agent"), SoftKey(), name="the quollstick")
    for who, other in (("agent", "Stranger"), ("agent", "Deputy"), ("guard", "Fox")):
        apart.file_stay_away(
            person_id=world.people[who], callsign=other,
            by=world.as_(who), now=world.now, tap=new_tap(),
        )  # fmt: skip
    young = minors.MinorFields(born=dt.date(2011, 3, 4), guardian_id=world.people["mate"])
    minors.set_minor(
        person_id=agent, fields=young,
        by=world.as_("admin"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    for who in ("head", "mate", "guard", "deputy"):
        pages.as_(who).get(f"/missions/{mission.pk}/")
    pages.as_("head").post(f"/who/{agent}/", sent(reason="She left her bag"))
    world.fast_forward(minutes=1)
    found = packed(world)
    about = found["about-me.json"]
    assert about["person"]["born"] == "2011-03-04"
    assert [one["name"] for one in about["passkeys"]] == ["the quollstick"]
    assert about["passkeys"][0]["added_at"]
    assert {one["other_id"] for one in about["stay_aways"]} == {"Stranger", "Deputy"}
    assert "Gate 1" not in json.dumps(about["stay_aways"])
    looked = [(one["viewer_id"], one["kind"], one["why"]) for one in found["looks.json"]]
    assert ("Head", "CALLSIGN", "She left her bag") in looked
    assert any(who == "Head" and kind == "STATUS" for who, kind, _why in looked)
    assert all(who != "Gate 1" for who, _kind, _why in looked), "who has her kept away is not named"
    page, all_ = text_of(pages.as_("agent").get("/me/looks/")), ("Head", "Deputy", "Owl", "Gate 1")
    by_page = {one for one in all_ if f"{one} " in page}
    assert {one["viewer_id"] for one in found["looks.json"]} == by_page
    assert packed(world, "mate")["about-me.json"]["person"].get("born") is None


def test_of_others_it_holds_the_callsign_and_nothing_more(world: World) -> None:
    lived(world)
    nameless = Person.objects.get(pk=world.people["guard"])
    persons.change_person(
        person_id=nameless.pk, values={"callsign": ""}, by=STATION, now=world.now, tap=new_tap()
    )
    found = packed(world)
    text = json.dumps([found[name] for name in found if name.endswith(".json")])
    for who, person_id in world.people.items():
        if who != "agent":
            assert f"{who} by name" not in text
            assert str(person_id) not in text, who
    assert "Owl" in text, "positive control"
    assert "somebody" in text, "the guard has no callsign now"


def test_nobody_else_gets_it(world: World, pages: Pages) -> None:
    for who in ("admin", "head", "mate"):
        with pytest.raises(Refused, match="Only the person herself"):
            pack(person_id=world.people["agent"], by=world.as_(who), now=world.now, to=io.BytesIO())
    assert pages.nobody().post("/me/archive/", sent()).status_code == 302
    asked = {"person": str(world.people["agent"]), "person_id": str(world.people["agent"])}
    answer: Any = pages.as_("mate").post("/me/archive/", sent(**asked))
    found = files_in(b"".join(answer.streaming_content))
    assert found["about-me.json"]["person"]["name"] == "mate by name"
    assert Entry.objects.filter(kind="ARCHIVE_MADE", person_id=world.people["agent"]).count() == 0


def test_it_tells_nothing_of_a_duress_pin(world: World) -> None:
    """Whoever forces her may have her ask for it: two archives differ in nothing but that."""
    from homeby.people.actions import proofs
    from homeby.people.rules import Act
    from homeby.web.intake.proving import prove

    tablet = kiosk(world, acts=(Act.SIGN_IN,))
    proofs.set_pin(pin="4711", duress="9027", by=world.as_("agent"), now=world.now, tap=new_tap())
    world.send_out("agent")
    forced = claim(Act.SIGN_IN, pin="9027", callsign="Fox")
    tablet.send(*prove((forced,), hash_of(tablet.key)))
    assert Duress.objects.count() == 1
    text = json.dumps({k: v for k, v in packed(world).items() if k.endswith(".json")}).lower()
    assert "duress" not in text
    assert "distress" not in text


def test_it_says_no_more_than_the_page_of_the_mission(world: World) -> None:
    """Of an old outing the area only, and nobody whom she is kept away from."""
    route = '<gpx><trkpt lat="46.12345" lon="7.65432"/></gpx>'
    mission = world.send_out("agent", "mate", "outsider", latitude=46.12345, longitude=7.65432,
                             route_gpx=route)  # fmt: skip
    world.sign_in("agent", "mate", "outsider", heads=3)
    (fresh,) = packed(world)["missions.json"]
    assert (fresh["latitude"], fresh["route_gpx"]) == (46.12345, route)
    assert len(fresh["with"]) == 2
    for one, other in (("agent", "mate"), ("outsider", "agent")):
        apart.file_stay_away(
            person_id=world.people[one], callsign=world.callsign(other), by=world.as_(one),
            now=world.now, tap=new_tap(),
        )  # fmt: skip
    world.now += dt.timedelta(days=400)
    found = packed(world)
    (old,) = found["missions.json"]
    assert (old["latitude"], old["longitude"], old["route_gpx"]) == (46.1, 7.7, "")
    assert old["with"] == [], str(mission.pk)
    (hers,) = found["about-me.json"]["stay_aways"]
    assert "Owl" in json.dumps(hers), "what she filed herself she reads"
    for name in ("entries.json", "missions.json", "about-me.json"):
        assert world.callsign("outsider") not in json.dumps(found[name]), name


def test_it_is_bounded_and_read_in_portions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(world)
    monkeypatch.setattr(gathering, "PORTION", 3)
    whole = packed(world)["entries.json"]
    monkeypatch.setattr(gathering, "ENTRIES_MAX", 5)
    assert len(whole) > 5
    newest = packed(world)["entries.json"]
    assert len(newest) == 5
    assert newest[0]["kind"] == "ARCHIVE_MADE", "the newest come first"


def test_the_command_writes_it_and_says_what_is_wrong(
    world: World, pages: Pages, tmp_path: Path
) -> None:
    pages.account("agent")
    said: list[str] = []
    out = tmp_path / "fox.zip"
    assert archiving.run(login="Agent", out=out, say=said.append) == 0
    assert files_in(out.read_bytes())["about-me.json"]["person"]["callsign"] == "Fox"
    assert out.stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"
    assert archiving.run(login="agent", out=out, say=said.append) == 2
    assert "is there already" in said[-1]
    assert archiving.run(login="nobody", out=tmp_path / "x.zip", say=said.append) == 2
    assert "Nobody logs in as nobody" in said[-1]
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("text", ["狐", '#include <x> *bold* $x$ \\ @ref "quoted"', "\x00\x07"])
def test_whatever_was_typed_is_set_as_text(world: World, text: str) -> None:
    sheet = paper.Paper(
        title=f"What {text} keeps", author=text, language="ja", note=text, nothing="-",
        sections=[
            paper.Section(title=text, rows=[(text, text)]),
            paper.Section(title="T", columns=(text,), rows=[(text,)]),
            paper.Section(title="Empty"),
        ],
    )  # fmt: skip
    with translation.override("ja"):
        assert paper.pdf(sheet, now=world.now).startswith(b"%PDF")


def test_it_names_the_checkpoint_of_the_logbook_that_it_left(world: World) -> None:
    logbook.found_station(place="here", now=world.now)
    note = notes.read(packed(world)["checkpoint.txt"].decode())
    key = keeping.key_of_station(settings.log_key())
    assert key is not None
    assert key.public.has_signed(note) is True
    asked_for = Entry.objects.latest("number")
    assert (asked_for.kind, note.head.size) == ("ARCHIVE_MADE", Entry.objects.count())
    assert verify(against=note, key=key.public).difference is None
    logbook.quarantine(why="It is a copy.", here="there", now=world.now)
    assert packed(world)["checkpoint.txt"].decode() == str(note), "a copy signs nothing"
