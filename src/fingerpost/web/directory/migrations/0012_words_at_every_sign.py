from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"
SIGNS = (SQL / "plain_signs.sql").read_text(encoding="utf-8")
AT_ONCE = (SQL / "lexemes_at_once.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0011_search_lexemes'),
    ]

    # The words of a listing may stay as they are where this is taken back: they are made anew with its next change.
    operations = [
        migrations.RemoveConstraint(model_name='searchlexeme', name='directory_lexeme_once'),
        migrations.AddIndex(
            model_name='searchlexeme',
            index=models.Index(fields=['system_id', 'lexeme'], name='directory_lexeme_order'),
        ),
        migrations.RunSQL(AT_ONCE, migrations.RunSQL.noop),
        migrations.RunSQL(SIGNS, migrations.RunSQL.noop),
    ]
