-- The only way into the access log. Actor, system and time come from the transaction, not from the caller.
CREATE OR REPLACE FUNCTION audit_record_access(
    entry uuid, entry_kind text, entry_organisation uuid, entry_page text, entry_persons uuid[], entry_label text,
    entry_query_hash text, entry_reason text
) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ INSERT INTO audit_access (id, system_id, at, kind, actor_id, actor_label, organisation_id, page, person_ids,
                             person_label, query_hash, reason)
   VALUES (entry, fp_system(), fp_now(), entry_kind, fp_actor(), fp_setting('actor_label'), entry_organisation,
           entry_page, entry_persons, entry_label, entry_query_hash, entry_reason) $$;
