"""The words of the watch's messages. Callsigns only; kin get what the person agreed to, no more."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from homeby import instants
from homeby.people.rules import MayKnow, Recipient
from homeby.people.texts import spoken_to
from homeby.watch import rules, texts_acts, texts_duress
from homeby.watch.models import Alarm, Deadline, PartnerMark, Subject
from homeby.watch.rules import partners


def clock_text(instant: dt.datetime, subject: Subject, now: dt.datetime) -> str:
    """The local wall time of an instant, as the subject's own place reads it."""
    return instants.wall(instant, subject.zone, now)


def phase_word(phase: str) -> str:
    """The phase of an alarm as messages write it: in capitals, as radio and forms do."""
    return {
        rules.Phase.UNCERTAINTY: _("UNCERTAINTY"),
        rules.Phase.ALERT: _("ALERT"),
        rules.Phase.DISTRESS: _("DISTRESS"),
    }[rules.Phase(phase)]


def reminder(deadline: Deadline, *, now: dt.datetime) -> tuple[str, str]:
    """Before the due time, to the party: (subject line, text)."""
    subject = deadline.subject
    if subject.wanted:
        return texts_acts.reminder(deadline, now=now)
    due = clock_text(deadline.due_at, subject, now)
    call_out = clock_text(deadline.call_out_at, subject, now)
    if deadline.kind == rules.DeadlineKind.CHECK_IN:
        head = _("%(who)s: check in by %(due)s") % {"who": subject.title, "due": due}
        body = _('We expect to hear from you by %(due)s. One tap is enough: "we are fine".')
    else:
        head = _("%(who)s: expected back %(due)s") % {"who": subject.title, "due": due}
        body = _(
            "You are expected back at %(due)s. Sign in at the gate, or ask for more time now: "
            "after %(due)s an alarm opens, at %(call_out)s help is called."
        )
    return head, body % {"due": due, "call_out": call_out}


def alarm_name(alarm: Alarm) -> str:
    """The number people quote: A-1042; X-7 for an exercise."""
    return str(alarm)


def what_happened(alarm: Alarm, *, now: dt.datetime) -> str:
    """One sentence: who is not back since when."""
    subject = alarm.subject
    seconds = (now - alarm.due_at).total_seconds()
    since = instants.span(seconds) if seconds >= 60 else _("less than a minute")
    due = clock_text(alarm.due_at, subject, now)
    facts = {"who": subject.title, "due": due, "since": since}
    match alarm.kind:
        case rules.AlarmKind.DUTY | rules.AlarmKind.CARE:
            return texts_acts.not_done(alarm, now=now)
        case rules.AlarmKind.HELP if subject.wanted:
            return unplaced(alarm)
        case rules.AlarmKind.HELP:
            return _("%(who)s asks for HELP.") % facts
        case rules.AlarmKind.MISSED_CHECK_IN:
            return _("%(who)s has not checked in; due %(due)s, %(since)s ago.") % facts
        case rules.AlarmKind.DURESS:
            return texts_duress.said(alarm, now=now)
        case rules.AlarmKind.PARTNER:
            return partner_said(alarm, now=now)
        case rules.AlarmKind.NOT_JUDGED:
            return _("%(who)s could not be judged by the watch; treat as overdue.") % facts
        case _:
            return _("%(who)s is not back; expected %(due)s, %(since)s ago.") % facts


def unplaced(alarm: Alarm) -> str:
    """HELP that fits no mission, and in whose words."""
    return f"{texts_acts.sentence(alarm.subject)} {alarm.subject.said}".strip()


def as_it_is(alarm: Alarm) -> tuple[str, str]:
    """About an alarm that cannot be judged, without anything that may be what is broken."""
    who = alarm.subject.title
    text = _("%(who)s could not be judged by the watch; treat as overdue.") % {"who": who}
    return f"{phase_word(alarm.phase)} {alarm_name(alarm)}: {who}", text


def _help(alarm: Alarm, run: rules.Run, *, now: dt.datetime) -> list[str]:
    """When help is called for whom the alarm is about; what to do about a partner station."""
    if alarm.kind == rules.AlarmKind.PARTNER:
        return [_("Call each other now: while it is so, perhaps nobody is watched there.")]
    if alarm.kind in rules.OF_ACTS:
        return []
    call_out = clock_text(alarm.call_out_at, alarm.subject, now)
    if run.phase is rules.Phase.UNCERTAINTY:
        return [_("Help is called at %s.") % call_out]
    if alarm.kind in (rules.AlarmKind.HELP, rules.AlarmKind.DURESS):
        return []
    return [_("The call-out time %s has passed.") % call_out]


def step(alarm: Alarm, run: rules.Run, *, taker: str, now: dt.datetime) -> tuple[str, str]:
    """An escalation step, to people of the organisation: (subject line, text). `taker` has taken
    it already where two must."""
    name = alarm_name(alarm)
    head = f"{phase_word(run.phase)} {name}: {alarm.subject.title}"
    if alarm.kind in rules.OF_ACTS:
        head = f"{name}: {alarm.subject.title}"
    lines = [what_happened(alarm, now=now)]
    if alarm.subject.place:
        lines.append(_("Where: %s.") % alarm.subject.place)
    lines += _help(alarm, run, now=now)
    if alarm.heard_at:
        lines.append(_("Last heard at %s.") % clock_text(alarm.heard_at, alarm.subject, now))
    if run.previous_reached_nobody:
        lines.append(_("The step before this one reached nobody."))
    lines += _who_has_it(run, taker)
    if alarm.subject.asked_until_at:
        lines.append(asks_for_more(alarm.subject, now=now))
    lines.append(
        _("Step %d. Open the link and take it; opening alone takes nothing.") % (run.index + 1)
    )
    return head, "\n".join(lines)


def _who_has_it(run: rules.Run, taker: str) -> list[str]:
    if taker:
        return [_("Taken by %s; a second person must take it too.") % taker]
    if run.repeat:
        return [_("Nobody has taken this alarm; this is repetition %d.") % run.repeat]
    return []


def asks_for_more(subject: Subject, *, now: dt.datetime) -> str:
    """Of a subject with a request that nobody has decided."""
    assert subject.asked_until_at is not None, "somebody asks"
    until = clock_text(subject.asked_until_at, subject, now)
    return _("They ask for more time, until %s; nobody has decided.") % until


def to_party(alarm: Alarm, *, now: dt.datetime) -> tuple[str, str]:
    """The first message of an overdue, to the party itself."""
    if alarm.kind in rules.OF_ACTS:
        return texts_acts.to_party(alarm, now=now)
    head = _("%s: are you back?") % alarm.subject.title
    text = _("%s If you are back, sign in at the gate. If you are late, say so now.")
    return head, f"{text % what_happened(alarm, now=now)} {_when_help_is_called(alarm, now=now)}"


def to_buddy(alarm: Alarm, *, now: dt.datetime) -> tuple[str, str]:
    """The first message of an overdue, to the buddy: the one who checks."""
    head = _("%s: you are the buddy") % alarm.subject.title
    text = _(
        "%s You are the buddy who checks: try to reach them, and tell the duty officer what you "
        "hear."
    )
    return head, f"{text % what_happened(alarm, now=now)} {_when_help_is_called(alarm, now=now)}"


def _when_help_is_called(alarm: Alarm, *, now: dt.datetime) -> str:
    """To party and buddy; after an outage the hour may have passed when they are first asked."""
    call_out = clock_text(alarm.call_out_at, alarm.subject, now)
    if now >= alarm.call_out_at:
        return _("The call-out time %s has passed.") % call_out
    return _("At %s help is called.") % call_out


def promised_return(alarm: Alarm) -> dt.datetime | None:
    """When they promised to be back, as missions told the watch. An alarm's own due time may be
    that of a check-in, of a call for HELP, or the hour at which the watch asked again."""
    if alarm.subject.due_at is not None:
        return alarm.subject.due_at
    return alarm.due_at if alarm.kind == rules.AlarmKind.OVERDUE else None


def _why_kin_are_told(alarm: Alarm, *, late: bool) -> str:
    """Nobody is called late before the promised hour; a call for HELP is a person's to tell."""
    if late:
        return _("The person who named you is later than expected. We are looking into it.")
    if alarm.kind == rules.AlarmKind.MISSED_CHECK_IN:
        return _(
            "We expected to hear from the person who named you, and have not. We are looking into "
            "it; it is not yet the hour at which they are expected back."
        )
    return _(
        "The watch is looking into something about the person who named you; it is not yet the "
        "hour at which they are expected back."
    )


def to_kin(alarm: Alarm, kin: Recipient, *, now: dt.datetime) -> tuple[str, str]:
    """To kin, in the measure the person agreed to. Never a bad certainty: a person says that."""
    head = _("A message from the watch")
    due_at = promised_return(alarm)
    lines = [_why_kin_are_told(alarm, late=due_at is not None and due_at <= now)]
    if due_at is not None and kin.may_know in (MayKnow.OUT_AND_DUE, MayKnow.AREA, MayKnow.UNIT):
        lines.append(_("Expected back: %s.") % clock_text(due_at, alarm.subject, now))
    if kin.may_know in (MayKnow.AREA, MayKnow.UNIT) and alarm.subject.place:
        lines.append(_("Area: %s.") % alarm.subject.place)
    if kin.may_know is MayKnow.UNIT and alarm.subject.team_title:
        lines.append(_("Out with: %s.") % alarm.subject.team_title)
    lines.append(_("No news is no news; you hear from us as soon as we know more."))
    return head, "\n".join(lines)


def lapse(alarm: Alarm) -> tuple[str, str]:
    """To the holder whose acknowledgement has run out."""
    head = _("%(name)s comes back to you: %(who)s") % {
        "name": alarm_name(alarm),
        "who": alarm.subject.title,
    }
    text = (
        _(
            "You took this alarm and the time has run out. Take it again, or hand it over; in %d "
            "minutes the next people are told."
        )
        % rules.HOLDER_WAIT_MINUTES
    )
    return head, text


def offer(alarm: Alarm, giver: str, *, now: dt.datetime) -> tuple[str, str]:
    """To somebody who is asked to take an alarm over."""
    head = _("%(giver)s hands you %(name)s: %(who)s") % {
        "giver": giver,
        "name": alarm_name(alarm),
        "who": alarm.subject.title,
    }
    text = what_happened(alarm, now=now) + " " + _("It is yours once you take it.")
    return head, text


def taken_over(alarm: Alarm, who: str) -> tuple[str, str]:
    """To whoever had an alarm, when somebody else has taken it."""
    head = _("%(who)s has taken %(name)s: %(title)s") % {
        "who": who,
        "name": alarm_name(alarm),
        "title": alarm.subject.title,
    }
    return head, _("It is no longer yours. If you still know something, tell %s.") % who


def taken_too(alarm: Alarm, who: str) -> tuple[str, str]:
    """To the first of two, when the second has taken the alarm."""
    head = _("%(who)s has taken %(name)s too: %(title)s") % {
        "who": who,
        "name": alarm_name(alarm),
        "title": alarm.subject.title,
    }
    return head, _("Now it counts as taken, and no further step runs while you both have it.")


def _missed(deadline: Deadline) -> str:
    if deadline.subject.wanted:
        return texts_acts.sentence(deadline.subject)
    return {
        rules.DeadlineKind.RETURN: _("the return"),
        rules.DeadlineKind.PARTNER: _("a minute message"),
    }.get(rules.DeadlineKind(deadline.kind), _("a check-in"))


def joined(alarm: Alarm, deadline: Deadline, *, now: dt.datetime) -> tuple[str, str]:
    """To whoever has an open alarm, when a further deadline of the same subject is missed."""
    head = f"{phase_word(alarm.phase)} {alarm_name(alarm)}: {alarm.subject.title}"
    text = _("Also missed now: %(what)s, due %(due)s.") % {
        "what": _missed(deadline),
        "due": clock_text(deadline.due_at, alarm.subject, now),
    }
    call_out_at = min(alarm.call_out_at, deadline.call_out_at)
    if call_out_at > now and deadline.kind in rules.OF_PARTIES:
        text += " " + _("Help is called at %s.") % clock_text(call_out_at, alarm.subject, now)
    return head, text


def partner_said(alarm: Alarm, *, now: dt.datetime) -> str:
    """What is wrong with a partner station: its silence, or what it says of itself."""
    key = alarm.subject.ref.partition(":")[2]
    mark = PartnerMark.objects.filter(partner_id=key).first()
    if mark is None or mark.heard_at is None:
        return _("%s has not been heard since it was paired.") % alarm.subject.title
    at = clock_text(mark.heard_at, alarm.subject, now)
    silent = now - mark.heard_at >= partners.SILENT_AFTER
    if silent or not mark.troubles:
        ago = instants.span((now - mark.heard_at).total_seconds())
        facts = {"who": alarm.subject.title, "at": at, "ago": ago}
        return _("%(who)s was last heard at %(at)s, %(ago)s ago.") % facts
    wrong = "; ".join(partners.sentence(trouble) for trouble in mark.troubles)
    return _("%(who)s, heard at %(at)s: %(wrong)s.") % {
        "who": alarm.subject.title,
        "at": at,
        "wrong": wrong,
    }


def partner_title(name: str) -> str:
    """A partner station as messages and pages of alarms call it."""
    return _("Partner station %s") % name


def good_news(alarm: Alarm, *, how: str, now: dt.datetime) -> tuple[str, str]:
    """To everybody of the organisation who was told."""
    when = clock_text(now, alarm.subject, now)
    head = _("BACK: %(who)s (%(name)s is over)") % {
        "who": alarm.subject.title,
        "name": alarm_name(alarm),
    }
    return head, _("%(who)s is back, %(when)s. %(how)s") % {
        "who": alarm.subject.title,
        "when": when,
        "how": how,
    }


def stood_down(alarm: Alarm, *, reason: str, who: str) -> tuple[str, str]:
    """To everybody who was told, when a person ends an alarm with a reason."""
    head = _("Stood down: %(name)s, %(title)s") % {
        "name": alarm_name(alarm),
        "title": alarm.subject.title,
    }
    return head, _("%(who)s ended this alarm: %(reason)s") % {"who": who, "reason": reason}


def good_news_to_kin(*, back: bool) -> tuple[str, str]:
    """To kin who were worried."""
    head = _("Good news from the watch") if back else _("A message from the watch")
    text = (
        _("The person who named you is back.")
        if back
        else _(
            "The watch has ended this alarm; the person who named you is not back yet. You hear "
            "from us when they are."
        )
    )
    return head, text


# --- what is marked -------------------------------------------------------------------------------


def mark_of(kind: str) -> str:
    """The word before everything that is said of an exercise, "" for an alarm about people. Read in
    the language that is spoken just now."""
    if kind == rules.AlarmKind.EXERCISE:
        return _("EXERCISE")
    return _("TEST") if kind == rules.AlarmKind.TEST else ""


def marked(kind: str, words: tuple[str, str], one: Recipient) -> tuple[str, str]:
    """What somebody reads about an alarm of this kind: marked before anything else if it is an
    exercise, in her language, with what it means below."""
    with spoken_to(one):
        mark = mark_of(kind)
        if not mark:
            return words
        meaning = _("This is an exercise: nobody is missing. Act as you would in earnest.")
        if kind == rules.AlarmKind.TEST:
            meaning = _("This is the weekly test of your phone: nobody is missing. Take it.")
    return f"{mark}: {words[0]}", f"{mark}. {meaning}\n{words[1]}"


def answer_about(alarm: Alarm, answer: str) -> str:
    """What the person who acts is told, marked like a message."""
    mark = mark_of(alarm.kind)
    return f"{mark}: {answer}" if mark else answer


def drill_announced(*, plan: str, who: str, at: str) -> tuple[str, str]:
    """To the other duty officers, where whoever begins a drill wants them to know."""
    text = _("%(who)s begins a drill by the plan %(plan)s. It ends at %(at)s at the latest.")
    return _("a drill begins"), text % {"who": who, "plan": plan, "at": at}


def exercise_over(alarm: Alarm, *, why: str) -> tuple[str, str]:
    """To everybody whom an exercise reached, when it ends without a person."""
    head = _("%s is over") % alarm_name(alarm)
    return head, str(why)


def weekly_test(alarm: Alarm, *, again: bool, checkpoint: str) -> tuple[str, str]:
    """The weekly test of a duty phone, or its one repetition. It leaves a checkpoint of the logbook
    with her, "" where none was kept yet: last, for a short message is cut in its middle."""
    head = _("take %s, please") % alarm_name(alarm)
    text = _("An alarm would reach you like this. Open the link and take it; that is all.")
    not_yet = _("You have not taken it yet.")
    if again:
        text = f"{not_yet} {text}"
    if checkpoint:
        keep = _("Keep this message: by it anybody can see whether the logbook was changed.")
        text = f"{text}\n{keep}\n{checkpoint}"
    return head, text
