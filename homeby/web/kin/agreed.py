"""What a person reads before she names somebody: every sentence that their page and the messages to
them can ever say (`STORY.md` 35). Written out once more on purpose: a sentence that is added to a
page or a message and not here fails `test_kin_read_no_sentence_that_was_not_agreed`, so that
whoever adds one decides whether members must be asked again.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from homeby.people.rules import MayKnow
from homeby.watch import texts_acts, texts_kin
from homeby.watch.rules.kin import SearchStep, knows_due

#: Stands for an hour, a place, a name, which nobody knows beforehand.
OPEN = "…"


def of_the_page(may_know: MayKnow) -> list[str]:
    """Every sentence that a page of this measure can say; hours and names are left open."""
    out = [
        _("Out."),
        _("Out, expected back %s.") % OPEN,
        _("We keep the watch, and we notice when that hour passes."),
    ]
    return [
        _("There is nothing to tell you now."),
        _("If there is something you must know, it stands here and you get a message."),
        *(out if knows_due(may_know) else []),
        _("We are looking into something."),
        texts_kin.before_the_hour(),
        _("Later than expected."),
        *_expected(may_know),
        _("We have not heard yet that they are back."),
        _("We are looking into it, and try to reach them."),
        _("The hour at which help is called has passed, and we go on."),
        *(_("Since %(at)s: %(step)s") % {"at": OPEN, "step": step} for step in _steps()),
        texts_kin.next_hour_line(OPEN),
        _("Back."),
        _("Since %s.") % OPEN,
        _("%s will call you.") % OPEN,
        _("A person speaks with you now, and not this page."),
        *_where_nobody_watches(),
        *_calls(),
        _("You told the watch at %s that you are worried.") % OPEN,
        _("You wrote here at %s that you are worried.") % OPEN,
        _("Somebody of the watch took up your worry at %s.") % OPEN,
        texts_kin.zone_line(OPEN),
    ]


def _where_nobody_watches() -> list[str]:
    return [
        _(
            "The watch is paused until %s: before that it does not notice by itself when an hour "
            "passes. People decided so; it says nothing about the person who named you."
        )
        % OPEN,
        _(
            "The watch does not answer this page just now: it may not notice by itself when an "
            "hour passes, and a message may come late. That says nothing about the person who "
            "named you."
        ),
        _("This page cannot tell you how it stands now."),
        _("It is cut off from the watch. That says nothing about the person who named you."),
    ]


def _calls() -> list[str]:
    facts = {"at": OPEN, "whom": OPEN, "phone": OPEN}
    wait_not = _(
        "Do not wait for a message. If you expected to hear something, or are worried, call "
        "%(whom)s: %(phone)s."
    )
    return [
        _("If you have heard nothing by %(at)s, call %(whom)s: %(phone)s.") % facts,
        _("If you are worried, call %(whom)s at any hour: %(phone)s.") % facts,
        wait_not % facts,
    ]


def of_messages(may_know: MayKnow, *, looks_in: bool = False) -> list[str]:
    """Every sentence that a message to kin of this measure can say, subject lines with it; where
    they may be asked to look in, those too."""
    knows_area = may_know in (MayKnow.AREA, MayKnow.UNIT)
    return [
        _("A message from the watch"),
        _("The person who named you is later than expected. We are looking into it."),
        _(
            "We expected to hear from the person who named you, and have not. We are looking into "
            "it; it is not yet the hour at which they are expected back."
        ),
        texts_kin.before_the_hour(),
        *_expected(may_know),
        *([_("Area: %s.") % OPEN] if knows_area else []),
        *([_("Out with: %s.") % OPEN] if may_know is MayKnow.UNIT else []),
        _("No news is no news; you hear from us as soon as we know more."),
        *_at_a_promised_hour(),
        *_steps(),
        texts_kin.next_hour_line(OPEN),
        texts_kin.zone_line(OPEN),
        _("The watch was blind from %(from)s to %(to)s, so this comes late.")
        % {"from": OPEN, "to": OPEN},
        _("Good news from the watch"),
        _("The person who named you is back."),
        _(
            "The watch has ended this alarm; the person who named you is not back yet. You hear "
            "from us when they are."
        ),
        *((texts_acts.look_in()[1], texts_acts.looked_in()[1]) if looks_in else ()),
    ]


def _at_a_promised_hour() -> list[str]:
    return [
        _("We wrote that the person who named you is back. That was a mistake."),
        _("The person who named you is not back yet. There is nothing new to tell."),
        _("We are still looking into it."),
        _("It is not yet the hour at which they are expected back."),
        _(
            "The person who named you is later than expected, and still not back. There is nothing "
            "new to tell."
        ),
        _("We are looking into it, and go on."),
        _("The hour at which help is called has passed, and we go on."),
        _("No news is no news."),
    ]


def _expected(may_know: MayKnow) -> list[str]:
    return [_("Expected back: %s.") % OPEN] if knows_due(may_know) else []


def _steps() -> list[str]:
    return [texts_kin.step_words(step) for step in SearchStep]
