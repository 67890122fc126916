-- A listing is split into words where a query is: at every sign. PostgreSQL's own parser takes "children/families" for the
-- name of a file, "tables.Everybody" for a host and the end of "8-12" for less than nothing: none of them was found by its
-- words, and whoever wrote "cost/free" into a description stood among what is free. A stroke is in no word of a text now, so
-- only the database writes words with one. Accents go first: to take them off makes a stroke of some other signs, and a
-- hyphen of a dash. Tags and entities of HTML are no words.
CREATE OR REPLACE FUNCTION public.directory_words(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT to_tsvector('public.fingerpost_english'::regconfig, regexp_replace(public.directory_plain(regexp_replace(
    translate(normalize(words, NFKC), $q$'’‘ʼ`$q$, ''), '</?[a-zA-Z][^<>]*>|&#?[a-zA-Z0-9]+;', ' ', 'g')),
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f]+', ' ', 'g')) $$;

-- What is generated is generated anew. Nothing that anybody wrote changes, so nobody is told and no version is kept.
ALTER TABLE directory_listing DISABLE TRIGGER USER;
UPDATE directory_listing SET name = name;
ALTER TABLE directory_listing ENABLE TRIGGER USER;
DELETE FROM directory_searchlexeme;
DELETE FROM directory_searchfacts;
SELECT directory_refresh_facts(array_agg(id)) FROM directory_listing;
