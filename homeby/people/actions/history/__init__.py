"""People, units and history from other people's files. Nothing here tells anybody anything.

`taking` is what every import needs, `naming` finds whom an old record means, `listing` takes lists
of people in.
"""
