"""Production: everything from the environment, TLS assumed, nothing defaulted that matters."""

from __future__ import annotations

from fingerpost.web.config.environment import email_address, mail_server, secret, web_address, words
from fingerpost.web.config.settings.base import *  # noqa: F403
from fingerpost.web.config.settings.base import env

DEBUG = False
SECRET_KEY = env.read(
    "FINGERPOST_SECRET_KEY",
    secret,
    shape="at least 40 random characters",
    example="$(openssl rand -base64 48)",
)
FINGERPOST_SEAL_KEY = env.read(
    "FINGERPOST_SEAL_KEY",
    secret,
    shape="at least 40 random characters, kept apart from the database: the traces are sealed with them",
    example="$(openssl rand -base64 48)",
)
ALLOWED_HOSTS = env.read(
    "FINGERPOST_HOSTS", words, shape="host names, comma between", example="fingerpost.example.org"
)
FINGERPOST_BASE_URL = env.read(
    "FINGERPOST_BASE_URL",
    web_address,
    shape="the address people open Fingerpost at",
    example="https://fingerpost.example.org",
)
FINGERPOST_DEMO = False
FINGERPOST_REFUSES_UNSAFE_START = True
FINGERPOST_MFA_REQUIRED = True  # for every account, without a way round
_mail_server = env.read(
    "FINGERPOST_SMTP_URL",
    mail_server,
    shape="the address of a mail server, smtps:// or smtp:// with STARTTLS; an @ in the name as %40",
    example="smtp://user:password@mail.example.org:587",
)
_mail_from = env.read(
    "FINGERPOST_MAIL_FROM",
    email_address,
    shape="the address that e-mails come from",
    example="hello@fingerpost.example.org",
)
FINGERPOST_MAIL = {"transport": "smtp", **(_mail_server or {}), "from": _mail_from}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = _mail_from or ""
if _mail_server:
    EMAIL_HOST, EMAIL_PORT = _mail_server["host"], _mail_server["port"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail_server["user"], _mail_server["password"]
    EMAIL_USE_SSL = _mail_server["security"] == "tls"
    EMAIL_USE_TLS = not EMAIL_USE_SSL
    EMAIL_TIMEOUT = 30
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [FINGERPOST_BASE_URL] if FINGERPOST_BASE_URL else []
env.finish()
