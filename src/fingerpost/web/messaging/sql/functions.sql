-- The organisation that issued the open signed link. Whoever follows a link may cause a message (a provider's answer
-- tells the link worker), and only one that goes out in the name of the organisation that invited them.
CREATE OR REPLACE FUNCTION fp_link_organisation() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ SELECT organisation_id FROM foundation_signedlink
   WHERE id = fp_link() AND revoked_at IS NULL AND expires_at > fp_now() $$;

-- Messages that should have been looked at by now, in every system: the sweep belongs to nobody, so it may not read
-- the table. Ids only; the job that follows takes up the scope of the message.
CREATE OR REPLACE FUNCTION messaging_overdue(waiting_since timestamptz, sending_since timestamptz, how_many int)
RETURNS TABLE (message_id uuid, system_id uuid, organisation_id uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS
$$ BEGIN
   RETURN QUERY SELECT m.id, m.system_id, m.organisation_id FROM messaging_message m
   WHERE (m.state = 'queued' AND m.next_attempt_at < waiting_since)
      OR (m.state = 'sending' AND m.next_attempt_at < sending_since)
   ORDER BY m.next_attempt_at LIMIT how_many;
END $$;
