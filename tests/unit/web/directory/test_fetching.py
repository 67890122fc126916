from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.factories.feeds import JSON, QUICK, Reply, packed, serving

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.directory.api import Fetcher
from fingerpost.web.directory.feeds.addresses import followed, permitted
from fingerpost.web.directory.feeds.fetching import USER_AGENT, FeedAbsent, Limits

Asked = dict[str, str]


def _once(reply: Reply, **changes: Any) -> Any:
    with serving(lambda _path, _asked: reply) as server, server.fetcher(**changes) as fetcher:
        return fetcher.json(server.address)


def _refused(reply: Reply, **changes: Any) -> str:
    with pytest.raises(SourceFault) as refused:
        _once(reply, **changes)
    return str(refused.value)


def test_answer_is_read_plain_or_packed_and_the_feed_is_told_who_asks() -> None:
    with serving(lambda path, _asked: packed(Reply({"a": 1})) if path == "/z" else Reply({"a": 1})) as server:
        with server.fetcher() as fetcher:
            assert fetcher.json(f"{server.address}/z") == fetcher.json(server.address) == {"a": 1}
            assert fetcher.asked == 2
        assert server.headers[0]["User-Agent"] == USER_AGENT
        assert "Cookie" not in server.headers[0]


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/services",
        "file:///etc/passwd",
        "https://name:word@example.org/",
        "https:///services",
        "https://exa mple.org/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org/\r\nX-Evil: 1",
        "http://example.org/services",
        "https://" + "a" * 2100,
    ],
)
def test_address_that_is_none_or_unsafe_is_never_asked(address: str) -> None:
    fetcher = Fetcher(limits=QUICK)
    with pytest.raises(SourceFault):
        fetcher.json(address)
    assert fetcher.asked == 0


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.9.9",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "fe80::1",
        "fd00::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2130706433",
        "0x7f000001",
        "127.1",
    ],
)
def test_host_inside_the_network_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(SourceFault, match="private network"):
        permitted(host, 443, inside=())


def test_public_address_is_permitted_and_one_inside_only_by_name_and_port() -> None:
    assert permitted("93.184.215.14", 443, inside=()) == ["93.184.215.14"]
    assert permitted("127.0.0.1", 9000, inside=["127.0.0.1:9000"]) == ["127.0.0.1"]
    with pytest.raises(SourceFault, match="private network"):
        permitted("127.0.0.1", 9001, inside=["127.0.0.1:9000"])


def test_name_that_resolves_to_both_a_public_and_a_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def resolver(_host: str, port: int, **_options: object) -> list[tuple[Any, ...]]:
        found = ("93.184.215.14", "127.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    with pytest.raises(SourceFault, match="private network"):
        permitted("feed.example.org", 443, inside=())


def test_name_is_resolved_once_so_that_a_second_answer_cannot_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name says a public address first and loopback then: only the first answer is used."""
    with serving(lambda _path, _asked: Reply({"secret": 1})) as server:
        port = int(server.host.rpartition(":")[2])
        answers = iter(["192.0.2.1", "127.0.0.1", "127.0.0.1"])
        asked: list[str] = []

        def resolver(host: str, port: int, *_more: object, **_options: object) -> list[tuple[Any, ...]]:
            if host == "rebinding.example.org":
                asked.append(host)
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolver)
        fetcher = Fetcher(limits=Limits(between=0, connect=0.2, tries=1), sleep=lambda _seconds: None)
        with pytest.raises(SourceFault):
            fetcher.json(f"https://rebinding.example.org:{port}/")
        assert asked == ["rebinding.example.org"] and not server.asked


def test_redirect_stays_with_its_host() -> None:
    inside = ["127.0.0.1:80", "feed.example.org:80"]
    assert followed("https://feed.example.org/a", "/b", inside=()) == "https://feed.example.org/b"
    assert followed("http://feed.example.org/a", "https://feed.example.org/b", inside=inside)
    for there in (
        "https://other.example.org/b",
        "http://feed.example.org/b",
        "https://feed.example.org:8443/b",
        "//127.0.0.1/b",
        "file:///etc/passwd",
    ):
        with pytest.raises(SourceFault):
            followed("https://feed.example.org/a", there, inside=inside)


def test_redirects_are_followed_a_few_times_and_never_inside() -> None:
    def answer(path: str, _asked: Asked) -> Reply:
        if path == "/inside":
            return Reply(status=302, headers={**JSON, "Location": "http://169.254.169.254/latest/meta-data"})
        if path == "/round":
            return Reply(status=301, headers={**JSON, "Location": "/round"})
        return Reply({"ok": 1}) if path == "/b" else Reply(status=307, headers={**JSON, "Location": "b"})

    with serving(answer) as server, server.fetcher() as fetcher:
        assert fetcher.json(f"{server.address}/a") == {"ok": 1}
        with pytest.raises(SourceFault, match="https://"):
            fetcher.json(f"{server.address}/inside")
        with pytest.raises(SourceFault, match="again and again"):
            fetcher.json(f"{server.address}/round")


def test_page_for_people_is_no_feed() -> None:
    said = _refused(Reply(b"<html>Sign in</html>", headers={"Content-Type": "text/html"}))
    assert "text/html" in said and "sign in" in said


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b"1" * 100_000, "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" * 40 + b"]" * 40, "nested too deeply"),
    ],
)
def test_answer_that_is_no_json_or_too_deep_is_named(body: bytes, words: str) -> None:
    assert words in _refused(Reply(body))


def test_text_that_no_table_can_hold_is_made_storable() -> None:
    assert _once(Reply(rb'{"a\u0000": ["x\u0000y", "\ud800"]}')) == {"a\ufffd": ["x\ufffdy", "\ufffd"]}


def test_small_answer_that_unpacks_to_very_much_is_cut_off() -> None:
    bomb = gzip.compress(b" " * 200_000_000, 9)
    limits = Limits(page_bytes=1_000_000, between=0, tries=1)
    begun = time.monotonic()
    said = _refused(Reply(bomb, headers={**JSON, "Content-Encoding": "gzip"}), limits=limits)
    assert "too large" in said
    assert time.monotonic() - begun < 3


def test_all_pages_together_have_a_limit() -> None:
    limits = Limits(all_bytes=1500, between=0, tries=1)
    with serving(lambda _path, _asked: Reply({"a": "x" * 800})) as server:
        with server.fetcher(limits=limits) as fetcher:
            fetcher.json(server.address)
            with pytest.raises(SourceFault, match="too large"):
                fetcher.json(server.address)
        with server.fetcher(limits=Limits(requests=2, between=0)) as fetcher:
            fetcher.json(server.address)
            fetcher.json(server.address)
            with pytest.raises(SourceFault, match="does not end"):
                fetcher.json(server.address)


def test_packing_that_was_not_asked_for_and_damaged_packing_are_named() -> None:
    assert "not asked for" in _refused(Reply(b"x", headers={**JSON, "Content-Encoding": "br"}))
    assert "gzip" in _refused(Reply(b"not gzip", headers={**JSON, "Content-Encoding": "gzip"}))
    cut = gzip.compress(b'{"a": 1}')[:-6]
    assert "broke off" in _refused(Reply(cut, headers={**JSON, "Content-Encoding": "gzip"}))


def test_busy_feed_is_given_the_time_it_asks_for_and_asked_again() -> None:
    replies = [
        Reply(status=429, headers={**JSON, "Retry-After": "7"}),
        Reply(status=503, headers=JSON),
        Reply({"ok": 1}),
    ]
    waited: list[float] = []
    limits = Limits(between=0)
    with (
        serving(lambda _path, _asked: replies.pop(0)) as server,
        server.fetcher(sleep=waited.append, limits=limits) as fetcher,
    ):
        assert fetcher.json(server.address) == {"ok": 1}
    assert waited == [7.0, 20.0]


def test_feed_that_asks_for_a_day_is_left_alone() -> None:
    waited: list[float] = []
    reply = Reply(status=503, headers={**JSON, "Retry-After": "86400"})
    assert "86400" in _refused(reply, sleep=waited.append, limits=Limits(between=0))
    assert waited == []


def test_requests_keep_their_distance() -> None:
    waited: list[float] = []
    with (
        serving(lambda _path, _asked: Reply({})) as server,
        server.fetcher(sleep=waited.append, limits=Limits(between=5)) as fetcher,
    ):
        fetcher.json(server.address)
        fetcher.json(server.address)
    assert len(waited) == 1 and 4 < waited[0] <= 5


def test_missing_and_forbidden_are_told_apart() -> None:
    with pytest.raises(FeedAbsent):
        _once(Reply(status=404))
    assert "403" in _refused(Reply(status=403))


@contextmanager
def _trickling(head: bytes, drop: bytes) -> Iterator[str]:
    """A server that says a little now and then, and never ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        connection, _address = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(head)
            while not over.wait(0.05):
                try:
                    connection.sendall(drop)
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    over.set()
    thread.join()
    listener.close()


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", b" "),
    ],
)
def test_answer_that_trickles_for_ever_is_ended(head: bytes, drop: bytes) -> None:
    limits = Limits(between=0, connect=1, silence=2, answer=0.6, tries=1)
    with _trickling(head, drop) as host:
        begun = time.monotonic()
        with pytest.raises(SourceFault, match="did not answer"):
            Fetcher(inside=[host], limits=limits).json(f"http://{host}/")
        assert time.monotonic() - begun < 3
