-- How many open cases each account holds, for whoever administers the scheme: an administrator sees nobody's case, and
-- yet must see that somebody who has left still has some. Counts only, and never of another system.
CREATE OR REPLACE FUNCTION casework_still_assigned() RETURNS TABLE (worker uuid, scheme uuid, cases bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.worker_id, c.scheme_id, count(*) FROM casework_case c
   WHERE c.system_id = fp_system() AND c.status = 'open' AND c.worker_id IS NOT NULL
     AND tenancy_administers(c.scheme_id)
   GROUP BY c.worker_id, c.scheme_id $$;
