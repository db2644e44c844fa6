"""Decisions of this room, by subject. Each is pure: facts and `now` in, a decision out (promise 12:
they advise, people decide; no rule stands in the way home).

- `sleep`, `three_process`, `unified`, `fatigue`: two models of alertness, and what is said of them.
- `packs`, `rest`, `limits`, `rest_said`, `protection`, `minors`: rest and limits, as data.
- `qualifications`, `currency`, `prerequisites`, `signing`: what one may do, and how one gets to.
- `who_can_go`: the people for a mission, by fit, with the count funnel.
- `kit`: what speaks against taking a thing, when it is ready again, when it is asked for.
- `past_records`: what an organisation recorded elsewhere.
- `entries_of_files`, `catalogue`: what an organisation writes in files, read strictly.
"""

# A room declares its kinds of entry when its rules are read.
from homeby.readiness.rules import decision_groups as decision_groups
from homeby.readiness.rules import duty_planning as duty_planning
from homeby.readiness.rules import examinations as examinations
from homeby.readiness.rules import kinds_of_rest as kinds_of_rest
from homeby.readiness.rules import kit as kit
from homeby.readiness.rules import mission_decisions as mission_decisions
from homeby.readiness.rules import past_records as past_records
from homeby.readiness.rules import skill_kinds as skill_kinds
from homeby.readiness.rules import special_units as special_units
from homeby.readiness.rules import team_changes as team_changes
