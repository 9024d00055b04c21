"""A nonce is another one in every response, though pages are drawn once and compressed once."""

import gzip
import re

import pytest
from django.conf import settings as django_settings
from django.test import RequestFactory

from tests.factories import make_event
from updates.rendering.page_frame import NONCE
from updates.views.page_nonces import NoncedBody

SCRIPT = '<script nonce="{{ csp_nonce }}">window.tag = 1</script>'


@pytest.fixture
def site_with_a_tag(settings, tmp_path):
    """A site whose own template has an inline script."""
    (tmp_path / "updates" / "site").mkdir(parents=True)
    (tmp_path / "updates" / "site" / "head.html").write_text(SCRIPT)
    [engine] = django_settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]


def nonces_of(answer):
    body = answer.content if "Content-Encoding" not in answer else gzip.decompress(answer.content)
    in_page = re.search(rb'<script nonce="([^"]*)">window.tag', body)[1].decode()
    return in_page, re.search(r"'nonce-([^']*)'", answer["Content-Security-Policy"])[1]


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize("address", ["/", "/{slug}/", "/absent/"])
def test_every_response_has_its_own_nonce_in_page_and_policy(client, site_with_a_tag, address, encoding):
    address = address.format(slug=make_event().slug)
    pairs = [nonces_of(client.get(address, headers={"accept-encoding": encoding})) for _ in range(3)]
    assert all(in_page == in_policy and len(in_page) >= 20 for in_page, in_policy in pairs)
    assert len(set(pairs)) == 3


@pytest.mark.django_db
def test_an_unchanged_page_keeps_its_nonce_in_the_browser(client, site_with_a_tag):
    """The headers of a 304 replace those of the stored page, whose body has the nonce of its own policy."""
    address = f"/{make_event().slug}/"
    etag = client.get(address)["ETag"]
    unchanged = client.get(address, headers={"if-none-match": etag})
    assert (unchanged.status_code, unchanged["ETag"]) == (304, etag)
    assert "Content-Security-Policy" not in unchanged
    assert unchanged["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/{slug}/"])
def test_copies_with_other_nonces_have_other_tags(client, site_with_a_tag, address):
    """A shared cache that has one copy does not say of another one that it is unchanged."""
    address = address.format(slug=make_event().slug)
    tags = {client.get(address)["ETag"] for _ in range(2)}
    assert len(tags) == 2
    for tag in tags:
        assert client.get(address, headers={"if-none-match": f'"other", {tag}'}).status_code == 304
        assert client.get(address, headers={"if-none-match": tag.replace("-", "", 1)}).status_code == 200


@pytest.mark.django_db
def test_a_page_without_scripts_of_the_site_has_no_nonce(client):
    answer = client.get(f"/{make_event().slug}/")
    assert "nonce" not in answer["Content-Security-Policy"]
    assert NONCE not in answer.content.decode()


@pytest.mark.parametrize("text", ["{0}", "a{0}b{0}c", "{0}{0}", "é" * 70_000 + "{0}ü"])
def test_parts_and_nonces_make_one_gzip_file(text):
    request = RequestFactory().get("/")
    request.csp_nonce = "abc-DEF_012"
    body = NoncedBody.of(text.format(NONCE))
    expected = text.format("abc-DEF_012").encode()
    assert (body.filled(request), gzip.decompress(body.packed(request))) == (expected, expected)
