-- The injected clock of tests and of the demo's eighteen months; otherwise the transaction's own time. The owner puts it
-- in place while migrating, where FINGERPOST_CLOCK_MAY_BE_SET; the application role cannot.
CREATE OR REPLACE FUNCTION fp_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(fp_setting('now')::timestamptz, now());
