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
