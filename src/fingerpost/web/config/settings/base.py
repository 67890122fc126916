"""Settings common to every environment. Nothing here is secret and nothing is particular to a machine."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from fingerpost.web.config.environment import (
    Environment,
    boolean,
    database,
    pairs,
    text,
    web_address,
    whole_number,
    words,
)
from fingerpost.web.config.provider_settings import sign_in_provider

env = Environment()

SOURCE = Path(__file__).resolve().parents[3]
STATE = Path(
    env.read("FINGERPOST_HOME", text, shape="a folder", example="/var/lib/fingerpost", default=".fingerpost")
)

DATABASES = {
    "default": env.read(
        "DATABASE_URL",
        database,
        shape="the address of the PostgreSQL database, as the application role",
        example="postgresql://fingerpost_app:password@localhost/fingerpost",
    )
    or {}
}
# The two stronger roles exist only in the processes that need them: never in the web process or the worker.
for _alias, _name in (
    ("owner", "FINGERPOST_OWNER_DATABASE_URL"),
    ("maintenance", "FINGERPOST_MAINTENANCE_DATABASE_URL"),
):
    if env.source.get(_name):
        DATABASES[_alias] = env.read(
            _name,
            database,
            shape="a PostgreSQL address",
            example="postgresql://fingerpost_owner:password@localhost/fingerpost",
        )
FINGERPOST_APP_ROLE = DATABASES["default"].get("USER") or "fingerpost_app"
FINGERPOST_FOREIGN_TABLES = "fingerpost.web.config.foreign_tables"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "fingerpost.web.audit",
    "fingerpost.web.tenancy",
    "fingerpost.web.geography",
    "fingerpost.web.messaging",
    "fingerpost.web.people",
    "fingerpost.web.directory",
    "fingerpost.web.gaps",
    "fingerpost.web.pathway",
    "fingerpost.web.referrals",
    "fingerpost.web.casework",
    "fingerpost.web.measures",
    "fingerpost.web.connections",
    "fingerpost.web.feedback",
    "fingerpost.web.portal",
    "fingerpost.web.dashboards",
    "fingerpost.web.openreferral",
    "fingerpost.web.public",
    "fingerpost.web.pages",
    "fingerpost.web.staff",
    "fingerpost.web.foundation",
]

MIDDLEWARE = [
    "fingerpost.web.pages.middleware.BrowserLimitsMiddleware",
    # Out here, so that what is refused before it reaches a view carries it too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "fingerpost.web.pages.middleware.UnknownHostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fingerpost.web.pages.middleware.RefusedRequestMiddleware",
    "fingerpost.web.pages.middleware.MaintenanceMiddleware",
    "fingerpost.web.foundation.middleware.RequestTransactionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fingerpost.web.tenancy.middleware.ScopeMiddleware",
    "fingerpost.web.config.sign_ins.SignInMiddleware",
    "fingerpost.web.config.idle.IdleMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "fingerpost.web.config.second_factor.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "fingerpost.web.pages.middleware.ErrorPagesMiddleware",
]

ROOT_URLCONF = "fingerpost.web.config.urls"
WSGI_APPLICATION = "fingerpost.web.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "fingerpost.web.pages.environment.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
    # Only for the few templates that installed packages bring along.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

AUTH_USER_MODEL = "tenancy.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "fingerpost.web.tenancy.passwords.PredictablePasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "fingerpost.web.config.accounts.StaffAccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
# A whole practice, or a whole hospital, may share one address: the narrow limits are those of one account.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "200/5m/ip,10/5m/key"}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# The session ends with the browser: practices share computers.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "fingerpost.web.pages.account_forms.SignInForm",
    "reset_password": "fingerpost.web.pages.account_forms.ForgottenPasswordForm",
    "reset_password_from_key": "fingerpost.web.pages.account_forms.NewPasswordForm",
    "change_password": "fingerpost.web.pages.account_forms.ChangePasswordForm",
    "reauthenticate": "fingerpost.web.pages.account_forms.PasswordAgainForm",
}
FINGERPOST_SIGN_IN_PATHS = ("/accounts/",)

MFA_ADAPTER = "fingerpost.web.config.second_factor.StaffMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# In every ceremony, so that no answer to a weaker one is worth anything in the stronger: the key that somebody
# finds in a drawer opens nothing without its PIN or the finger.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip", "webauthn_begin": "300/m/ip"}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are an administrator's word; nobody can claim one
MFA_TOTP_TOLERANCE = 1  # half a minute either way: clocks of telephones differ, and typing takes time
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "fingerpost.web.pages.account_forms.SecondProofForm",
    "reauthenticate": "fingerpost.web.pages.account_forms.SecondProofAgainForm",
    "activate_totp": "fingerpost.web.pages.account_forms.FirstCodeForm",
    "authenticate_webauthn": "fingerpost.web.pages.passkeys.PasskeyForm",
    "reauthenticate_webauthn": "fingerpost.web.pages.passkeys.PasskeyAgainForm",
    "login_webauthn": "fingerpost.web.pages.passkeys.PasskeySignInForm",
    "add_webauthn": "fingerpost.web.pages.passkeys.AddPasskeyForm",
    "edit_webauthn": "fingerpost.web.pages.passkeys.RenamePasskeyForm",
}
FINGERPOST_MFA_REQUIRED = env.read(
    "FINGERPOST_MFA_REQUIRED", boolean, shape="true or false", example="true", default=False
)
FINGERPOST_OIDC = sign_in_provider(env)
_inside: list[str] = env.read(
    "FINGERPOST_FEED_HOSTS_INSIDE",
    words,
    shape="hosts with their ports, comma between",
    example="directory.internal:443",
    default=[],
)
FINGERPOST_FEED_HOSTS_INSIDE = [host.lower() for host in _inside]
FINGERPOST_THREADS = env.read(
    "FINGERPOST_THREADS",
    whole_number,
    shape="how many requests each process answers at once",
    example="4",
    default=4,
)
FINGERPOST_IDLE_MINUTES = env.read(
    "FINGERPOST_IDLE_MINUTES", whole_number, shape="minutes, 0 for never", example="30", default=30
)
CACHES = {"default": {"BACKEND": "fingerpost.web.foundation.cache.DatabaseJsonCache"}}

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "fingerpost.web.config.accounts.name_tried"
AXES_LOCKOUT_CALLABLE = "fingerpost.web.config.accounts.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("cy", _("Welsh"))]
LOCALE_PATHS = [SOURCE / "web" / "pages" / "locale"]
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STATICFILES_DIRS = [STATE / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "fingerpost.web.foundation.sessions"
# What a page says once may name somebody: in a cookie, whoever logs headers would have it.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "fingerpost.web.pages.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

FINGERPOST_BASE_URL = env.read(
    "FINGERPOST_BASE_URL",
    web_address,
    shape="the address people open Fingerpost at",
    example="https://fingerpost.example.org",
    default="http://127.0.0.1:8000",
)
FINGERPOST_PUBLISHES = env.read(
    "FINGERPOST_PUBLISHES",
    pairs,
    shape="host=system with commas between, * for every other host; left out: the only system there is",
    example="directory.example.org=northern-fells",
    default=[("*", "")],
)
FINGERPOST_OPEN_REQUESTS_A_MINUTE = env.read(
    "FINGERPOST_OPEN_REQUESTS_A_MINUTE",
    whole_number,
    shape="how many pages and answers of the published directory one address may ask for in a minute",
    example="300",
    default=300,
)
FINGERPOST_BRAND = {
    "organisation": env.read(
        "FINGERPOST_ORGANISATION",
        text,
        shape="a name",
        example="Northern Fells Network",
        default="Fingerpost",
    ),
    "logo": env.read(
        "FINGERPOST_LOGO",
        text,
        shape="the path of an SVG or PNG file",
        example="/etc/fingerpost/logo.svg",
        default="",
    ),
    "colour": env.read("FINGERPOST_COLOUR", text, shape="a colour", example="#1d4f4c", default="#1d4f4c"),
    "footer": env.read(
        "FINGERPOST_FOOTER", text, shape="a sentence", example="Run by Northern Fells Network", default=""
    ),
}
FINGERPOST_REFUSES_UNSAFE_START = False
FINGERPOST_MAINTENANCE = env.read(
    "FINGERPOST_MAINTENANCE", boolean, shape="true or false", example="true", default=False
)
FINGERPOST_DEMO = env.read("FINGERPOST_DEMO", boolean, shape="true or false", example="false", default=False)
FINGERPOST_MAIL = {"transport": "mailbox"}
# Only for the link to a new password, which must not stand in the outbox: colleagues read that.
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
ALLOWED_HOSTS = env.read(
    "FINGERPOST_HOSTS",
    words,
    shape="host names, comma between",
    example="fingerpost.example.org",
    default=["127.0.0.1", "localhost"],
)
CSRF_TRUSTED_ORIGINS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"hide_personal_data": {"()": "fingerpost.web.foundation.log_safety.HidePersonalData"}},
    # Every handler carries the filter, one for a log service too.
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["hide_personal_data"]}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},
    },
}
# Whether who speaks to the database may say what time it is: in tests, and while the demo's months are written.
FINGERPOST_CLOCK_MAY_BE_SET = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = False
