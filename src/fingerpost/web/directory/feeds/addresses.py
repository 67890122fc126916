"""Which addresses a feed may be read from. Nothing that answers only inside the network is ever asked."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection, Sequence
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import SourceFault

_LONGEST = 2000
_PORTS = {"https": 443, "http": 80}
# Addresses of IPv6 that hold one of IPv4 inside: they would reach whatever that one reaches.
_HOLDING_IPV4 = tuple(
    map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def checked(address: str, *, inside: Collection[str]) -> SplitResult:
    """The parts of an address that may be asked. `inside` are hosts (`host:port`) that the operator allows.

    Raises `SourceFault`. What the name resolves to is checked when it is connected to (`permitted`).
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as fault:
        raise _unusable(address) from fault
    host = parts.hostname or ""
    if (
        not host
        or parts.scheme not in _PORTS
        or parts.username is not None
        or port == 0
        or len(address) > _LONGEST
        or not address.isascii()
        or any(sign.isspace() or not sign.isprintable() for sign in address)
    ):
        raise _unusable(address)
    if parts.scheme != "https" and host_and_port(parts) not in inside:
        raise SourceFault(
            _("%(address)s begins with http:// and could be changed on its way.")
            % {"address": _short(address)},
            expected=_("An address that begins with https://."),
            remedy=_("Ask the publisher for one, or name the host in FINGERPOST_FEED_HOSTS_INSIDE."),
        )
    return parts


def host_and_port(parts: SplitResult) -> str:
    return f"{(parts.hostname or '').lower()}:{parts.port or _PORTS[parts.scheme]}"


def followed(at: str, to: str, *, inside: Collection[str]) -> str:
    """The whole address that an answer of the feed points to. It must stay with the same host.

    From http the same host may send on to its https; never the other way. Raises `SourceFault`.
    """
    address = urljoin(at, to)
    here, there = checked(at, inside=inside), checked(address, inside=inside)
    same = host_and_port(here) == host_and_port(there) and here.scheme == there.scheme
    safer = (here.scheme, there.scheme, there.port or 443) == ("http", "https", 443)
    if same or (safer and here.hostname == there.hostname):
        return address
    raise SourceFault(
        _("The feed at %(here)s sends on to another host: %(there)s.")
        % {"here": host_and_port(here), "there": _short(address)},
        expected=_("A feed whose pages are all at one host."),
        remedy=_("If the feed has moved, and its publisher says so, give the new address as the feed's own."),
    )


def permitted(host: str, port: int, *, inside: Collection[str]) -> Sequence[str]:
    """The addresses a host resolves to. Raises `SourceFault` when one of them is inside a private network.

    The caller connects to one of these and not to the name, so that a second answer cannot differ.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if f"{host.lower()}:{port}" in inside:
        return addresses
    barred = [address for address in addresses if not _is_public(address)]
    if barred:
        raise SourceFault(
            _("%(host)s is at an address inside a private network.") % {"host": host},
            expected=_("A feed that anybody on the internet can read."),
            remedy=_("Check the address. If it is right, name the host in FINGERPOST_FEED_HOSTS_INSIDE."),
        )
    return addresses


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return _is_public(str(address.ipv4_mapped))
        if any(address in network for network in _HOLDING_IPV4):
            return False
    return address.is_global and not address.is_multicast


def _unusable(address: str) -> SourceFault:
    return SourceFault(
        _("%(address)s cannot be the address of a feed.") % {"address": _short(address)},
        expected=_("A web address without a name or password in it, such as https://example.org/services."),
    )


def _short(address: str) -> str:
    """An address for a message, without whatever follows its question mark, which may hold a key."""
    return address.partition("?")[0][:200]
