"""All that is kept of oneself, as one file to take away."""

from __future__ import annotations

import tempfile

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from homeby.archive.packing import pack
from homeby.web import recheck
from homeby.web.door import Door, page

IN_MEMORY_BYTES = 4_000_000


@page()
def own_archive(door: Door) -> HttpResponseBase:
    """Ask for one's own data; the answer is the file. It is made from the log-in alone: there is no
    address by which anybody could ask for somebody else's."""
    if door.request.method != "POST":
        return render(door.request, "account/archive.html")
    if again := recheck.needed(door):
        return again
    person_id = door.viewer.person_id
    assert person_id is not None, "the page needs a log-in"
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - sent, then shut
    pack(person_id=person_id, by=door.viewer, now=door.now, to=file)
    file.seek(0)
    name = _("homeby-of-me") + f"-{door.now:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
