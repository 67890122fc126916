-- What ranks the best of very many stands in the row of facts, where an index has it in order.

-- What a listing offers stands beside its title too, so that one index answers for both together.
CREATE FUNCTION public.directory_offers_in_title() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.title := NEW.title || array_to_tsvector(ARRAY(
        SELECT word FROM unnest(tsvector_to_array(NEW.words)) AS word WHERE word ~ '^[a-z]+/'));
    RETURN NEW;
END $$;
CREATE TRIGGER search_facts_title BEFORE INSERT OR UPDATE OF title, words ON directory_searchfacts
    FOR EACH ROW EXECUTE FUNCTION directory_offers_in_title();

CREATE FUNCTION public.directory_worth_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT t.weight, t.state = 'checked' INTO NEW.worth, NEW.is_trusted
        FROM directory_listingtrust t WHERE t.listing_id = NEW.listing_id;
    -- What was landed a moment ago has no trust of its own yet.
    NEW.worth := coalesce(NEW.worth, 0.9);
    NEW.is_trusted := coalesce(NEW.is_trusted, false);
    RETURN NEW;
END $$;
CREATE TRIGGER search_facts_worth BEFORE INSERT ON directory_searchfacts
    FOR EACH ROW EXECUTE FUNCTION directory_worth_of_new();

CREATE FUNCTION public.directory_trust_computed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE directory_searchfacts f SET (worth, is_trusted) = (c.weight, c.state = 'checked') FROM became c
    WHERE f.listing_id = c.listing_id AND (f.worth, f.is_trusted) IS DISTINCT FROM (c.weight, c.state = 'checked');
    RETURN NULL;
END $$;
CREATE TRIGGER search_facts_new AFTER INSERT ON directory_listingtrust REFERENCING NEW TABLE AS became
    FOR EACH STATEMENT EXECUTE FUNCTION directory_trust_computed();
CREATE TRIGGER search_facts_changed AFTER UPDATE ON directory_listingtrust REFERENCING NEW TABLE AS became
    FOR EACH STATEMENT EXECUTE FUNCTION directory_trust_computed();

UPDATE directory_searchfacts SET title = title;
UPDATE directory_searchfacts f SET (worth, is_trusted) = (t.weight, t.state = 'checked')
    FROM directory_listingtrust t WHERE t.listing_id = f.listing_id;
