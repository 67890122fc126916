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

-- Nobody ends what another organisation sees of a person with whom it still works, nor a practice's view of its own
-- patient: it would open nothing, and yet a worker would lose the case. It may be ended by the organisation itself, when the
-- work has ended, or when the person has changed practice, which ends what the old one had referred as well.
CREATE OR REPLACE FUNCTION referrals_work_is_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ DECLARE is_theirs boolean; was_theirs boolean; goes_on boolean;
BEGIN
   IF fp_system() IS NULL OR OLD.organisation_id = ANY (fp_organisations()) THEN
      RETURN NEW;
   END IF;
   is_theirs := EXISTS (SELECT 1 FROM people_person p
                        WHERE p.id = OLD.person_id AND p.practice_id = OLD.organisation_id);
   was_theirs := NOT is_theirs AND EXISTS (SELECT 1 FROM people_personhistoryevent h
                        WHERE h.pgh_obj_id = OLD.person_id AND h.practice_id = OLD.organisation_id);
   goes_on := CASE OLD.kind
      WHEN 'scheme' THEN referrals_work_goes_on(OLD.person_id, OLD.organisation_id, NULL)
      WHEN 'registered_practice' THEN is_theirs
      ELSE NOT was_theirs AND referrals_work_goes_on(OLD.person_id, NULL, OLD.organisation_id) END;
   IF goes_on THEN
      RAISE insufficient_privilege USING MESSAGE = 'another organisation still works with this person';
   END IF;
   RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER referrals_work_is_kept BEFORE UPDATE OF ends_at ON people_involvement FOR EACH ROW
WHEN (OLD.kind IN ('scheme', 'registered_practice', 'referrer')) EXECUTE FUNCTION referrals_work_is_kept();
