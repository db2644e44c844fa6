"""Reading other people's files of people and missions by a declared mapping. No database here.

`mapping` understands the map, `files` opens what is given, `fields` understands single cells, and
`reading.records` gives the records and the rejects, one by one. What is done with them is the
importer's and the replay's business.
"""
