"""My page: proving a contact point, naming kin, and that nobody else gets at either."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.comms.models import Message
from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.verification import verify
from homeby.people import queries as people
from homeby.people.models import ContactPoint, Kin
from homeby.people.rules import MayKnow
from tests.rooms.pages import Pages, entries, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def point(world: World) -> ContactPoint:
    """A second phone of Fox, not verified yet; messages there land with "agent" too."""
    return ContactPoint.objects.get(pk=world.give_phone("agent", verified=False))


def press(pages: Pages, who: str, kind: str, item: object, act: str) -> str:
    address = f"/office/act/{kind}/{item}/"
    return text_of(pages.as_(who).post(address, sent(act=act, back="/me/"), follow=True))


def sent_code(world: World) -> str:
    world.look()
    return world.phone("agent")[-1].code


def type_code(pages: Pages, point: ContactPoint, code: str, who: str = "agent") -> str:
    address = f"/office/form/codes/{point.pk}/"
    return text_of(pages.as_(who).post(address, sent(code=code), follow=True))


def test_my_page_shows_what_is_mine(pages: Pages, world: World) -> None:
    world.give_kin("agent", "Flatmate", MayKnow.AREA)
    before = entries()
    page = text_of(pages.as_("agent").get("/me/"))
    assert "agent by name" in page
    assert "Flatmate" in page
    assert "also the area" in page
    assert "I am not fit to watch" not in page
    assert "I am not fit to watch" in text_of(pages.as_("head").get("/me/"))
    assert entries() == before


def test_a_contact_point_is_added_but_does_not_count_yet(pages: Pages, world: World) -> None:
    address = f"/office/form/contact-points/new/?person={world.people['agent']}"
    client = pages.as_("agent")
    page = client.post(address, sent(channel="WEBHOOK", address="not an address"))
    assert page.status_code == 422
    assert 'value="not an address"' in page.content.decode()
    assert client.post(address, sent(channel="CONSOLE", address="x")).status_code == 422
    fields = sent(channel="WEBHOOK", address="https://example.org/hook", from_time="08:00")
    assert "Give both hours" in text_of(client.post(address, fields))
    fields["to_time"] = "20:00"
    shown = text_of(client.post(address, fields, follow=True))
    assert "It counts once it is verified." in shown
    assert "not verified; it does not count yet" in shown
    assert "https://example.org/hook" in shown
    reaches = people.recipients([world.people["agent"]])[world.people["agent"]].reaches
    assert [reach.verified for reach in reaches] == [True, False]


def test_e_mail_needs_a_mail_server(pages: Pages, world: World) -> None:
    address = f"/office/form/contact-points/new/?person={world.people['agent']}"
    page = pages.as_("agent").post(address, sent(channel="EMAIL", address="fox@example.org"))
    assert "The station has no mail server" in text_of(page)


def test_the_code_goes_to_that_contact_point_and_verifies_it(
    pages: Pages, world: World, point: ContactPoint
) -> None:
    page = press(pages, "agent", "contact-points", point.pk, "send_code")
    assert "A code is on its way there." in page
    assert "Type the code" in page
    message = Message.objects.get(kind="VERIFICATION")
    assert [delivery.contact_id for delivery in message.deliveries.all()] == [point.pk]
    code = sent_code(world)
    assert code == message.code
    assert "Verified." in type_code(pages, point, f"{code[:3]} {code[3:]}")
    point.refresh_from_db()
    assert point.verified_at == world.now
    assert "Verified." in type_code(pages, point, code)  # the same form once more
    assert verify().difference is None


def test_the_code_cannot_be_read_or_worked_out_from_the_logbook(
    pages: Pages, world: World, point: ContactPoint
) -> None:
    press(pages, "agent", "contact-points", point.pk, "send_code")
    code = sent_code(world)
    point.refresh_from_db()
    bodies = "\n".join(body or "" for body in EntryBody.objects.values_list("body", flat=True))
    assert Entry.objects.filter(kind="MESSAGE_QUEUED").exists()
    assert code not in bodies
    assert point.code_hash not in bodies
    assert Message.objects.get(kind="VERIFICATION").token not in bodies


def test_a_wrong_code_counts_and_five_are_the_end(
    pages: Pages, world: World, point: ContactPoint
) -> None:
    press(pages, "agent", "contact-points", point.pk, "send_code")
    code = sent_code(world)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert "That is not the code." in type_code(pages, point, wrong)
    assert "This code has lapsed." in type_code(pages, point, code)
    point.refresh_from_db()
    assert point.verified_at is None


def test_a_code_lapses_and_the_next_waits_a_minute(
    pages: Pages, world: World, point: ContactPoint
) -> None:
    press(pages, "agent", "contact-points", point.pk, "send_code")
    code = sent_code(world)
    page = press(pages, "agent", "contact-points", point.pk, "send_code")
    assert "A code was sent just now." in page
    world.now += dt.timedelta(minutes=16)
    assert "This code has lapsed." in type_code(pages, point, code)
    press(pages, "agent", "contact-points", point.pk, "send_code")
    assert sent_code(world) != code or Message.objects.filter(kind="VERIFICATION").count() == 2


def test_the_same_tap_sends_one_code(pages: Pages, world: World, point: ContactPoint) -> None:
    client, fields = pages.as_("agent"), sent(act="send_code")
    for _ in range(2):
        client.post(f"/office/act/contact-points/{point.pk}/", fields)
    assert Message.objects.filter(kind="VERIFICATION").count() == 1


def test_a_test_message_reaches_a_verified_contact_point_only(
    pages: Pages, world: World, point: ContactPoint
) -> None:
    page = press(pages, "agent", "contact-points", point.pk, "test")
    assert "Verify this contact point first" in page
    first = ContactPoint.objects.filter(verified_at__isnull=False).get(
        person_id=world.people["agent"]
    )
    assert "on its way" in press(pages, "agent", "contact-points", first.pk, "test")
    world.look()
    assert "A test message from Homeby" in world.phone("agent")[-1].subject
    page = press(pages, "agent", "contact-points", first.pk, "test")
    assert "A test message was sent just now." in page


@pytest.mark.parametrize("act", ["send_code", "test", "remove"])
@pytest.mark.parametrize("who", ["mate", "head", "guard"])
def test_somebody_else_s_contact_point_is_not_there(
    pages: Pages, point: ContactPoint, act: str, who: str
) -> None:
    address = f"/office/act/contact-points/{point.pk}/"
    assert pages.as_(who).post(address, sent(act=act)).status_code == 404
    assert pages.as_(who).get(f"/office/form/codes/{point.pk}/").status_code == 404
    assert ContactPoint.objects.filter(pk=point.pk).exists()


def test_somebody_else_s_page_of_kin_and_contact_points_is_not_there(
    pages: Pages, world: World
) -> None:
    for kind in ("kin", "contact-points"):
        address = f"/office/form/{kind}/new/?person={world.people['agent']}"
        for who in ("mate", "head", "guard"):
            assert pages.as_(who).get(address).status_code == 404
            assert pages.as_(who).post(address, sent()).status_code == 404


def test_kin_are_named_and_removed(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/office/form/kin/new/?person={world.people['agent']}"
    client = pages.as_("agent")
    fields = sent(name="Jo", relation="flatmate", may_know="AREA", channel="WEBHOOK")
    page = client.post(address, fields)
    assert "Give an address, or choose that nothing may be told." in text_of(page)
    assert 'value="flatmate"' in page.content.decode()
    fields["address"] = "https://example.org/jo"
    assert "Jo" in text_of(client.post(address, fields, follow=True))
    client.post(address, fields)
    kin = Kin.objects.get()
    assert kin.may_know == MayKnow.AREA
    assert "This needs the role" in press(pages, "mate", "kin", kin.pk, "remove")
    assert Kin.objects.exists()
    press(pages, "agent", "kin", kin.pk, "remove")
    assert not Kin.objects.exists()
