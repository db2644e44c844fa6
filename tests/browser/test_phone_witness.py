"""A member's phone as a small witness (P13): it notices in its browser that the logbook does not go
on from what it saw, says so, and keeps what it saw."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

from playwright.sync_api import Page, expect

from homeby.logbook.notes import Key
from homeby.logbook.tree import Tree, consistency, head
from tests.browser import cast
from tests.browser.looks import faults
from tests.browser.pockets import at_width
from tests.browser.screens import DESK, PHONE, Screens, has_no_sideways_scroll
from tests.browser.station import until

KEPT = "homeby-checkpoint"
ASK = """
async ([what, rows]) => {
  const here = await import(document.querySelector("script[src*='my-witness']").src);
  const root = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const ask = {
    isGrown: ([a, b, proof]) =>
      here.isGrown({size: a[0], root: root(a[1])}, {size: b[0], root: root(b[1])}, proof),
    isSigned: ([note, key]) => here.isSigned(note, key),
  };
  const found = [];
  for (const row of rows) found.push(await ask[what](row));
  return found;
}
"""
LEAVES = [bytes([number]) * 32 for number in range(1, 18)]
KEY = Key(name=f"homeby/{uuid.UUID(int=5)}", seed=bytes(32))


def kept(page: Page) -> dict[str, Any]:
    page.wait_for_load_state("networkidle")
    found = page.evaluate("name => localStorage.getItem(name)", KEPT)
    return dict(json.loads(found or "{}"))


def remember(page: Page, values: dict[str, Any]) -> None:
    page.evaluate("([name, text]) => localStorage.setItem(name, text)", [KEPT, json.dumps(values)])
    page.reload()


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def rows_of_proofs() -> tuple[list[Any], list[bool]]:
    """Every way to grow to at most 17 leaves, right and then wrong in one place."""
    rows: list[Any] = []
    for later in range(1, 18):
        for earlier in range(1, later + 1):
            proof = consistency(Tree.of(LEAVES[:earlier]), LEAVES[earlier:later])
            heads = [head(Tree.of(LEAVES[:size])) for size in (earlier, later)]
            shown = [[one.size, b64(one.root)] for one in heads]
            steps = [b64(step) for step in proof]
            rows.append([*shown, steps])
            rows.append([*shown, [*steps[:-1], b64(bytes(32))]])
            rows.append([shown[0], [later, b64(bytes(32))], steps])
    return rows, [True, False, False] * (len(rows) // 3)


def test_a_phone_keeps_what_it_saw_and_says_when_it_was_changed(screens: Screens) -> None:
    page = screens.open(login=cast.FOX.login, viewport=PHONE)
    page.goto("/my/")

    def remembers() -> bool:
        if "note" in kept(page):
            return True
        page.reload()
        return False

    until(remembers, seconds=20, what="a first checkpoint")
    first = kept(page)
    expect(page.locator("#my-witness")).to_be_hidden()
    rows, right = rows_of_proofs()
    assert page.evaluate(ASK, ["isGrown", rows]) == right
    note = str(KEY.sign(head(Tree.of(LEAVES))))
    other = str(Key(name=KEY.name, seed=bytes([1]) * 32).public)
    changed = note.replace("\n17\n", "\n16\n")
    asked = [[note, str(KEY.public)], [note, other], [changed, str(KEY.public)]]
    assert page.evaluate(ASK, ["isSigned", asked]) == [True, False, False]

    remember(page, first | {"asked": 0})
    expect(page.locator("body[data-my=ready]")).to_be_attached()
    assert "refused" not in kept(page), "it has grown, and was shown to"
    expect(page.locator("#my-witness")).to_be_hidden()

    remember(page, {"note": note, "key": first["key"], "asked": 0})
    expect(page.locator("#my-witness")).to_contain_text("is not the one that this phone saw")
    expect(page.locator("#my-witness pre")).to_have_text(note.strip())
    assert kept(page)["note"] == note, "the old one is kept"
    assert faults(page) == []
    for size in (PHONE, DESK):
        at_width(page, size)
        assert has_no_sideways_scroll(page)
    page.reload()
    expect(page.locator("#my-witness")).to_be_visible()
    page.get_by_role("button", name="I was told why").click()
    expect(page.locator("#my-witness")).to_be_hidden()
    assert kept(page)["note"].split("\n")[0] == first["note"].split("\n")[0]
