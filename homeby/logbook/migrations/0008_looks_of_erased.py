"""A look may lose the person who is erased, by the entry that says so; nothing else of it changes.

Whoever looked becomes an id made of the row's number, so that two rows stay two.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

SQLITE = [
    "DROP TRIGGER logbook_read_no_update",
    """CREATE TRIGGER logbook_read_only_erasure BEFORE UPDATE ON logbook_read
    WHEN NOT (NEW.erased_by IS NOT NULL AND NEW.number = OLD.number AND NEW.at = OLD.at
              AND NEW.ten_minutes = OLD.ten_minutes AND NEW.kind = OLD.kind
              AND NEW.viewed_as = OLD.viewed_as
              AND (NEW.viewer_id = OLD.viewer_id OR NEW.viewer_id = printf('%032x', OLD.number))
              AND (NEW.whose IS OLD.whose OR NEW.whose IS NULL)
              AND (NEW.what = OLD.what OR NEW.what = 'erased:' || OLD.number)
              AND (NEW.why = OLD.why OR NEW.why = '')
              AND (NEW.device = OLD.device OR NEW.device = ''))
    BEGIN SELECT RAISE(ABORT, 'the record of looks is append-only'); END""",
]

POSTGRESQL = [
    "DROP TRIGGER logbook_read_refuse ON logbook_read",
    """CREATE TRIGGER logbook_read_refuse_delete BEFORE DELETE ON logbook_read
    FOR EACH ROW EXECUTE FUNCTION logbook_refuse_read()""",
    """CREATE TRIGGER logbook_read_only_erasure BEFORE UPDATE ON logbook_read
    FOR EACH ROW WHEN (NOT (NEW.erased_by IS NOT NULL AND NEW.number = OLD.number
              AND NEW.at = OLD.at
              AND NEW.ten_minutes = OLD.ten_minutes AND NEW.kind = OLD.kind
              AND NEW.viewed_as = OLD.viewed_as
              AND (NEW.viewer_id = OLD.viewer_id
                   OR NEW.viewer_id = lpad(to_hex(OLD.number), 32, '0')::uuid)
              AND (NEW.whose IS NOT DISTINCT FROM OLD.whose OR NEW.whose IS NULL)
              AND (NEW.what = OLD.what OR NEW.what = 'erased:' || OLD.number)
              AND (NEW.why = OLD.why OR NEW.why = '')
              AND (NEW.device = OLD.device OR NEW.device = '')))
    EXECUTE FUNCTION logbook_refuse_read()""",
]


def guard(apps: object, schema_editor: object) -> None:
    """Set the triggers of the database at hand."""
    connection = schema_editor.connection  # type: ignore[attr-defined]
    statements = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("logbook", "0007_read")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="read",
            name="erased_by",
            field=models.UUIDField(help_text="the entry that took a person out of it", null=True),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
