import django.db.models.deletion
import fingerpost.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("foundation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkUse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.CharField(max_length=20)),
                ("since", models.DateTimeField()),
                ("times", models.PositiveIntegerField()),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="foundation.signedlink",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("link", "what", "since"), name="foundation_link_use_once"
                    )
                ],
            },
        ),
    ]
