"""The doctor and the certificate of the address, and connections that break: a finding each, never a traceback."""

import asyncio
import ssl
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from tests.certificates import make_certificate
from tests.doctor.test_doctor import PAGE, problem
from tests.servers import CEILING
from updates.doctor.certificate import examine_certificate
from updates.doctor.findings import Level
from updates.doctor.outside import examine_outside


@asynccontextmanager
async def serving(files, answer):
    """A server with a certificate, or without one; its port."""
    context = None
    if files:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*files)
    application = web.Application()
    application.router.add_route("GET", "/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def page(request):
    return web.Response(text=PAGE, content_type="text/html", headers={"Cache-Control": "max-age=3"})


@pytest.mark.parametrize(
    ("options", "is_trusted", "words"),
    [
        ({}, True, "is valid for 89 days"),
        ({"days": 3.5}, True, "expires in 3 days"),
        ({"days": -1}, True, "has expired"),
        ({"days": 400}, True, "is not valid yet"),
        ({"name": "live.example"}, True, "is for another name"),
        ({}, False, "is not trusted: self-signed certificate"),
    ],
)
async def test_certificate_is_judged(tmp_path, monkeypatch, patient, options, is_trusted, words):
    files = make_certificate(tmp_path, **options)
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]) if is_trusted else str(make_certificate(tmp_path, "other")[0]))
    async with serving(files, page) as port:
        finding, context = await examine_certificate(f"https://localhost:{port}")
    assert words in finding.message
    assert (finding.level == Level.OK) is words.startswith("is valid")
    assert bool(finding.mend) is (finding.level != Level.OK)
    assert context.check_hostname is words.startswith(("is valid", "expires"))


async def test_rest_is_examined_in_spite_of_a_bad_certificate(tmp_path, monkeypatch):
    monkeypatch.setattr("updates.doctor.outside.GONE_WITHIN", 0.1)
    async with serving(make_certificate(tmp_path), page) as port:
        findings = await examine_outside(f"https://localhost:{port}", "storm", str, str, [])
    assert "is not trusted" in problem(findings, "certificate").message
    assert problem(findings, "removal").level == Level.ERROR


async def test_address_that_does_not_speak_tls_is_found():
    async with serving(None, page) as port:
        findings = await examine_outside(f"https://localhost:{port}", "storm", str, str, [])
    assert "does not speak TLS" in problem(findings, "certificate").message
    assert "cannot be reached" in problem(findings, "address").message


@pytest.mark.parametrize("path", ["/readyz", "/media/secret_key"])
async def test_connection_that_breaks_is_found(path):
    async def answer(request):
        if request.path == path:
            request.transport.abort()
        return await page(request)

    async with serving(None, answer) as port:
        findings = await examine_outside(f"http://127.0.0.1:{port}", "storm", str, str, [])
    assert "broke off" in problem(findings, "address").message


async def test_silent_address_is_found(monkeypatch):
    """It accepts connections and says nothing."""
    monkeypatch.setattr("updates.doctor.certificate.WITHIN", 0.2)

    ended = asyncio.Queue()

    async def wait_for_the_end(reader, writer):
        await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.put_nowait(writer)

    server = await asyncio.start_server(wait_for_the_end, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        findings = await examine_outside(f"https://127.0.0.1:{port}", "storm", str, str, [])
        async with asyncio.timeout(CEILING):
            await ended.get()
    assert "cannot be reached" in problem(findings, "address").message
