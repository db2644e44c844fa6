"""The database below every room: where it is, whether it is safe, which version it has.

Nothing here knows a room. `address` reads the URL, `safety` refuses what could lose a record,
`versions` compares the tables with the code, `trouble` turns an error into a sentence.
"""
