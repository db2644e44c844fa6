from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("watch", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="billrow",
            name="deputy_aside_at",
            field=models.DateTimeField(help_text="when the deputy said so, too", null=True),
        )
    ]
