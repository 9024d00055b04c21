"""The desk's script recognises the addresses that the server makes players of, from the same table."""

import json
import subprocess

import pytest

from tests.servers import ROOT
from updates.content.embed_kinds import embed_table, kind_of
from updates.content.embeds import find_embed
from updates.content.own_providers import parse_providers
from updates.content.providers import PROVIDERS

ADDRESSES = {
    "https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ": "video",
    "https://youtu.be/dQw4w9WgXcQ?t=9": "video",
    "https://youtube.com/shorts/dQw4w9WgXcQ": "video",
    "https://youtube.com/embed/live_stream?channel=UC1": "link",
    "https://vimeo.com/76979871": "video",
    "https://x.com/nasa/status/123": "post",
    "https://bsky.app/profile/example.org/post/3k": "post",
    "https://mastodon.social/@a/123": "post",
    "https://social.paper.example/@a/123": "link",
    "https://www.threads.net/@a/post/Cuw_-12345": "post",
    "https://t.me/durov/12": "post",
    "https://soundcloud.com/nasa/landing": "sound",
    "https://www.datawrapper.de/_/aB3dE/": "chart",
    "https://www.openstreetmap.org/#map=15/48.1/11.5": "map",
    "https://www.google.com/maps/@48.85,2.29,15z": "map",
    "https://www.google.com/search?q=a": "link",
    "https://video.paper.example/clips/7": "video",
    "https://cdn.example/a.MP3?x=1": "sound",
    "https://cdn.example/live.m3u8": "video",
    "http://cdn.example/a.mp4": "link",
    "https://youtube.com:8443/watch?v=dQw4w9WgXcQ": "link",
    "https://example.org/": "link",
    "youtu.be/dQw4w9WgXcQ": None,
    "javascript:alert(1)": None,
    "https://a@youtu.be/dQw4w9WgXcQ": None,
    "https://youtu.be/dQw4w9WgXcQ and words": None,
    "https://localhost/a.mp4": None,
    "https://example.org/" + "a" * 1000: None,
}
SCRIPT = """
import { recognise } from "./static/js/admin/embed_recognition.js";
const [table, addresses] = JSON.parse(process.argv[1]);
console.log(JSON.stringify(addresses.map((address) => recognise(` ${address}`, table)?.kind ?? null)));
"""
OWN = '[{"name": "own", "host": "video.paper.example", "path": "/clips/{id}", "player": "https://video.paper.example/{id}"}]'


@pytest.mark.once
def test_script_and_server_see_the_same(settings):
    settings.EMBED_PROVIDERS = parse_providers(OWN)
    data = json.dumps([embed_table(), list(ADDRESSES)])
    command = ["node", "--input-type=module", "--no-warnings", "-e", SCRIPT, data]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    assert dict(zip(ADDRESSES, json.loads(answer.stdout), strict=True)) == ADDRESSES
    players = {address for address, kind in ADDRESSES.items() if kind and kind != "link"}
    assert {address for address in players if find_embed(address).provider == "link"} == set()


def test_every_provider_has_a_kind_with_words():
    assert {kind_of(provider) for provider in PROVIDERS} == {"video", "post", "sound", "chart", "map"}
