"""Every field in which text can stand: which word of the crawl stands in it, or why none does.

A field that is in neither list fails the crawl: whoever adds one says whose it is to read, in
`canary_words.py`, or why it is nobody's secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import models

#: By the field that people's words are kept in, the word of the crawl. Of what is sealed, only
#: that somebody finds the word shows that it is there.
WORD_OF: Mapping[str, str] = {
    "people.Person.name": "name", "people.Account.login": "login",
    "people.Device.name": "device", "people.Badge.name": "badge",
    "people.PersonalToken.name": "token",
    "watch.KinCare.speaker": "speaker", "watch.KinWorry.said": "worry",
    "watch.Pause.reason": "pause", "watch.Alarm.end_reason": "ended",
    "watch.Subject.place": "place",
    "missions.Mission.what": "what", "missions.Mission.place": "place",
    "missions.Mission.route_gpx": "route", "missions.Mission.vehicle": "vehicle",
    "missions.Mission.kit": "wanted kit", "missions.Mission.communications": "communications",
    "missions.Mission.device": "carried", "missions.PartyMember.description": "description",
    "missions.Extension.why": "asked why", "missions.Extension.decided_why": "refused why",
    "missions.FirstReport.urgent": "urgent", "missions.FirstReport.still_out": "still out",
    "missions.FirstReport.kit_missing": "report", "missions.FirstReport.danger": "danger",
    "missions.Lesson.text": "lesson",
    "missions.Unmatched.why": "stranger", "missions.MinorApproval.reason": "override",
    "missions.BrokenGlass.reason": "glass", "missions.BrokenGlass.review": "review",
    "comms.Webhook.where": "webhook", "comms.Message.text": "place",
    "readiness.Duty.what": "shift", "readiness.Duty.place": "shift place",
    "readiness.Duty.cancelled_why": "called off", "readiness.DutyPerson.note": "answer",
    "readiness.DutySwap.note": "swap", "readiness.Examination.decided_why": "examination",
    "readiness.Examination.board_why": "board", "readiness.Examination.appeal_text": "appeal",
    "readiness.Examination.appeal_why": "appeal answer",
    "readiness.ExaminationMove.why": "moved",
    "readiness.ExaminationPart.note": "part", "readiness.Holding.paper": "paper",
    "readiness.Holding.withdrawn_why": "withdrawn",
    "readiness.MentorSession.practised": "practised", "readiness.PlanStep.aim": "aim",
    "readiness.RestOverride.reason": "rest", "readiness.SpecialUnit.name": "secret unit",
    "readiness.DecisionGroup.name": "unit group",
}  # fmt: skip
SEALED: Mapping[str, tuple[str, ...]] = {
    "people.Home.sealed": ("home", "way in"),
    "people.Health.sealed": ("conditions", "medication", "allergies"),
    "people.WhereIWouldBe.sealed": ("where",),
    "people.Minor.born_sealed": ("birth date",),
    "people.ContactPoint.address_sealed": ("address",),
    "people.Kin.sealed": ("kin name", "kin address"),
    "comms.Webhook.sealed": ("webhook",),
    "readiness.BusyFeed.address_sealed": ("feed",),
    "readiness.InjuryNote.sealed": ("injury", "looked again"),
    "welfare.ConcernNote.sealed": ("concern",),
    "logbook.EntryBody.body": ("check-in", "help"),
}
#: Fields without a word, by the reason. `Model` alone stands for all fields of it.
WITHOUT: Mapping[str, str] = {
    "a choice of ours, a code or a state": """
        logbook.Entry.kind logbook.Entry.device logbook.Read.viewed_as logbook.Read.kind
        logbook.Read.device people.LogInTry people.Retention people.Person.kind
        people.Person.language people.RoleHeld people.ContactPoint.channel people.Kin.channel
        people.Kin.may_know people.Kin.language people.Device.kind people.Device.acts
        people.PersonalToken.rights comms.Message.kind comms.Message.said_once comms.Message.state
        comms.Delivery.channel comms.Delivery.state comms.FailingContact.channel
        comms.Webhook.kinds comms.Posting.state watch.DutyPhone.proven_by watch.DutyPhone.channels
        welfare.Concern.kind welfare.Concern.state welfare.Concern.outcome welfare.ConcernNote.kind
        welfare.ConcernNote.step welfare.FollowUp welfare.WelfareCheck welfare.Concern.key
        watch.KinCare.step watch.EscalationPlan.kind watch.Deadline watch.Alarm.kind
        watch.Alarm.phase watch.Alarm.state watch.Alarm.ending watch.Pause.state
        missions.Mission.state missions.Mission.acceptance missions.PartyMember.state
        missions.PartyMember.acceptance missions.PartyMember.out_how missions.PartyMember.back_how
        missions.Extension.link missions.Extension.state missions.FirstReport.hurt
        missions.Unmatched.kind missions.Unmatched.settled_how missions.BrokenGlass.held_as
        missions.BrokenGlass.device missions.BrokenGlass.proved_with readiness.Duty.kind
        readiness.DutySeat readiness.Duty.position readiness.Duty.also readiness.DutyPerson.answer
        readiness.DutyPerson.not_picked readiness.DutyPerson.stood_down_why
        readiness.DutyPerson.attended readiness.DutyDecision.kind readiness.OwnTime
        readiness.Examination.what readiness.Examination.state readiness.Examination.appeal
        readiness.Promotion readiness.Injury readiness.InjuryNote.told_as
        readiness.InjuryNote.kind readiness.SignOff.stage readiness.PartyPosition
        readiness.MentorAim readiness.Release readiness.SpecialUnitPlace.place
        readiness.SpecialUnitPlace.begin_reason readiness.SpecialUnitPlace.end_reason
        readiness.TeamChange readiness.TeamChangeItem.kind readiness.KitItem.state
        missions.ArchiveOpening missions.SealedFor.role""",
    "a hash, a key or a seal of ours, shown by nothing": """
        logbook.LookLeaf logbook.KeptCheckpoint.note logbook.KeptCheckpoint.frontier
        logbook.KeptCheckpoint.leaves
        logbook.Entry.device_signature logbook.Entry.body_hash logbook.EntryBody.salt
        people.Person.key people.PersonKey people.ContactPoint.code_hash people.Kin.link_hash
        people.Account.password people.Device.key_hash people.Device.sign_key people.Pin
        people.Badge.code_hash
        welfare.TeamState welfare.TeamBase welfare.TakenIn people.LogInLink people.Invitation
        people.PersonalToken.key_hash comms.Message.key
        comms.Message.token comms.Message.code comms.ListMessage watch.PartnerInvitation
        missions.Mission.key readiness.CalendarLink missions.ReaderKey missions.ReaderWrap
        missions.AuthorKey missions.ArchiveKey missions.SealedDebrief missions.SealedText""",
    "the crawl opens it as a secret link, and reads what it shows": "people.Kin.link_sealed",
    "names of rows by their id": """
        logbook.Entry.subject logbook.Read.what comms.Message.about comms.Message.cause
        watch.Subject.ref missions.Unmatched.help_ref watch.Subject.party watch.Subject.named
        watch.Subject.responsible watch.Alarm.held_by
        watch.KinWorry.subject_ref missions.BrokenGlass.party missions.BrokenGlass.officers
        missions.MissionUnit.members missions.MissionUnit.keepers
        readiness.TeamChangeItem.ref readiness.DutyDecision.facts readiness.DutyDecision.pool
        readiness.MissionDecision.facts readiness.MissionDecision.pool welfare.NotAbout
        welfare.LeftOutSignal""",
    "of the station, its machines, its channels and its partners, and of no person": """
        logbook.Auditor logbook.Station comms.Delivery.provider_ref comms.Delivery.trouble
        comms.FailingContact.trouble comms.Posting.trouble watch.Drill watch.Partner
        watch.PartnerMark watch.Watchkeeper watch.ClockDispute readiness.BusyFeed.trouble""",
    "said to everybody who logs in: lists of the organisation": """
        people.Organisation people.Rank people.Team people.Person.callsign missions.Site
        missions.Gate missions.DelayReason missions.MissionKind missions.MinorLimit
        missions.PlaceLesson missions.DebriefItem
        watch.EscalationPlan.name watch.PlanStep readiness.Qualification readiness.RulePack
        readiness.KitItem.label readiness.KitItem.name readiness.KitItem.place
        readiness.KitContent readiness.TaskBook readiness.ExaminationPart.name comms.Webhook.name
        readiness.SpecialUnit.requires""",
    "an instant, a zone or a day, as it was typed": """
        people.ContactPoint.zone people.Kin.zone watch.Subject.zone
        missions.Mission.zone missions.Mission.due_typed missions.Mission.call_out_typed
        missions.Mission.sets_out_typed
        missions.Mission.check_in_times missions.Mission.check_in_typed
        missions.Extension.due_typed readiness.Duty.zone""",
    "a copy of what has a word elsewhere": """
        comms.Message.subject watch.Subject.team_title watch.Subject.wanted logbook.Read.why
        watch.Subject.said
        readiness.MissionDecision.reason""",
    "callsigns of a party; the attack that looks somebody up asks who reads them": """
        watch.Subject.title""",
    "test_a_coerced_officer_reads_nothing_of_it looks who reads of it": "watch.Duress",
    "test_a_secret_unit_is_nobodys_business looks who reads it": """
        readiness.SpecialUnit.callsign readiness.SpecialUnitPlace.callsign
        missions.MissionUnit.called""",
    "test_only_a_holder_signs and test_minors_are_limited_wherever_work_is_given look at these":
        "readiness.SignOff.why readiness.DutyApproval",
    "kept with a plan, and read with it by those who read its words": """
        missions.Mission.conditions missions.Mission.acceptance_note
        missions.PartyMember.acceptance_note""",
}  # fmt: skip
_TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def text_fields() -> Iterator[tuple[str, type[models.Model], str]]:
    """Every field of our models that can hold words: its name, its model, its column."""
    for model in apps.get_models():
        if model.__module__.startswith("homeby."):
            for one in model._meta.concrete_fields:
                if isinstance(one, _TEXT):
                    yield f"{model._meta.label}.{one.name}", model, one.name


def unsaid() -> tuple[list[str], list[str]]:
    """The fields that stand in no list, and what stands in one and is no field (any more)."""
    fields = {name for name, _model, _column in text_fields()}
    reasons = {one for names in WITHOUT.values() for one in names.split()}
    named = {*WORD_OF, *SEALED, *reasons}
    by_model = {name.rpartition(".")[0] for name in fields}
    missing = [one for one in fields if one not in named and one.rpartition(".")[0] not in reasons]
    return sorted(missing), sorted(named - fields - by_model)


def held_in_fields(words: Mapping[str, str]) -> set[str]:
    """The fields in which a row holds the word that belongs there."""
    asked: dict[str, Any] = {name: (model, column) for name, model, column in text_fields()}
    found = set()
    for name, word in WORD_OF.items():
        model, column = asked[name]
        if model._default_manager.filter(**{f"{column}__contains": words[word]}).exists():
            found.add(name)
    return found
