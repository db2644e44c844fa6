from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("missions", "0001_initial"), ("people", "0001_initial")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="firstreport", name="one_first_report"),
        migrations.AddField(
            model_name="firstreport",
            name="amends",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="added",
                to="missions.firstreport",
            ),
        ),
        migrations.AddField(
            model_name="partymember", name="debriefed_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="partymember", name="debriefed_by_id", field=models.UUIDField(null=True)
        ),
        migrations.AddConstraint(
            model_name="firstreport",
            constraint=models.UniqueConstraint(
                condition=Q(amends__isnull=True),
                fields=("mission", "person"),
                name="one_first_report",
            ),
        ),
        migrations.AddConstraint(
            model_name="partymember",
            constraint=models.CheckConstraint(
                condition=Q(debriefed_by_id__isnull=True, debriefed_at__isnull=True)
                | Q(debriefed_by_id__isnull=False, debriefed_at__isnull=False),
                name="debriefed_in_pairs",
            ),
        ),
    ]
