"""The key of Open Badges is made with the first badge and never again behind anybody's back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from homeby import keys, settings
from homeby.logbook.models import Entry
from homeby.readiness.models import Holding
from tests.promises.learning import hold, join, read
from tests.rooms.pages import Pages, sent
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the station of this test keeps its key."""
    monkeypatch.setattr(
        settings, "make_open_badges_key", lambda: keys.make_open_badges_key(home=tmp_path)
    )
    monkeypatch.setattr(settings, "open_badges_key", lambda: keys.open_badges_key(home=tmp_path))
    return tmp_path / "keys" / keys.OPEN_BADGES_KEY_FILE


def test_a_key_is_made_with_the_first_badge_alone(
    world: World, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(world)
    join(world, "agent", "mate")
    pages = Pages(world, monkeypatch)

    def take(who: str) -> str:
        at = reverse("my-badge", args=[hold(world, who, "AID")])
        return pages.as_(who).post(at, sent(), follow=True).content.decode()

    for name in ("badge-key", "badge-withdrawn"):
        answer = Client().get(reverse(name))
        assert answer.status_code == 503
        assert str(file.parent.parent) not in answer.content.decode(), "it tells no path"
    assert not file.exists(), "whoever looks makes none"
    assert take("agent").startswith("eyJ")
    shown = Client().get(reverse("badge-key")).json()
    file.unlink()
    said = take("mate")
    assert "open-badges.key is missing" in said
    assert not file.exists(), "nobody could check the first badge by another key"
    assert Client().get(reverse("badge-key")).status_code == 503
    mate = world.people["mate"]
    assert not Entry.objects.filter(kind="QUALIFICATION_BADGED", person_id=mate).exists()
    assert not Holding.objects.filter(person_id=mate, badge_place__isnull=False).exists()
    assert "#" in shown["kid"], "by its name one key is told from another"
