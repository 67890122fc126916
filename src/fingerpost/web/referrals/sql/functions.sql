-- Whether a scheme still works with a person, or a practice still waits for what came of its referral: a referral that
-- is waiting, or a case that is open. Asked before an involvement is given its end, by organisations that see only
-- their own referrals: one practice's "taken back" must not end what another's referral has begun.
CREATE OR REPLACE FUNCTION referrals_work_goes_on(asked uuid, of_scheme uuid, of_referrer uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT people_is_involved(asked) AND EXISTS (
      SELECT 1 FROM referrals_referral r LEFT JOIN casework_case c ON c.referral_id = r.id
      WHERE r.person_id = asked AND r.system_id = fp_system()
        AND (of_scheme IS NULL OR r.scheme_id = of_scheme) AND (of_referrer IS NULL OR r.referrer_id = of_referrer)
        AND (r.status = 'received' OR c.status = 'open')) $$;
