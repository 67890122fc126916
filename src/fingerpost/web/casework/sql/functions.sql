-- How many open cases each account holds, for whoever administers the scheme: an administrator sees nobody's case, and
-- yet must see that somebody who has left still has some. Counts only, and never of another system.
CREATE OR REPLACE FUNCTION casework_still_assigned() RETURNS TABLE (worker uuid, scheme uuid, cases bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.worker_id, c.scheme_id, count(*) FROM casework_case c
   WHERE c.system_id = fp_system() AND c.status = 'open' AND c.worker_id IS NOT NULL
     AND tenancy_administers(c.scheme_id)
   GROUP BY c.worker_id, c.scheme_id $$;

-- Employers whose workers hold other open cases of a person, of whichever scheme: asked before one case's end shuts an
-- employer out that another case still sends to the person. Organisations only, and only for who works with the person.
CREATE OR REPLACE FUNCTION casework_still_visiting(asked uuid, but uuid) RETURNS SETOF uuid LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT DISTINCT m.organisation_id FROM casework_case c JOIN tenancy_membership m ON m.user_id = c.worker_id
   JOIN tenancy_organisation o ON o.id = m.organisation_id AND o.kind = 'employer'
   WHERE people_may_involve(asked) AND c.person_id = asked AND c.system_id = fp_system() AND c.id <> but
     AND c.status = 'open' AND m.starts_at <= fp_now() AND (m.ends_at IS NULL OR m.ends_at > fp_now()) $$;

-- A link worker leaves an employer: on that day it sees nobody any more whom only this worker of theirs visited. Whoever
-- ends the membership (an administrator, a list of staff that is read in) sees no person and no case, and need not.
CREATE OR REPLACE FUNCTION casework_worker_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ BEGIN
   UPDATE people_involvement i SET ends_at = greatest(NEW.ends_at, i.starts_at), ended_reason = 'worker moved'
   WHERE i.organisation_id = NEW.organisation_id AND i.kind = 'employer'
     AND (i.ends_at IS NULL OR i.ends_at > NEW.ends_at)
     AND EXISTS (SELECT 1 FROM casework_case c
                 WHERE c.person_id = i.person_id AND c.worker_id = NEW.user_id AND c.status = 'open')
     AND NOT EXISTS (SELECT 1 FROM casework_case c JOIN tenancy_membership m ON m.user_id = c.worker_id
                     WHERE c.person_id = i.person_id AND c.status = 'open'
                       AND m.organisation_id = NEW.organisation_id AND (m.ends_at IS NULL OR m.ends_at > NEW.ends_at));
   RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER casework_worker_moved AFTER UPDATE OF ends_at ON tenancy_membership FOR EACH ROW
WHEN (NEW.ends_at IS NOT NULL) EXECUTE FUNCTION casework_worker_moved();
