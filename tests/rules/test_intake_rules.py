"""What a device said, in our time; of whom it may speak; what is of an earlier outing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

import pytest

from homeby.missions.rules.intake import (
    Claim,
    Proof,
    in_our_time,
    is_of_an_earlier_outing,
    is_plain,
    is_to_come,
    is_unproven,
    may_speak,
    speaks_of_its_own,
)
from homeby.people.rules import Act, DeviceFacts, DeviceKind

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
ME, MATE, OTHER = (uuid.UUID(int=n) for n in (1, 2, 3))


def phone(**more: object) -> DeviceFacts:
    values = {
        "id": uuid.UUID(int=9),
        "kind": DeviceKind.PHONE,
        "acts": frozenset(Act),
        "person_id": ME,
    }
    return DeviceFacts(**(values | more))  # type: ignore[arg-type]


KIOSK = phone(kind=DeviceKind.KIOSK, person_id=None, gate_id=uuid.UUID(int=8))


@pytest.mark.parametrize(
    ("claimed", "sent", "meant"),
    [
        (-10, None, -10),  # no word of its clock
        (-10, 0, -10),  # its clock is right
        (-10, 2, -10),  # right enough
        (-10, -2, -10),
        (3 * 1440 - 10, 3 * 1440, -10),  # three days fast
        (-3 * 1440 - 10, -3 * 1440, -10),  # three days slow
        (-10, -3 * 1440, -10),  # set back after it happened: the correction would lead ahead
        (5, 0, 5),  # a time to come is bounded elsewhere, and kept as it was said
        (5 + 60, 60, 65),  # still to come when put right: as it was said
    ],
)
def test_a_clock_is_put_right_by_how_wrong_it_was(
    claimed: int, sent: int | None, meant: int
) -> None:
    sent_at = None if sent is None else NOW + sent * MINUTE
    found = in_our_time(NOW + claimed * MINUTE, sent_at=sent_at, now=NOW)
    assert found == NOW + meant * MINUTE


def test_the_end_of_all_time_is_no_mistake_of_ours() -> None:
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    first = dt.datetime.min.replace(tzinfo=dt.UTC)
    assert in_our_time(last, sent_at=first, now=NOW) == last
    assert in_our_time(first, sent_at=last, now=NOW) == first


@pytest.mark.parametrize(
    ("device", "wanted", "party", "leader", "may"),
    [
        (phone(), {ME}, {ME, MATE}, MATE, True),
        (phone(), {MATE}, {ME, MATE}, MATE, False),
        (phone(), {ME, MATE}, {ME, MATE}, MATE, False),
        (phone(), {ME}, {MATE}, MATE, False),
        (phone(), {ME, MATE}, {ME, MATE}, ME, True),  # the leader, for the party
        (phone(), {MATE}, {ME, MATE}, ME, True),
        (phone(), {OTHER}, {ME, MATE}, ME, False),
        (phone(), {ME}, {MATE}, ME, True),  # leads from the hut
        (KIOSK, {OTHER}, {ME}, ME, True),
    ],
)
def test_of_whom_a_device_may_speak(
    device: DeviceFacts, wanted: set[uuid.UUID], party: set[uuid.UUID], leader: uuid.UUID, may: bool
) -> None:
    assert may_speak(device, wanted, party=party, leader_id=leader) is may


@pytest.mark.parametrize(("minutes", "earlier"), [(-3, True), (-2, False), (0, False), (5, False)])
def test_a_claim_from_before_they_left_is_of_an_earlier_outing(minutes: int, earlier: bool) -> None:
    found = is_of_an_earlier_outing(happened_at=NOW + minutes * MINUTE, out_at=NOW)
    assert found is earlier
    assert not is_of_an_earlier_outing(happened_at=NOW, out_at=None)


@pytest.mark.parametrize(
    ("device", "more", "plain"),
    [
        (phone(), {}, True),
        (phone(), {"person_ids": (ME,)}, True),
        (phone(), {"person_ids": (MATE,)}, False),
        (phone(), {"act": Act.HELP}, False),
        (phone(), {"mission_id": None}, False),
        (phone(works=False), {}, False),
        (phone(acts=frozenset({Act.HELP})), {}, False),
        (KIOSK, {}, False),
        (None, {}, False),
    ],
)
def test_only_the_usual_check_in_is_noted_with_others(
    device: DeviceFacts | None, more: dict[str, object], plain: bool
) -> None:
    values = {"entry_id": OTHER, "act": Act.CHECK_IN, "mission_id": uuid.UUID(int=7)}
    claim = Claim(**(values | more))  # type: ignore[arg-type]
    assert is_plain(claim, device) is plain


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("proof", list(Proof))
@pytest.mark.parametrize("asks", [True, False])
def test_a_phone_that_asks_for_the_pin_is_believed_by_it_only(
    act: Act, proof: Proof, asks: bool
) -> None:
    claim, device = Claim(entry_id=OTHER, act=act, proof=proof), phone(asks_pin=asks)
    is_asked = act in (Act.SIGN_IN, Act.CHECK_IN)
    wanted = is_asked and (proof is Proof.WRONG or (asks and proof is Proof.NONE))
    assert is_unproven(claim, device, has_pin=False) is wanted


def test_what_may_be_forced_is_never_noted_together_with_others() -> None:
    fine = Claim(entry_id=OTHER, act=Act.CHECK_IN, mission_id=MATE)
    assert is_plain(fine, phone())
    assert not is_plain(fine, phone(asks_pin=True))
    for proof in (Proof.WRONG, Proof.SHOWN, Proof.DURESS):
        assert not is_plain(dataclasses.replace(fine, proof=proof), phone())


@pytest.mark.parametrize(
    ("minutes", "to_come"), [(None, False), (-9, False), (2, False), (3, True)]
)
def test_a_time_to_come_is_none_that_was(minutes: int | None, to_come: bool) -> None:
    at = None if minutes is None else NOW + minutes * MINUTE
    assert is_to_come(at, now=NOW) is to_come


@pytest.mark.parametrize(
    ("device", "who", "own"),
    [
        (phone(), [ME], True),
        (phone(), [ME, ME], True),
        (phone(), [MATE], False),
        (phone(), [ME, MATE], False),
        (KIOSK, [MATE], True),
    ],
)
def test_without_a_mission_a_phone_speaks_of_its_own(
    device: DeviceFacts, who: list[uuid.UUID], own: bool
) -> None:
    assert speaks_of_its_own(device, who) is own


def test_the_label_of_a_device_fits_its_column() -> None:
    assert len(f"revoked {phone().label}") <= 80
