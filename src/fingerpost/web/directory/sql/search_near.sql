-- A degree of longitude is shorter than one of latitude: with both made alike, the index knows what is near.
DROP INDEX directory_facts_box;
CREATE INDEX directory_facts_box ON directory_searchfacts
    USING gist (box(point(west * 0.6, south), point(east * 0.6, north)));

-- What few listings need: functions of their own, planned once and not again in each part of each search. RESTRICTED, since a
-- second process takes longer to start than fifty listings take to be read.
CREATE FUNCTION public.directory_km_to_nearest(of_listing uuid, lat float8, lon float8) RETURNS float8
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10 AS $$
BEGIN
    RETURN (SELECT min(12742.0176 * asin(sqrt(least(1.0, power(sin(radians(o.latitude - lat) / 2), 2)
        + cos(radians(lat)) * cos(radians(o.latitude)) * power(sin(radians(o.longitude - lon) / 2), 2)))))
        FROM directory_listingatlocation al JOIN directory_location o ON o.id = al.location_id
        WHERE al.listing_id = of_listing AND o.latitude IS NOT NULL AND o.gone_at IS NULL);
END $$;

CREATE FUNCTION public.directory_serves(of_listing uuid, lat float8, lon float8) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10 AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM directory_servicearea a WHERE a.listing_id = of_listing
        AND lat BETWEEN a.south AND a.north AND lon BETWEEN a.west AND a.east);
END $$;
