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

-- The moment that policies go by. No setting moves it: whoever could say what time it is would be let in by an
-- involvement that has ended. `clock_of_tests.sql` puts another in its place where the owner's settings say so.
CREATE OR REPLACE FUNCTION fp_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN now();

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

-- Counts one try through the open link, and answers how many there were in this stretch of time. The only way into the
-- table: a holder can neither read nor lower a count, nor raise another link's.
CREATE OR REPLACE FUNCTION fp_count_link_use(asked text, every interval) RETURNS int LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ DECLARE counted int;
BEGIN
   IF fp_link() IS NULL THEN
      RAISE insufficient_privilege USING MESSAGE = 'no link is open, so nothing is counted';
   END IF;
   INSERT INTO foundation_linkuse AS u (id, link_id, what, since, times)
   VALUES (gen_random_uuid(), fp_link(), asked, date_bin(every, fp_now(), timestamptz '2000-01-01 00:00+00'), 1)
   ON CONFLICT (link_id, what, since) DO UPDATE SET times = u.times + 1
   RETURNING u.times INTO counted;
   RETURN counted;
END $$;
