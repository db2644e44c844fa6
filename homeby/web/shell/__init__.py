"""The shell in front of the pages: what must answer although every page thread is busy.

`/events`, `/healthz` and `/health/cycle` are served here, natively; files from `static` too;
everything else goes to Django by WSGI in a fixed pool of threads, each with a database connection
of its own. Why two
worlds on one port: `PERFORMANCE.md`, advice 5 and 6. Later the gate's intake joins as one more
native route.
"""
