"""Content security policy of all pages, and the language of the admin."""

import secrets
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.locale import LocaleMiddleware
from django.utils.functional import SimpleLazyObject

from updates.content.provider import ANY_HOST, Provider, player_hosts
from updates.content.providers import providers_of_site
from updates.page_policy import FEATURES, Sources, extended


def frame_sources(providers: Iterable[Provider]) -> str:
    """Return the hosts of players; with posts of every server also this site, whose own pages frame those."""
    providers = tuple(providers)
    own = ["'self'"] if any(ANY_HOST in provider.hosts for provider in providers) else []
    return " ".join([*own, *(f"https://{host}" for host in player_hosts(providers))])


STRICT_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self' https:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": frame_sources(providers_of_site()),
    "worker-src": "'self'",  # of alerts; by itself it would follow what is added to script-src
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "require-trusted-types-for": "'script'",  # strings become markup in static/js/html.js only
    "trusted-types": "liveblog",
}
"""What a site may add to it stands in ``updates/page_policy.py``."""


_READERS_ONLY = ("require-trusted-types-for", "trusted-types")
"""Django's admin and the editor turn strings into markup."""


def without_trusted_types(policy: dict[str, str]) -> dict[str, str]:
    return {name: sources for name, sources in policy.items() if name not in _READERS_ONLY}


def policy_of_readers(added: Sources, *, trusted_types: bool) -> dict[str, str]:
    """Return the policy of readers' pages with what the settings add."""
    policy = extended(STRICT_POLICY, added)
    own_nonce: Sources = {"script-src": ("'nonce-{nonce}'",)}  # left out where no template has asked for it
    return extended(policy if trusted_types else without_trusted_types(policy), own_nonce)


READER_POLICY = policy_of_readers(settings.CSP_EXTRA, trusted_types=settings.TRUSTED_TYPES)

ADMIN_POLICY = without_trusted_types(STRICT_POLICY) | {
    "style-src-attr": "'unsafe-inline'",  # pasting from Google Docs sets style attributes before they are cleaned away
    "img-src": "'self' data: blob:",
}

ADMIN_PREFIX = f"{settings.URL_PREFIX}/admin/"
API_PREFIX = f"{settings.URL_PREFIX}/api/"

COMMON_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=({'self' if feature in settings.BROWSER_FEATURES else ''})" for feature in FEATURES
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every response that does not set its own."""

PUBLIC_FILES = (settings.STATIC_URL, settings.MEDIA_URL)
"""Pictures, logos and icons that feed readers and other sites may show."""

REFUSAL_HEADERS = COMMON_HEADERS | {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
"""Headers of responses that come from the server itself, without a view."""

RAW_HEADERS = "".join(f"{name}: {value}\r\n" for name, value in REFUSAL_HEADERS.items()).encode()
"""The same for a response that is written to a connection as bytes."""

NOT_MODIFIED = 304
"""A response without a policy: the browser keeps the one of its page, whose nonces that names."""

METHODS = ("GET", "HEAD", "POST")
"""The methods that this site uses. Others are refused, because views distinguish only POST from the rest."""

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecurityHeaders:
    """A strict policy on every answer: no inline script but those to which a site's own templates give a nonce.

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
        if "Content-Security-Policy" not in response and response.status_code != NOT_MODIFIED:
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
