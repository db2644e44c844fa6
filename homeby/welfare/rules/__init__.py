"""Decisions of this room, by subject. Each is pure: facts and `now` in, a decision out.

- `concerns`: why somebody looks after somebody, who learns of it, how it ends.
- `activities`, `facts`, `chances`, `left_out`, `evidence`, `explained`: who is left out.
"""

# A room declares its kinds of entry when its rules are read.
from homeby.welfare.rules import concerns as concerns
