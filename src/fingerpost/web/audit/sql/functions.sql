-- The only way into the access log. Actor, system and time come from the transaction, not from the caller, and the
-- organisation must be one that the transaction acts for, or whose link is open: a look cannot be filed elsewhere.
CREATE OR REPLACE FUNCTION audit_record_access(
    entry uuid, entry_kind text, entry_organisation uuid, entry_page text, entry_persons uuid[], entry_label text,
    entry_query_hash text, entry_reason text
) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ BEGIN
   IF entry_organisation IS NOT NULL AND entry_organisation <> ALL (coalesce(fp_organisations(), '{}'))
      AND NOT EXISTS (SELECT 1 FROM foundation_signedlink
                      WHERE id = fp_link() AND organisation_id = entry_organisation) THEN
      RAISE insufficient_privilege USING MESSAGE = 'a look is logged for the organisation of whoever looks';
   END IF;
   INSERT INTO audit_access (id, system_id, at, kind, actor_id, actor_label, organisation_id, page, person_ids,
                             person_label, query_hash, reason)
   VALUES (entry, fp_system(), fp_now(), entry_kind, fp_actor(), fp_setting('actor_label'), entry_organisation,
           entry_page, entry_persons, entry_label, entry_query_hash, entry_reason);
END $$;
