"""Lists of crews: one row for each seat, who was on which mission as what, since the first flight.

- `seats`: the rows of a file. `defects`: what is wrong in them, line by line; nothing is mended in
  silence. `command`: people, missions and positions of what can be used.
"""
