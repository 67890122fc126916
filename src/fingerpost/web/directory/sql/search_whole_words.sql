-- The words of the text index in alphabetical order: whoever types the beginning of a word is shown what begins so. Asked
-- as a beginning, the index gathers all listings of all those words before it looks at anything else that is asked.
--
-- A word may stand in the list twice. Were it kept to once, two imports that write new words in several steps would wait for
-- each other's words, each for one that the other wrote before.

CREATE FUNCTION public.directory_keep_lexemes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text := CASE TG_OP WHEN 'INSERT' THEN 'became' ELSE
        '(SELECT n.system_id, n.words FROM became n JOIN was o USING (id) WHERE n.words <> o.words)' END;
BEGIN
    -- Two that write at once may each write a word: neither waits for the other, so they never meet head-on.
    EXECUTE format($q$
        INSERT INTO directory_searchlexeme (id, system_id, lexeme)
        SELECT gen_random_uuid(), system_id, lexeme FROM (
            SELECT DISTINCT c.system_id, lexeme COLLATE "C" AS lexeme
            FROM %s AS c CROSS JOIN LATERAL unnest(tsvector_to_array(c.words)) AS lexeme WHERE lexeme !~ '^[a-z]+/'
        ) AS found
        WHERE NOT EXISTS (SELECT 1 FROM directory_searchlexeme k
            WHERE k.system_id = found.system_id AND k.lexeme = found.lexeme)
        $q$, changed);
    RETURN NULL;
END $$;
CREATE TRIGGER search_lexemes_new AFTER INSERT ON directory_searchfacts REFERENCING NEW TABLE AS became
    FOR EACH STATEMENT EXECUTE FUNCTION directory_keep_lexemes();
CREATE TRIGGER search_lexemes_changed AFTER UPDATE ON directory_searchfacts REFERENCING OLD TABLE AS was NEW TABLE AS became
    FOR EACH STATEMENT EXECUTE FUNCTION directory_keep_lexemes();

-- The beginning of a word as the words that begin so; as it was asked where there are none, or more than forty.
CREATE FUNCTION public.directory_spelt_out(asked tsquery, of_system uuid) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN count(*) BETWEEN 1 AND 40
        THEN string_agg('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''', ' | ')::tsquery ELSE asked END
    FROM (
        SELECT DISTINCT k.lexeme FROM (SELECT (regexp_match(asked::text, '^''([^'']+)'':\*$'))[1] COLLATE "C" AS stem) AS typed,
            directory_searchlexeme k
        WHERE k.system_id = of_system AND k.lexeme >= stem AND k.lexeme < stem || chr(1114111) ORDER BY k.lexeme LIMIT 41
    ) AS found $$;

INSERT INTO directory_searchlexeme (id, system_id, lexeme)
    SELECT gen_random_uuid(), system_id, lexeme FROM (
        SELECT DISTINCT f.system_id, lexeme FROM directory_searchfacts f, unnest(tsvector_to_array(f.words)) AS lexeme
        WHERE lexeme !~ '^[a-z]+/') AS found;
