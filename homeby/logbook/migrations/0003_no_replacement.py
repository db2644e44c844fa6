"""No way round the refusal: an entry is not replaced by inserting over it, nor swept away whole.

SQLite runs no DELETE trigger for REPLACE, and PostgreSQL none for TRUNCATE, so each gets a trigger
of its own.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER logbook_entry_no_replace BEFORE INSERT ON logbook_entry
    WHEN EXISTS (SELECT 1 FROM logbook_entry
                 WHERE number = NEW.number OR entry_id = NEW.entry_id)
    BEGIN SELECT RAISE(ABORT, 'the logbook is append-only: this entry is written already'); END""",
    """CREATE TRIGGER logbook_body_no_replace BEFORE INSERT ON logbook_entrybody
    WHEN EXISTS (SELECT 1 FROM logbook_entrybody WHERE entry_id = NEW.entry_id)
    BEGIN SELECT RAISE(ABORT, 'the logbook is append-only: this body is written already'); END""",
]

POSTGRESQL = [
    """CREATE TRIGGER logbook_entry_refuse_truncate BEFORE TRUNCATE ON logbook_entry
    FOR EACH STATEMENT EXECUTE FUNCTION logbook_refuse()""",
    """CREATE TRIGGER logbook_body_refuse_truncate BEFORE TRUNCATE ON logbook_entrybody
    FOR EACH STATEMENT EXECUTE FUNCTION logbook_refuse()""",
]


def guard(apps: object, schema_editor: object) -> None:
    """Create the triggers of the database at hand."""
    connection = schema_editor.connection  # type: ignore[attr-defined]
    statements = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("logbook", "0002_append_only")]
    operations: ClassVar = [migrations.RunPython(guard, migrations.RunPython.noop)]
