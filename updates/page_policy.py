"""What a site may add to the policies of readers' pages. Without settings they stay as strict as they are."""

import re
from typing import Final

DIRECTIVES: Final = (
    "script-src", "style-src", "style-src-attr", "img-src", "media-src", "connect-src", "frame-src", "font-src",
    "worker-src", "manifest-src", "form-action", "trusted-types", "report-uri", "report-to",
)  # fmt: skip
"""Directives of the Content Security Policy to which sources can be added."""

FEATURES: Final = (
    "accelerometer", "camera", "display-capture", "encrypted-media", "gamepad", "geolocation", "gyroscope",
    "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment",
    "screen-wake-lock", "serial", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
"""What neither our scripts nor the players of embeds use."""

_HOST: Final = r"(?:https?://|wss?://)?(?:\*\.)?[a-z0-9]+(?:[.-][a-z0-9]+)*(?::(?:\d{1,5}|\*))?(?:/[\w./~-]*)?"
_KEYWORD: Final = (
    r"'(?:self|strict-dynamic|unsafe-eval|wasm-unsafe-eval|unsafe-hashes|report-sample"
    r"|sha(?:256|384|512)-[\w+/]+={0,2})'"
)
# ASCII only: a header with other letters is encoded, and browsers then ignore the whole policy.
_SOURCE: Final = re.compile(rf"{_HOST}|(?:https|data|blob):|{_KEYWORD}", re.IGNORECASE | re.ASCII)
_POLICY_NAME: Final = re.compile(r"[\w#=/@.%-]+|'allow-duplicates'", re.ASCII)
_REPORT: Final = re.compile(r"https://[\w.:/-]+|/[\w./-]*", re.IGNORECASE | re.ASCII)
_PATTERNS: Final = {"trusted-types": _POLICY_NAME, "report-to": _POLICY_NAME, "report-uri": _REPORT}
_INLINE: Final = "'unsafe-inline'"

Sources = dict[str, tuple[str, ...]]


def parse_sources(text: str) -> Sources:
    """Read directives as a Content Security Policy has them: ``script-src https://a.example; img-src https:``."""
    sources: Sources = {}
    for part in text.split(";"):
        directive, *added = part.split() or [""]
        if not directive:
            continue
        if directive not in DIRECTIVES:
            raise ValueError(f"“{directive}” cannot be changed. Directives are {', '.join(DIRECTIVES)}")
        if not added:
            raise ValueError(f"{directive} names no source")
        for source in added:
            _check(directive, source)
        sources[directive] = (*sources.get(directive, ()), *added)
    return sources


def _check(directive: str, source: str) -> None:
    if source == _INLINE and directive == "script-src":
        raise ValueError(
            "script-src 'unsafe-inline' would let anybody's script run. Give yours nonce=\"{{ csp_nonce }}\""
        )
    if source == _INLINE and directive.startswith("style-src"):
        return
    if source.lower() == "data:" and directive == "script-src":
        raise ValueError("script-src data: would let anybody's script run")
    if not _PATTERNS.get(directive, _SOURCE).fullmatch(source):
        raise ValueError(
            f"{directive}: “{source}” is no source such as https://ads.example, https: or 'strict-dynamic'"
        )


def extended(policy: dict[str, str], added: Sources) -> dict[str, str]:
    """Return a policy with further sources."""
    return policy | {name: " ".join((*policy.get(name, "").split(), *sources)) for name, sources in added.items()}
