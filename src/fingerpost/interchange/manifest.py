"""The manifest beside the Parquet files: what the extract is, and what each file must be to be believed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from fingerpost.interchange.errors import ExtractError, UnknownSchemaVersion
from fingerpost.interchange.tables import MAJOR, SCHEMA_VERSION
from fingerpost.kernel.words import N_, Phrase

FORMAT = "fingerpost-extract"
MANIFEST_FILE = "manifest.json"
_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class TableFile:
    """One Parquet file: its name within the extract, its number of rows and the SHA-256 of its bytes."""

    file: str
    rows: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`data_to` is the last day whose events are held; `key_fingerprint` names the key, never tells it."""

    schema_version: str
    project: str
    key_fingerprint: str
    data_to: date
    created_at: datetime
    tables: dict[str, TableFile]

    def to_json(self) -> str:
        content = {"format": FORMAT} | asdict(self)
        content |= {"data_to": self.data_to.isoformat(), "created_at": self.created_at.isoformat()}
        return json.dumps(content, indent=2) + "\n"


def read_manifest(directory: Path) -> Manifest:
    """The manifest of the extract in `directory`; refuses an unknown major version before anything else."""
    path = directory / MANIFEST_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExtractError(
            Phrase(N_("{path} cannot be read: {reason}."), path=path, reason=error.strerror),
            expected=N_("A folder that `fingerpost extract` wrote, with its manifest.json."),
        ) from error
    except ValueError as error:
        raise ExtractError(Phrase(N_("{path} is not JSON."), path=path), remedy=_ASK_AGAIN) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ExtractError(
            Phrase(N_("{path} is not the manifest of an extract."), path=path), remedy=_ASK_AGAIN
        )
    require_known_version(str(content.get("schema_version")), source=str(path))
    return _parse(content, path)


_ASK_AGAIN = N_("Make the extract again, or ask whoever made it.")


def _parse(content: dict[str, object], path: Path) -> Manifest:
    try:
        return Manifest(
            schema_version=str(content["schema_version"]),
            project=str(content["project"]),
            key_fingerprint=str(content["key_fingerprint"]),
            data_to=date.fromisoformat(str(content["data_to"])),
            created_at=datetime.fromisoformat(str(content["created_at"])),
            tables={name: TableFile(**entry) for name, entry in content["tables"].items()},  # type: ignore[attr-defined]
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ExtractError(
            Phrase(
                N_("{path}: a part of the manifest is missing or malformed: {part}."), path=path, part=error
            ),
            remedy=_ASK_AGAIN,
        ) from error


def require_known_version(version: str, *, source: str) -> None:
    """Refuse a major version other than this program's; minor versions only add what may be left unread."""
    if version.partition(".")[0] != str(MAJOR):
        raise UnknownSchemaVersion(
            Phrase(N_("{source} has schema version {found}."), source=source, found=version),
            expected=Phrase(
                N_("This program reads version {version}."), version=f"{MAJOR}.x ({SCHEMA_VERSION})"
            ),
            remedy=N_("Read it with the release of Fingerpost that wrote it, or make the extract again."),
        )


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
