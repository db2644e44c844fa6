"""Decisions of this room, by subject. Each is pure: facts and `now` in, a decision out.

- `concerns`: why somebody looks after somebody, who learns of it, how it ends.
- `asked`: whoever plans is asked to explain.
- `activities`, `facts`, `chances`, `left_out`, `evidence`, `explained`: who is left out.
- `kept`, `replaying`: what is held of a team, brought up to the records; `switch`: when that is.
- `contact`: nothing done with any team-mate for long.
"""

# A room declares its kinds of entry when its rules are read.
from homeby.welfare.rules import asked as asked
from homeby.welfare.rules import concerns as concerns
from homeby.welfare.rules import switch as switch
