"""All settings, read from the environment. README, “Settings”, lists every variable; a test compares the two."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from .environment import (
    env_address,
    env_bool,
    env_choices,
    env_database,
    env_float,
    env_headers,
    env_int,
    env_links,
    env_list,
    env_networks,
    env_secret,
    env_str,
    shut_to_others,
)
from .release_digest import release_digest

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env_str("DATA_DIR", str(BASE_DIR / "var")))

# Server
DEBUG = env_bool("DEBUG", default=False)
HTTPS = env_bool("HTTPS", default=False)
HSTS_SUBDOMAINS = env_bool("HSTS_SUBDOMAINS", default=False)
SECRET_KEY = env_secret("SECRET_KEY", DATA_DIR / "secret_key")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env_networks("TRUSTED_PROXIES")
SITE_URL = env_address("SITE_URL").rstrip("/")
REQUEST_THREADS = env_int("REQUEST_THREADS", 16)
ROOT_URLCONF = "liveblog.urls"
ASGI_APPLICATION = "liveblog.asgi.application"

# The site, as readers see it
SITE_NAME = env_str("SITE_NAME", "Ellery Signal")
SITE_LOGO = env_str("SITE_LOGO")
SITE_NAVIGATION = env_links("SITE_NAVIGATION", "Live=/")
SITE_FOOTER = env_links("SITE_FOOTER", "")
AD_TEMPLATE = env_str("AD_TEMPLATE", "updates/_house_ad.html")

# Live delivery, in seconds
RECONCILE_EVERY = env_float("RECONCILE_EVERY", 2.0 if env_str("REDIS_URL") else 0.5)
REDIS_PROBE_EVERY = env_float("REDIS_PROBE_EVERY", 5.0)
HEARTBEAT_EVERY = env_float("HEARTBEAT_EVERY", 25.0)
HIDDEN_CLOSE = env_float("HIDDEN_CLOSE", 45.0)
BACKOFF_BASE = env_float("BACKOFF_BASE", 1.0)
POLL_EVERY = env_float("POLL_EVERY", 10.0)
RELEASE = release_digest(
    *(BASE_DIR / place for place in ("templates", "static", "locale", "updates")),
    settings=(
        (SITE_NAME, SITE_LOGO, SITE_NAVIGATION, SITE_FOOTER, AD_TEMPLATE, HIDDEN_CLOSE, BACKOFF_BASE, POLL_EVERY),
        env_str("VAPID_PRIVATE_KEY"),
        env_str("WEBSUB_HUB"),
    ),
)
WARN_AFTER_HOURS = env_int("WARN_AFTER_HOURS", 6)
DEMO_EVERY = env_float("DEMO_EVERY", 20.0)
SOCKET_ORIGINS = env_list("SOCKET_ORIGINS")
READYZ_TOKEN = env_str("READYZ_TOKEN")
READERS_AT_MOST = env_int("READERS_AT_MOST", 10_000)
SOCKETS_PER_ADDRESS = env_int("SOCKETS_PER_ADDRESS", 1000)
SIGN_INS_PER_MINUTE = env_int("SIGN_INS_PER_MINUTE", 30)

# Alerts (Web Push): off without a key, which manage.py vapid_keys makes
VAPID_PRIVATE_KEY = env_str("VAPID_PRIVATE_KEY")
VAPID_SUBJECT = env_str("VAPID_SUBJECT", SITE_URL)
PUSH_SERVICES = env_list("PUSH_SERVICES", "googleapis.com,push.services.mozilla.com,push.apple.com,notify.windows.com")
PUSH_INTERNAL_HOSTS = env_list("PUSH_INTERNAL_HOSTS")
if VAPID_PRIVATE_KEY and not VAPID_SUBJECT.startswith(("mailto:", "https:")):
    raise ImproperlyConfigured(
        "VAPID_PRIVATE_KEY needs VAPID_SUBJECT, an address at which push services can reach you, such as "
        "mailto:newsroom@live.example."
    )

# Shared caches: what is called when something published has changed, see updates/cdn.py
PURGE_URL = env_address("PURGE_URL")
PURGE_HEADERS = env_headers("PURGE_HEADERS")
PURGE_FIELD = env_str("PURGE_FIELD", "surrogate_keys")

# Feeds: the hub that is told of changes, see updates/websub.py
WEBSUB_HUB = env_address("WEBSUB_HUB")
if WEBSUB_HUB and not SITE_URL:
    raise ImproperlyConfigured("WEBSUB_HUB needs SITE_URL (such as https://live.example): the hub fetches feeds there.")


# Apps beside the product: the demo newsroom and the two measuring commands. A site behind HTTPS is a real one.
EXTRA_APPS = env_choices("EXTRA_APPS", () if HTTPS else ("demo", "rehearsal", "bench"), ("demo", "rehearsal", "bench"))

INSTALLED_APPS = [
    *(f"updates.{name}" for name in EXTRA_APPS),
    "updates",  # before daphne: its runserver serves through liveblog/server.py
    "daphne",
    "updates.accounts.admin_app.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "content_editor",
    "django_prose_editor",
    "js_asset",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    "liveblog.security.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
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
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "liveblog.security.nonce",
                "updates.admin.entry.last_action.last_action",
            ],
        },
    },
]

# Data
DATABASES = {"default": env_database("DATABASE_URL", DATA_DIR / "liveblog.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env_str("REDIS_URL")
CHANNEL_LAYERS = {
    "default": (
        {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 500},  # whole pages, both plain and compressed: some 80 kB each
    },
}

# Accounts
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "updates.accounts.passwords.GuessablePasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["updates.accounts.backend.AccountBackend"]
SESSION_ENGINE = "updates.accounts.sessions"
SECOND_FACTOR_FOR = env_choices("SECOND_FACTOR_FOR", (), ("superusers", "editors", "everybody"))
OTP_TOTP_ISSUER = SITE_NAME
AXES_HANDLER = "updates.accounts.sign_in_limits.SignInLimits"
AXES_LOCKOUT_CALLABLE = "updates.admin.account.refusal.too_many_failures"
AXES_CLIENT_IP_CALLABLE = "updates.accounts.addresses.client_address"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # whoever is locked out does not lock themselves out for longer
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
LOGIN_URL = "admin:login"

# Languages and time
LANGUAGE_CODE = env_str("LANGUAGE_CODE", "en")
LANGUAGES = [("en", _("English")), ("ar", _("Arabic"))]
TIME_ZONE = env_str("TIME_ZONE", "UTC")
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

# Files
SHARE_CARD_FONTS = env_list("SHARE_CARD_FONTS")
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")  # only developers load source maps
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": shut_to_others(DATA_DIR / "private"),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "liveblog.static_files.HashedStaticFiles"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
UNUSED_PICTURES_PER_PERSON = env_int("UNUSED_PICTURES_PER_PERSON", 300)
UNUSED_PICTURE_DAYS = env_int("UNUSED_PICTURE_DAYS", 7)

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "updates.admin.session_recovery.csrf_failure"
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

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO")},
    "loggers": {
        "axes": {"level": "ERROR"},  # updates/accounts/ writes one line for each failure
        "daphne": {"level": "WARNING"},
        "django.channels.server": {"level": "WARNING"},
    },
}
