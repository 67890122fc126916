-- What policies ask of the current transaction. Empty settings mean "nobody": every comparison is then unknown, so
-- no row passes. All are STABLE and simple enough to be inlined; policies call them as (SELECT fp_x()) so that they
-- run once per statement. Bodies are RETURN expressions, bound when they are defined: no search_path of a caller can
-- put another function or type in the place of one that they name.

CREATE OR REPLACE FUNCTION fp_setting(name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('fingerpost.' || name, true), '');

CREATE OR REPLACE FUNCTION fp_system() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN fp_setting('system_id')::uuid;

CREATE OR REPLACE FUNCTION fp_organisations() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN string_to_array(fp_setting('organisation_ids'), ',')::uuid[];

CREATE OR REPLACE FUNCTION fp_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN fp_setting('user_id')::uuid;

CREATE OR REPLACE FUNCTION fp_link() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN fp_setting('link_id')::uuid;

CREATE OR REPLACE FUNCTION fp_actor() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN fp_setting('actor_id');

CREATE OR REPLACE FUNCTION fp_sees_people() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(fp_setting('sees_people') = 'on', false);

CREATE OR REPLACE FUNCTION fp_signing_in() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(fp_setting('signing_in') = 'on', false);

-- The injected clock of tests and of the demo's eighteen months; otherwise the transaction's own time.
CREATE OR REPLACE FUNCTION fp_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(fp_setting('now')::timestamptz, now());

-- What the open signed link is about. Definer: the holder may not read the link table beyond its own row, and a
-- revoked or expired link is about nothing, whatever the web process believes.
CREATE OR REPLACE FUNCTION fp_link_subject() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT subject_id FROM foundation_signedlink
   WHERE id = fp_link() AND revoked_at IS NULL AND expires_at > fp_now() $$;

CREATE OR REPLACE FUNCTION fp_link_journey() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT journey_id FROM foundation_signedlink
   WHERE id = fp_link() AND revoked_at IS NULL AND expires_at > fp_now() $$;
