"""What is sent to the intake: requests as plain bytes, their seeds, and how they are changed.

One input holds one request or several, parted by a line `====`; those of one input are sent at the
same time. A request is lines `name: value`, an empty line, and the body as it is. `:method`,
`:pieces` (in so many the body arrives) and `:hangs-up` are no headers but how it is sent. Words in
angle brackets, such as `<phone>`, stand for ids and keys of the station (`door.WORDS`), so that an
input means the same on every station; `<length>` is that of the body. An object under `sealed` is
sealed to the station on its way.
"""

from __future__ import annotations

import contextlib
import json
import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.rooms import intake_http

PARTED = b"\n====\n"
PIECES_MAX = 5
AT_ONCE_MAX = 4
#: Larger seeds (the huge body) would keep the fuzzer at work on nothing but size.
SEED_MAX = 4096
#: So many ids are drawn from: most are new, and some meet.
IDS = 3000


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request: how it is sent, its headers, its body."""

    method: str
    pieces: int
    hangs_up: bool
    headers: list[tuple[bytes, bytes]]
    body: bytes


def requests(data: bytes, words: Mapping[bytes, bytes], seal: Callable[..., Any]) -> list[Request]:
    """What an input says; any bytes say something. `seal(entry, entry_id=...)` seals."""
    return [_request(part, words, seal) for part in data.split(PARTED)[:AT_ONCE_MAX]]


def _request(data: bytes, words: Mapping[bytes, bytes], seal: Callable[..., Any]) -> Request:
    for word, meant in words.items():
        data = data.replace(word, meant)
    head, empty, body = data.partition(b"\n\n")
    if not empty:
        head, body = _HEAD, data
    body = _sealed(body, seal)
    lines = [line.partition(b":") for line in head.replace(b"\n:", b"\n;").split(b"\n")]
    said = {name.strip().lower(): value.strip() for name, _colon, value in lines if name.strip()}
    pieces = said.pop(b";pieces", b"1")
    return Request(
        method=said.pop(b";method", b"POST").decode("latin-1"),
        pieces=max(1, min(PIECES_MAX, int(pieces))) if pieces.isdigit() else 1,
        hangs_up=said.pop(b";hangs-up", b"") == b"yes",
        headers=[(k, v.replace(b"<length>", b"%d" % len(body))) for k, v in said.items()],
        body=body,
    )


def _sealed(body: bytes, seal: Callable[..., Any]) -> bytes:
    entries = entries_of(body)
    if not any(_is_to_seal(one) for one in entries):
        return body
    found = json.loads(body)
    found["entries"] = [
        seal(one["sealed"], entry_id=one["id"]) if _is_to_seal(one) else one for one in entries
    ]
    return json.dumps(found).encode()


def _is_to_seal(entry: object) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("sealed"), dict):
        return False
    with contextlib.suppress(ValueError, TypeError, RecursionError):
        str(entry.get("id")).encode()
        json.dumps(entry).encode()
        return isinstance(entry.get("id"), str)
    return False


def entries_of(body: bytes) -> list[Any]:
    """The entries of a body, as the station should find them; none where it holds no list."""
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(body)
        if isinstance(found, dict) and isinstance(found.get("entries"), list):
            return list(found["entries"])
    return []


# --- seeds ----------------------------------------------------------------------------------------

_HEAD = b"authorization: Bearer <phone>\ncontent-type: application/json"
KEYS = ("<phone>", "<leader>", "<narrow>", "<kiosk>", "<revoked>", "<revoked-kiosk>", "nobody's")
ACTS = ("sign_out", "check_in", "sign_in", "help", "more_time")
MISSIONS = ("<out>", "<planned>", "<alone>", "<again>", "<back>", "<nowhere>")
PEOPLE = ("<agent>", "<mate>", "<lynx>", "<outsider>", "<nowhere>")
TIMES = (
    "2026-11-20T08:10:00Z",
    "2026-11-20T09:05:00+01:00",
    "2026-11-20T12:00:00Z",
    "2026-11-23T08:30:00Z",
    "1901-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
    "2026-11-20T08:10:00",
)
TEXTS = ("", "fine", "Lynx", "lynx", "Fox", "Owl", "Nobody", "4711", "04A2B8", "\x00", "\ud800")
FIELDS: dict[str, tuple[object, ...]] = {
    "act": (*ACTS, "SIGN_IN", "dance", "", None, 7),
    "mission": (*MISSIONS, None, "", 7),
    "person": (*PEOPLE, None),
    "people": (["<agent>"], ["<agent>", "<mate>"], ["<mate>", "<mate>"], [], ["<lynx>"], "x"),
    "callsign": TEXTS,
    "happened_at": (*TIMES, None, 7),
    "sequence": (0, 1, 2**63 - 1, 2**63, -1, True, None, 1.5),
    "note": (*TEXTS, "n" * 600, "\U0001f9ed \u0635\u0628\u0627\u062d \u5c71", None),
    "heads": (0, 1, 2, 9999, 10_000, -1, None),
    "due_at": (*TIMES, "2026-11-20T16:00:00Z"),
    "anyway": (True, False, "yes"),
    "pin": ("4711", "0000", "", "4" * 40),
    "code": ("04A2B8", "FFFFFF", "", "x" * 300),
}


def id_of(number: int) -> str:
    """The id of an entry of ours: few, so that inputs meet each other's."""
    return str(uuid.UUID(int=(0xF0 << 120) + number))


def request(*entries: object, key: str = "<phone>", **more: object) -> bytes:
    """A request of these entries, as an input."""
    head = f"authorization: Bearer {key}\ncontent-type: application/json\ncontent-length: <length>"
    return f"{head}\n\n{json.dumps({'entries': entries} | more)}".encode()


def seeds() -> Iterator[bytes]:
    """Real entries of every act, by every kind of key; several at once; what is known as bad."""
    number = 0
    for key in KEYS:
        for act in ACTS:
            number += 1
            kiosk = {"callsign": "Lynx", "pin": "4711"} if "kiosk" in key else {}
            at = {"happened_at": TIMES[0], "sequence": number, "note": "fine"}
            more = {"mission": "<out>"} if act in ("check_in", "more_time") else {}
            entry = {"id": id_of(number), "act": act} | at | more | kiosk
            yield request(entry | {"due_at": "2026-11-20T16:00:00Z"}, key=key, sent_at=TIMES[0])
    fine = {"id": id_of(100), "act": "check_in", "mission": "<out>"}
    out = {"id": id_of(101), "act": "sign_out", "mission": "<planned>", "people": ["<mate>"]}
    back = {"id": id_of(102), "act": "sign_in", "people": ["<agent>", "<mate>"], "heads": 2}
    help_ = {"id": id_of(103), "act": "help", "note": "here"}
    yield request(fine, out, back, fine, help_, {"id": "x"}, 7, key="<leader>")
    yield PARTED.join([request(fine), request(back, key="<leader>"), request(help_, key="<kiosk>")])
    yield PARTED.join([request(fine), request(fine), request(fine | {"id": id_of(104)})])
    seal = {"id": id_of(105), "sealed": {"act": "sign_in", "callsign": "Lynx", "pin": "4711"}}
    yield request(seal, {"id": id_of(106), "sealed": "AAAA"}, help_, key="<kiosk>")
    yield request(seal, key="<revoked-kiosk>")
    yield request(seal)
    early = {"id": id_of(107), "act": "sign_in", "mission": "<planned>", "happened_at": TIMES[1]}
    late = {"id": id_of(108), "act": "sign_out", "mission": "<planned>", "happened_at": TIMES[1]}
    yield request(early | {"happened_at": TIMES[0]}, late)
    yield b":pieces: 3\n:hangs-up: yes\n" + request(fine)
    yield b":method: GET\n" + request(fine)
    yield b"accept-language: ja, de;q=0.5, *;q=0\n" + request(fine, help_, key="<nobody>")
    for body, kind in intake_http.BAD.values():
        if len(body) <= SEED_MAX:
            yield b"content-type: " + kind.encode() + b"\n\n" + body


def dictionary() -> list[str]:
    """Words that inputs are made of."""
    fields = [f'"{name}": ' for name in (*FIELDS, "id", "sealed", "entries", "sent_at")]
    heads = ["authorization: Bearer ", "content-length: ", "content-type: ", ":pieces: 2\n"]
    values = [json.dumps(one) for one in (*ACTS, *MISSIONS, *PEOPLE, *TIMES)]
    odd = ["\\ud800", "\\u0000", "1e999", "NaN", "-0", "9" * 30, "[]", "{}", "null", "true"]
    ids = [f'"{id_of(number)}"' for number in (1, 100, 107)]
    return [*fields, *heads, *values, *odd, *ids, *KEYS, "\n====\n"]


# --- changes --------------------------------------------------------------------------------------


def changed(data: bytes, chance: random.Random) -> bytes:
    """An input with one thing changed that the JSON parser lets pass; the same for the same chance.
    One whose bodies hold no entries becomes a seed."""
    parts = data.split(PARTED)
    at = chance.randrange(len(parts))
    head, _empty, body = parts[at].partition(b"\n\n")
    entries = entries_of(body)
    if not entries:
        return chance.choice(list(seeds()))
    if chance.random() < 0.15:
        key = chance.choice(KEYS).encode()
        head = b"authorization: Bearer " + key + b"\ncontent-type: application/json"
    whole = json.loads(body)
    if chance.random() < 0.1:
        whole["sent_at"] = chance.choice(TIMES)
    whole["entries"] = _changed(entries, chance)
    parts[at] = head + b"\n\n" + json.dumps(whole).encode()
    if chance.random() < 0.1:
        parts.append(parts[at])
    return PARTED.join(parts[:AT_ONCE_MAX])


def _changed(entries: list[Any], chance: random.Random) -> list[Any]:
    made = list(entries)
    at = chance.randrange(len(made))
    one = dict(made[at]) if isinstance(made[at], dict) else {"id": id_of(1), "act": "help"}
    how = chance.randrange(8)
    if how == 0:
        made.insert(at, made[at])
    elif how == 1 and len(made) > 1:
        del made[at]
    elif how == 2:
        chance.shuffle(made)
    elif how == 3:
        made[at] = one | {"id": id_of(chance.randrange(IDS))}
    elif how == 4 and "sealed" not in one:
        made[at] = {"id": id_of(chance.randrange(IDS)), "sealed": one}
    else:
        name = chance.choice(list(FIELDS))
        made[at] = one | {name: chance.choice(FIELDS[name])}
        if chance.random() < 0.5:
            made[at]["id"] = id_of(chance.randrange(IDS))
    return made[:250]
