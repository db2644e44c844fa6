import dataclasses
import datetime as dt
import random

from bench.leftout_worlds import Life
from homeby.welfare.queries import chances as q
from tests.promises.planning_duties import in_team
from tests.rooms.pages import Pages
from tests.world import World


def test_dump(world: World, monkeypatch):
    in_team(world, "agent", "mate", "outsider", "deputy")
    life = Life(people=4, lot=random.Random(3), turns=70)
    ids = [str(world.people[w]) for w in ("agent", "mate", "outsider", "deputy")]
    life.names = ids
    life._shifts = {ids[0]: 3}
    life._refuses = dict.fromkeys(ids, 0.1)
    log = life.lived(110)
    shift = world.now - log[-1].closed_at - dt.timedelta(days=2)

    def mv(v):
        if isinstance(v, dt.datetime):
            return v + shift
        if isinstance(v, tuple):
            return tuple(mv(x) for x in v)
        if isinstance(v, list):
            return [mv(x) for x in v]
        if dataclasses.is_dataclass(v):
            return dataclasses.replace(
                v, **{f.name: mv(getattr(v, f.name)) for f in dataclasses.fields(v)}
            )
        return v

    import uuid

    log = [
        mv(
            dataclasses.replace(
                o,
                key=("duty:" if o.kind == "TRAINING" else "mission:")
                + str(uuid.uuid5(uuid.NAMESPACE_DNS, o.key)),
            )
        )
        for o in log
    ]
    from homeby.people.models import Membership

    Membership.objects.update(from_at=world.now - dt.timedelta(days=900))
    monkeypatch.setattr(q, "closed_activities", lambda viewer, now: {world.team_id: log})
    pages = Pages(world, monkeypatch)
    open("/tmp/w/h7c_work/1.html", "w").write(
        pages.as_("agent").get("/me/chances/").content.decode()
    )

    from homeby.welfare.queries import taking_part as t
    monkeypatch.setattr(t, "closed_activities", lambda viewer, now: {world.team_id: log})
    in_team(world, "guard", "admin")
    from tests.rooms.test_web_chances import chosen
    from tests.promises.planning_duties import planned, ask, say
    from homeby.readiness.rules.duty_planning import NotPicked, DutyType
    for n in range(4):
        chosen(world, "mate", "outsider", reason=NotPicked.NOT_NEEDED)
    d = planned(world, kind=DutyType.TRAINING, seats="2", what="Ropes in the gorge"); ask(world, d, "mate", "outsider"); say(world, d, "mate"); say(world, d, "outsider")
    h = pages.as_("head")
    open("/tmp/w/h7c_work/2.html","w").write(h.get("/me/decisions/").content.decode())
    open("/tmp/w/h7c_work/3.html","w").write(h.get(f"/teams/{world.team_id}/taking-part/").content.decode())
    open("/tmp/w/h7c_work/4.html","w").write(h.get("/calendar/").content.decode())
