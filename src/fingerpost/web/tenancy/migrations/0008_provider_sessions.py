import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0007_linked_sign_ins")]

    operations = [
        migrations.AddField(
            model_name="signin",
            name="link",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="tenancy.linkedsignin",
            ),
        ),
        migrations.AddField(
            model_name="signin",
            name="provider_session",
            field=models.CharField(
                blank=True,
                help_text="what the provider calls the session there, by which it ends it",
                max_length=255,
            ),
        ),
    ]
