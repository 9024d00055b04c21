"""The certificate of the public address: trusted, for this name, and valid for some time."""

import asyncio
import ssl
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from .findings import Finding, error, fine, warning

EXPIRES_SOON: Final = 14
"""Days."""

WITHIN: Final = 10.0
"""Seconds for the handshake."""

NOT_YET, EXPIRED, OTHER_NAME = 9, 10, 62
"""Codes of OpenSSL (X509_V_ERR_…)."""

FAULTS: Final = {
    EXPIRED: ("has expired", "Renew it (certbot renew), and find out why it was not renewed by itself."),
    NOT_YET: ("is not valid yet", "Correct the clock of this machine, or of the one that made the certificate."),
    OTHER_NAME: ("is for another name", "Get one for the name in SITE_URL: certbot --nginx -d NAME."),
}
UNTRUSTED: Final = (
    "is not trusted: {reason}",
    "Get one from an authority that browsers know, and let the proxy send the whole chain (fullchain.pem).",
)


async def examine_certificate(base: str) -> tuple[Finding, ssl.SSLContext]:
    """Return the finding, and the context for further requests: with a bad certificate it accepts any.

    Raises ``OSError`` or ``TimeoutError`` if nothing answers there.
    """
    context = ssl.create_default_context()
    parts = urlsplit(base)
    if parts.scheme != "https":
        mend = "Put TLS before the site and set HTTPS=1."
        return warning("certificate", "the address has no HTTPS", mend), context
    try:
        return fault_or_days(await _valid_until(parts.hostname or "", parts.port or 443, context)), context
    except ssl.SSLCertVerificationError as failure:
        return _fault(failure), _accepting_any()
    except ssl.SSLError as failure:
        mend = "Let the proxy speak TLS 1.2 or 1.3 at this port."
        return error("certificate", f"the address does not speak TLS: {failure.reason}", mend), _accepting_any()


async def _valid_until(host: str, port: int, context: ssl.SSLContext) -> datetime:
    async with asyncio.timeout(WITHIN):
        _, writer = await asyncio.open_connection(host, port, ssl=context)
    certificate = writer.get_extra_info("ssl_object").getpeercert()
    writer.close()
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)


def fault_or_days(ends: datetime) -> Finding:
    days = (ends - datetime.now(UTC)).days
    if days < EXPIRES_SOON:
        mend = "Renew it, and find out why it was not renewed by itself."
        return error("certificate", f"expires in {days} days", mend)
    return fine("certificate", f"is valid for {days} days")


def _fault(failure: ssl.SSLCertVerificationError) -> Finding:
    message, mend = FAULTS.get(failure.verify_code, UNTRUSTED)
    return error("certificate", message.format(reason=failure.verify_message), mend)


def _accepting_any() -> ssl.SSLContext:
    """Return a context for the other checks, which send no secret."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
