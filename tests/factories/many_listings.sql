-- Formatted by many_listings.py: {system}, {size}, {words}, {most}, {tongues}, {needs}, {kinds}.
SELECT setseed(0.4711);
SELECT set_config('fingerpost.actor_id', 'test', false), set_config('fingerpost.actor_label', 'test', false);
INSERT INTO directory_source (id, system_id, name, label, kind, rank, field_ranks, column_mapping,
        may_shrink_percent)
    VALUES ('{system}', '{system}', 'many', 'Many', 'typed', 30, '{{}}', '{{}}', 20);
ALTER TABLE directory_listing DISABLE TRIGGER USER;
ALTER TABLE directory_location DISABLE TRIGGER USER;
ALTER TABLE directory_listingatlocation DISABLE TRIGGER USER;
ALTER TABLE directory_schedule DISABLE TRIGGER USER;
CREATE TEMP TABLE town AS SELECT n, 50.5 + random() * 4.5 AS lat, -3.5 + random() * 4.5 AS lon FROM generate_series(0, 299) AS n;
CREATE FUNCTION pg_temp.a_word() RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT ('{words}'::text[])[1 + floor(power({most}, random()))::int % {most}] $$;
INSERT INTO directory_listing (id, system_id, source_id, source_key, source_row, fingerprint, name, alternate_name,
    description, email, url, status, status_by_person, how_to_join, what_to_expect, required_documents, eligibility,
    for_gender, minimum_age, cost, cost_pence, wait_time, schedule_note, interpretation, languages, access, ways, needs,
    search_words, accreditations, licences, alert, assured_by, assured_on, related_words, closed_by, closed_reason,
    accompaniment, transport, additional_urls, programme)
SELECT md5('listing' || n)::uuid, '{system}', '{system}', n::text, '{{}}', '',
    pg_temp.a_word() || ' ' || pg_temp.a_word() || ' group ' || n, '',
    (SELECT string_agg(pg_temp.a_word(), ' ') FROM generate_series(1, 40 + n * 0)), '', '', 'active', false, '', '', '', '',
    CASE WHEN random() < 0.06 THEN 'women' WHEN random() < 0.04 THEN 'men' ELSE '' END,
    CASE WHEN random() < 0.2 THEN 50 END, '',
    CASE WHEN random() < 0.35 THEN 0 WHEN random() < 0.6 THEN (random() * 20)::int * 50 END, '', '', '',
    CASE WHEN random() < 0.12 THEN ARRAY['en', ('{tongues}'::text[])[1 + floor(random() * 8)::int]] ELSE '{{}}' END,
    CASE WHEN random() < 0.4 THEN 'Step-free' WHEN random() < 0.1 THEN 'Up two flights of stairs' ELSE '' END,
    CASE WHEN random() < 0.1 THEN '{{online}}'::varchar[] ELSE '{{in_person}}'::varchar[] END,
    (SELECT array_agg(DISTINCT ('{needs}'::text[])[1 + floor(power(random(), 1.5) * {kinds})::int]) FROM generate_series(1, 2 + n * 0)),
    '', '', '', '', '', CASE WHEN random() < 0.4 THEN date '2026-01-01' END, '', '', '', '', '', '{{}}', ''
FROM generate_series(1, {size}) AS n;
INSERT INTO directory_location (id, system_id, source_id, source_key, source_row, fingerprint, name, kind, alternate_name,
    description, transportation, address, town, region, postcode, country, latitude, longitude, placed_by, access, is_confidential)
SELECT md5('place' || c.n)::uuid, '{system}', '{system}', c.n::text, '{{}}', '', 'Hall ' || c.n, 'physical', '', '', '', '', '', '', '', '',
    t.lat + (random() + random() - 1) * 0.12, t.lon + (random() + random() - 1) * 0.2, 'source', '', false
FROM (SELECT n, floor(power(random(), 2) * 300)::int AS town FROM generate_series(1, {size}) AS n) AS c JOIN town t ON t.n = c.town
WHERE c.n % 10 <> 0;
INSERT INTO directory_listingatlocation (id, system_id, source_id, source_key, source_row, fingerprint, listing_id, location_id, description)
SELECT gen_random_uuid(), '{system}', '{system}', source_key, '{{}}', '', md5('listing' || source_key)::uuid, id, ''
FROM directory_location WHERE system_id = '{system}';
INSERT INTO directory_schedule (id, system_id, source_id, source_key, source_row, fingerprint, listing_id, frequency, byday,
    bymonthday, interval, opens_at, closes_at, description, timezone, wkst, byweekno, byyearday, attending_type, schedule_link, notes)
SELECT gen_random_uuid(), '{system}', '{system}', n::text, '{{}}', '', md5('listing' || n)::uuid, 'WEEKLY',
    ('{{MO,TU,WE,TH,FR,SA,SU}}'::text[])[1 + n % 7], '', 1, make_time(hour, 0, 0), make_time(hour + 2, 0, 0), '', '', '', '', '', '', '', ''
FROM (SELECT n, 9 + floor(random() * 10)::int AS hour FROM generate_series(1, {size}) AS n WHERE n % 5 <> 0) AS s;
SELECT directory_refresh_facts(array_agg(id)) FROM directory_listing WHERE system_id = '{system}';
INSERT INTO directory_searchword (id, system_id, word) SELECT gen_random_uuid(), '{system}', word FROM unnest('{words}'::text[]) AS word;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE directory_listing ENABLE TRIGGER USER;
ALTER TABLE directory_location ENABLE TRIGGER USER;
ALTER TABLE directory_listingatlocation ENABLE TRIGGER USER;
ALTER TABLE directory_schedule ENABLE TRIGGER USER;
VACUUM ANALYZE;
