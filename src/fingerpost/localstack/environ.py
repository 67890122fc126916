"""The environment given to child processes: this machine's, less what would mislead them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# PYTHONDONTWRITEBYTECODE makes every start slow; the rest point Python or libpq at what is not ours.
_REMOVED = {
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "__PYVENV_LAUNCHER__",
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "FINGERPOST_OWNER_DATABASE_URL",
    "FINGERPOST_MAINTENANCE_DATABASE_URL",
}
# What an organisation adds to the machine's own list must count for uv and npm too, as it does for pip.
_SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def child_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """A copy of the environment without misleading variables; pip's index and certificate serve uv too."""
    base = {k: v for k, v in os.environ.items() if k not in _REMOVED and not k.startswith("PG")}
    if "PIP_INDEX_URL" in base and not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & base.keys():
        base["UV_DEFAULT_INDEX"] = base["PIP_INDEX_URL"]
    if "PIP_CERT" in base:
        base.setdefault("SSL_CERT_FILE", base["PIP_CERT"])
    if _SYSTEM_CERTIFICATES.is_file():
        base.setdefault("UV_SYSTEM_CERTS", "true")
        base.setdefault("NODE_EXTRA_CA_CERTS", str(_SYSTEM_CERTIFICATES))
    return {**base, **(extra or {})}
