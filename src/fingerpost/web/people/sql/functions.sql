-- Whether one of the actor's organisations is now involved with a person. The policy on the involvement table itself
-- needs it as a definer function: a policy may not query its own table. A minute's grace: an involvement that this very
-- transaction began is later than the transaction, and two machines' clocks are never quite the same.
CREATE OR REPLACE FUNCTION people_is_involved(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM people_involvement i WHERE i.person_id = asked
                  AND i.organisation_id = ANY(fp_organisations()) AND i.starts_at <= fp_now() + interval '1 minute'
                  AND (i.ends_at IS NULL OR i.ends_at > fp_now())
                  -- Through a link only what the running transaction began: as the wall of the table says.
                  AND (fp_link() IS NULL
                       OR (i.starts_at >= fp_now() AND i.organisation_id = fp_link_subject()))) $$;

-- Whether nobody is or was ever involved with a person: a record that is only just being made. Only then may an
-- organisation begin an involvement of its own without one that is there already, or the proof that people_join asks.
CREATE OR REPLACE FUNCTION people_is_new(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT NOT EXISTS (SELECT 1 FROM people_involvement i WHERE i.person_id = asked) $$;

-- "Already known to this network": the one question about people that crosses involvements. Somebody who brings the
-- identifier with the birth date gets the id, which pages never show; the full name with the birth date gets a bare
-- "maybe", for names and dates can be guessed. Bound to the caller's own system.
CREATE OR REPLACE FUNCTION people_known(
    asked_kind text, asked_value text, asked_birth date, asked_given text, asked_family text
) RETURNS TABLE (person_id uuid, certain boolean) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT p.id, true FROM people_identifier i JOIN people_person p ON p.id = i.person_id
   WHERE fp_sees_people() AND i.system_id = fp_system() AND i.kind = asked_kind AND i.value = asked_value
     AND i.entered_in_error_at IS NULL AND p.entered_in_error_at IS NULL AND p.birth_date = asked_birth
   UNION ALL
   SELECT NULL::uuid, false FROM people_person p
   WHERE fp_sees_people() AND p.system_id = fp_system() AND p.birth_date = asked_birth
     AND lower(p.family_name) = lower(asked_family) AND lower(p.given_name) = lower(asked_given)
     AND p.entered_in_error_at IS NULL
   ORDER BY 2 DESC LIMIT 1 $$;

-- An organisation that the caller acts for becomes involved with somebody whose identifier and birth date it brings.
-- Answers with the person, or with nothing. The check and the row are one step, so that an id alone opens nobody.
CREATE OR REPLACE FUNCTION people_join(
    entry uuid, asked_kind text, asked_value text, asked_birth date, joining uuid, as_kind text, from_when timestamptz
) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ DECLARE found uuid;
BEGIN
   IF joining <> ALL (coalesce(fp_organisations(), '{}')) THEN
      RAISE insufficient_privilege USING MESSAGE = 'only an organisation of whoever asks can become involved';
   END IF;
   SELECT k.person_id INTO found FROM people_known(asked_kind, asked_value, asked_birth, '', '') k WHERE k.certain;
   IF found IS NOT NULL THEN
      INSERT INTO people_involvement (id, system_id, person_id, organisation_id, kind, starts_at, ended_reason)
      SELECT entry, fp_system(), found, joining, as_kind, from_when, ''
      -- A link begins its own each time: what is there already does not open the person to it.
      WHERE fp_link() IS NOT NULL OR NOT EXISTS (SELECT 1 FROM people_involvement i WHERE i.person_id = found
                        AND i.organisation_id = joining AND i.kind = as_kind AND i.ends_at IS NULL);
   END IF;
   RETURN found;
END $$;

-- Whether an identifier is taken within the system, whoever's it is: so that a clash is told before it fails.
CREATE OR REPLACE FUNCTION people_identifier_taken(asked_kind text, asked_value text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM people_identifier WHERE fp_sees_people() AND system_id = fp_system()
                  AND kind = asked_kind AND value = asked_value AND entered_in_error_at IS NULL) $$;

-- People with a name that begins with each word, among those whom the caller's organisations are involved with. Under a
-- policy no index can answer how a name begins (the operator is not leakproof), so the function asks beyond the wall
-- and applies the scope itself; the rows are then read by id, under the policy. The patterns are written into the
-- statement, quoted, because only a constant pattern can use the index.
CREATE OR REPLACE FUNCTION people_named(words text[], at_most integer) RETURNS TABLE (person_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ DECLARE word text; conditions text := '';
BEGIN
   IF NOT fp_sees_people() OR coalesce(cardinality(words), 0) = 0 THEN
      RETURN;
   END IF;
   FOREACH word IN ARRAY words LOOP
      word := replace(replace(replace(lower(word), '\', '\\'), '%', '\%'), '_', '\_') || '%';
      conditions := conditions || format(
         ' AND (lower(p.family_name) LIKE %1$L OR lower(p.given_name) LIKE %1$L'
         ' OR (p.known_as <> '''' AND lower(p.known_as) LIKE %1$L))', word);
   END LOOP;
   RETURN QUERY EXECUTE
      'SELECT p.id FROM people_person p WHERE p.system_id = $1 AND p.entered_in_error_at IS NULL'
      ' AND EXISTS (SELECT 1 FROM people_involvement i WHERE i.person_id = p.id AND i.organisation_id = ANY ($2)'
      ' AND i.starts_at <= $3 + interval ''1 minute'' AND (i.ends_at IS NULL OR i.ends_at > $3))'
      || conditions || ' ORDER BY p.family_name, p.given_name, p.id LIMIT $4'
      USING fp_system(), fp_organisations(), fp_now(), at_most;
END $$;

-- Who saw this person? For information governance leads alone, told by their membership and not by what the web process
-- says of them. The person is named by number and birth date, or by full name and birth date; the question itself enters
-- the access log, with its reason, in the same step: there is no asking unseen. Nothing of the record comes back.
CREATE OR REPLACE FUNCTION people_who_saw(
    entry uuid, asked_kind text, asked_value text, asked_birth date, asked_given text, asked_family text,
    asking_for uuid, log_kind text, log_page text, log_hash text, log_reason text
) RETURNS TABLE (person uuid, at timestamptz, kind text, page text, actor text, organisation text, reason text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ #variable_conflict use_column
DECLARE found uuid[];
BEGIN
   IF NOT EXISTS (SELECT 1 FROM tenancy_membership m
                  WHERE m.user_id = fp_user() AND m.system_id = fp_system() AND m.role = 'governance_lead'
                    AND m.starts_at <= fp_now() AND (m.ends_at IS NULL OR m.ends_at > fp_now())) THEN
      RAISE insufficient_privilege USING MESSAGE = 'only an information governance lead may ask who saw a person';
   END IF;
   IF coalesce(btrim(log_reason), '') = '' OR log_kind NOT IN ('search', 'export') THEN
      RAISE check_violation USING MESSAGE = 'whoever asks who saw a person says why';
   END IF;
   SELECT coalesce(array_agg(p.id), '{}') INTO found FROM people_person p
   WHERE p.system_id = fp_system() AND p.birth_date = asked_birth AND CASE WHEN asked_value <> ''
      THEN EXISTS (SELECT 1 FROM people_identifier i WHERE i.person_id = p.id AND i.kind = asked_kind
                   AND i.value = asked_value AND i.entered_in_error_at IS NULL)
      ELSE lower(p.given_name) = lower(asked_given) AND lower(p.family_name) = lower(asked_family)
           AND p.entered_in_error_at IS NULL END;
   PERFORM audit_record_access(entry, log_kind, asking_for, log_page, found, '', log_hash, log_reason);
   RETURN QUERY
      SELECT p.id, a.at, a.kind::text, a.page::text, a.actor_label, coalesce(o.name, '')::text, a.reason
      FROM unnest(found) AS p(id) JOIN audit_access a ON a.person_ids @> ARRAY[p.id] AND a.system_id = fp_system()
      LEFT JOIN tenancy_organisation o ON o.id = a.organisation_id
      UNION ALL
      SELECT h.pgh_obj_id, h.pgh_created_at, 'changed', '', h.actor_label, '', ''
      FROM people_personhistoryevent h WHERE h.pgh_obj_id = ANY (found)
      ORDER BY 2 DESC;
END $$;
