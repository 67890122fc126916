-- What search looks at of one open listing, written anew from the seven tables it is made from.

-- Where on the map a place is, as a word: so many squares to a degree of latitude and of longitude. In the United Kingdom a
-- `patch` is some four kilometres each way, a `cell` eleven, a `tile` thirty.
CREATE OR REPLACE FUNCTION public.directory_square(kind text, latitude float8, longitude float8, up int, across int)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT kind || '/' || floor(latitude * up)::int || '/' || floor(longitude * across)::int $$;

CREATE OR REPLACE FUNCTION public.directory_refresh_facts(asked uuid[]) RETURNS void LANGUAGE plpgsql AS $$
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
            ] || spoken.tongues || timed.days || timed.parts || area.codes || here.squares, NULL)),
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
                AS access,
            coalesce(array_agg(DISTINCT directory_square('patch', o.latitude, o.longitude, 25, 15))
                FILTER (WHERE o.latitude IS NOT NULL), '{}')
            || coalesce(array_agg(DISTINCT directory_square('cell', o.latitude, o.longitude, 10, 6))
                FILTER (WHERE o.latitude IS NOT NULL), '{}')
            || coalesce(array_agg(DISTINCT directory_square('tile', o.latitude, o.longitude, 4, 2))
                FILTER (WHERE o.latitude IS NOT NULL), '{}') AS squares
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
