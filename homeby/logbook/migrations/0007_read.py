"""Who looked at whom: a row for each look, which the database refuses to change or to take away.

On SQLite REPLACE runs no DELETE trigger: what would take the place of a row is left out instead.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

SQLITE = [
    """CREATE TRIGGER logbook_read_no_update BEFORE UPDATE ON logbook_read
    BEGIN SELECT RAISE(ABORT, 'the record of looks is append-only'); END""",
    """CREATE TRIGGER logbook_read_no_delete BEFORE DELETE ON logbook_read
    BEGIN SELECT RAISE(ABORT, 'the record of looks is append-only'); END""",
    """CREATE TRIGGER logbook_read_no_replace BEFORE INSERT ON logbook_read
    WHEN EXISTS (SELECT 1 FROM logbook_read
                 WHERE number = NEW.number
                    OR (viewer_id = NEW.viewer_id AND ten_minutes = NEW.ten_minutes
                        AND kind = NEW.kind AND what = NEW.what AND why = NEW.why))
    BEGIN SELECT RAISE(IGNORE); END""",
]

POSTGRESQL = [
    """CREATE FUNCTION logbook_refuse_read() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the record of looks is append-only' USING ERRCODE = '23001'; END $$""",
    """CREATE TRIGGER logbook_read_refuse BEFORE UPDATE OR DELETE ON logbook_read
    FOR EACH ROW EXECUTE FUNCTION logbook_refuse_read()""",
    """CREATE TRIGGER logbook_read_refuse_truncate BEFORE TRUNCATE ON logbook_read
    FOR EACH STATEMENT EXECUTE FUNCTION logbook_refuse_read()""",
]


def guard(apps: object, schema_editor: object) -> None:
    """Create the triggers of the database at hand."""
    connection = schema_editor.connection  # type: ignore[attr-defined]
    statements = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("logbook", "0006_outside_time")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Read",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "ten_minutes",
                    models.BigIntegerField(help_text="which ten minutes of the clock these are"),
                ),
                ("viewer_id", models.UUIDField()),
                (
                    "viewed_as",
                    models.CharField(help_text="in which part: a role, or LINK", max_length=20),
                ),
                ("kind", models.CharField(max_length=20)),
                (
                    "what",
                    models.CharField(
                        help_text="the thing: mission:<id>, person:<id>, board", max_length=120
                    ),
                ),
                (
                    "whose",
                    models.UUIDField(
                        help_text="whom it is about, where it is one person", null=True
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True, help_text="the reason that was typed", max_length=300
                    ),
                ),
                ("device", models.CharField(max_length=80)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["whose", "at"], name="read_of_person"),
                    models.Index(fields=["what", "at"], name="read_of_thing"),
                    models.Index(fields=["kind", "at"], name="read_of_kind"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("viewer_id", "ten_minutes", "kind", "what", "why"),
                        name="one_look",
                    )
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
