"""Debian's nginx with our configuration and TLS, as ``certbot --nginx`` adds it: https and wss."""

import json
import ssl
from contextlib import suppress
from io import StringIO
from urllib.request import urlopen

import pytest
from django.core.management import call_command

from tests.certificates import make_certificate
from tests.doctor.conftest import patient  # noqa: F401 – a fixture
from tests.factories import make_user
from tests.nginx import SHIPPED, nginx_before
from tests.servers import CEILING, running_site

pytestmark = [pytest.mark.services, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PRODUCTION = {
    "HTTPS": "1",
    "SECRET_KEY": "a harbour wall of fifty granite blocks and one brass bell 71",
    "SITE_URL": "https://localhost",
    "ALLOWED_HOSTS": "localhost",
    "CSRF_TRUSTED_ORIGINS": "https://localhost",
    "TRUSTED_PROXIES": "127.0.0.1",
}


def with_tls(certificate, key):
    """Our configuration with the lines that certbot adds to the marked server."""
    lines = f"listen 80 ssl;\n    ssl_certificate {certificate};\n    ssl_certificate_key {key};"
    return SHIPPED.read_text().replace("listen 80;", lines)


def test_pages_and_sockets_pass_tls(tmp_path, monkeypatch, settings, patient):  # noqa: F811
    """The doctor opens pages by https and the socket by wss, and finds no fault; forms and cookies are for TLS."""
    settings.SECRET_KEY = PRODUCTION["SECRET_KEY"]  # by which the server knows the doctor
    make_user("ines", superuser=True)
    certificate, key = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        running_site(tmp_path / "server.log", **PRODUCTION) as site,
        nginx_before(tmp_path, site.url, text=with_tls(certificate, key)) as url,
    ):
        secure = url.replace("http://127.0.0.1", "https://localhost")
        out = StringIO()
        with suppress(SystemExit):
            call_command("doctor", url=secure, json=True, stdout=out)
        trusting = ssl.create_default_context()
        with urlopen(f"{secure}/admin/login/", timeout=CEILING, context=trusting) as login:
            cookies, safety = login.headers.get_all("Set-Cookie"), login.headers["Strict-Transport-Security"]
    findings = {finding["check"]: finding for finding in json.loads(out.getvalue())}
    assert [name for name, finding in findings.items() if finding["level"] == "error"] == [], findings
    assert findings["certificate"]["message"] == "is valid for 89 days"
    assert findings["proxy"]["message"] == "127.0.0.1 is trusted, and passes on the address of each reader"
    assert "an update arrives" in findings["websocket"]["message"]
    assert all("; Secure" in cookie for cookie in cookies)
    assert safety.startswith("max-age=")
