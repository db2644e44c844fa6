"""The database itself refuses to change or delete an entry (`DESIGN.md` 6, Logbook).

A body may be emptied once, together with its salt and naming the entry that erased it; nothing else.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER logbook_entry_no_update BEFORE UPDATE ON logbook_entry
    BEGIN SELECT RAISE(ABORT, 'the logbook is append-only'); END""",
    """CREATE TRIGGER logbook_entry_no_delete BEFORE DELETE ON logbook_entry
    BEGIN SELECT RAISE(ABORT, 'the logbook is append-only'); END""",
    """CREATE TRIGGER logbook_body_only_erasure BEFORE UPDATE ON logbook_entrybody
    WHEN NOT (OLD.erased_by IS NULL AND NEW.erased_by IS NOT NULL
              AND NEW.body IS NULL AND NEW.salt IS NULL AND NEW.entry_id = OLD.entry_id)
    BEGIN SELECT RAISE(ABORT, 'the logbook is append-only'); END""",
    """CREATE TRIGGER logbook_body_no_delete BEFORE DELETE ON logbook_entrybody
    BEGIN SELECT RAISE(ABORT, 'the logbook is append-only'); END""",
]

POSTGRESQL = [
    """CREATE FUNCTION logbook_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the logbook is append-only' USING ERRCODE = '23001'; END $$""",
    """CREATE TRIGGER logbook_entry_refuse BEFORE UPDATE OR DELETE ON logbook_entry
    FOR EACH ROW EXECUTE FUNCTION logbook_refuse()""",
    """CREATE TRIGGER logbook_body_refuse_delete BEFORE DELETE ON logbook_entrybody
    FOR EACH ROW EXECUTE FUNCTION logbook_refuse()""",
    """CREATE TRIGGER logbook_body_only_erasure BEFORE UPDATE ON logbook_entrybody
    FOR EACH ROW WHEN (NOT (OLD.erased_by IS NULL AND NEW.erased_by IS NOT NULL
              AND NEW.body IS NULL AND NEW.salt IS NULL AND NEW.entry_id = OLD.entry_id))
    EXECUTE FUNCTION logbook_refuse()""",
]


def guard(apps: object, schema_editor: object) -> None:
    """Create the triggers of the database at hand."""
    connection = schema_editor.connection  # type: ignore[attr-defined]
    statements = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("logbook", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(guard, migrations.RunPython.noop)]
