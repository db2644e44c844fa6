"""Whoever belongs to the station and turns against somebody: a leader, a member, an administrator
(threats 2, 3, 6 and 10)."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection, transaction

from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import glass
from homeby.missions.models import Extension, Mission, PartyMember
from homeby.people.actions import apart, kept, teams
from homeby.people.models import ContactPoint, Person, RoleHeld
from homeby.people.rules import STATION, Role
from homeby.people.rules_log_ins import Proof
from homeby.people.rules_private import Kept
from homeby.watch.models import Alarm, BillRow, EscalationPlan, Pause, PlanStep
from tests.attacks.catalogue import attack
from tests.attacks.ground import Ground, all_told, later, quiet

PAUSE = "/office/pause/"


@attack(
    2,
    has="the log-in of a leader",
    wants="that nobody misses a party which she neglects",
    breaks=("22-a-leader-grants-time-in-silence", "17-stood-down-over-their-heads"),
)
def a_leader_hides_neglect(here: Ground) -> None:
    world = here.world
    leader, mission = here.log_in("deputy"), world.send_out("agent", "mate", due_minutes=60)
    leader.posts(PAUSE, reason="Exercise until noon", until="+3h", behind="TWO")
    asked = Pause.objects.get()
    for browser, how in ((leader, "her own yes"), (here.log_in("deputy"), "from another browser")):
        browser.posts(f"{PAUSE}{asked.pk}/act/", act="agree")
        here.note(f"pause the watch alone: {how}", _paused())
    leader.posts(f"{PAUSE}{asked.pk}/act/", act="end")
    leader.posts(PAUSE, reason="Exercise until noon", until="+3h", behind="ALONE")
    here.note("announce a pause that begins before a day is over", _paused())

    page = f"/missions/{mission.pk}/"
    for address in (f"{page}plan/", "/plan/"):
        leader.posts(address, where="Nowhere", expected_back="+9h", mission=str(mission.pk))
    leader.posts(f"{page}act/", act="cancel")
    here.note("move or cancel the plan of a party that is out",
              later(mission, lambda: False) or quiet(mission))  # fmt: skip

    leader.posts(f"{page}more-time/", expected_back="+5h", reason="They are slow", link="RADIO")
    for request in Extension.objects.filter(state="ASKED"):
        leader.posts(f"{page}act/", act="acknowledge", ask=str(request.pk))
    told = all_told(world, "More time granted", "agent", "mate", "head")
    here.note("more time that she asks for and grants herself", later(mission, lambda: told))

    world.now = Mission.objects.get(pk=mission.pk).call_out_at or world.now
    world.fast_forward(minutes=1)
    alarm = Alarm.objects.get(subject__ref=mission.ref)
    leader.posts(f"/alarms/{alarm.pk}/act/", act="stand_down", reason="All is well with them",
                 again_at="+9h")  # fmt: skip
    told = all_told(world, "asks again at", "agent", "mate", "head")
    here.note(
        "stand the alarm down for nine hours, while they are out", quiet(mission) * (not told)
    )


def _paused() -> str:
    return "the watch is paused" if Pause.objects.filter(state="PAUSED").exists() else ""


@attack(
    3,
    has="the log-ins of a member, of another team's leader, and of an officer who is kept away",
    wants="to know where Fox is",
    breaks=(
        "22-whoever-has-the-id-opens-it",
        "22-a-broken-glass-names-whoever-is-kept-away",
        "20-a-leader-of-one-team-sees-all",
        "21-a-button-reaches-whoever-keeps-away",
    ),
)
def a_stalker_looks_somebody_up(here: Ground) -> None:
    world = here.world
    _rivals(here)
    mission = world.send_out("agent", place="Gloomgrove", what="Obelisk", due_minutes=60)
    world.fast_forward(minutes=75)
    glass.break_glass(mission_id=mission.pk, reason="Her telephone lies at the gate.",
                      proved=(Proof.PASSKEY,), by=world.as_("guard"),
                      now=world.now, tap=new_tap())  # fmt: skip
    alarm, fox = Alarm.objects.get(subject__ref=mission.ref), world.people["agent"]
    addresses = (
        f"/missions/{mission.pk}/", f"/missions/{mission.pk}/rows/", f"/alarms/{alarm.pk}/",
        f"/missions/{mission.pk}/sign-in/", f"/gate/{world.gate_id}/in/", f"/search/{alarm.pk}/",
        f"/break-glass/{mission.pk}/", f"/who/{fox}/", f"/office/people/{fox}/", "/board/rows/",
        "/missions/?q=Fox", "/office/people/?q=Gloomgrove", "/office/logbook/?q=Fox", "/alarms/",
        f"/alarms/{alarm.pk}/search/", f"/missions/{mission.pk}/kin/", "/heard/", "/my/",
    )  # fmt: skip
    for who, what in (("outsider", "a member"), ("rival", "another team's leader"),
                      ("kept", "an officer who is kept away from her")):  # fmt: skip
        browser = here.log_in(who)
        found = [one for one in addresses if _told(browser.reads(one))]
        here.note(f"{what} opens every address with her ids in it", ", ".join(found))
        for address in (f"/break-glass/{mission.pk}/", f"/missions/{mission.pk}/act/",
                        f"/alarms/{alarm.pk}/act/",
                        f"/missions/{mission.pk}/more-time/"):  # fmt: skip
            if who == "rival" and "glass" in address:
                continue  # whoever keeps some watch breaks it, and that is told at once
            said = browser.posts(address, act="take", reason="I want to know", expected_back="+1h")
            here.note(f"{what} acts at {address.split('/')[1]}", _told(said) and address)
        program = here.program(who)
        told = [one for one in (
            f"missions/{mission.pk}", f"missions/{mission.pk}/entries", f"alarms/{alarm.pk}",
            "missions", "entries", "alarms", "people",
        ) if _told(program.get(one).content.decode())]  # fmt: skip
        here.note(f"{what} asks the API", ", ".join(told))
    _plans_with_her(here)
    _locks_her_out(here)


def _locks_her_out(here: Ground) -> None:
    """Whether a leader whom she keeps away still presses the buttons of the office on her."""
    world, fox = here.world, here.world.people["agent"]
    teams.give_role(person_id=world.people["kept"], role=Role.LEADER, by=STATION, now=world.now,
                    tap=new_tap())  # fmt: skip
    here.log_in("kept").posts(f"/office/act/people/{fox}/", act="deactivate")
    left = not Person.objects.get(pk=fox).is_active
    here.note("a leader who is kept away makes her inactive", "she is locked out" if left else "")


def _rivals(here: Ground) -> None:
    """The leader of a team that Fox is not in, and a duty officer whom she is kept away from."""
    world, team = here.world, new_tap()
    teams.add_team(name="Team 9", by=STATION, now=world.now, tap=team)
    world.add("rival", callsign="Rival")
    teams.give_role(person_id=world.people["rival"], role=Role.LEADER, by=STATION, now=world.now,
                    term=teams.Term(team_id=team.entry_id), tap=new_tap())  # fmt: skip
    world.add("kept", Role.DUTY_OFFICER, callsign="Kept")
    apart.file_stay_away(person_id=world.people["agent"], callsign="Kept", by=world.as_("agent"),
                         now=world.now, tap=new_tap())  # fmt: skip


def _told(text: str) -> str:
    return "she reads it" if "Gloomgrove" in text or "Obelisk" in text else ""


def _plans_with_her(here: Ground) -> None:
    """Whether a plan, or a word that she was seen, is answered otherwise for Fox, who is out, than
    for Owl, who is not."""
    member = here.log_in("outsider")
    for key, more in (("in", {"how": "TOLD", "gate": "phone"}),
                      ("check-in", {"link": "SATELLITE"})):  # fmt: skip
        said = [member.posts(f"/heard/{key}/", callsign=one, note="x", **more)
                for one in ("Fox", "Owl")]  # fmt: skip
        said = [one.replace("Fox", "~").replace("Owl", "~") for one in said]
        here.note(f"a member says {key!r} of her and of another, and compares",
                  "the answers differ" * (said[0] != said[1]))  # fmt: skip
    answers = []
    for one in ("agent", "mate"):
        key = str(here.world.people[one])
        text = member.posts("/plan/", leader=key, members=[key], where="Hut", expected_back="+3h")
        answers.append(text.replace("Fox", "~").replace("Owl", "~"))
    here.note("a member plans with her and with another, and compares",
              "they differ" * ("out" in answers[0] and answers[0] != answers[1]))  # fmt: skip


@attack(
    6,
    has="the log-in of an administrator, and the tables",
    wants="to read what is not hers, and to change what was",
    breaks=(
        "22-an-administrator-reads-the-logbook",
        "8-an-administrator-makes-herself-medic",
        "20-an-administrator-sees-who-is-out",
    ),
)
def an_administrator_is_curious(here: Ground) -> None:
    world = here.world
    mission = world.send_out("agent", place="Gloomgrove", what="Obelisk", due_minutes=60)
    own, admin = world.as_("agent"), here.log_in("admin")
    kept.write_down(kept=Kept.HEALTH, values={"conditions": "zqasthma"}, by=own, now=world.now,
                    tap=new_tap())  # fmt: skip
    fox, me = world.people["agent"], world.people["admin"]
    for address in ("/board/rows/", f"/missions/{mission.pk}/", f"/missions/{mission.pk}/rows/",
                    "/office/logbook/", "/office/logbook/file/csv/",
                    "/office/messages/"):  # fmt: skip
        here.note(f"read at {address.split('/')[1]} who is out", _told(admin.reads(address)))
    for role in ("MEDIC", "WELFARE_OFFICER", "SAFEGUARDING_LEAD"):
        admin.posts(f"/office/form/roles/new/?person={me}", role=role, team="")
        held = RoleHeld.objects.filter(person_id=me, role=role).exists()
        here.note(f"give herself the role {role}", held)
    health = " ".join(map(admin.reads, (f"/health/{fox}/", "/health/", "/me/private/health/")))
    here.note("read what Fox wrote of her health", "zqasthma" in health)
    _in_the_tables(here, mission)


def _in_the_tables(here: Ground, mission: Mission) -> None:
    """With root she writes into the tables by hand: what the station sees of it."""
    entry = Entry.objects.filter(subject=mission.ref).order_by("number")[0]
    for what, sql, value in (
        ("change an entry of the logbook", f"UPDATE {Entry._meta.db_table} SET kind = %s "
         f"WHERE number = {entry.number}", "MISSION_SIGNED_IN"),
        ("take an entry away", f"DELETE FROM {EntryBody._meta.db_table} WHERE entry_id = "
         f"%s OR 1 = 1", str(entry.pk)),
    ):  # fmt: skip
        here.note(what, "done, and nobody sees it" if _written(sql, [value]) else "")
    PartyMember.objects.filter(mission=mission).update(state="BACK", back_at=here.world.now)
    here.note("sign Fox in by hand", "nobody sees it" if verify().difference is None else "")


def _written(sql: str, values: list[Any]) -> bool:
    """Whether the database took it, and the verification finds nothing."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
            return verify().difference is None
    except DatabaseError:
        return False


@attack(
    10,
    has="the log-ins of a member, a gate keeper and a medic, and their tokens",
    wants="a watch that watches no more",
    breaks=("22-anybody-pauses", "22-anybody-ends-a-role"),
)
def somebody_stops_the_watch(here: Ground) -> None:
    world = here.world
    world.add("medic", Role.MEDIC)
    world.send_out("agent", due_minutes=60)
    plan = EscalationPlan.objects.get(name="Return")
    held = RoleHeld.objects.filter(person_id=world.people["head"])[0].pk
    point = ContactPoint.objects.get(person_id=world.people["head"]).pk
    bill = BillRow.objects.get().pk
    before = _watch()
    steps = {"steps-TOTAL_FORMS": "0", "steps-INITIAL_FORMS": "0"}
    for who in ("outsider", "guard", "medic"):
        browser = here.log_in(who)
        for address, fields in (
            (PAUSE, {"reason": "Exercise until noon", "until": "+30h", "behind": "ALONE"}),
            (f"/office/plans/{plan.pk}/", {"name": "Return", "kind": "RETURN", **steps}),
            ("/office/watch-bill/", {"person": str(world.people[who]), "begins": "now"}),
            (f"/office/act/roles/{held}/", {"act": "end"}),
            (f"/office/act/contact-points/{point}/", {"act": "remove"}),
            (f"/office/act/bill/{bill}/", {"act": "remove"}),
            (f"/office/act/people/{world.people['head']}/", {"act": "deactivate"}),
            ("/office/form/organisation/settings/", {"grace_minutes": "240"}),
        ):
            browser.client.post(address, {"entry_id": str(new_tap().entry_id), **fields})
            here.note(f"{who} posts to {'/'.join(address.split('/')[1:4])}",
                      "it is done" * (_watch() != before))  # fmt: skip
    forged = Ground.log_in(here, "outsider").client
    answers = [
        forged.post("/partner/message", '{"partner":"x"}', content_type="application/json"),
        forged.post("/partner/pair", '{"code":"x"}', content_type="application/json"),
        forged.post("/receipts/sms", '{"id":"x","state":"delivered"}',
                    content_type="application/json"),
    ]  # fmt: skip
    here.note("speak as a partner station or a provider, without their key",
              any(one.status_code < 400 for one in answers))  # fmt: skip


def _watch() -> tuple[Any, ...]:
    """Who watches, by what steps, and whether it is paused."""
    return (
        Pause.objects.count(),
        sorted(PlanStep.objects.values_list("pk", flat=True)),
        sorted(BillRow.objects.values_list("pk", "person_id")),
        sorted(RoleHeld.objects.filter(to_at=None).values_list("pk", flat=True)),
        ContactPoint.objects.count(),
    )
