import django.db.models.deletion
import fingerpost.kernel.ids
from django.db import migrations, models

# The database keeps the date itself, so that no way of writing can forget it. Arguments of the trigger say how its
# table leads to listings: its own rows, or a column that names a listing, a place or a provider. What is not
# published moves no date: a change of such a column, or of anything about a confidential place.
NOTE_CHANGES = """
CREATE FUNCTION public.directory_note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    hidden constant text[] := ARRAY['source_row', 'fingerprint', 'search_vector', 'related_words', 'search_words',
        'status_by_person', 'closed_at', 'closed_by', 'closed_reason', 'source_modified_at', 'landed_by',
        'placed_by', 'source_id', 'source_key'];
    touched jsonb;
    told timestamptz := fp_now();
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT coalesce(jsonb_agg(to_jsonb(a) - hidden), '[]') INTO touched FROM after_rows a;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT coalesce(jsonb_agg(to_jsonb(b) - hidden), '[]') INTO touched FROM before_rows b;
    ELSE
        SELECT coalesce(jsonb_agg(v.r), '[]') INTO touched
        FROM before_rows b JOIN after_rows a ON a.id = b.id
        CROSS JOIN LATERAL (VALUES (to_jsonb(a) - hidden), (to_jsonb(b) - hidden)) AS v (r)
        WHERE to_jsonb(a) - hidden <> to_jsonb(b) - hidden;
    END IF;
    INSERT INTO directory_listingchange AS held (id, system_id, listing_id, changed_at)
    SELECT gen_random_uuid(), l.system_id, l.id, told FROM directory_listing l WHERE l.id IN (
        SELECT (t ->> 'id')::uuid FROM jsonb_array_elements(touched) AS t WHERE 'listing' = ANY (TG_ARGV)
        UNION
        SELECT (t ->> 'listing_id')::uuid FROM jsonb_array_elements(touched) AS t
        LEFT JOIN directory_location o ON o.id = (t ->> 'location_id')::uuid
        WHERE 'listing_id' = ANY (TG_ARGV) AND NOT coalesce(o.is_confidential, false)
        UNION
        SELECT al.listing_id FROM jsonb_array_elements(touched) AS t
        JOIN directory_listingatlocation al ON al.location_id = (t ->> 'location_id')::uuid
        JOIN directory_location o ON o.id = al.location_id AND NOT o.is_confidential
        WHERE 'location_id' = ANY (TG_ARGV)
        UNION
        SELECT al.listing_id FROM jsonb_array_elements(touched) AS t
        JOIN directory_listingatlocation al ON al.location_id = (t ->> 'id')::uuid
        WHERE 'location' = ANY (TG_ARGV) AND NOT (t ->> 'is_confidential')::boolean
        UNION
        SELECT s.id FROM jsonb_array_elements(touched) AS t
        JOIN directory_listing s ON s.provider_id = (t ->> 'provider_id')::uuid
        WHERE 'provider_id' = ANY (TG_ARGV)
        UNION
        SELECT s.id FROM jsonb_array_elements(touched) AS t
        JOIN directory_listing s ON s.provider_id = (t ->> 'id')::uuid
        WHERE 'provider' = ANY (TG_ARGV)
    ) ORDER BY l.id
    ON CONFLICT (listing_id) DO UPDATE SET changed_at = greatest(held.changed_at, excluded.changed_at);
    RETURN NULL;
END $$;
"""

TABLES = {
    "listing": "listing",
    "provider": "provider",
    "location": "location",
    "listingatlocation": "listing_id",
    "schedule": "listing_id",
    "scheduleexception": "listing_id",
    "servicearea": "listing_id",
    "language": "listing_id",
    "funding": "listing_id",
    "costoption": "listing_id",
    "listingcontact": "listing_id",
    "listingphone": "listing_id",
    "accessibility": "location_id",
    "identifier": "provider_id",
    "attribute": "listing_id, location_id, provider_id",
}
ROWS = {
    "insert": "NEW TABLE AS after_rows",
    "update": "OLD TABLE AS before_rows NEW TABLE AS after_rows",
    "delete": "OLD TABLE AS before_rows",
}
TRIGGERS = "\n".join(
    f"CREATE TRIGGER directory_note_{event} AFTER {event.upper()} ON directory_{table} REFERENCING {rows}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION directory_note_change({leads});"
    for table, leads in TABLES.items()
    for event, rows in ROWS.items()
)
NO_TRIGGERS = "\n".join(
    f"DROP TRIGGER directory_note_{event} ON directory_{table};" for table in TABLES for event in ROWS
)
FIRST_DATES = """
INSERT INTO directory_listingchange (id, system_id, listing_id, changed_at)
SELECT gen_random_uuid(), l.system_id, l.id, now() FROM directory_listing l;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_feeds")]

    operations = [
        migrations.CreateModel(
            name="ListingChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fingerpost.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("system_id", models.UUIDField(db_index=True, editable=False)),
                ("changed_at", models.DateTimeField()),
                (
                    "listing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="change",
                        to="directory.listing",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["system_id", "changed_at"], name="directory_change_when")],
            },
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("gone_at", None), ("merged_into", None))
                & ~models.Q(("status__in", ["defunct", "inactive"])),
                fields=["system_id", "id"],
                name="directory_listing_open",
            ),
        ),
        migrations.RunSQL(NOTE_CHANGES, "DROP FUNCTION public.directory_note_change();"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(FIRST_DATES, migrations.RunSQL.noop),
    ]
