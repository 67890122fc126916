-- Whether an organisation of the actor works with a person on its own account, beside one that has sealed them and has
-- closed into the actor's since.
CREATE OR REPLACE FUNCTION people_works_beside(asked uuid, closed uuid) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT NOT tenancy_is_open(closed) AND EXISTS (SELECT 1 FROM people_involvement i WHERE i.person_id = asked
             AND i.organisation_id = ANY (fp_organisations()) AND i.organisation_id <> closed
             AND i.kind IN ('registered_practice', 'referrer', 'scheme') AND i.starts_at <= fp_now() + interval '1 minute'
             AND (i.ends_at IS NULL OR i.ends_at > fp_now())) $$;

-- Whether there is such a person at all: asked once in a statement, before any row is asked about.
CREATE OR REPLACE FUNCTION people_works_beside_seals() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT (fp_user() IS NOT NULL OR fp_link() IS NOT NULL) AND EXISTS (SELECT 1 FROM people_seal s
      WHERE s.system_id = fp_system() AND s.organisation_id = ANY (fp_organisations()) AND s.kind = 'person'
        AND s.lifted_at IS NULL AND coalesce(fp_user() <> ALL (s.named), true)
        AND people_works_beside(s.person_id, s.organisation_id)) $$;

-- What is sealed against whoever acts: persons and contacts that an organisation of theirs has sealed without naming
-- them, and those whom they see only by cover, as an employer or in an emergency while any organisation holds a seal.
-- Policies read it once in a statement. A job (no account, no link) is nobody's colleague: it sets letters and sends what was written.
CREATE OR REPLACE FUNCTION people_sealed_away() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(s.subject_id), '{}') FROM people_seal s
   WHERE (fp_user() IS NOT NULL OR fp_link() IS NOT NULL) AND fp_sees_people() AND s.system_id = fp_system()
     AND s.lifted_at IS NULL AND coalesce(fp_user() <> ALL (s.named), true)
     AND ((s.organisation_id = ANY (fp_organisations())
           AND NOT (s.kind = 'person' AND people_works_beside(s.person_id, s.organisation_id)))
          OR (EXISTS (SELECT 1 FROM people_involvement i WHERE i.person_id = s.person_id
                     AND i.organisation_id = ANY (fp_organisations()) AND i.starts_at <= fp_now()
                     AND (i.ends_at IS NULL OR i.ends_at > fp_now())
                     AND (i.kind = 'employer' OR i.account_id = fp_user() OR i.on_behalf_of_id = s.organisation_id))
             -- Whoever works with the person as well goes on with that: `walls.covered` shuts what it covers.
             AND NOT (s.kind = 'person' AND EXISTS (SELECT 1 FROM people_involvement i
                     WHERE i.person_id = s.person_id AND i.organisation_id = ANY (fp_organisations())
                     AND i.kind IN ('registered_practice', 'referrer', 'scheme') AND i.starts_at <= fp_now() + interval '1 minute'
                     AND (i.ends_at IS NULL OR i.ends_at > fp_now()))))) $$;

-- Whether a scheme has sealed the person's record against whoever acts: then nobody covers its work with them.
CREATE OR REPLACE FUNCTION people_is_sealed_by(asked uuid, scheme uuid) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM people_seal s WHERE s.person_id = asked AND s.organisation_id = scheme
                  AND s.kind = 'person' AND s.lifted_at IS NULL AND coalesce(fp_user() <> ALL (s.named), true)
                  AND (fp_user() IS NOT NULL OR fp_link() IS NOT NULL)) $$;

-- Whether a row about a person is work that an organisation, closed into the actor's, has sealed against whoever acts.
CREATE OR REPLACE FUNCTION people_is_sealed_here(asked uuid, closed uuid) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT closed = ANY (fp_organisations()) AND people_is_sealed_by(asked, closed) $$;

-- Whether one of the actor's organisations is now involved with a person. The policy on the involvement table itself
-- needs it as a definer function: a policy may not query its own table. A minute's grace: an involvement that this very
-- transaction began is later than the transaction, and two machines' clocks are never quite the same.
CREATE OR REPLACE FUNCTION people_is_involved(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM people_involvement i WHERE i.person_id = asked
                  AND i.organisation_id = ANY(fp_organisations()) AND i.starts_at <= fp_now() + interval '1 minute'
                  AND (i.ends_at IS NULL OR i.ends_at > fp_now())
                  -- What was opened in an emergency is for reading: it begins nothing and ends nothing of others.
                  AND i.account_id IS NULL AND asked <> ALL (people_sealed_away())
                  -- Through a link only what the running transaction began: as the wall of the table says.
                  AND (fp_link() IS NULL
                       OR (i.starts_at >= fp_now() AND i.organisation_id = fp_link_subject()))) $$;

-- Whether an organisation of the actor may open the person to another, or to itself for longer: not one that covers
-- for a while, nor one that employs the worker. Otherwise neither would end on its date.
CREATE OR REPLACE FUNCTION people_may_involve(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT people_is_involved(asked) AND EXISTS (SELECT 1 FROM people_involvement i WHERE i.person_id = asked
                  AND i.organisation_id = ANY(fp_organisations()) AND i.kind IN ('registered_practice', 'referrer', 'scheme')
                  AND i.starts_at <= fp_now() + interval '1 minute'
                  AND (i.ends_at IS NULL OR i.ends_at > fp_now())) $$;

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
      -- Whose practice somebody is, is said by a change of practice: bringing their number makes a referrer.
      IF as_kind = 'registered_practice'
         AND NOT EXISTS (SELECT 1 FROM people_person p WHERE p.id = found AND p.practice_id = joining) THEN
         as_kind := 'referrer';
      END IF;
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

-- The statement of `people_named`, apart so that its plan can be looked at. The patterns are written into it, quoted,
-- because only a constant pattern can use the index. A name may be that of thousands, and an organisation see thousands: both
-- sides are read from indexes alone, and only whom both hold is read whole. The longest word is looked for first: it is
-- the rarest.
CREATE OR REPLACE FUNCTION people_named_statement(words text[]) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = public, pg_temp AS
$$ DECLARE word text; conditions text := ''; longest text := '';
BEGIN
   FOREACH word IN ARRAY words LOOP
      word := replace(replace(replace(lower(word), '\', '\\'), '%', '\%'), '_', '\_') || '%';
      IF length(word) > length(longest) THEN
         longest := word;
      END IF;
      conditions := conditions || format(
         ' AND (lower(p.family_name) LIKE %1$L OR lower(p.given_name) LIKE %1$L'
         ' OR (p.known_as <> '''' AND lower(p.known_as) LIKE %1$L))', word);
   END LOOP;
   RETURN format(
      'WITH mine AS MATERIALIZED (SELECT i.person_id FROM people_involvement i WHERE i.organisation_id = ANY ($2)'
      ' AND i.starts_at <= $3 + interval ''1 minute'' AND (i.ends_at IS NULL OR i.ends_at > $3) AND i.account_id IS NULL),'
      ' named AS (SELECT f.id FROM people_person f WHERE f.system_id = $1 AND lower(f.family_name) LIKE %1$L UNION ALL'
      ' SELECT g.id FROM people_person g WHERE g.system_id = $1 AND lower(g.given_name) LIKE %1$L UNION ALL'
      ' SELECT k.id FROM people_person k WHERE k.system_id = $1 AND k.known_as <> '''' AND lower(k.known_as) LIKE %1$L)'
      -- OFFSET 0: whom both hold are read by their ids, whatever the planner expects of the other words.
      ' SELECT p.id FROM (SELECT DISTINCT n.id FROM named n JOIN mine m ON m.person_id = n.id) both_hold CROSS JOIN LATERAL'
      ' (SELECT q.* FROM people_person q WHERE q.id = both_hold.id AND q.system_id = $1 AND q.entered_in_error_at IS NULL'
      ' OFFSET 0) p WHERE p.id <> ALL ($5)', longest)
      || conditions || ' ORDER BY p.family_name, p.given_name, p.id LIMIT $4';
END $$;

-- People with a name that begins with each word, among those whom the caller's organisations are involved with. Under a
-- policy no index can answer how a name begins (the operator is not leakproof), so the function asks beyond the wall
-- and applies the scope itself; the rows are then read by id, under the policy.
CREATE OR REPLACE FUNCTION people_named(words text[], at_most integer) RETURNS TABLE (person_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN
   IF NOT fp_sees_people() OR coalesce(cardinality(words), 0) = 0 THEN
      RETURN;
   END IF;
   RETURN QUERY EXECUTE people_named_statement(words)
      USING fp_system(), fp_organisations(), fp_now(), at_most, people_sealed_away();
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
   IF NOT people_is_governance_lead() THEN
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

-- Whether an organisation of the actor covers anybody's work now: asked first, so that nobody else pays for cover.
CREATE OR REPLACE FUNCTION people_covers_any() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM people_involvement i WHERE i.organisation_id = ANY (fp_organisations())
                  AND i.on_behalf_of_id IS NOT NULL AND i.starts_at <= fp_now() AND i.ends_at > fp_now()) $$;

-- The live seals of the actor's organisations, without a word about whom or why.
CREATE OR REPLACE FUNCTION people_seals_here()
RETURNS TABLE (seal_id uuid, kind text, sealed_at timestamptz, sealed_by_name text, is_open_to_me boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT s.id, s.kind::text, s.sealed_at, s.sealed_by_name::text, fp_user() = ANY (s.named) FROM people_seal s
   WHERE fp_sees_people() AND s.system_id = fp_system() AND s.organisation_id = ANY (fp_organisations())
     AND s.lifted_at IS NULL ORDER BY s.sealed_at DESC, s.id $$;

-- How many contacts with a person are sealed: for those who see the person, a mark and no word.
CREATE OR REPLACE FUNCTION people_seals_on(asked uuid) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT count(*) FROM people_seal s WHERE s.person_id = asked AND s.kind = 'contact' AND s.lifted_at IS NULL
     AND fp_sees_people() AND people_is_involved(asked) AND s.organisation_id = ANY (fp_organisations()) $$;

-- Lift a seal: somebody whom it names, or a team lead of the organisation that set it, or that it closed into, told by their membership and not
-- by what the web process says of them; always with a reason, which the history keeps.
CREATE OR REPLACE FUNCTION people_lift_seal(asked uuid, why text) RETURNS boolean LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN
   IF coalesce(btrim(why), '') = '' THEN
      RAISE check_violation USING MESSAGE = 'whoever lifts a seal says why';
   END IF;
   UPDATE people_seal s SET lifted_at = fp_now(), lifted_by = fp_user(), lifted_reason = btrim(why)
   WHERE s.id = asked AND s.system_id = fp_system() AND s.organisation_id = ANY (fp_organisations())
     AND s.lifted_at IS NULL AND (fp_user() = ANY (s.named) OR EXISTS (
        SELECT 1 FROM tenancy_membership m WHERE m.user_id = fp_user()
          AND (m.organisation_id = s.organisation_id OR s.organisation_id = ANY (tenancy_inherited(m.organisation_id)))
          AND m.role = 'team_lead' AND m.suspended_at IS NULL AND tenancy_is_open(m.organisation_id)
          AND m.starts_at <= fp_now() AND (m.ends_at IS NULL OR m.ends_at > fp_now())));
   RETURN FOUND;
END $$;

-- Persons whose record is sealed, for jobs alone: an extract leaves their rows out.
CREATE OR REPLACE FUNCTION people_sealed_persons() RETURNS TABLE (person_id uuid) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT DISTINCT s.person_id FROM people_seal s WHERE fp_user() IS NULL AND fp_link() IS NULL
     AND s.system_id = fp_system() AND s.kind = 'person' AND s.lifted_at IS NULL $$;

-- The account that acts, while its membership lets it open records in an emergency: whoever is suspended meanwhile, or
-- has another role, reads no further, whatever the web process has not noticed yet.
CREATE OR REPLACE FUNCTION people_emergency_account() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT m.user_id FROM tenancy_membership m WHERE m.user_id = fp_user() AND m.system_id = fp_system()
     AND m.organisation_id = ANY (fp_organisations()) AND m.role IN ('clinician', 'link_worker', 'team_lead')
     AND m.suspended_at IS NULL AND tenancy_is_open(m.organisation_id)
     AND m.starts_at <= fp_now() AND (m.ends_at IS NULL OR m.ends_at > fp_now()) LIMIT 1 $$;

-- Whether the actor has a person's record open in an emergency, now.
CREATE OR REPLACE FUNCTION people_open_now(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT fp_sees_people() AND EXISTS (SELECT 1 FROM people_involvement i WHERE i.person_id = asked
          AND i.account_id = people_emergency_account() AND i.organisation_id = ANY (fp_organisations())
          AND i.starts_at <= fp_now() + interval '1 minute' AND i.ends_at > fp_now()
          AND asked <> ALL (people_sealed_away())) $$;

-- How a person must not be reached, whatever the asker may see of them: messages are sent by jobs, when an involvement
-- may have ended, and a provider's page must know what it may no longer pass on. No name, no reason.
CREATE OR REPLACE FUNCTION people_contact_rules(asked uuid)
RETURNS TABLE (kind text, address text, worker_id uuid, not_before date) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT r.kind, r.address, r.worker_id, r.not_before FROM (
      SELECT c.kind::text, c.address::text, c.worker_id, c.not_before FROM people_contactcondition c
      WHERE c.person_id = asked AND c.system_id = fp_system() AND c.lifted_at IS NULL
      UNION ALL
      SELECT f.kind, '', NULL, NULL FROM people_person p CROSS JOIN LATERAL (VALUES ('call', p.phone_is_safe),
         ('text', p.text_is_safe), ('email', p.email_is_safe), ('post', p.post_is_safe)) AS f(kind, is_safe)
      WHERE p.id = asked AND p.system_id = fp_system() AND NOT f.is_safe) r
   WHERE people_is_involved(asked) OR people_open_now(asked) OR (fp_user() IS NULL AND fp_link() IS NULL)
      OR EXISTS (SELECT 1 FROM pathway_journey j WHERE j.id = fp_link_journey() AND j.person_id = asked) $$;

-- Whether an address is the person's own, for a job that is about to send to it.
CREATE OR REPLACE FUNCTION people_is_address_of(asked uuid, given text) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM people_person p WHERE p.id = asked AND p.system_id = fp_system()
                  AND lower(given) IN (lower(p.email), p.phone)
                  AND (people_is_involved(asked) OR (fp_user() IS NULL AND fp_link() IS NULL))) $$;

-- End an involvement of another organisation, whose rows the caller does not read: the referrer's when the work has
-- ended, an employer's when the case goes to somebody else, the old practice's when the person has moved. Only by an
-- organisation that is involved itself, and never back in time.
CREATE OR REPLACE FUNCTION people_end_of_others(asked uuid, other uuid, as_kind text, at_when timestamptz, why text)
RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ DECLARE ended integer;
BEGIN
   IF NOT (fp_sees_people() AND people_may_involve(asked)) OR as_kind = 'cover' OR at_when < fp_now() - interval '1 minute' THEN
      RAISE insufficient_privilege USING MESSAGE = 'only who works with a person ends an involvement, and not back in time';
   END IF;
   UPDATE people_involvement i SET ends_at = greatest(at_when, i.starts_at), ended_reason = why
   WHERE i.person_id = asked AND i.system_id = fp_system() AND i.organisation_id = other AND i.kind = as_kind
     AND (i.ends_at IS NULL OR i.ends_at > at_when);
   GET DIAGNOSTICS ended = ROW_COUNT;
   RETURN ended;
END $$;

-- Open the record of a person whom the actor is not involved with: somebody is in danger and nobody who works with them can
-- be asked. Named exactly, by number or full name with the birth date; a miss says no more than a miss. Who asks is told
-- by their membership; what they asked, found or not, is written down with the reason in the same step. It ends by itself.
CREATE OR REPLACE FUNCTION people_open_in_emergency(
    entry uuid, asked_kind text, asked_value text, asked_birth date, asked_given text, asked_family text,
    opening_for uuid, why_kind text, why text, log_page text, log_hash text
) RETURNS TABLE (outcome text, opening uuid) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ #variable_conflict use_column
DECLARE matching uuid[]; found uuid; live uuid; involvement uuid; opened integer; tried integer; result text := 'nobody';
BEGIN
   IF NOT EXISTS (SELECT 1 FROM tenancy_membership m
                  WHERE m.user_id = fp_user() AND m.system_id = fp_system() AND m.organisation_id = opening_for
                    AND opening_for = ANY (fp_organisations())
                    AND m.role IN ('clinician', 'link_worker', 'team_lead') AND m.suspended_at IS NULL
                    AND tenancy_is_open(m.organisation_id)
                    AND m.starts_at <= fp_now() AND (m.ends_at IS NULL OR m.ends_at > fp_now())) THEN
      RAISE insufficient_privilege USING MESSAGE = 'only who works with people opens a record in an emergency';
   END IF;
   IF coalesce(btrim(why), '') = '' THEN
      RAISE check_violation USING MESSAGE = 'whoever opens a record in an emergency says why';
   END IF;
   IF why_kind NOT IN ('danger', 'safeguarding', 'health', 'other') THEN
      RAISE check_violation USING MESSAGE = 'this is no kind of emergency';
   END IF;
   -- One after the other, so that many at once are counted.
   PERFORM pg_advisory_xact_lock(hashtextextended('people_emergency' || fp_user()::text, 0));
   SELECT count(*) FILTER (WHERE e.outcome = 'opened'), count(*) INTO opened, tried FROM people_emergencyopening e
   WHERE e.opened_by = fp_user() AND e.opened_at > fp_now() - interval '24 hours';
   SELECT array_agg(p.id) INTO matching FROM people_person p
   WHERE p.system_id = fp_system() AND p.birth_date = asked_birth AND p.entered_in_error_at IS NULL
     AND CASE WHEN asked_value <> ''
         THEN EXISTS (SELECT 1 FROM people_identifier i WHERE i.person_id = p.id AND i.kind = asked_kind
                      AND i.value = asked_value AND i.entered_in_error_at IS NULL)
         ELSE lower(p.given_name) = lower(asked_given) AND lower(p.family_name) = lower(asked_family) END;
   -- Sealed by anybody, whoever's colleague asks: the person asked that it be shut.
   IF cardinality(matching) = 1 AND NOT EXISTS (SELECT 1 FROM people_seal s WHERE s.person_id = matching[1]
         AND s.kind = 'person' AND s.lifted_at IS NULL AND fp_user() <> ALL (s.named)) THEN
      found := matching[1];
      SELECT e.id INTO live FROM people_emergencyopening e JOIN people_involvement i ON i.id = e.involvement_id
      WHERE e.opened_by = fp_user() AND e.organisation_id = opening_for AND e.person_id = found
        AND i.ends_at > fp_now() LIMIT 1;
   END IF;
   IF live IS NOT NULL THEN  -- pressed again: nothing more is opened, nothing lasts longer, and it is logged
      PERFORM audit_record_access(gen_random_uuid(), 'search', opening_for, log_page, ARRAY[found], '', log_hash,
                                  btrim(why));
      RETURN QUERY SELECT 'opened', live;
      RETURN;
   END IF;
   IF opened >= 3 OR tried >= 10 THEN
      result := 'too_many';
      found := NULL;
   ELSIF found IS NOT NULL THEN
      result := 'opened';
      INSERT INTO people_involvement (id, system_id, person_id, organisation_id, account_id, kind, starts_at, ends_at,
                                      ended_reason)
      VALUES (gen_random_uuid(), fp_system(), found, opening_for, fp_user(), 'emergency', fp_now(),
              fp_now() + interval '24 hours', '') RETURNING id INTO involvement;
   END IF;
   INSERT INTO people_emergencyopening (id, system_id, person_id, involvement_id, organisation_id, outcome, opened_by,
      opened_by_name, reason_kind, reason, opened_at, ends_at, finding, finding_note, reviewed_by_name)
   VALUES (entry, fp_system(), found, involvement, opening_for, result, fp_user(), fp_setting('actor_label'), why_kind,
      btrim(why), fp_now(), CASE WHEN found IS NULL THEN NULL ELSE fp_now() + interval '24 hours' END, '', '', '');
   PERFORM audit_record_access(gen_random_uuid(), 'search', opening_for, log_page,
                               CASE WHEN found IS NULL THEN '{}'::uuid[] ELSE ARRAY[found] END, '', log_hash, btrim(why));
   RETURN QUERY SELECT result, entry;
END $$;

-- Whoever opened a record closes it again before the day is over. Nobody opens it for longer.
CREATE OR REPLACE FUNCTION people_close_emergency(asked uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ DECLARE involvement uuid;
BEGIN
   UPDATE people_emergencyopening e SET closed_at = fp_now()
   WHERE e.id = asked AND e.system_id = fp_system() AND e.opened_by = fp_user() AND e.closed_at IS NULL
     AND e.ends_at > fp_now() RETURNING e.involvement_id INTO involvement;
   UPDATE people_involvement i SET ends_at = greatest(i.starts_at, fp_now()), ended_reason = 'closed by hand'
   WHERE i.id = involvement AND i.ends_at > fp_now();
   RETURN involvement IS NOT NULL;
END $$;

-- Whom to ring about a person whose record is open in an emergency: organisations that work with them, and no more. Where
-- one has closed, those who stand in for it: nobody answers the telephone of the other.
CREATE OR REPLACE FUNCTION people_works_with(asked uuid) RETURNS TABLE (name text, phone text, kind text) LANGUAGE sql
STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ WITH RECURSIVE at_work(organisation_id, kind) AS (
      SELECT i.organisation_id, i.kind::text FROM people_involvement i
      WHERE people_open_now(asked) AND i.person_id = asked AND i.kind IN ('scheme', 'registered_practice', 'cover')
        AND i.starts_at <= fp_now() AND (i.ends_at IS NULL OR i.ends_at > fp_now())
      UNION
      SELECT s.successor_id, w.kind FROM at_work w JOIN tenancy_succession s ON s.predecessor_id = w.organisation_id
      WHERE s.withdrawn_at IS NULL AND s.starts_on <= tenancy_today())
   SELECT DISTINCT o.name::text, o.phone::text, w.kind FROM at_work w
   JOIN tenancy_organisation o ON o.id = w.organisation_id
   WHERE o.closes_on IS NULL OR o.closes_on > tenancy_today() ORDER BY 3, 1 $$;

-- What was opened or asked for in emergencies, for information governance leads alone; the reading is logged in the same
-- step, for it names people.
CREATE OR REPLACE FUNCTION people_emergencies(entry uuid, asking_for uuid, log_page text, since timestamptz)
RETURNS TABLE (id uuid, outcome text, opened_at timestamptz, ends_at timestamptz, closed_at timestamptz,
               opened_by_name text, is_mine boolean, organisation text, reason_kind text, reason text, person text,
               birth_date date, finding text, finding_note text, reviewed_at timestamptz, reviewed_by_name text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ #variable_conflict use_column
BEGIN
   IF NOT people_is_governance_lead() THEN
      RAISE insufficient_privilege USING MESSAGE = 'only an information governance lead reviews emergencies';
   END IF;
   PERFORM audit_record_access(entry, 'list', asking_for, log_page,
      (SELECT coalesce(array_agg(DISTINCT e.person_id) FILTER (WHERE e.person_id IS NOT NULL), '{}')
       FROM people_emergencyopening e WHERE e.system_id = fp_system() AND e.opened_at >= since), '', '', '');
   RETURN QUERY
      SELECT e.id, e.outcome::text, e.opened_at, e.ends_at, e.closed_at, e.opened_by_name::text, e.opened_by = fp_user(),
             o.name::text, e.reason_kind::text, e.reason, coalesce(p.given_name || ' ' || p.family_name, '')::text,
             p.birth_date, e.finding::text, e.finding_note, e.reviewed_at, e.reviewed_by_name::text
      FROM people_emergencyopening e JOIN tenancy_organisation o ON o.id = e.organisation_id
      LEFT JOIN people_person p ON p.id = e.person_id
      WHERE e.system_id = fp_system() AND e.opened_at >= since ORDER BY e.opened_at DESC, e.id;
END $$;

-- What the lead found: once, in words, and never about an opening of their own.
CREATE OR REPLACE FUNCTION people_review_emergency(asked uuid, what text, note text) RETURNS boolean LANGUAGE plpgsql
VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN
   IF NOT people_is_governance_lead() THEN
      RAISE insufficient_privilege USING MESSAGE = 'only an information governance lead reviews emergencies';
   END IF;
   IF coalesce(btrim(note), '') = '' THEN
      RAISE check_violation USING MESSAGE = 'whoever reviews an emergency says what they found';
   END IF;
   IF what NOT IN ('justified', 'not_justified', 'follow_up') THEN
      RAISE check_violation USING MESSAGE = 'this is nothing that a review finds';
   END IF;
   UPDATE people_emergencyopening e SET finding = what, finding_note = btrim(note), reviewed_at = fp_now(),
          reviewed_by = fp_user(), reviewed_by_name = fp_setting('actor_label')
   WHERE e.id = asked AND e.system_id = fp_system() AND e.finding IN ('', 'follow_up') AND e.opened_by <> fp_user();
   RETURN FOUND;
END $$;

-- Told by their membership, not by what the web process says of them.
CREATE OR REPLACE FUNCTION people_is_governance_lead() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM tenancy_membership m
                  WHERE m.user_id = fp_user() AND m.system_id = fp_system() AND m.role = 'governance_lead'
                    AND m.suspended_at IS NULL AND tenancy_is_open(m.organisation_id)
                    AND m.starts_at <= fp_now() AND (m.ends_at IS NULL OR m.ends_at > fp_now())) $$;
