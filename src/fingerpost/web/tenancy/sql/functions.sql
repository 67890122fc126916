-- The day it is in London: organisations open, close and move by days.
CREATE OR REPLACE FUNCTION tenancy_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
RETURN (fp_now() AT TIME ZONE 'Europe/London')::date;

-- Whether an organisation has not closed: a membership of one that has opens nothing any more.
CREATE OR REPLACE FUNCTION tenancy_is_open(asked uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT NOT EXISTS (SELECT 1 FROM public.tenancy_organisation o
                      WHERE o.id = asked AND o.closes_on <= public.tenancy_today()) $$;

-- The organisations that one stands in for today: those that closed into it, those that had closed into them, and so on.
-- Definer: asked while somebody signs in, before a system is chosen, and by policies.
CREATE OR REPLACE FUNCTION tenancy_inherited(asked uuid) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ WITH RECURSIVE back AS (
     SELECT asked AS id
     UNION
     SELECT p.predecessor_id FROM back b CROSS JOIN LATERAL (  -- OFFSET 0: by its index, whatever the planner expects
       SELECT s.predecessor_id FROM tenancy_succession s
       WHERE s.successor_id = b.id AND s.withdrawn_at IS NULL AND s.starts_on <= (SELECT tenancy_today()) OFFSET 0) p)
   SELECT coalesce(array_agg(id) FILTER (WHERE id <> asked), '{}') FROM back $$;

-- Whether these organisations are of the current system; one that is not named is.
CREATE OR REPLACE FUNCTION tenancy_are_here(one uuid, other uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT count(*) = 0 FROM unnest(ARRAY[one, other]) AS asked(id)
   LEFT JOIN tenancy_organisation o ON o.id = asked.id AND o.system_id = fp_system()
   WHERE asked.id IS NOT NULL AND o.id IS NULL $$;

-- Whether the account that acts administers an organisation: it is an administrator there, or in one above it in the
-- tree of the same system. Definer: memberships answer the question that their own policies ask.
CREATE OR REPLACE FUNCTION tenancy_administers(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ WITH RECURSIVE above AS (
     SELECT o.id, o.parent_id FROM tenancy_organisation o WHERE o.id = asked AND o.system_id = fp_system()
     UNION
     SELECT o.id, o.parent_id FROM tenancy_organisation o JOIN above a ON o.id = a.parent_id
     WHERE o.system_id = fp_system())
   SELECT EXISTS (SELECT 1 FROM tenancy_membership m JOIN above a ON a.id = m.organisation_id
                  JOIN tenancy_organisation o ON o.id = a.id AND (o.closes_on IS NULL OR o.closes_on > tenancy_today())
                  WHERE m.user_id = fp_user() AND m.role = 'administrator' AND m.suspended_at IS NULL
                    AND m.starts_at <= fp_now() + interval '1 minute'
                    AND (m.ends_at IS NULL OR m.ends_at > fp_now())) $$;

-- Whether a job or a command acts. They name their reason in every trace, and no request can be one.
CREATE OR REPLACE FUNCTION tenancy_is_job() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(fp_actor() LIKE 'system:%', false);

-- Whether the open signed link invites to just this: the role and the organisation, or the address, that it names.
CREATE OR REPLACE FUNCTION tenancy_invites(asked uuid, asked_role text) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM tenancy_invitation i WHERE i.id = fp_link_subject() AND i.system_id = fp_system()
                  AND i.organisation_id = asked AND i.role = asked_role
                  AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL) $$;

CREATE OR REPLACE FUNCTION tenancy_invites_address(asked text) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM tenancy_invitation i WHERE i.id = fp_link_subject() AND i.system_id = fp_system()
                  AND i.email = lower(asked) AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL) $$;

-- Take away every second proof of an account that has lost its telephone and its codes, and write that into the
-- account's history. Returns how many there were. Definer: the proofs are behind a wall of the account's own. Only for
-- whoever administers everything that the account is anywhere; nobody does it for themselves.
CREATE OR REPLACE FUNCTION tenancy_reset_second_proof(asked uuid) RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ WITH held AS (
     SELECT m.organisation_id FROM tenancy_membership m
     WHERE m.user_id = asked AND m.starts_at <= fp_now() + interval '1 minute'
       AND (m.ends_at IS NULL OR m.ends_at > fp_now())),
   allowed AS (
     SELECT asked AS user_id WHERE tenancy_is_job() OR (
       asked <> fp_user() AND EXISTS (SELECT 1 FROM held)
       AND NOT EXISTS (SELECT 1 FROM held h WHERE NOT tenancy_administers(h.organisation_id)))),
   gone AS (
     DELETE FROM mfa_authenticator a USING allowed w WHERE a.user_id = w.user_id RETURNING a.id),
   told AS (
     INSERT INTO tenancy_userhistoryevent (pgh_created_at, pgh_label, pgh_obj_id, id, email, name, is_active)
     SELECT fp_now(), 'second_proof_reset', u.id, u.id, u.email, u.name, u.is_active
     FROM tenancy_user u JOIN allowed w ON w.user_id = u.id WHERE EXISTS (SELECT 1 FROM gone))
   SELECT count(*) FROM gone $$;

-- What stands on organisations, table by table, and never whose it is: asked before an import is undone. Every foreign key
-- to an organisation counts, so that a table that comes later is not forgotten; the tree's own rows and histories do not.
CREATE OR REPLACE FUNCTION tenancy_depending(ids uuid[]) RETURNS TABLE (organisation_id uuid, what text, how_many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ DECLARE tie record; allowed uuid[];
BEGIN
   SELECT coalesce(array_agg(o.id), '{}') INTO allowed FROM tenancy_organisation o
   WHERE o.id = ANY (ids) AND o.system_id = fp_system() AND (tenancy_is_job() OR tenancy_administers(o.id));
   FOR tie IN
      SELECT c.conrelid::regclass::text AS tied, a.attname::text AS held FROM pg_constraint c
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
      WHERE c.contype = 'f' AND c.confrelid = 'tenancy_organisation'::regclass
        AND c.conrelid <> 'tenancy_belonging'::regclass AND NOT c.conrelid::regclass::text LIKE '%historyevent'
   LOOP
      RETURN QUERY EXECUTE format(
         'SELECT %I, %L, count(*) FROM %s t WHERE %I = ANY ($1)%s GROUP BY 1',
         tie.held, tie.tied || '.' || tie.held, tie.tied, tie.held,
         CASE WHEN tie.tied = 'tenancy_organisation' THEN ' AND t.id <> ALL ($1)' ELSE '' END) USING allowed;
   END LOOP;
   -- A child that goes as well holds nothing, but a belonging of one that stays does.
   RETURN QUERY SELECT b.parent_id, 'tenancy_belonging.parent_id', count(*) FROM tenancy_belonging b
      WHERE b.parent_id = ANY (allowed) AND b.organisation_id <> ALL (allowed) AND b.withdrawn_at IS NULL GROUP BY 1;
END $$;

-- Take away organisations that an import had made, and nothing else: undoing it leaves the tree as it was. Definer: the
-- application deletes no organisation. Whatever stands on one keeps it (foreign keys), and their history stays.
CREATE OR REPLACE FUNCTION tenancy_take_back_new(import_id uuid) RETURNS bigint LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ DECLARE made uuid[]; gone bigint;
BEGIN
   SELECT coalesce(array_agg((each ->> 'id')::uuid), '{}') INTO made
   FROM tenancy_organisationimport i, jsonb_array_elements(i.plan) AS each
   WHERE i.id = import_id AND i.system_id = fp_system() AND i.state = 'applied' AND each ->> 'kind' = 'new'
     AND (tenancy_is_job() OR tenancy_administers(i.root_id));
   UPDATE tenancy_organisation SET parent_id = NULL WHERE id = ANY (made) AND system_id = fp_system();
   DELETE FROM tenancy_belonging WHERE organisation_id = ANY (made) AND system_id = fp_system();
   DELETE FROM tenancy_belonging WHERE parent_id = ANY (made) AND withdrawn_at IS NOT NULL AND system_id = fp_system();
   DELETE FROM tenancy_organisation WHERE id = ANY (made) AND system_id = fp_system();
   GET DIAGNOSTICS gone = ROW_COUNT;
   RETURN gone;
END $$;
