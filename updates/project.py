"""What another Django project needs for the live blog: docs/django-project.md shows such a project."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from . import variables
from .environment import shut_to_others
from .release_digest import release_digest
from .untyped import Settings

APPS: Final = (
    "updates",  # before the admin, whose templates it extends, and staticfiles, whose runserver it replaces
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
)

MIDDLEWARE: Final = (
    "updates.null_characters.NullCharacters",
    "django_otp.middleware.OTPMiddleware",
    "updates.accounts.sessions.LastSeen",
    "updates.admin.session_recovery.SessionRecovery",
    "axes.middleware.AxesMiddleware",
)
"""In this order, after the project's own."""

CONTEXT_PROCESSORS: Final = (
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "updates.admin.entry.last_action.last_action_context",
)

ACCOUNTS: Final = {
    "AUTHENTICATION_BACKENDS": ["updates.accounts.backend.AccountBackend"],
    "SESSION_ENGINE": "updates.accounts.sessions",
    "AXES_HANDLER": "updates.accounts.sign_in_limits.SignInLimits",
    "AXES_LOCKOUT_CALLABLE": "updates.admin.account.refusal.too_many_failures",
    "AXES_CLIENT_IP_CALLABLE": "updates.accounts.addresses.client_address",
    "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,  # further attempts do not make a lock longer
    "AXES_ENABLE_ADMIN": False,
    "AXES_VERBOSE": False,
    "CSRF_FAILURE_VIEW": "updates.admin.session_recovery.csrf_failure",
}
"""How people log in at the desk, stay logged in, and are locked out after wrong passwords."""


def _memory(name: str, megabytes: int) -> dict[str, object]:
    return {
        "BACKEND": "updates.bounded_cache.BoundedCache",
        "LOCATION": name,
        "OPTIONS": {"MAX_BYTES": megabytes * 2**20},
    }


CACHES: Final = {
    "default": _memory("default", 16),  # the HTML of updates, some 3 kB each
    "pages": _memory("pages", 16),  # whole pages, both plain and compressed: some 80 kB each
    "crops": _memory("crops", 16),  # of pictures, up to 500 kB each
}


def install(settings: Settings, *, prefix: str = "") -> None:
    """Add to a project's settings what the live blog needs: ``install(globals())`` as the last line of its settings.

    What the project has set stays as it is; its apps, middleware and context processors are completed. ``prefix`` is
    the path below which its addresses include ``updates.urls``, such as ``/live``.
    """
    settings.setdefault("URL_PREFIX", prefix)
    for name, value in vars(variables).items():
        if name.isupper() and not name.startswith("_"):
            settings.setdefault(name, value)
    for name, value in _defaults(settings).items():
        settings.setdefault(name, value)
    settings["STORAGES"] = _storages(Path(settings["DATA_DIR"])) | settings.get("STORAGES", {})
    settings["CACHES"] = CACHES | settings.get("CACHES", {})
    settings["INSTALLED_APPS"] = _apps(settings["INSTALLED_APPS"])
    settings["MIDDLEWARE"] = _completed(settings["MIDDLEWARE"], MIDDLEWARE)
    for engine in settings["TEMPLATES"]:
        options = engine.setdefault("OPTIONS", {})
        options["context_processors"] = _completed(options.get("context_processors", []), CONTEXT_PROCESSORS)


def channel_layers(redis: str) -> dict[str, dict[str, object]]:
    """Return ``CHANNEL_LAYERS``: Redis between processes, or nothing between them."""
    if not redis:
        return {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    return {"default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [redis]}}}


def picture_storages(data: Path) -> dict[str, dict[str, object]]:
    """Describe the storages of public sizes and of uploaded originals: a bucket if one is set, else folders.

    Of a folder of originals only this user of the machine may read the files.
    """
    if variables.S3_BUCKET:
        if find_spec("storages") is None:
            raise ImproperlyConfigured("S3_BUCKET needs the extra s3: pip install -r requirements/s3.txt")
        return {"default": _bucket("PublicPictures", "media"), "private": _bucket("PrivateFiles", "private")}
    options = {
        "location": shut_to_others(data / "private"),
        "base_url": None,
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    }
    disk = "django.core.files.storage.FileSystemStorage"
    return {"default": {"BACKEND": disk}, "private": {"BACKEND": disk, "OPTIONS": options}}


def _bucket(kind: str, folder: str) -> dict[str, object]:
    options = {
        "bucket_name": variables.S3_BUCKET,
        "location": folder,
        "endpoint_url": variables.S3_ENDPOINT or None,
        "region_name": variables.S3_REGION or None,
        "access_key": variables.S3_ACCESS_KEY or None,
        "secret_key": variables.S3_SECRET_KEY or None,
    }
    return {"BACKEND": f"updates.s3_storage.{kind}", "OPTIONS": options}


def _defaults(settings: Settings) -> Settings:
    values = sorted(f"{name}={settings[name]}" for name in vars(variables) if name.isupper() and name in settings)
    return ACCOUNTS | {
        "MEDIA_ROOT": Path(settings["DATA_DIR"]) / "media",
        "MEDIA_URL": f"{settings['URL_PREFIX']}/media/",
        "USE_TZ": True,
        "LOGIN_URL": "admin:login",
        "OTP_TOTP_ISSUER": settings["SITE_NAME"],
        "CHANNEL_LAYERS": channel_layers(settings["REDIS_URL"]),
        "RELEASE": release_digest(Path(__file__).parent, settings=values),
    }


def _storages(data: Path) -> dict[str, dict[str, object]]:
    static: dict[str, object] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return picture_storages(data) | {"staticfiles": static}


def _apps(installed: list[str]) -> list[str]:
    """Put the desk's admin in the place of Django's, and what is missing before it."""
    apps = ["updates.accounts.admin_app.DeskAdminConfig" if app == "django.contrib.admin" else app for app in installed]
    missing = [app for app in APPS if app not in apps]
    place = next((at for at, app in enumerate(apps) if app in APPS), len(apps))
    return [*apps[:place], *missing, *apps[place:]]


def _completed(present: list[str], needed: tuple[str, ...]) -> list[str]:
    return [*present, *(each for each in needed if each not in present)]
