"""The site's settings: those of the product, from ``updates/variables.py``, and those of its server.

docs/settings.md lists every environment variable.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from updates import project
from updates.environment import (
    env_bool,
    env_choice,
    env_choices,
    env_hosts,
    env_int,
    env_origins,
    env_parsed,
    env_port,
    env_str,
    env_zone,
    refuse_misspelt,
    refuse_placeholders,
)
from updates.release_digest import release_digest
from updates.variables import *  # noqa: F403 – every one is a setting
from updates.variables import (
    AD_SIZES,
    AD_SLOTS_AT_MOST,
    AD_TARGETING,
    AD_TEMPLATE,
    BACKOFF_BASE,
    CSP_EXTRA,
    DATA_DIR,
    EMBED_PROVIDERS,
    HIDDEN_CLOSE,
    MASTODON_HOSTS,
    NO_ADS,
    POLL_EVERY,
    REDIS_URL,
    SITE_DIR,
    SITE_FOOTER,
    SITE_LOGO,
    SITE_NAME,
    SITE_NAVIGATION,
    SITE_URL,
    TRUSTED_PROXIES,
    TRUSTED_TYPES,
    URL_PREFIX,
    VAPID_PRIVATE_KEY,
    WEBSUB_HUB,
)

from .database_address import parse_database, sqlite
from .secret_key import env_secret

BASE_DIR = Path(__file__).resolve().parent.parent

# Server
DEBUG = env_bool("DEBUG", default=False, meaning="Django's debug pages")
HTTPS = env_bool(
    "HTTPS",
    default=False,
    meaning="secure cookies, HSTS and redirects behind a proxy; needs `TRUSTED_PROXIES`, `SITE_URL` and `SECRET_KEY`",
)
HSTS_SUBDOMAINS = env_bool("HSTS_SUBDOMAINS", default=False, meaning="with `HTTPS`: HSTS includes all subdomains")
SECRET_KEY = env_secret(
    "SECRET_KEY", DATA_DIR / "secret_key", "key that signs sessions; needed with `HTTPS`", may_be_made=not HTTPS
)
ALLOWED_HOSTS = env_hosts("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]", "host names of the site")
CSRF_TRUSTED_ORIGINS = env_origins(
    "CSRF_TRUSTED_ORIGINS", "origins whose forms are accepted behind a proxy, such as `https://live.example`"
)
PORT = env_port("PORT", 8000, "port that `make run` and `manage.py serve` listen on")
REQUEST_THREADS = env_int(
    "REQUEST_THREADS",
    16,
    "requests that a process handles at the same time, half from readers and half at the desk; further ones wait; "
    "0 for no limit",
)
SIGN_INS_PER_MINUTE = env_int(
    "SIGN_INS_PER_MINUTE", 30, "passwords that one address, or IPv6 /64, may send in a minute; 0 for no limit"
)
API_REQUESTS_PER_MINUTE = env_int(
    "API_REQUESTS_PER_MINUTE",
    600,
    "requests to the [read API](api.md) from one address, or IPv6 /64, in a minute; 0 for no limit",
)
ROOT_URLCONF = "liveblog.urls"
ASGI_APPLICATION = "liveblog.asgi.application"

SITE_PLACES = [*([SITE_DIR] if SITE_DIR else []), BASE_DIR]
"""Folders of templates and static files, those of the site first."""

RELEASE = release_digest(
    *(BASE_DIR / place for place in ("templates", "static", "locale", "updates")),
    *(place for place in (SITE_DIR, DATA_DIR / "site_parts") if place and place.exists()),
    settings=(
        (SITE_NAME, SITE_LOGO, SITE_NAVIGATION, SITE_FOOTER, AD_TEMPLATE, HIDDEN_CLOSE, BACKOFF_BASE, POLL_EVERY),
        VAPID_PRIVATE_KEY,
        WEBSUB_HUB,
        (SITE_URL, EMBED_PROVIDERS, MASTODON_HOSTS),
        (URL_PREFIX, CSP_EXTRA, TRUSTED_TYPES),
        (AD_SIZES, AD_SLOTS_AT_MOST, AD_TARGETING, NO_ADS),
    ),
)

# Apps beside the product: the demo newsroom and the two measuring commands. A site behind HTTPS is a real one.
EXTRA_APPS = env_choices(
    "EXTRA_APPS",
    () if HTTPS else ("demo", "rehearsal", "bench"),
    ("demo", "rehearsal", "bench"),
    "apps beside the product; empty for none",
    default_text="`demo,rehearsal,bench`, with `HTTPS` none",
)

INSTALLED_APPS = [*(f"updates.{name}" for name in EXTRA_APPS), *project.APPS]

MIDDLEWARE = [
    "liveblog.security.SecurityHeaders",
    "liveblog.probes.Probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "updates.null_characters.NullCharacters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "liveblog.security.AdminLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "updates.accounts.sessions.LastSeen",
    "updates.admin.session_recovery.SessionRecovery",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it replaces the response to a sign-in that is refused
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [*(place / "templates" for place in SITE_PLACES)],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [*project.CONTEXT_PROCESSORS, "liveblog.security.nonce"],
        },
    },
]

# Data
DATABASES = {
    "default": env_parsed(
        "DATABASE_URL",
        None,
        parse_database,
        "`postgres://user:password@host:port/name`",
        kind="address",
        default_text="SQLite in `DATA_DIR`",
    )
    or sqlite(DATA_DIR / "liveblog.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CHANNEL_LAYERS = project.channel_layers(REDIS_URL)
CACHES = project.CACHES

# Accounts
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "updates.accounts.passwords.GuessablePasswordValidator"},
]
globals().update(project.ACCOUNTS)
OTP_TOTP_ISSUER = SITE_NAME
LOGIN_URL = "admin:login"

# Languages and time
LANGUAGE_CODE = env_str("LANGUAGE_CODE", "en", "language of the site and default of new events")
LANGUAGES = [
    ("en", _("English")),
    ("ar", _("Arabic")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("fr", _("French")),
    ("uk", _("Ukrainian")),
]
TIME_ZONE = env_zone("TIME_ZONE", "UTC", "default of new events")
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

# Files
STATIC_URL = f"{URL_PREFIX}/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [folder for place in SITE_PLACES if (folder := place / "static").is_dir()]
"""An installed package has ours inside ``updates``."""
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")  # only developers load source maps
MEDIA_URL = f"{URL_PREFIX}/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    **project.picture_storages(DATA_DIR),
    "staticfiles": {"BACKEND": "liveblog.static_files.HashedStaticFiles"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = f"{URL_PREFIX}/"
MESSAGE_STORAGE = "liveblog.message_cookies.OwnMessages"
if URL_PREFIX:  # another Django site on the same host would send and read cookies of the same names
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "liveblog_session", "liveblog_csrf"
if HTTPS:
    if not (TRUSTED_PROXIES and SITE_URL):
        raise ImproperlyConfigured(
            "HTTPS=1 needs TRUSTED_PROXIES (the address of the proxy that ends TLS, such as 127.0.0.1) and SITE_URL "
            "(such as https://live.example): without them every page would redirect to itself."
        )
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HSTS_SUBDOMAINS
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOG_LEVEL = env_choice(
    "LOG_LEVEL",
    "INFO",
    ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
    "level of the log on standard error",
)
LOG_FORMAT = env_choice(
    "LOG_FORMAT",
    "line",
    ("line", "json"),
    "form of the log's lines; `json` adds the identifier of the request",
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "liveblog.request_ids.JSONFormatter"},
    },
    "filters": {
        "outages": {"()": "liveblog.outage_log.OutageFilter"},
        "refusals": {"()": "liveblog.outage_log.RefusalFilter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["outages", "refusals"]}
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "axes": {"level": "ERROR"},  # updates/accounts/ writes one line for each failure
        "daphne": {"level": "WARNING"},
        "django.channels.server": {"level": "WARNING"},
    },
}

refuse_misspelt(dict(os.environ))
refuse_placeholders()
