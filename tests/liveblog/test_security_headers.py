"""Every answer says what a browser may do with it, also what no view has answered."""

import re
import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import RequestFactory

from liveblog.security import COMMON_HEADERS, READER_POLICY, SecurityHeaders
from tests.factories import make_event, make_picture, make_user, post
from tests.servers import CEILING, ROOT, running_site
from updates.content.embeds import find_embed
from updates.content.providers import PLAYER_HOSTS
from updates.publishing import PhotoContent

NAMES = {*COMMON_HEADERS, "Content-Security-Policy"}


def missing(answer):
    return {name for name in NAMES if name not in answer}


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["testserver", "evil.example"])
@pytest.mark.parametrize("address", ["/", "/absent/", "/healthz", "/readyz", "/admin/login/", "/static/absent.css"])
def test_every_answer_has_all_headers(client, address, host):
    answer = client.get(address, headers={"host": host})
    assert missing(answer) == set()
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    if host == "evil.example" and address != "/healthz":
        assert answer.status_code in {400, 404}


@pytest.mark.django_db
def test_pictures_may_be_shown_elsewhere_and_pages_may_not(client):
    boss = make_user(superuser=True)
    event = make_event(author=boss)
    entry = post(event, "Gate", author=boss, blocks=[PhotoContent(make_picture(boss).pk, alt="A", credit="B")])
    name = entry.content["blocks"][0]["image"]["renditions"][0]["webp"]
    assert client.get(f"/media/{name}")["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get(f"/{event.slug}/")["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_view_may_say_otherwise():
    def view(_request):
        from django.http import HttpResponse  # noqa: PLC0415

        return HttpResponse(headers={"Cross-Origin-Resource-Policy": "same-site"})

    answer = SecurityHeaders(view)(RequestFactory().get("/"))
    assert answer["Cross-Origin-Resource-Policy"] == "same-site"


def test_frames_show_the_players_of_known_providers_and_nothing_else():
    sources = READER_POLICY["frame-src"].split()
    assert sources == [f"https://{host}" for host in PLAYER_HOSTS]
    assert all(re.fullmatch(r"https://[a-z0-9.-]+", source) for source in sources)


@pytest.mark.parametrize(
    "address",
    [
        "https://youtu.be/aqz-KE-bpKQ",
        "https://vimeo.com/76979871",
        "https://www.dailymotion.com/video/x8abcde",
        "https://x.com/someone/status/1234567890",
        "https://bsky.app/profile/did:plc:z72i7hdynmk6r22z27h6tvur/post/3k2abcdefghij",
        "https://mastodon.social/@someone/112233445566778899",
        "https://www.tiktok.com/@someone/video/7123456789012345678",
        "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
    ],
)
def test_the_player_of_an_embed_may_be_shown(address):
    player = find_embed(address).player_url
    assert f"https://{urlsplit(player).netloc}" in READER_POLICY["frame-src"].split()


def raw_answer(server, request):
    address = urlsplit(server.url)
    with closing(socket.create_connection((address.hostname, address.port), CEILING)) as line:
        line.sendall(request)
        return line.recv(65536).decode("latin-1")


MANY_FIELDS = (
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 4800\r\n"
     b"Cookie: csrftoken=" + b"x" * 32 + b"\r\n\r\n" + b"a=1&" * 1200
)  # fmt: skip


@pytest.mark.services
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_what_the_server_refuses_by_itself_has_the_headers(tmp_path):
    host = b"Host: localhost\r\n"
    large = host + b"Content-Length: 999999\r\n\r\n" + b"x" * 999_999
    log = tmp_path / "server.log"
    with running_site(log, SIGN_INS_PER_MINUTE="1") as server:
        answers = {
            400: raw_answer(server, b"GET / HTTP/1.1\r\n" + host + b"X-Tab: a\x0bb\r\n\r\n"),  # Daphne refuses it
            413: raw_answer(server, b"POST / HTTP/1.1\r\n" + large),
            403: raw_answer(server, b"POST /admin/login/ HTTP/1.1\r\n" + host + b"Content-Length: 0\r\n\r\n"),
            429: raw_answer(server, b"POST /admin/login/ HTTP/1.1\r\n" + host + b"Content-Length: 0\r\n\r\n"),
        }
        no_http = [raw_answer(server, head + b"\r\n\r\n") for head in (b"NONSENSE", b"GET / HTTP/1.1\r\nBad(name): x")]
        strange = [
            raw_answer(server, b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
            raw_answer(server, b"POST /admin/updates/entry/add/ HTTP/1.1\r\n" + host + MANY_FIELDS),
        ]
    assert all(answer.startswith("HTTP/1.1 400 ") for answer in (*no_http, *strange))
    assert "Invalid HTTP_HOST header" in log.read_text()
    assert "Traceback" not in log.read_text()
    for status, answer in answers.items():
        assert answer.startswith(f"HTTP/1.1 {status} "), answer[:200]
    for answer in (*answers.values(), *no_http, *strange):
        present = {line.partition(":")[0].lower() for line in answer.partition("\r\n\r\n")[0].splitlines()}
        assert {name.lower() for name in NAMES} - present == set(), answer


def test_nginx_says_the_same_of_the_files_that_it_serves():
    text = (Path(ROOT) / "deploy" / "nginx.conf").read_text()
    assert text.count("add_header Cross-Origin-Resource-Policy cross-origin;") == 2
    assert text.count("add_header Access-Control-Allow-Origin *;") == 1  # WhiteNoise sends it with static files
