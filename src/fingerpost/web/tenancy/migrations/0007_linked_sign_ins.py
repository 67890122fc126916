import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fingerpost.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0006_tree")]

    operations = [
        migrations.CreateModel(
            name="LinkedSignIn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("issuer", models.CharField(max_length=255)),
                (
                    "subject",
                    models.CharField(
                        help_text="who it is at the provider, for as long as it exists", max_length=255
                    ),
                ),
                ("linked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("issuer", "subject"),
                        name="tenancy_link_opens_one_account",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("user",),
                        name="tenancy_link_one_for_an_account",
                    ),
                ],
            },
        ),
    ]
