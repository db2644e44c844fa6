"""What a text says, in five languages; and what says nothing by itself."""

from __future__ import annotations

import re
import unicodedata

import pytest
from django.utils import translation

from homeby.missions.rules.texts import read_text
from homeby.people.rules import Act

FINE = (
    "OK", "ok!", "Okay.", "I am ok", "all ok", "we are fine", "mir geht es gut", "alles gut",
    "tout va bien", "todo bien", "estamos bien", "無事です", "大丈夫", "\uff2f\uff2b", "  ok  ",
)  # fmt: skip
BACK = (
    "BACK", "back.", "I'm back", "home safe", "zurück", "Ich bin zurück", "ZURUECK", "de retour",
    "je suis rentré", "estoy de vuelta", "下山しました", "帰りました", "back home",
)  # fmt: skip
LATE = {
    "late 2h": "2h", "LATE 60": "60", "running late 90 min": "90 min", "spaeter 2 Std": "2 std",
    "en retard 2h": "2h", "je suis en retard 1 h 30": "1 h 30", "tarde 2 horas": "2 horas",
    "2時間遅れます": "2時間", "late 20:30": "20:30", "late 2h tom hurt": "2h", "Später 45": "45",
}  # fmt: skip
HELP = (
    "help", "HELP", "HEEELP", "helpme", "ok help", "need help at hut, back later", "late 2h help",
    "Hilfe!", "Notfall", "au secours", "à l\u2019aide", "AIDEZ-MOI", "¡ayuda!", "socorro", "助けて",
    "救助お願いします", "SOS", "S.O.S.", "s o s", "mayday mayday", "xx hElP 1234", "détresse",
    "help?",
)  # fmt: skip
UNCLEAR = (
    "not back", "back at 8", "ok but Tom fell", "we are back", "wir sind alle zurück", "ok?? no",
    "nicht gut", "pas bien", "no estoy bien", "late", "not late 2h", "so sorry", "1234", "???", "",
    "\x00", "lost", "going back", "back tomorrow", "OUT", "遅れません 2時間", "x" * 5000, "🙂",
    "back?", "Home?", "Zurück?", "OK?", "OK\uff1f", "¿vuelta", "late 2h?",
    "back" + " " * 3000 + "?",
)  # fmt: skip


@pytest.mark.parametrize("text", FINE)
def test_fine_in_five_languages(text: str) -> None:
    assert read_text(text).act is Act.CHECK_IN


@pytest.mark.parametrize("text", BACK)
def test_back_in_five_languages(text: str) -> None:
    assert read_text(text).act is Act.SIGN_IN


@pytest.mark.parametrize(("text", "amount"), LATE.items())
def test_late_with_how_much_in_five_languages(text: str, amount: str) -> None:
    found = read_text(text)
    assert (found.act, found.amount) == (Act.MORE_TIME, amount)


@pytest.mark.parametrize("text", HELP)
def test_help_is_never_missed_whatever_stands_around_it(text: str) -> None:
    for around in (text, f"{text} 4721", f"zz {text} ok", text.upper()):
        assert read_text(around).act is Act.HELP, around


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_says_more_or_less_than_one_thing_says_nothing(text: str) -> None:
    assert read_text(text).act is None


def test_a_pin_is_taken_out_where_its_sender_has_one() -> None:
    found = read_text("back 4711", has_pin=True)
    assert (found.act, found.pin, found.kept) == (Act.SIGN_IN, "4711", "back ****")
    assert read_text("bakc 4711", has_pin=True).kept == "bakc ****"
    assert read_text("stuck at 4721 1153").kept == "stuck at 4721 1153", "a place is kept"
    wide = "bakc \uff19\uff13\uff15\uff13."
    for text in ("LATE 2H 9353", "HELP 9353", "late 9353", "9353", "help,9353", wide):
        found = read_text(text, has_pin=True)
        assert found.pin == "9353", text
        assert "****" in found.kept, text
        assert "9353" not in unicodedata.normalize("NFKC", found.kept), text
    assert read_text("late 2h 9353", has_pin=True).amount == "2h"


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja"])
def test_what_the_answer_tells_people_to_text_is_understood(language: str) -> None:
    with translation.override(language):
        said = translation.gettext(
            "Somebody reads your message; by itself it changes nothing. Text one of these alone: "
            "OK, BACK, LATE 2H, HELP."
        )
    listed = re.split(r"[:。](?=[^:。]*OK)", said)[-1]
    words = [one.strip(" .") for one in re.split("[,、]", listed)]
    words[-1] = re.sub(r"\s*の.*", "", words[-1])
    wanted = [Act.CHECK_IN, Act.SIGN_IN, Act.MORE_TIME, Act.HELP]
    assert [read_text(word).act for word in words] == wanted, words
