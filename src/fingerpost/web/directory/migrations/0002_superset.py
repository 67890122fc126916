import django.contrib.postgres.fields
import django.db.models.deletion
import fingerpost.kernel.ids
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from fingerpost.web.foundation.at_once import AtOnce


class Migration(AtOnce, migrations.Migration):

    dependencies = [
        ('directory', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Accessibility',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('source_key', models.CharField(max_length=100)),
                ('source_row', models.JSONField(blank=True, default=dict, help_text='what the source wrote, whole')),
                ('fingerprint', models.CharField(max_length=64)),
                ('landed_by', models.UUIDField(blank=True, help_text='the import that first brought it', null=True)),
                ('description', models.TextField(blank=True)),
                ('details', models.TextField(blank=True)),
                ('url', models.TextField(blank=True)),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accessibility', to='directory.location')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Assurance',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('kind', models.CharField(choices=[('dbs', 'criminal record checks (DBS)'), ('insurance', 'insurance'), ('safeguarding', 'safeguarding policy'), ('health_and_safety', 'health and safety policy'), ('data_protection', 'data protection'), ('accreditation', 'accreditation'), ('other', 'other')], max_length=20)),
                ('detail', models.CharField(blank=True, help_text='number, level, insurer: in words', max_length=300)),
                ('checked_on', models.DateField()),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('checked_by', models.TextField()),
                ('checked_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_by', models.TextField(blank=True)),
                ('listing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assurances', to='directory.listing')),
                ('provider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assurances', to='directory.provider')),
            ],
        ),
        migrations.CreateModel(
            name='AssuranceHistoryevent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('actor_id', models.TextField(db_default=models.Func(models.Value('fingerpost.actor_id'), function='current_setting', output_field=models.TextField()))),
                ('actor_label', models.TextField(db_default=models.Func(models.Value('fingerpost.actor_label'), function='current_setting', output_field=models.TextField()))),
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, serialize=False)),
                ('system_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(choices=[('dbs', 'criminal record checks (DBS)'), ('insurance', 'insurance'), ('safeguarding', 'safeguarding policy'), ('health_and_safety', 'health and safety policy'), ('data_protection', 'data protection'), ('accreditation', 'accreditation'), ('other', 'other')], max_length=20)),
                ('detail', models.CharField(blank=True, help_text='number, level, insurer: in words', max_length=300)),
                ('checked_on', models.DateField()),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('checked_by', models.TextField()),
                ('checked_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_by', models.TextField(blank=True)),
                ('listing', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.listing')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='directory.assurance')),
                ('provider', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.provider')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CostOption',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('source_key', models.CharField(max_length=100)),
                ('source_row', models.JSONField(blank=True, default=dict, help_text='what the source wrote, whole')),
                ('fingerprint', models.CharField(max_length=64)),
                ('landed_by', models.UUIDField(blank=True, help_text='the import that first brought it', null=True)),
                ('name', models.CharField(blank=True, help_text='for whom or what', max_length=300)),
                ('amount_pence', models.PositiveIntegerField(blank=True, null=True)),
                ('currency', models.CharField(default='GBP', max_length=3)),
                ('description', models.TextField(blank=True)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('listing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cost_options', to='directory.listing')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DistinctPair',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('said_at', models.DateTimeField()),
                ('said_by', models.TextField()),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.listing')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.listing')),
            ],
        ),
        migrations.CreateModel(
            name='FieldWord',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('field', models.CharField(max_length=60)),
                ('value', models.JSONField(null=True)),
                ('said_at', models.DateTimeField()),
                ('said_by', models.TextField()),
                ('listing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='words', to='directory.listing')),
                ('location', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='words', to='directory.location')),
                ('provider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='words', to='directory.provider')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.source')),
            ],
        ),
        migrations.CreateModel(
            name='FieldWordHistoryevent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('actor_id', models.TextField(db_default=models.Func(models.Value('fingerpost.actor_id'), function='current_setting', output_field=models.TextField()))),
                ('actor_label', models.TextField(db_default=models.Func(models.Value('fingerpost.actor_label'), function='current_setting', output_field=models.TextField()))),
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, serialize=False)),
                ('system_id', models.UUIDField(editable=False)),
                ('field', models.CharField(max_length=60)),
                ('value', models.JSONField(null=True)),
                ('said_at', models.DateTimeField()),
                ('said_by', models.TextField()),
                ('listing', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.listing')),
                ('location', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.location')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='directory.fieldword')),
                ('provider', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.provider')),
                ('source', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Funding',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('source_key', models.CharField(max_length=100)),
                ('source_row', models.JSONField(blank=True, default=dict, help_text='what the source wrote, whole')),
                ('fingerprint', models.CharField(max_length=64)),
                ('landed_by', models.UUIDField(blank=True, help_text='the import that first brought it', null=True)),
                ('source_of_funds', models.TextField()),
                ('listing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='funding', to='directory.listing')),
                ('provider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='funding', to='directory.provider')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Identifier',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('source_key', models.CharField(max_length=100)),
                ('source_row', models.JSONField(blank=True, default=dict, help_text='what the source wrote, whole')),
                ('fingerprint', models.CharField(max_length=64)),
                ('landed_by', models.UUIDField(blank=True, help_text='the import that first brought it', null=True)),
                ('scheme', models.CharField(help_text="GB-CHC, GB-COH, ODS ... or in the source's words", max_length=100)),
                ('value', models.CharField(max_length=100)),
                ('uri', models.TextField(blank=True)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identifiers', to='directory.provider')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ImportedChange',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('what', models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('gone', 'gone')], max_length=10)),
                ('kind', models.CharField(help_text='of record: listing, location, phone ...', max_length=20)),
                ('row_id', models.UUIDField()),
                ('source_key', models.CharField(max_length=100)),
                ('name', models.CharField(blank=True, max_length=300)),
                ('fields', models.JSONField(default=dict, help_text='field -> [before, after]')),
                ('before', models.JSONField(default=dict, help_text='the row as it was, for undoing')),
                ('source_import', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='directory.sourceimport')),
            ],
        ),
        migrations.CreateModel(
            name='Language',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('source_key', models.CharField(max_length=100)),
                ('source_row', models.JSONField(blank=True, default=dict, help_text='what the source wrote, whole')),
                ('fingerprint', models.CharField(max_length=64)),
                ('landed_by', models.UUIDField(blank=True, help_text='the import that first brought it', null=True)),
                ('name', models.CharField(blank=True, max_length=100)),
                ('code', models.CharField(blank=True, max_length=20)),
                ('note', models.TextField(blank=True)),
                ('listing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='language_rows', to='directory.listing')),
                ('location', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='languages', to='directory.location')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ListingMerge',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('reasons', models.JSONField(default=dict, help_text='what was alike, and which fields were filled')),
                ('made_at', models.DateTimeField()),
                ('made_by', models.TextField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undone_by', models.TextField(blank=True)),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.listing')),
                ('merged', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.listing')),
            ],
        ),
        migrations.CreateModel(
            name='RoomCount',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('source_key', models.CharField(max_length=100)),
                ('source_row', models.JSONField(blank=True, default=dict, help_text='what the source wrote, whole')),
                ('fingerprint', models.CharField(max_length=64)),
                ('landed_by', models.UUIDField(blank=True, help_text='the import that first brought it', null=True)),
                ('unit', models.CharField(help_text='places, beds, hours ...', max_length=100)),
                ('available', models.PositiveIntegerField(blank=True, null=True)),
                ('maximum', models.PositiveIntegerField(blank=True, null=True)),
                ('description', models.TextField(blank=True)),
                ('updated_at', models.DateTimeField(blank=True, null=True)),
                ('listing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='room_counts', to='directory.listing')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ScheduleException',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('source_key', models.CharField(max_length=100)),
                ('source_row', models.JSONField(blank=True, default=dict, help_text='what the source wrote, whole')),
                ('fingerprint', models.CharField(max_length=64)),
                ('landed_by', models.UUIDField(blank=True, help_text='the import that first brought it', null=True)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(help_text='inclusive')),
                ('is_closed', models.BooleanField(default=True)),
                ('opens_at', models.TimeField(blank=True, null=True)),
                ('closes_at', models.TimeField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
                ('listing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='schedule_exceptions', to='directory.listing')),
                ('location', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='schedule_exceptions', to='directory.location')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ServiceArea',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('source_key', models.CharField(max_length=100)),
                ('source_row', models.JSONField(blank=True, default=dict, help_text='what the source wrote, whole')),
                ('fingerprint', models.CharField(max_length=64)),
                ('landed_by', models.UUIDField(blank=True, help_text='the import that first brought it', null=True)),
                ('name', models.CharField(blank=True, max_length=300)),
                ('description', models.TextField(blank=True)),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, help_text='codes of areas (E...), or the first half of postcodes, in capitals', size=None)),
                ('extent', models.JSONField(blank=True, help_text='GeoJSON Polygon or MultiPolygon, WGS 84', null=True)),
                ('uri', models.TextField(blank=True)),
                ('south', models.FloatField(blank=True, null=True)),
                ('west', models.FloatField(blank=True, null=True)),
                ('north', models.FloatField(blank=True, null=True)),
                ('east', models.FloatField(blank=True, null=True)),
                ('listing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='service_areas', to='directory.listing')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Taxonomy',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('source_key', models.CharField(max_length=100)),
                ('source_row', models.JSONField(blank=True, default=dict, help_text='what the source wrote, whole')),
                ('fingerprint', models.CharField(max_length=64)),
                ('landed_by', models.UUIDField(blank=True, help_text='the import that first brought it', null=True)),
                ('name', models.CharField(max_length=300)),
                ('description', models.TextField(blank=True)),
                ('uri', models.TextField(blank=True)),
                ('version', models.CharField(blank=True, max_length=100)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TaxonomyTerm',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('source_key', models.CharField(max_length=100)),
                ('source_row', models.JSONField(blank=True, default=dict, help_text='what the source wrote, whole')),
                ('fingerprint', models.CharField(max_length=64)),
                ('landed_by', models.UUIDField(blank=True, help_text='the import that first brought it', null=True)),
                ('code', models.CharField(blank=True, max_length=200)),
                ('name', models.CharField(max_length=300)),
                ('description', models.TextField(blank=True)),
                ('language', models.CharField(blank=True, max_length=20)),
                ('uri', models.TextField(blank=True)),
                ('gone_at', models.DateTimeField(blank=True, null=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='directory.taxonomyterm')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.source')),
                ('taxonomy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='directory.taxonomy')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Attribute',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('source_key', models.CharField(max_length=100)),
                ('source_row', models.JSONField(blank=True, default=dict, help_text='what the source wrote, whole')),
                ('fingerprint', models.CharField(max_length=64)),
                ('landed_by', models.UUIDField(blank=True, help_text='the import that first brought it', null=True)),
                ('link_type', models.CharField(blank=True, max_length=100)),
                ('value', models.TextField(blank=True)),
                ('label', models.CharField(blank=True, max_length=300)),
                ('listing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attributes', to='directory.listing')),
                ('location', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attributes', to='directory.location')),
                ('provider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attributes', to='directory.provider')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.source')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attributes', to='directory.taxonomyterm')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TriedFiles',
            fields=[
                ('id', models.UUIDField(default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system_id', models.UUIDField(db_index=True, editable=False)),
                ('packed', models.BinaryField()),
                ('settings', models.JSONField(default=dict, help_text='how the files are read')),
                ('source_import', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='directory.sourceimport')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='listing',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='listing',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='listing',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='location',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='location',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='location',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='provider',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='provider',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='provider',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='listing',
            name='accompaniment',
            field=models.CharField(blank=True, choices=[('', 'not known'), ('yes', 'somebody may come along'), ('ask', 'ask first'), ('no', 'people come on their own')], default='', help_text='may somebody come along the first time', max_length=10),
        ),
        migrations.AddField(
            model_name='listing',
            name='additional_urls',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='listing',
            name='landed_by',
            field=models.UUIDField(blank=True, help_text='the import that first brought it', null=True),
        ),
        migrations.AddField(
            model_name='listing',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_here', to='directory.listing'),
        ),
        migrations.AddField(
            model_name='listing',
            name='programme',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='listing',
            name='transport',
            field=models.TextField(blank=True, help_text='lifts, bus, parking: in words'),
        ),
        migrations.AddField(
            model_name='listingatlocation',
            name='landed_by',
            field=models.UUIDField(blank=True, help_text='the import that first brought it', null=True),
        ),
        migrations.AddField(
            model_name='listingcontact',
            name='landed_by',
            field=models.UUIDField(blank=True, help_text='the import that first brought it', null=True),
        ),
        migrations.AddField(
            model_name='listinghistoryevent',
            name='accompaniment',
            field=models.CharField(blank=True, choices=[('', 'not known'), ('yes', 'somebody may come along'), ('ask', 'ask first'), ('no', 'people come on their own')], default='', help_text='may somebody come along the first time', max_length=10),
        ),
        migrations.AddField(
            model_name='listinghistoryevent',
            name='additional_urls',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='listinghistoryevent',
            name='landed_by',
            field=models.UUIDField(blank=True, help_text='the import that first brought it', null=True),
        ),
        migrations.AddField(
            model_name='listinghistoryevent',
            name='merged_into',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.listing'),
        ),
        migrations.AddField(
            model_name='listinghistoryevent',
            name='programme',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='listinghistoryevent',
            name='transport',
            field=models.TextField(blank=True, help_text='lifts, bus, parking: in words'),
        ),
        migrations.AddField(
            model_name='listingphone',
            name='landed_by',
            field=models.UUIDField(blank=True, help_text='the import that first brought it', null=True),
        ),
        migrations.AddField(
            model_name='location',
            name='landed_by',
            field=models.UUIDField(blank=True, help_text='the import that first brought it', null=True),
        ),
        migrations.AddField(
            model_name='locationhistoryevent',
            name='landed_by',
            field=models.UUIDField(blank=True, help_text='the import that first brought it', null=True),
        ),
        migrations.AddField(
            model_name='postaladdress',
            name='landed_by',
            field=models.UUIDField(blank=True, help_text='the import that first brought it', null=True),
        ),
        migrations.AddField(
            model_name='privateaddress',
            name='landed_by',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='privateaddress',
            name='replaced_by',
            field=models.UUIDField(blank=True, help_text='the import since which it is another', null=True),
        ),
        migrations.AddField(
            model_name='provider',
            name='landed_by',
            field=models.UUIDField(blank=True, help_text='the import that first brought it', null=True),
        ),
        migrations.AddField(
            model_name='provider',
            name='legal_status',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='provider',
            name='logo',
            field=models.TextField(blank=True, help_text='the address of a picture; shown by nobody but its own site'),
        ),
        migrations.AddField(
            model_name='provider',
            name='year_founded',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='providerhistoryevent',
            name='landed_by',
            field=models.UUIDField(blank=True, help_text='the import that first brought it', null=True),
        ),
        migrations.AddField(
            model_name='providerhistoryevent',
            name='legal_status',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='providerhistoryevent',
            name='logo',
            field=models.TextField(blank=True, help_text='the address of a picture; shown by nobody but its own site'),
        ),
        migrations.AddField(
            model_name='providerhistoryevent',
            name='year_founded',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='schedule',
            name='attending_type',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='schedule',
            name='byweekno',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='schedule',
            name='byyearday',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='schedule',
            name='count',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='schedule',
            name='landed_by',
            field=models.UUIDField(blank=True, help_text='the import that first brought it', null=True),
        ),
        migrations.AddField(
            model_name='schedule',
            name='notes',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='schedule',
            name='schedule_link',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='schedule',
            name='timezone',
            field=models.CharField(blank=True, help_text='empty: the time of the place', max_length=60),
        ),
        migrations.AddField(
            model_name='schedule',
            name='wkst',
            field=models.CharField(blank=True, max_length=2),
        ),
        migrations.AddField(
            model_name='source',
            name='column_mapping',
            field=models.JSONField(blank=True, default=dict, help_text='of a spreadsheet: which column is which field, as last agreed'),
        ),
        migrations.AddField(
            model_name='source',
            name='field_ranks',
            field=models.JSONField(blank=True, default=dict, help_text='fields for which the rank is another'),
        ),
        migrations.AddField(
            model_name='source',
            name='may_shrink_percent',
            field=models.PositiveSmallIntegerField(default=20, help_text='when more of its listings than this are gone at once, a person looks first'),
        ),
        migrations.AddField(
            model_name='source',
            name='rank',
            field=models.PositiveSmallIntegerField(default=50, help_text='whose word counts where several speak of one field; the smaller counts more'),
        ),
        migrations.AddField(
            model_name='sourceimport',
            name='applied_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='sourceimport',
            name='applied_by',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='sourceimport',
            name='changes_digest',
            field=models.CharField(blank=True, help_text='tells whether what would change is still what was looked at', max_length=64),
        ),
        migrations.AddField(
            model_name='sourceimport',
            name='held_because',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='sourceimport',
            name='state',
            field=models.CharField(choices=[('begun', 'its columns are not agreed yet'), ('tried', 'looked at; nothing has been changed'), ('held', 'held until somebody has looked'), ('applied', 'applied'), ('undone', 'undone')], default='applied', max_length=10),
        ),
        migrations.AddField(
            model_name='sourceimport',
            name='undone_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='sourceimport',
            name='undone_by',
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name='source',
            name='kind',
            field=models.CharField(choices=[('hsds_csv', 'HSDS tables (CSV)'), ('hsds_package', 'HSDS data package'), ('feed_oruk3', 'Open Referral UK 3.0 feed'), ('feed_oruk1', 'Open Referral UK 1.0 feed'), ('feed_rpde', 'OpenActive feed'), ('sheet', 'spreadsheet'), ('vocabulary', 'list of terms'), ('provider', 'the provider itself'), ('steward', 'the keepers of this directory'), ('typed', 'entered here'), ('demo', 'the invented town')], max_length=20),
        ),
        migrations.AlterField(
            model_name='sourcefault',
            name='kind',
            field=models.CharField(choices=[('status_missing', 'does not say whether it is running'), ('status_unknown', 'has a status that is not in the standard'), ('provider_missing', 'does not say which organisation is behind it'), ('provider_absent', 'names an organisation that is not in the source'), ('location_link_missing', 'is linked to no location'), ('schedule_link_missing', 'is linked to no schedule'), ('coordinates_missing', 'has no coordinates'), ('coordinates_malformed', 'has coordinates that are not a place'), ('address_missing', 'has no address'), ('town_missing', 'has an address without a town'), ('phone_number_missing', 'has a phone row without a number'), ('phone_number_malformed', 'has words where a phone number should be'), ('email_missing', 'has no e-mail address'), ('email_malformed', 'has an e-mail address that cannot be one'), ('url_malformed', 'has a web address that cannot be one'), ('times_missing', 'has a day without opening times'), ('times_malformed', 'has opening times that cannot be read'), ('times_reversed', 'closes before it opens'), ('number_malformed', 'has a number that cannot be read'), ('date_malformed', 'has a date that cannot be read'), ('id_missing', 'has rows without an id of their own'), ('encoding_guessed', 'is not in UTF-8; it was read as Windows-1252'), ('value_malformed', 'has a cell that does not fit its column'), ('place_absent', 'names a place that is not in the source'), ('parent_absent', 'is below a term that is not in the source'), ('ended', 'is not shown to anybody: its source says that it has ended'), ('file_missing', 'is not among the files'), ('file_not_read', 'is a file that this import does not read'), ('column_not_read', 'has a column that is kept but not used')], max_length=30),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='directory_listing_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='sourceimport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['begun', 'tried', 'held', 'applied', 'undone'])), name='directory_sourceimport_state_known'),
        ),
        migrations.AddConstraint(
            model_name='sourceimport',
            constraint=models.CheckConstraint(condition=models.Q(('imported_at__isnull', False), models.Q(('imported_by', ''), _negated=True)), name='directory_sourceimport_both_imported_set'),
        ),
        migrations.AddConstraint(
            model_name='sourceimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('applied_at', None), ('applied_by', '')), models.Q(('applied_at__isnull', False), models.Q(('applied_by', ''), _negated=True)), _connector='OR'), name='directory_sourceimport_both_applied_set'),
        ),
        migrations.AddConstraint(
            model_name='sourceimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', '')), models.Q(('undone_at__isnull', False), models.Q(('undone_by', ''), _negated=True)), _connector='OR'), name='directory_sourceimport_both_undone_set'),
        ),
        migrations.AddConstraint(
            model_name='accessibility',
            constraint=models.UniqueConstraint(fields=('source', 'source_key'), name='directory_accessibility_key_once'),
        ),
        migrations.AddIndex(
            model_name='assurance',
            index=models.Index(fields=['system_id', 'expires_on'], name='directory_assurance_expiry'),
        ),
        migrations.AddConstraint(
            model_name='assurance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('listing__isnull', False), ('provider', None)), models.Q(('listing', None), ('provider__isnull', False)), _connector='OR'), name='directory_assurance_of_one'),
        ),
        migrations.AddConstraint(
            model_name='assurance',
            constraint=models.CheckConstraint(condition=models.Q(('expires_on', None), ('expires_on__gte', models.F('checked_on')), _connector='OR'), name='directory_assurance_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='assurance',
            constraint=models.CheckConstraint(condition=models.Q(('checked_at__isnull', False), models.Q(('checked_by', ''), _negated=True)), name='directory_assurance_both_checked_set'),
        ),
        migrations.AddConstraint(
            model_name='assurance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_by', ''), _negated=True)), _connector='OR'), name='directory_assurance_both_withdrawn_set'),
        ),
        migrations.AddConstraint(
            model_name='assurancehistoryevent',
            constraint=models.CheckConstraint(condition=models.Q(('actor_id', ''), _negated=True), name='directory_assurance_history_names_an_actor'),
        ),
        migrations.AddConstraint(
            model_name='costoption',
            constraint=models.UniqueConstraint(fields=('source', 'source_key'), name='directory_costoption_key_once'),
        ),
        migrations.AddConstraint(
            model_name='distinctpair',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='directory_distinct_once'),
        ),
        migrations.AddConstraint(
            model_name='distinctpair',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='directory_distinct_in_order'),
        ),
        migrations.AddConstraint(
            model_name='distinctpair',
            constraint=models.CheckConstraint(condition=models.Q(('said_at__isnull', False), models.Q(('said_by', ''), _negated=True)), name='directory_distinctpair_both_said_set'),
        ),
        migrations.AddConstraint(
            model_name='fieldword',
            constraint=models.UniqueConstraint(fields=('listing', 'field', 'source'), name='directory_word_of_listing_once'),
        ),
        migrations.AddConstraint(
            model_name='fieldword',
            constraint=models.UniqueConstraint(fields=('location', 'field', 'source'), name='directory_word_of_location_once'),
        ),
        migrations.AddConstraint(
            model_name='fieldword',
            constraint=models.UniqueConstraint(fields=('provider', 'field', 'source'), name='directory_word_of_provider_once'),
        ),
        migrations.AddConstraint(
            model_name='fieldword',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('listing__isnull', False), ('location', None), ('provider', None)), models.Q(('listing', None), ('location__isnull', False), ('provider', None)), models.Q(('listing', None), ('location', None), ('provider__isnull', False)), _connector='OR'), name='directory_word_of_one'),
        ),
        migrations.AddConstraint(
            model_name='fieldword',
            constraint=models.CheckConstraint(condition=models.Q(('said_at__isnull', False), models.Q(('said_by', ''), _negated=True)), name='directory_fieldword_both_said_set'),
        ),
        migrations.AddConstraint(
            model_name='fieldwordhistoryevent',
            constraint=models.CheckConstraint(condition=models.Q(('actor_id', ''), _negated=True), name='directory_fieldword_history_names_an_actor'),
        ),
        migrations.AddConstraint(
            model_name='funding',
            constraint=models.UniqueConstraint(fields=('source', 'source_key'), name='directory_funding_key_once'),
        ),
        migrations.AddConstraint(
            model_name='identifier',
            constraint=models.UniqueConstraint(fields=('source', 'source_key'), name='directory_identifier_key_once'),
        ),
        migrations.AddIndex(
            model_name='importedchange',
            index=models.Index(fields=['source_import', 'kind', 'what'], name='directory_change_of_import'),
        ),
        migrations.AddConstraint(
            model_name='language',
            constraint=models.UniqueConstraint(fields=('source', 'source_key'), name='directory_language_key_once'),
        ),
        migrations.AddConstraint(
            model_name='listingmerge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('merged',), name='directory_merged_into_one'),
        ),
        migrations.AddConstraint(
            model_name='listingmerge',
            constraint=models.CheckConstraint(condition=models.Q(('kept', models.F('merged')), _negated=True), name='directory_merge_of_two'),
        ),
        migrations.AddConstraint(
            model_name='listingmerge',
            constraint=models.CheckConstraint(condition=models.Q(('made_at__isnull', False), models.Q(('made_by', ''), _negated=True)), name='directory_listingmerge_both_made_set'),
        ),
        migrations.AddConstraint(
            model_name='listingmerge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', '')), models.Q(('undone_at__isnull', False), models.Q(('undone_by', ''), _negated=True)), _connector='OR'), name='directory_listingmerge_both_undone_set'),
        ),
        migrations.AddConstraint(
            model_name='roomcount',
            constraint=models.UniqueConstraint(fields=('source', 'source_key'), name='directory_roomcount_key_once'),
        ),
        migrations.AddConstraint(
            model_name='scheduleexception',
            constraint=models.UniqueConstraint(fields=('source', 'source_key'), name='directory_scheduleexception_key_once'),
        ),
        migrations.AddConstraint(
            model_name='scheduleexception',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='directory_exception_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='scheduleexception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closes_at', None), ('is_closed', True), ('opens_at', None)), ('is_closed', False), _connector='OR'), name='directory_exception_closed_has_no_hours'),
        ),
        migrations.AddConstraint(
            model_name='servicearea',
            constraint=models.UniqueConstraint(fields=('source', 'source_key'), name='directory_servicearea_key_once'),
        ),
        migrations.AddConstraint(
            model_name='servicearea',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('east', None), ('extent', None), ('north', None), ('south', None), ('west', None)), models.Q(('east__range', (-180, 180)), ('extent__isnull', False), ('north__range', (-90, 90)), ('south__range', (-90, 90)), ('west__range', (-180, 180))), _connector='OR'), name='directory_servicearea_shape_has_its_box'),
        ),
        migrations.AddConstraint(
            model_name='taxonomy',
            constraint=models.UniqueConstraint(fields=('source', 'source_key'), name='directory_taxonomy_key_once'),
        ),
        migrations.AddIndex(
            model_name='taxonomyterm',
            index=models.Index(fields=['taxonomy', 'code'], name='directory_term_code'),
        ),
        migrations.AddConstraint(
            model_name='taxonomyterm',
            constraint=models.UniqueConstraint(fields=('source', 'source_key'), name='directory_taxonomyterm_key_once'),
        ),
        migrations.AddConstraint(
            model_name='attribute',
            constraint=models.UniqueConstraint(fields=('source', 'source_key'), name='directory_attribute_key_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_listinghistoryevent" ("access", "accompaniment", "accreditations", "additional_urls", "alert", "alternate_name", "assured_by", "assured_on", "closed_at", "closed_by", "closed_reason", "cost", "cost_pence", "description", "eligibility", "email", "fingerprint", "for_gender", "gone_at", "how_to_join", "id", "interpretation", "landed_by", "languages", "licences", "maximum_age", "merged_into_id", "minimum_age", "name", "needs", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme", "provider_id", "related_words", "required_documents", "schedule_note", "search_words", "source_id", "source_key", "source_modified_at", "status", "status_by_person", "system_id", "transport", "url", "wait_time", "ways", "what_to_expect") VALUES (NEW."access", NEW."accompaniment", NEW."accreditations", NEW."additional_urls", NEW."alert", NEW."alternate_name", NEW."assured_by", NEW."assured_on", NEW."closed_at", NEW."closed_by", NEW."closed_reason", NEW."cost", NEW."cost_pence", NEW."description", NEW."eligibility", NEW."email", NEW."fingerprint", NEW."for_gender", NEW."gone_at", NEW."how_to_join", NEW."id", NEW."interpretation", NEW."landed_by", NEW."languages", NEW."licences", NEW."maximum_age", NEW."merged_into_id", NEW."minimum_age", NEW."name", NEW."needs", NOW(), \'insert\', NEW."id", NEW."programme", NEW."provider_id", NEW."related_words", NEW."required_documents", NEW."schedule_note", NEW."search_words", NEW."source_id", NEW."source_key", NEW."source_modified_at", NEW."status", NEW."status_by_person", NEW."system_id", NEW."transport", NEW."url", NEW."wait_time", NEW."ways", NEW."what_to_expect"); RETURN NULL;', hash='77bddf36774126648f68cdd08cfd88f715216986', operation='INSERT', pgid='pgtrigger_insert_insert_18a5e', table='directory_listing', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."access" IS DISTINCT FROM (NEW."access") OR OLD."accompaniment" IS DISTINCT FROM (NEW."accompaniment") OR OLD."accreditations" IS DISTINCT FROM (NEW."accreditations") OR OLD."additional_urls" IS DISTINCT FROM (NEW."additional_urls") OR OLD."alert" IS DISTINCT FROM (NEW."alert") OR OLD."alternate_name" IS DISTINCT FROM (NEW."alternate_name") OR OLD."assured_by" IS DISTINCT FROM (NEW."assured_by") OR OLD."assured_on" IS DISTINCT FROM (NEW."assured_on") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."closed_by" IS DISTINCT FROM (NEW."closed_by") OR OLD."closed_reason" IS DISTINCT FROM (NEW."closed_reason") OR OLD."cost" IS DISTINCT FROM (NEW."cost") OR OLD."cost_pence" IS DISTINCT FROM (NEW."cost_pence") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."eligibility" IS DISTINCT FROM (NEW."eligibility") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."fingerprint" IS DISTINCT FROM (NEW."fingerprint") OR OLD."for_gender" IS DISTINCT FROM (NEW."for_gender") OR OLD."gone_at" IS DISTINCT FROM (NEW."gone_at") OR OLD."how_to_join" IS DISTINCT FROM (NEW."how_to_join") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."interpretation" IS DISTINCT FROM (NEW."interpretation") OR OLD."landed_by" IS DISTINCT FROM (NEW."landed_by") OR OLD."languages" IS DISTINCT FROM (NEW."languages") OR OLD."licences" IS DISTINCT FROM (NEW."licences") OR OLD."maximum_age" IS DISTINCT FROM (NEW."maximum_age") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."minimum_age" IS DISTINCT FROM (NEW."minimum_age") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."needs" IS DISTINCT FROM (NEW."needs") OR OLD."programme" IS DISTINCT FROM (NEW."programme") OR OLD."provider_id" IS DISTINCT FROM (NEW."provider_id") OR OLD."related_words" IS DISTINCT FROM (NEW."related_words") OR OLD."required_documents" IS DISTINCT FROM (NEW."required_documents") OR OLD."schedule_note" IS DISTINCT FROM (NEW."schedule_note") OR OLD."search_words" IS DISTINCT FROM (NEW."search_words") OR OLD."source_id" IS DISTINCT FROM (NEW."source_id") OR OLD."source_key" IS DISTINCT FROM (NEW."source_key") OR OLD."source_modified_at" IS DISTINCT FROM (NEW."source_modified_at") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."status_by_person" IS DISTINCT FROM (NEW."status_by_person") OR OLD."system_id" IS DISTINCT FROM (NEW."system_id") OR OLD."transport" IS DISTINCT FROM (NEW."transport") OR OLD."url" IS DISTINCT FROM (NEW."url") OR OLD."wait_time" IS DISTINCT FROM (NEW."wait_time") OR OLD."ways" IS DISTINCT FROM (NEW."ways") OR OLD."what_to_expect" IS DISTINCT FROM (NEW."what_to_expect"))', func='INSERT INTO "directory_listinghistoryevent" ("access", "accompaniment", "accreditations", "additional_urls", "alert", "alternate_name", "assured_by", "assured_on", "closed_at", "closed_by", "closed_reason", "cost", "cost_pence", "description", "eligibility", "email", "fingerprint", "for_gender", "gone_at", "how_to_join", "id", "interpretation", "landed_by", "languages", "licences", "maximum_age", "merged_into_id", "minimum_age", "name", "needs", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme", "provider_id", "related_words", "required_documents", "schedule_note", "search_words", "source_id", "source_key", "source_modified_at", "status", "status_by_person", "system_id", "transport", "url", "wait_time", "ways", "what_to_expect") VALUES (NEW."access", NEW."accompaniment", NEW."accreditations", NEW."additional_urls", NEW."alert", NEW."alternate_name", NEW."assured_by", NEW."assured_on", NEW."closed_at", NEW."closed_by", NEW."closed_reason", NEW."cost", NEW."cost_pence", NEW."description", NEW."eligibility", NEW."email", NEW."fingerprint", NEW."for_gender", NEW."gone_at", NEW."how_to_join", NEW."id", NEW."interpretation", NEW."landed_by", NEW."languages", NEW."licences", NEW."maximum_age", NEW."merged_into_id", NEW."minimum_age", NEW."name", NEW."needs", NOW(), \'update\', NEW."id", NEW."programme", NEW."provider_id", NEW."related_words", NEW."required_documents", NEW."schedule_note", NEW."search_words", NEW."source_id", NEW."source_key", NEW."source_modified_at", NEW."status", NEW."status_by_person", NEW."system_id", NEW."transport", NEW."url", NEW."wait_time", NEW."ways", NEW."what_to_expect"); RETURN NULL;', hash='391c83448cc900aeb086376a1216b09f641468b1', operation='UPDATE', pgid='pgtrigger_update_update_d2e30', table='directory_listing', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_listinghistoryevent" ("access", "accompaniment", "accreditations", "additional_urls", "alert", "alternate_name", "assured_by", "assured_on", "closed_at", "closed_by", "closed_reason", "cost", "cost_pence", "description", "eligibility", "email", "fingerprint", "for_gender", "gone_at", "how_to_join", "id", "interpretation", "landed_by", "languages", "licences", "maximum_age", "merged_into_id", "minimum_age", "name", "needs", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme", "provider_id", "related_words", "required_documents", "schedule_note", "search_words", "source_id", "source_key", "source_modified_at", "status", "status_by_person", "system_id", "transport", "url", "wait_time", "ways", "what_to_expect") VALUES (OLD."access", OLD."accompaniment", OLD."accreditations", OLD."additional_urls", OLD."alert", OLD."alternate_name", OLD."assured_by", OLD."assured_on", OLD."closed_at", OLD."closed_by", OLD."closed_reason", OLD."cost", OLD."cost_pence", OLD."description", OLD."eligibility", OLD."email", OLD."fingerprint", OLD."for_gender", OLD."gone_at", OLD."how_to_join", OLD."id", OLD."interpretation", OLD."landed_by", OLD."languages", OLD."licences", OLD."maximum_age", OLD."merged_into_id", OLD."minimum_age", OLD."name", OLD."needs", NOW(), \'delete\', OLD."id", OLD."programme", OLD."provider_id", OLD."related_words", OLD."required_documents", OLD."schedule_note", OLD."search_words", OLD."source_id", OLD."source_key", OLD."source_modified_at", OLD."status", OLD."status_by_person", OLD."system_id", OLD."transport", OLD."url", OLD."wait_time", OLD."ways", OLD."what_to_expect"); RETURN NULL;', hash='11dd16016687930f70054577260a3b1f5043522d', operation='DELETE', pgid='pgtrigger_delete_delete_61379', table='directory_listing', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='location',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_locationhistoryevent" ("access", "address", "alternate_name", "country", "description", "fingerprint", "gone_at", "id", "is_confidential", "kind", "landed_by", "latitude", "longitude", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_by", "postcode", "provider_id", "region", "source_id", "source_key", "system_id", "town", "transportation") VALUES (NEW."access", NEW."address", NEW."alternate_name", NEW."country", NEW."description", NEW."fingerprint", NEW."gone_at", NEW."id", NEW."is_confidential", NEW."kind", NEW."landed_by", NEW."latitude", NEW."longitude", NEW."name", NOW(), \'insert\', NEW."id", NEW."placed_by", NEW."postcode", NEW."provider_id", NEW."region", NEW."source_id", NEW."source_key", NEW."system_id", NEW."town", NEW."transportation"); RETURN NULL;', hash='c630750df2fa3c77c09f2bf3944a326a727c82fd', operation='INSERT', pgid='pgtrigger_insert_insert_38c23', table='directory_location', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='location',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."access" IS DISTINCT FROM (NEW."access") OR OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."alternate_name" IS DISTINCT FROM (NEW."alternate_name") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."fingerprint" IS DISTINCT FROM (NEW."fingerprint") OR OLD."gone_at" IS DISTINCT FROM (NEW."gone_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_confidential" IS DISTINCT FROM (NEW."is_confidential") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."landed_by" IS DISTINCT FROM (NEW."landed_by") OR OLD."latitude" IS DISTINCT FROM (NEW."latitude") OR OLD."longitude" IS DISTINCT FROM (NEW."longitude") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."placed_by" IS DISTINCT FROM (NEW."placed_by") OR OLD."postcode" IS DISTINCT FROM (NEW."postcode") OR OLD."provider_id" IS DISTINCT FROM (NEW."provider_id") OR OLD."region" IS DISTINCT FROM (NEW."region") OR OLD."source_id" IS DISTINCT FROM (NEW."source_id") OR OLD."source_key" IS DISTINCT FROM (NEW."source_key") OR OLD."system_id" IS DISTINCT FROM (NEW."system_id") OR OLD."town" IS DISTINCT FROM (NEW."town") OR OLD."transportation" IS DISTINCT FROM (NEW."transportation"))', func='INSERT INTO "directory_locationhistoryevent" ("access", "address", "alternate_name", "country", "description", "fingerprint", "gone_at", "id", "is_confidential", "kind", "landed_by", "latitude", "longitude", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_by", "postcode", "provider_id", "region", "source_id", "source_key", "system_id", "town", "transportation") VALUES (NEW."access", NEW."address", NEW."alternate_name", NEW."country", NEW."description", NEW."fingerprint", NEW."gone_at", NEW."id", NEW."is_confidential", NEW."kind", NEW."landed_by", NEW."latitude", NEW."longitude", NEW."name", NOW(), \'update\', NEW."id", NEW."placed_by", NEW."postcode", NEW."provider_id", NEW."region", NEW."source_id", NEW."source_key", NEW."system_id", NEW."town", NEW."transportation"); RETURN NULL;', hash='05f8366ea315f92f4ce305dc8a8148881a8e1438', operation='UPDATE', pgid='pgtrigger_update_update_0dff9', table='directory_location', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='location',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_locationhistoryevent" ("access", "address", "alternate_name", "country", "description", "fingerprint", "gone_at", "id", "is_confidential", "kind", "landed_by", "latitude", "longitude", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_by", "postcode", "provider_id", "region", "source_id", "source_key", "system_id", "town", "transportation") VALUES (OLD."access", OLD."address", OLD."alternate_name", OLD."country", OLD."description", OLD."fingerprint", OLD."gone_at", OLD."id", OLD."is_confidential", OLD."kind", OLD."landed_by", OLD."latitude", OLD."longitude", OLD."name", NOW(), \'delete\', OLD."id", OLD."placed_by", OLD."postcode", OLD."provider_id", OLD."region", OLD."source_id", OLD."source_key", OLD."system_id", OLD."town", OLD."transportation"); RETURN NULL;', hash='2a93b7c6c666ba50078da54c48ba25389375bd12', operation='DELETE', pgid='pgtrigger_delete_delete_e2929', table='directory_location', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='provider',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_providerhistoryevent" ("alternate_name", "description", "email", "fingerprint", "gone_at", "id", "kind", "landed_by", "legal_status", "logo", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "source_key", "system_id", "url", "year_founded") VALUES (NEW."alternate_name", NEW."description", NEW."email", NEW."fingerprint", NEW."gone_at", NEW."id", NEW."kind", NEW."landed_by", NEW."legal_status", NEW."logo", NEW."name", NOW(), \'insert\', NEW."id", NEW."source_id", NEW."source_key", NEW."system_id", NEW."url", NEW."year_founded"); RETURN NULL;', hash='0f1405957ba90817cd402d907bc419df4f07b4c1', operation='INSERT', pgid='pgtrigger_insert_insert_a43da', table='directory_provider', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='provider',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."alternate_name" IS DISTINCT FROM (NEW."alternate_name") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."fingerprint" IS DISTINCT FROM (NEW."fingerprint") OR OLD."gone_at" IS DISTINCT FROM (NEW."gone_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."landed_by" IS DISTINCT FROM (NEW."landed_by") OR OLD."legal_status" IS DISTINCT FROM (NEW."legal_status") OR OLD."logo" IS DISTINCT FROM (NEW."logo") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."source_id" IS DISTINCT FROM (NEW."source_id") OR OLD."source_key" IS DISTINCT FROM (NEW."source_key") OR OLD."system_id" IS DISTINCT FROM (NEW."system_id") OR OLD."url" IS DISTINCT FROM (NEW."url") OR OLD."year_founded" IS DISTINCT FROM (NEW."year_founded"))', func='INSERT INTO "directory_providerhistoryevent" ("alternate_name", "description", "email", "fingerprint", "gone_at", "id", "kind", "landed_by", "legal_status", "logo", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "source_key", "system_id", "url", "year_founded") VALUES (NEW."alternate_name", NEW."description", NEW."email", NEW."fingerprint", NEW."gone_at", NEW."id", NEW."kind", NEW."landed_by", NEW."legal_status", NEW."logo", NEW."name", NOW(), \'update\', NEW."id", NEW."source_id", NEW."source_key", NEW."system_id", NEW."url", NEW."year_founded"); RETURN NULL;', hash='2267b7d1f6ec9726f376ca153b1f8318d060372f', operation='UPDATE', pgid='pgtrigger_update_update_0ff0f', table='directory_provider', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='provider',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_providerhistoryevent" ("alternate_name", "description", "email", "fingerprint", "gone_at", "id", "kind", "landed_by", "legal_status", "logo", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "source_key", "system_id", "url", "year_founded") VALUES (OLD."alternate_name", OLD."description", OLD."email", OLD."fingerprint", OLD."gone_at", OLD."id", OLD."kind", OLD."landed_by", OLD."legal_status", OLD."logo", OLD."name", NOW(), \'delete\', OLD."id", OLD."source_id", OLD."source_key", OLD."system_id", OLD."url", OLD."year_founded"); RETURN NULL;', hash='4df8563a001a0e447ad2f42e2309f510b681e654', operation='DELETE', pgid='pgtrigger_delete_delete_bc4f4', table='directory_provider', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assurance',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_assurancehistoryevent" ("checked_at", "checked_by", "checked_on", "detail", "expires_on", "id", "kind", "listing_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id", "system_id", "withdrawn_at", "withdrawn_by") VALUES (NEW."checked_at", NEW."checked_by", NEW."checked_on", NEW."detail", NEW."expires_on", NEW."id", NEW."kind", NEW."listing_id", NOW(), \'insert\', NEW."id", NEW."provider_id", NEW."system_id", NEW."withdrawn_at", NEW."withdrawn_by"); RETURN NULL;', hash='15eb6ac553026f5fa8300144e0720e4caef31ba8', operation='INSERT', pgid='pgtrigger_insert_insert_0fe9d', table='directory_assurance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assurance',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "directory_assurancehistoryevent" ("checked_at", "checked_by", "checked_on", "detail", "expires_on", "id", "kind", "listing_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id", "system_id", "withdrawn_at", "withdrawn_by") VALUES (NEW."checked_at", NEW."checked_by", NEW."checked_on", NEW."detail", NEW."expires_on", NEW."id", NEW."kind", NEW."listing_id", NOW(), \'update\', NEW."id", NEW."provider_id", NEW."system_id", NEW."withdrawn_at", NEW."withdrawn_by"); RETURN NULL;', hash='46fff73a31bef6d1f4ae68c42096f10cef48569f', operation='UPDATE', pgid='pgtrigger_update_update_dfe01', table='directory_assurance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assurance',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_assurancehistoryevent" ("checked_at", "checked_by", "checked_on", "detail", "expires_on", "id", "kind", "listing_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id", "system_id", "withdrawn_at", "withdrawn_by") VALUES (OLD."checked_at", OLD."checked_by", OLD."checked_on", OLD."detail", OLD."expires_on", OLD."id", OLD."kind", OLD."listing_id", NOW(), \'delete\', OLD."id", OLD."provider_id", OLD."system_id", OLD."withdrawn_at", OLD."withdrawn_by"); RETURN NULL;', hash='3fc81fe372bee212bef97974f67d1ad621fdfcf6', operation='DELETE', pgid='pgtrigger_delete_delete_69785', table='directory_assurance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assurancehistoryevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8ac9e9700f572dfba623802385115e655d52cc0c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_67454', table='directory_assurancehistoryevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fieldword',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_fieldwordhistoryevent" ("field", "id", "listing_id", "location_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id", "said_at", "said_by", "source_id", "system_id", "value") VALUES (NEW."field", NEW."id", NEW."listing_id", NEW."location_id", NOW(), \'insert\', NEW."id", NEW."provider_id", NEW."said_at", NEW."said_by", NEW."source_id", NEW."system_id", NEW."value"); RETURN NULL;', hash='db436d1ad231fb77ed96741c1f9cb1b4cf71190b', operation='INSERT', pgid='pgtrigger_insert_insert_7bea5', table='directory_fieldword', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fieldword',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "directory_fieldwordhistoryevent" ("field", "id", "listing_id", "location_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id", "said_at", "said_by", "source_id", "system_id", "value") VALUES (NEW."field", NEW."id", NEW."listing_id", NEW."location_id", NOW(), \'update\', NEW."id", NEW."provider_id", NEW."said_at", NEW."said_by", NEW."source_id", NEW."system_id", NEW."value"); RETURN NULL;', hash='8d1bc0def93b298714fd279cc76ec73418b54b18', operation='UPDATE', pgid='pgtrigger_update_update_fbfa5', table='directory_fieldword', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fieldword',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_fieldwordhistoryevent" ("field", "id", "listing_id", "location_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id", "said_at", "said_by", "source_id", "system_id", "value") VALUES (OLD."field", OLD."id", OLD."listing_id", OLD."location_id", NOW(), \'delete\', OLD."id", OLD."provider_id", OLD."said_at", OLD."said_by", OLD."source_id", OLD."system_id", OLD."value"); RETURN NULL;', hash='a41feb5281fd19804fc3984cb9dc6b46e74597a0', operation='DELETE', pgid='pgtrigger_delete_delete_cab00', table='directory_fieldword', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fieldwordhistoryevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cb56320e4ec0c8c8c1715d257bbc52c138cd7f8c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3de40', table='directory_fieldwordhistoryevent', when='BEFORE')),
        ),
    ]
