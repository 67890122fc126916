from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"
SIGNS = (SQL / "plain_signs.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0011_search_lexemes'),
    ]

    # The words of a listing may stay as they are where this is taken back: they are made anew with its next change.
    operations = [
        migrations.RunSQL(SIGNS, migrations.RunSQL.noop),
    ]
