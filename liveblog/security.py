"""Content security policy of all pages, and the language of the admin."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.locale import LocaleMiddleware
from django.utils.functional import SimpleLazyObject

from updates.content.providers import PLAYER_HOSTS

READER_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self' https:",
    "connect-src": "'self'",
    "frame-src": " ".join(f"https://{host}" for host in PLAYER_HOSTS),
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "require-trusted-types-for": "'script'",  # strings become markup in static/js/html.js only
    "trusted-types": "liveblog",
}

_READERS_ONLY = ("require-trusted-types-for", "trusted-types")
"""Django's admin and the editor turn strings into markup."""

ADMIN_POLICY = {name: sources for name, sources in READER_POLICY.items() if name not in _READERS_ONLY} | {
    "script-src": "'self' 'nonce-{nonce}'",
    "style-src": "'self' 'nonce-{nonce}'",
    "style-src-attr": "'unsafe-inline'",  # pasting from Google Docs sets style attributes before they are cleaned away
    "img-src": "'self' data: blob:",
    "font-src": "'self'",  # the icons of the editor's buttons
}

ADMIN_PREFIX = f"{settings.URL_PREFIX}/admin/"
API_PREFIX = f"{settings.URL_PREFIX}/api/"

UNUSED_FEATURES = (
    "accelerometer", "camera", "display-capture", "encrypted-media", "gamepad", "geolocation", "gyroscope",
    "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment",
    "screen-wake-lock", "serial", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
"""What neither our scripts nor the players of embeds may use."""

COMMON_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Of every answer, where it does not say otherwise."""

PUBLIC_FILES = (settings.STATIC_URL, settings.MEDIA_URL)
"""Pictures, logos and icons that feed readers and other sites may show."""

REFUSAL_HEADERS = COMMON_HEADERS | {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
"""Headers of responses that come from the server itself, without a view."""

RAW_HEADERS = "".join(f"{name}: {value}\r\n" for name, value in REFUSAL_HEADERS.items()).encode()
"""The same for a response that is written to a connection as bytes."""

METHODS = ("GET", "HEAD", "POST")
"""All that this site uses; further ones would reach views that only tell a POST from the rest."""

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecurityHeaders:
    """A strict policy on every answer: no inline script anywhere, a nonce for import maps in the admin.

    It must be the outermost middleware, so that refusals of the others have the headers, too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        made: list[str] = []

        def make_nonce() -> str:
            made.append(secrets.token_urlsafe(16))
            return made[0]

        request.csp_nonce = SimpleLazyObject(make_nonce)  # type: ignore[attr-defined]
        is_known = request.method in METHODS
        response = self.get_response(request) if is_known else HttpResponseNotAllowed(METHODS)
        if "Content-Security-Policy" not in response:
            policy = ADMIN_POLICY if request.path.startswith(ADMIN_PREFIX) else READER_POLICY
            response["Content-Security-Policy"] = written(policy | ancestors_of(response), made[0] if made else "")
        if request.path.startswith(PUBLIC_FILES):
            response.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
        for name, value in COMMON_HEADERS.items():
            if name != "X-Frame-Options" or not ancestors_of(response):
                response.setdefault(name, value)
        return response


def ancestors_of(response: HttpResponse) -> dict[str, str]:
    """Return the directive of a response that pages of other sites may frame; ``updates/views/framing.py`` marks it."""
    ancestors = getattr(response, "frame_ancestors", "")
    return {"frame-ancestors": ancestors} if ancestors else {}


def written(policy: dict[str, str], nonce: str = "") -> str:
    """Return the value of the header; without a nonce its source is left out."""
    value = "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
    return value.replace("{nonce}", nonce) if nonce else value.replace(" 'nonce-{nonce}'", "")


def nonce(request: HttpRequest) -> dict[str, object]:
    """Template context: ``csp_nonce``."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}


class AdminLanguage(LocaleMiddleware):
    """Use the browser's language in the admin only. Readers' pages have that of their event, and must not vary by
    header.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith(ADMIN_PREFIX):
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        if request.path.startswith(ADMIN_PREFIX):
            return super().process_response(request, response)  # type: ignore[return-value]
        return response
