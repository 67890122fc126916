"""Keep the list of words by which misspellings are put right."""

from __future__ import annotations

from django.db import connection

from fingerpost.web.directory.lifecycle import CLOSED_STATUSES
from fingerpost.web.directory.selectors.meanings import current_vocabulary
from fingerpost.web.foundation.scope import current_actor

_REBUILD = """
INSERT INTO directory_searchword (id, system_id, word)
SELECT gen_random_uuid(), %(system)s, word FROM (
    SELECT DISTINCT regexp_split_to_table(directory_plain(concat_ws(' ', name, alternate_name, search_words,
        description, eligibility, related_words)), '[^a-z0-9]+') AS word
    FROM directory_listing WHERE system_id = %(system)s AND gone_at IS NULL
        AND merged_into_id IS NULL AND status <> ALL(%(closed)s)
    UNION SELECT unnest(%(lay)s::text[])
) AS found WHERE length(word) BETWEEN 4 AND 40 AND word !~ '^[0-9]+$'
"""


def rebuild_search_words() -> None:
    """Read the words of all open listings of the system anew."""
    system = current_actor().system_id
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM directory_searchword WHERE system_id = %s", [system])
        cursor.execute(
            _REBUILD,
            {
                "system": system,
                "closed": sorted(CLOSED_STATUSES),
                "lay": sorted(current_vocabulary().single_words),
            },
        )
