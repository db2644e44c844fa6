"""The application that the web server runs: the shell, with Django's pages behind it."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.db import connection
from servestatic import ServeStaticASGI

from homeby import wsgi  # stands first: it sets Django up, which the imports below need
from homeby.database import versions
from homeby.database.letting_go import let_go
from homeby.settings import current
from homeby.web.intake.desk import desk_for
from homeby.web.intake.entries import Intake
from homeby.web.live import look
from homeby.web.shell.pages import Pages
from homeby.web.shell.protocol import Application
from homeby.web.shell.pulse import Eyes, Pulse
from homeby.web.shell.shell import Shell


def _files(*, pages: Pages) -> Application:
    """Our own files, read from the disk once at the start; hashed ones may be kept for ever."""
    hashed = settings.STATIC_FILES_ARE_HASHED
    root = settings.STATIC_ROOT if hashed else settings.STATICFILES_DIRS[0]
    files = ServeStaticASGI(
        pages,
        root=root,
        prefix=settings.STATIC_URL,
        max_age=3600 if hashed else 0,
        allow_all_origins=False,
    )
    return cast(Application, files)


def _pulse() -> Pulse:
    return Pulse(
        eyes=Eyes(
            snapshot=look,
            database_is_newer=versions.database_is_newer,
            rest=let_go,
        )
    )


def _shell(*, pulse: Pulse) -> Shell:
    pages = Pages(application=wsgi.application, threads=current().web_threads)
    intake = Intake(desk=desk_for(vendor=connection.vendor))
    return Shell(pulse=pulse, pages=pages, files=_files(pages=pages), intake=intake)


pulse = _pulse()
application = _shell(pulse=pulse)
