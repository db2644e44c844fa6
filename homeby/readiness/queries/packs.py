"""Which rule packs the organisation uses."""

from __future__ import annotations

from functools import lru_cache

from homeby.database.asked import AskedOf
from homeby.readiness.models import RulePack
from homeby.readiness.rules.kinds_of_rest import PackUse
from homeby.readiness.rules.packs import Pack, read_pack
from homeby.readiness.shipped import shipped_packs

#: What is used before anybody has chosen.
AT_FIRST = {PackUse.REST: "volunteers", PackUse.MINORS: "minors"}


def pack_in_use(use: PackUse) -> Pack:
    """The rules by which people rest, or those for minors. No viewer: the rules are everybody's to
    read. One query."""
    row = next(iter(_CHOSEN.rows([use])), None)
    if row is not None and row.text and (own := _own(row.text, row.key)) is not None:
        return own
    packs = shipped_packs()
    chosen = packs.get(row.key) if row is not None else None
    return chosen or packs[AT_FIRST[use]]


_CHOSEN = AskedOf(lambda keys: RulePack.objects.filter(use__in=keys), of_texts=True)


@lru_cache(maxsize=8)
def _own(text: str, key: str) -> Pack | None:
    found = read_pack(text, file=key, kept=True)
    return found if isinstance(found, Pack) else None


def pack_text(use: PackUse) -> str:
    """The text of a pack of the organisation's own, "" for a shipped one. One query."""
    row = RulePack.objects.filter(use=use).first()
    return row.text if row is not None else ""
