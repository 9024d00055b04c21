"""Header and footer of a CMS: fetched with bounds, stored as they are, and the last good one stays."""

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command

from updates.rendering.page_frame import frame, site_part
from updates.site_parts import LARGEST, UnusablePart, checked, stored_part

pytestmark = pytest.mark.once

HEADER = '<header><ul><li>News<li>Sport</ul><svg><path d="M0 0"/><title>x</title></svg><img src="/a.png"></header>'


class Cms(BaseHTTPRequestHandler):
    def do_GET(self):
        status, kind, body = self.server.answer
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def cms(settings, tmp_path):
    """A CMS whose next answer the test sets."""
    settings.DATA_DIR, settings.SITE_URL = tmp_path, "https://paper.example"
    with ThreadingHTTPServer(("127.0.0.1", 0), Cms) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        server.answer = (200, "text/html; charset=utf-8", HEADER.encode())
        settings.SITE_HEADER_URL = f"http://127.0.0.1:{server.server_port}/header"
        yield server
        server.shutdown()
        thread.join()
    site_part.cache_clear()


def fetch():
    output = StringIO()
    call_command("fetch_site_parts", stdout=output, stderr=output)
    return output.getvalue()


def test_a_header_is_shown_as_the_cms_writes_it(cms):
    assert "The header is stored" in fetch()
    assert stored_part("header") == HEADER
    site_part.cache_clear()
    assert frame()["site"]["header"] == HEADER
    assert not frame()["site"]["footer_html"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((503, "text/html", b"down"), "the answer was 503"),
        ((200, "application/json", b"{}"), "it is application/json, not text/html"),
        ((200, "text/html", b"x" * (LARGEST + 70_000)), f"more than {LARGEST} bytes"),
        ((200, "text/html", b"\xff\xfe"), "its letters are not in the encoding"),
        ((200, "text/html; charset=none", b"x"), "its letters are not in the encoding"),
        ((200, "text/html", b" "), "it is empty"),
        ((200, "text/html", b"<div><p>x</div></div>"), "</div> closes nothing"),
    ],
)
def test_what_cannot_be_used_is_refused_and_the_last_one_stays(cms, answer, reason):
    good, cms.answer = cms.answer, answer
    with pytest.raises(CommandError, match=re.escape(reason)):
        fetch()
    cms.answer = good
    fetch()
    cms.answer = answer
    output = fetch()
    assert (reason in output, "The last one stays" in output) == (True, True)
    assert stored_part("header") == HEADER


@pytest.mark.parametrize("text", ["<!doctype html><p>x", "<html><p>x", "<body>x</body>", "<div>", "<b><i></b></i>"])
def test_html_that_would_break_the_page_is_refused(text):
    with pytest.raises(UnusablePart):
        checked(text, "https://cms.example/header")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("<script>x()</script>", "an inline <script> does not run"),
        ('<a onclick="x()">x</a>', "onclick= of <a> does not run"),
        ('<p style="color:red">x', "the style of <p> has no effect"),
        ('<img src="https://cms.example/a.png">', "blocked unless CSP_EXTRA has img-src https://cms.example"),
    ],
)  # fmt: skip
def test_what_the_policy_blocks_is_said_and_left_in(settings, text, note):
    settings.SITE_URL = "https://paper.example"
    [output] = checked(text, "https://cms.example/header")
    assert note in output
    settings.CSP_EXTRA = {"img-src": ("https://cms.example",)}
    assert checked('<img src="https://cms.example/a.png"><img src="/b.png">', "https://cms.example/") == []
    assert checked('<script nonce="{{ csp_nonce }}">x()</script>', "https://cms.example/") == []
