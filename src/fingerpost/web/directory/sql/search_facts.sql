-- What search looks at of one open listing, in one row, written by triggers on whatever it is made from: no writer can
-- forget it. A listing that is closed, gone or merged has no row.

-- Step-free as far as the words about access say: 'yes', 'no', or '' where they do not say.
CREATE FUNCTION public.directory_step_free(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE
    WHEN said ~* '(\mnot\M|\mno\M|\misn.?t\M|\mwithout\M)( \w+){0,2} (step.?free|wheelchair|level access|ramp|lift\M)'
        OR said ~* '(up|steep|narrow|flights? of) (stairs|steps)|(stairs|steps) (only|up to)|first floor,? no lift' THEN 'no'
    WHEN said ~* 'step.?free|wheelchair|level access|\mramp|\mno steps|\mlift\M|ground floor|accessible' THEN 'yes'
    ELSE '' END $$;

CREATE FUNCTION public.directory_days(frequency text, byday text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN frequency = 'DAILY' AND byday = '' THEN '{mo,tu,we,th,fr,sa,su}'::text[]
    ELSE coalesce((SELECT array_agg(lower(m[1])) FROM regexp_matches(byday, '(MO|TU|WE|TH|FR|SA|SU)', 'g') AS m), '{}') END $$;

CREATE FUNCTION public.directory_parts_of_day(opens time, closes time) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT array_remove(ARRAY[
    CASE WHEN opens < '12:00' THEN 'morning' END,
    CASE WHEN opens < '17:00' AND coalesce(closes, opens + interval '1 minute') > '12:00' THEN 'afternoon' END,
    CASE WHEN opens >= '17:00' OR closes > '17:00' THEN 'evening' END], NULL) $$;

CREATE FUNCTION public.directory_refresh_facts(asked uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM directory_searchfacts f WHERE f.listing_id = ANY (asked) AND NOT EXISTS (
        SELECT 1 FROM directory_listing l WHERE l.id = f.listing_id AND l.gone_at IS NULL AND l.merged_into_id IS NULL
            AND l.status NOT IN ('inactive', 'defunct'));
    INSERT INTO directory_searchfacts AS f (id, system_id, listing_id, name, title, words, minimum_age, maximum_age,
        for_gender, cost_pence, places, latitude, longitude, south, north, west, east, has_area, assured_on, runs_until)
    SELECT l.id, l.system_id, l.id, l.name, directory_title(l.name, l.alternate_name, l.search_words, l.needs),
        l.search_vector || array_to_tsvector(array_remove(
            ARRAY[
                CASE WHEN l.cost_pence = 0 OR (l.cost_pence IS NULL AND l.cost ILIKE 'free%') THEN 'cost/free' END,
                CASE WHEN l.for_gender <> '' THEN 'for/' || l.for_gender END,
                CASE WHEN l.accompaniment = 'yes' THEN 'come/along' END,
                CASE WHEN 'caring' = ANY (l.needs) OR concat_ws(' ', l.name, l.description, l.eligibility) ~* '\mcarers?\M'
                    THEN 'for/carers' END,
                CASE directory_step_free(concat_ws(' ', l.access, here.access)) WHEN 'yes' THEN 'stepfree/yes'
                    WHEN 'no' THEN 'stepfree/no' END,
                CASE WHEN cardinality(l.ways) = 0 OR l.ways && '{in_person,at_home}'::varchar[] THEN 'way/there' END,
                CASE WHEN l.ways && '{at_home,by_phone,online}'::varchar[] THEN 'way/reach' END,
                CASE WHEN here.places = 0 THEN 'place/none' END
            ] || spoken.tongues || timed.days || timed.parts || area.codes, NULL)),
        l.minimum_age, l.maximum_age, l.for_gender,
        CASE WHEN l.cost_pence IS NULL AND l.cost ILIKE 'free%' THEN 0 ELSE l.cost_pence END,
        here.places, here.latitude, here.longitude, here.south, here.north, here.west, here.east,
        coalesce(area.known, false), l.assured_on, timed.ends
    FROM directory_listing l
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT o.id) FILTER (WHERE o.latitude IS NOT NULL) AS places, avg(o.latitude) AS latitude,
            avg(o.longitude) AS longitude, min(o.latitude) AS south, max(o.latitude) AS north, min(o.longitude) AS west,
            max(o.longitude) AS east, string_agg(concat_ws(' ', o.access, (SELECT string_agg(concat_ws(' ', a.description,
                a.details), ' ' ORDER BY a.id) FROM directory_accessibility a WHERE a.location_id = o.id)), ' ' ORDER BY o.id)
                AS access
        FROM directory_listingatlocation al JOIN directory_location o ON o.id = al.location_id
        WHERE al.listing_id = l.id AND o.gone_at IS NULL AND NOT o.is_confidential
    ) AS here
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg('speaks/' || lower(split_part(tongue, '-', 1))), '{}') AS tongues FROM (
            SELECT unnest(l.languages) UNION SELECT coalesce(nullif(r.code, ''), r.name) FROM directory_language r
            WHERE r.listing_id = l.id) AS t (tongue) WHERE tongue <> ''
    ) AS spoken
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(DISTINCT 'day/' || day) FILTER (WHERE day IS NOT NULL), '{}') AS days,
            coalesce(array_agg(DISTINCT 'at/' || part) FILTER (WHERE part IS NOT NULL), '{}')
            || coalesce(array_agg(DISTINCT 'at/' || day || '/' || part) FILTER (WHERE day || part IS NOT NULL), '{}') AS parts,
            nullif(max(coalesce(s.valid_to, s.until, 'infinity')), 'infinity') AS ends
        FROM directory_schedule s
        LEFT JOIN LATERAL unnest(directory_days(s.frequency, s.byday)) AS day ON true
        LEFT JOIN LATERAL unnest(directory_parts_of_day(s.opens_at, s.closes_at)) AS part ON true
        WHERE s.listing_id = l.id
    ) AS timed
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg('serves/' || lower(code)) FILTER (WHERE code IS NOT NULL), '{}') AS codes,
            -- One area of which only the name is known leaves open who may come.
            bool_and(s.extent IS NOT NULL OR EXISTS (SELECT 1 FROM unnest(s.codes) AS c WHERE c ~ '^[A-Z]{1,2}[0-9][A-Z0-9]?$'))
                AS known
        FROM directory_servicearea s LEFT JOIN LATERAL unnest(s.codes) AS code ON true WHERE s.listing_id = l.id
    ) AS area
    WHERE l.id = ANY (asked) AND l.gone_at IS NULL AND l.merged_into_id IS NULL
        AND l.status NOT IN ('inactive', 'defunct')
    ON CONFLICT (listing_id) DO UPDATE SET (name, title, words, minimum_age, maximum_age, for_gender, cost_pence, places,
        latitude, longitude, south, north, west, east, has_area, assured_on, runs_until)
        = (excluded.name, excluded.title, excluded.words, excluded.minimum_age, excluded.maximum_age, excluded.for_gender,
        excluded.cost_pence, excluded.places, excluded.latitude, excluded.longitude, excluded.south, excluded.north,
        excluded.west, excluded.east, excluded.has_area, excluded.assured_on, excluded.runs_until);
END $$;

CREATE FUNCTION public.directory_title(name text, alternate_name text, search_words text, needs varchar[])
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT setweight(public.directory_words(name || ' ' || alternate_name), 'A')
    || setweight(public.directory_words(search_words), 'B')
    || coalesce((SELECT string_agg(quote_literal('need/' || need) || ':1B', ' ') FROM unnest(needs) AS need), '')::tsvector $$;

-- The argument is the column of the changed table that leads to the listing, or `location`: every listing that is there.
CREATE FUNCTION public.directory_facts_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    tables text := CASE TG_OP WHEN 'UPDATE' THEN '(TABLE was UNION ALL TABLE became)' WHEN 'INSERT' THEN 'became' ELSE 'was' END;
    touched uuid[];
BEGIN
    IF TG_ARGV[0] = 'listing_id' OR TG_TABLE_NAME = 'directory_listing' THEN
        EXECUTE format('SELECT array_agg(DISTINCT c.%I) FROM %s AS c', TG_ARGV[0], tables) INTO touched;
    ELSE
        EXECUTE format('SELECT array_agg(DISTINCT al.listing_id) FROM %s AS c
            JOIN directory_listingatlocation al ON al.location_id = c.%I', tables, TG_ARGV[0]) INTO touched;
    END IF;
    IF touched IS NOT NULL THEN
        PERFORM directory_refresh_facts(touched);
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT * FROM (VALUES ('directory_listing', 'id'), ('directory_listingatlocation', 'listing_id'),
        ('directory_location', 'id'), ('directory_schedule', 'listing_id'), ('directory_servicearea', 'listing_id'),
        ('directory_language', 'listing_id'), ('directory_accessibility', 'location_id')) AS t (place, leads)
    LOOP
        EXECUTE format('CREATE TRIGGER search_facts_new AFTER INSERT ON %I REFERENCING NEW TABLE AS became
            FOR EACH STATEMENT EXECUTE FUNCTION directory_facts_changed(%L)', one.place, one.leads);
        EXECUTE format('CREATE TRIGGER search_facts_changed AFTER UPDATE ON %I REFERENCING OLD TABLE AS was NEW TABLE AS became
            FOR EACH STATEMENT EXECUTE FUNCTION directory_facts_changed(%L)', one.place, one.leads);
        EXECUTE format('CREATE TRIGGER search_facts_gone AFTER DELETE ON %I REFERENCING OLD TABLE AS was
            FOR EACH STATEMENT EXECUTE FUNCTION directory_facts_changed(%L)', one.place, one.leads);
    END LOOP;
END $$;

-- A row is narrow: vectors stand beside it, and are read only where they rank. `title` stays in the row.
ALTER TABLE directory_searchfacts ALTER COLUMN words SET STORAGE EXTERNAL;
ALTER TABLE directory_searchfacts SET (toast_tuple_target = 256);
-- The places of a listing as a box, so that "within five miles" is looked up and not computed for everybody.
CREATE INDEX directory_facts_box ON directory_searchfacts USING gist (box(point(west, south), point(east, north)));
SELECT directory_refresh_facts(array_agg(id)) FROM directory_listing;
