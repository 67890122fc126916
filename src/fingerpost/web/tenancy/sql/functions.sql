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
