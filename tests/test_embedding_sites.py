"""Which sites may embed: what is typed, and what decides about frames, scripts and sockets."""

import pytest
from django.core.exceptions import ValidationError

from updates.embedding import MOST_SITES, canonical_sites, check_sites, frame_ancestors, may_embed


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://www.paper.example", "https://www.paper.example"),
        ("  HTTPS://WWW.Paper.Example/ ", "https://www.paper.example"),
        ("https://www.paper.example:443", "https://www.paper.example"),
        ("http://cms.local:80/", "http://cms.local"),
        ("http://127.0.0.1:08001", "http://127.0.0.1:8001"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://*.paper.example", "https://*.paper.example"),
        ("https://zürich.example", "https://xn--zrich-kva.example"),
        ("https://*.zürich.example:8443", "https://*.xn--zrich-kva.example:8443"),
        ("*", "*"),
    ],
)
def test_a_site_is_stored_as_browsers_name_it(typed, stored):
    assert canonical_sites([typed]) == [stored]
    check_sites([stored])


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("www.paper.example", "needs https:// in front"),
        ("https://www.paper.example/news/storm?x=1", "address of a page"),
        ("https://www.paper.example/*", "address of a page"),
        ("https://www.paper.example?x", "address of a page"),
        ("https://*", "not a site"),
        ("https://*.example", "not a site"),
        ("https://www.*.example", "not a site"),
        ("ftp://paper.example", "not a site"),
        ("javascript://paper.example", "not a site"),
        ("https://user:secret@paper.example", "not a site"),
        ("https://paper.example:0", "a port that does not exist"),
        ("https://paper.example:65536", "a port that does not exist"),
        ("https://paper.example;script-src", "not a site"),
        ("https://paper.example,*", "not a site"),
        ("https://paper.example\r\nX-Evil:1", "not a site"),
        ("https://paper.example'", "not a site"),
        ("'self'", "needs https:// in front"),
        ("https://", "not a site"),
        ("https://\u2003.example", "not a site"),
        ("https://" + "a" * 254, "not a site"),
        ("https://[::1]:8000", "not a site"),
        ("null", "needs https:// in front"),
    ],
)
def test_anything_else_is_refused_with_a_reason(typed, reason):
    with pytest.raises(ValidationError) as refused:
        canonical_sites([typed])
    assert reason in refused.value.messages[0]


def test_all_that_is_wrong_is_named_at_once():
    with pytest.raises(ValidationError) as refused:
        canonical_sites(["paper.example", "https://good.example", "https://x.example/y"])
    assert len(refused.value.messages) == 2


def test_the_list_is_short_and_names_each_site_once():
    assert canonical_sites(["https://a.example", "https://A.example/"]) == ["https://a.example"]
    with pytest.raises(ValidationError):
        canonical_sites([f"https://a{number}.example" for number in range(MOST_SITES + 1)])


@pytest.mark.parametrize(
    "value", ["https://a.example", [1], {"a": 1}, ["https://A.example"], ["https://a.example"] * 2]
)
def test_only_what_is_canonical_is_stored(value):
    with pytest.raises(ValidationError):
        check_sites(value)


@pytest.mark.parametrize(
    ("site", "origin", "allowed"),
    [
        ("https://www.paper.example", "https://www.paper.example", True),
        ("https://www.paper.example", "HTTPS://WWW.paper.example", True),
        ("https://www.paper.example", "https://www.paper.example:443", True),
        ("https://www.paper.example", "http://www.paper.example", False),
        ("https://www.paper.example", "https://www.paper.example:8443", False),
        ("https://www.paper.example", "https://paper.example", False),
        ("https://www.paper.example", "https://www.paper.example.evil.example", False),
        ("https://www.paper.example", "https://evilwww.paper.example", False),
        ("http://www.paper.example", "https://www.paper.example", True),  # as browsers read a policy
        ("http://www.paper.example", "https://www.paper.example:444", False),
        ("https://*.paper.example", "https://www.paper.example", True),
        ("https://*.paper.example", "https://a.b.paper.example", True),
        ("https://*.paper.example", "https://paper.example", False),
        ("https://*.paper.example", "https://evilpaper.example", False),
        ("https://*.paper.example", "https://*.paper.example", False),
        ("https://*.paper.example:8443", "https://www.paper.example:8443", True),
        ("https://*.paper.example:8443", "https://www.paper.example", False),
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001", True),
        ("http://127.0.0.1:8001", "http://127.0.0.1:8002", False),
        ("http://127.0.0.1:8001", "null", False),
        ("http://127.0.0.1:8001", "", False),
        ("*", "https://anybody.example", True),
        ("*", "null", True),
    ],
)
def test_pages_of_a_site(site, origin, allowed):
    assert may_embed([site], origin) is allowed
    assert may_embed(["https://other.example", site], origin) is allowed
    assert not may_embed([], origin)


def test_sources_of_the_policy():
    assert frame_ancestors([]) == "'self'"
    assert (
        frame_ancestors(["https://a.example", "https://*.b.example"]) == "'self' https://a.example https://*.b.example"
    )
    assert frame_ancestors(["https://a.example", "*"]) == "*"
