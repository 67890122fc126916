-- The only way into the access log. Actor, system and time come from the transaction, not from the caller, and the
-- organisation must be one that the transaction acts for, or whose link is open: a look cannot be filed elsewhere.
CREATE OR REPLACE FUNCTION audit_record_access(
    entry uuid, entry_kind text, entry_organisation uuid, entry_page text, entry_persons uuid[], entry_label text,
    entry_query_hash text, entry_reason text
) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN
   IF entry_organisation IS NOT NULL AND entry_organisation <> ALL (coalesce(fp_organisations(), '{}'))
      AND NOT EXISTS (SELECT 1 FROM foundation_signedlink
                      WHERE id = fp_link() AND organisation_id = entry_organisation) THEN
      RAISE insufficient_privilege USING MESSAGE = 'a look is logged for the organisation of whoever looks';
   END IF;
   INSERT INTO audit_access (id, system_id, at, kind, actor_id, actor_label, organisation_id, page, person_ids,
                             person_label, query_hash, reason)
   VALUES (entry, fp_system(), fp_now(), entry_kind, fp_actor(), fp_setting('actor_label'), entry_organisation,
           entry_page, entry_persons, entry_label, entry_query_hash, entry_reason);
END $$;

-- Every row of a trace table is noted as unsealed in the transaction that writes it. A transaction that is still open
-- while others are sealed shows its note and its row together, when it commits: nothing is skipped and nothing is early.
CREATE OR REPLACE FUNCTION audit_note_unsealed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ BEGIN
   EXECUTE format('INSERT INTO audit_unsealed (id, "table", row_id) SELECT gen_random_uuid(), $1, %I::text FROM added',
                  TG_ARGV[0]) USING TG_TABLE_NAME::text;
   RETURN NULL;
END $$;

-- Trace tables are the access log and every history table. What was in one before it was watched is noted as well.
DO $$ DECLARE traced record;
BEGIN
   FOR traced IN SELECT c.relname AS name, CASE c.relname WHEN 'audit_access' THEN 'id' ELSE 'pgh_id' END AS key
                 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname = 'public' AND c.relkind = 'r'
                   AND (c.relname = 'audit_access' OR EXISTS (SELECT 1 FROM pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attname = 'pgh_id' AND NOT a.attisdropped))
                   AND NOT EXISTS (SELECT 1 FROM pg_trigger t
                                   WHERE t.tgrelid = c.oid AND t.tgname = 'audit_watched')
   LOOP
      EXECUTE format('CREATE TRIGGER audit_watched AFTER INSERT ON %I REFERENCING NEW TABLE AS added'
                     ' FOR EACH STATEMENT EXECUTE FUNCTION audit_note_unsealed(%L)', traced.name, traced.key);
      EXECUTE format('INSERT INTO audit_unsealed (id, "table", row_id) SELECT gen_random_uuid(), %L, %I::text FROM %I',
                     traced.name, traced.key, traced.name);
   END LOOP;
END $$;

-- The tables in which rows wait, and the seal that the next one must name.
CREATE OR REPLACE FUNCTION audit_waiting_tables() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$ SELECT DISTINCT "table" FROM audit_unsealed ORDER BY 1 $$;

CREATE OR REPLACE FUNCTION audit_newest_seal() RETURNS TABLE (number bigint, mark text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT number, mark::text FROM audit_seal ORDER BY number DESC LIMIT 1 $$;

CREATE OR REPLACE FUNCTION audit_newest_sealed_at() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT sealed_at FROM audit_seal ORDER BY number DESC LIMIT 1 $$;

CREATE OR REPLACE FUNCTION audit_has_seal(asked_number bigint, asked_mark text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM audit_seal WHERE number = asked_number AND mark = asked_mark) $$;

-- Some rows that wait, as their ids and digests: no word of a row leaves. A note whose row is gone has no digest.
CREATE OR REPLACE FUNCTION audit_unsealed_digests(of_table text, how_many int)
RETURNS TABLE (row_id text, digest bytea, columns text[]) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET timezone = 'UTC' AS
$$ DECLARE key text := CASE of_table WHEN 'audit_access' THEN 'id' ELSE 'pgh_id' END;
           key_type text;
BEGIN
   IF NOT EXISTS (SELECT 1 FROM audit_unsealed u WHERE u."table" = of_table) THEN RETURN; END IF;
   SELECT format_type(a.atttypid, NULL) INTO key_type FROM pg_attribute a
   WHERE a.attrelid = format('public.%I', of_table)::regclass AND a.attname = key;
   RETURN QUERY EXECUTE format(
      'SELECT u.row_id, sha256(convert_to(to_jsonb(t)::text, ''UTF8'')),'
      ' (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a'
      '  WHERE a.attrelid = ''public.%1$I''::regclass AND a.attnum > 0 AND NOT a.attisdropped)'
      ' FROM (SELECT n.row_id FROM audit_unsealed n WHERE n."table" = $1 ORDER BY n.row_id LIMIT $2) u'
      ' LEFT JOIN public.%1$I t ON t.%2$I = u.row_id::%3$s', of_table, key, key_type) USING of_table, how_many;
END $$;

-- Only one seals at a time: the next waits here until the seal before is committed, or gives up.
CREATE OR REPLACE FUNCTION audit_may_seal() RETURNS boolean LANGUAGE sql VOLATILE
RETURN pg_try_advisory_xact_lock(7366108, 1);

-- The only way to add a seal. It takes exactly the rows that it names off the list of those that wait, and follows the
-- newest one. Whoever adds one without the key leaves a seal that the next verification calls false.
CREATE OR REPLACE FUNCTION audit_add_seal(
    entry uuid, new_number bigint, at_time timestamptz, of_table text, of_columns text[], ids text[], row_digests bytea,
    named_previous text, new_mark text
) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ DECLARE taken bigint;
BEGIN
   IF (new_number, named_previous) IS DISTINCT FROM
      (coalesce((SELECT number FROM audit_newest_seal()), 0) + 1, coalesce((SELECT mark FROM audit_newest_seal()), ''))
   THEN
      RAISE insufficient_privilege USING MESSAGE = 'a seal follows the newest one';
   END IF;
   DELETE FROM audit_unsealed WHERE "table" = of_table AND row_id = ANY (ids);
   GET DIAGNOSTICS taken = ROW_COUNT;
   IF taken <> cardinality(ids) OR octet_length(row_digests) <> 32 * taken THEN
      RAISE insufficient_privilege USING MESSAGE = 'a seal covers rows that wait for one, each with its digest';
   END IF;
   INSERT INTO audit_seal (id, number, sealed_at, "table", columns, row_ids, digests, previous, mark)
   VALUES (entry, new_number, at_time, of_table, of_columns, ids, row_digests, named_previous, new_mark);
END $$;
