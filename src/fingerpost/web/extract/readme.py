"""The words that go with every extract."""

from __future__ import annotations

# Part of the data, like the column names: in English, for whoever evaluates.
README = """# Pseudonymised extract

Pseudonymised data are still personal data. Keep them where the project's agreements say, release only counts
that have passed disclosure control, and never try to find out who somebody is.

- `manifest.json` says what this is, up to which day, under which version and project, and the checksum of
  each file. The files are Parquet; their columns are described in the data dictionary of the release that
  made this (docs/reference/data-dictionary.md).
- No name, address, number, free text or time of day is in here. Ids are keyed pseudonyms of this project;
  the key is not in here.
- **Opt-outs.** Fingerpost does not hold opt-outs yet, so NONE HAVE BEEN APPLIED: neither the national data
  opt-out nor a person's objection recorded elsewhere. Whoever is responsible for this extract must see to
  them before it is used for anything but the care itself or an evaluation to which they do not apply.
- **Left out**: whatever was recorded after the last day, events that name neither a scheme nor a
  referrer, and every journey of a person whose whole record is sealed on the day of the extract. The counts on
  Fingerpost's own pages include the journeys of sealed records, so they can be higher by these; people ask for
  a seal for reasons that may bear on how they fare.

Count a declared indicator: `fingerpost indicator reached_first_contact --extract FOLDER`.
"""
