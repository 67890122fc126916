from __future__ import annotations

import pytest

from fingerpost.kernel.errors import ConfigurationError
from fingerpost.web.config.environment import Environment, email_address, mail_server
from fingerpost.web.messaging import transports


@pytest.mark.parametrize(
    ("url", "port", "security"),
    [
        ("smtp://us%40example.org:p%40ss@mail.example.org", 587, "starttls"),
        ("smtps://us%40example.org:p%40ss@mail.example.org", 465, "tls"),
        ("smtp://us%40example.org:p%40ss@mail.example.org:2525", 2525, "starttls"),
    ],
)
def test_the_address_of_a_mail_server_makes_a_transport_that_never_speaks_in_clear(
    settings, url, port, security
):
    settings.FINGERPOST_MAIL = {"transport": "smtp", **mail_server(url), "from": "hello@example.org"}
    chosen = transports.chosen()
    assert (chosen.host, chosen.port, chosen.security) == ("mail.example.org", port, security)
    assert (chosen.user, chosen.password) == ("us@example.org", "p@ss")
    assert "p@ss" not in repr(chosen)


def test_malformed_mail_settings_are_told_together_with_an_example():
    env = Environment({"URL": "mail.example.org:587", "FROM": "hello at example"})
    env.read("URL", mail_server, shape="a mail server", example="smtp://mail.example.org")
    env.read("FROM", email_address, shape="an address", example="hello@example.org")
    with pytest.raises(ConfigurationError) as fault:
        env.finish()
    assert "URL=smtp://mail.example.org" in str(fault.value)
    assert "FROM=hello@example.org" in str(fault.value)


def test_an_unknown_transport_is_refused_by_name(settings):
    settings.FINGERPOST_MAIL = {"transport": "pigeon"}
    with pytest.raises(ConfigurationError, match="pigeon"):
        transports.chosen()
