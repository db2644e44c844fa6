"""Decisions of this room, by subject. Each is pure: facts and `now` in, a decision out (promise 12:
they advise, people decide; no rule stands in the way home).

- `sleep`, `three_process`, `unified`, `fatigue`: two models of alertness, and what is said of them.
- `packs`, `rest`, `limits`, `rest_said`, `protection`, `minors`: rest and limits, as data.
- `qualifications`, `currency`, `prerequisites`, `signing`: what one may do, and how one gets to.
- `who_can_go`: the people for a mission, by fit, with the count funnel.
- `kit`: what speaks against taking a thing, when it is ready again, when it is asked for.
- `entries_of_files`, `catalogue`: what an organisation writes in files, read strictly.
"""
