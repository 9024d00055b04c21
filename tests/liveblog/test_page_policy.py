"""What settings add to the policy of readers' pages, and what they may not."""

import pytest

from liveblog.security import STRICT_POLICY, policy_of_readers, written
from updates.page_policy import extended, parse_sources


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("script-src https://a.example", {"script-src": ("https://a.example",)}),
        ("script-src a.example 'strict-dynamic';", {"script-src": ("a.example", "'strict-dynamic'")}),
        ("media-src a.example; img-src https:;", {"media-src": ("a.example",), "img-src": ("https:",)}),
        ("frame-src https://*.a.example:*/x/", {"frame-src": ("https://*.a.example:*/x/",)}),
        ("img-src a.example; img-src b.example", {"img-src": ("a.example", "b.example")}),
        ("style-src-attr 'unsafe-inline'", {"style-src-attr": ("'unsafe-inline'",)}),
        ("script-src 'sha256-B2yPHKa+nv/='", {"script-src": ("'sha256-B2yPHKa+nv/='",)}),
        ("report-uri /csp", {"report-uri": ("/csp",)}),
        ("trusted-types goog#html", {"trusted-types": ("goog#html",)}),
        ("script-src http://127.0.0.1:8009", {"script-src": ("http://127.0.0.1:8009",)}),
    ],
)  # fmt: skip
def test_sources_are_read(text, expected):
    assert parse_sources(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("script-src 'unsafe-inline'", "would let anybody's script run"),
        ("script-src data:", "would let anybody's script run"),
        ("script-src DATA:", "would let anybody's script run"),
        ("script-src https://a.example/пут", "is no source"),  # the header would be encoded, and no policy any more
        ("report-to ﬁ", "is no source"),
        ("report-uri https://a.example/é", "is no source"),
        ("script-src", "names no source"),
        ("script-src *", "is no source"),
        ("script-src 'none'", "is no source"),
        ("script-src https://a.example,https://b.example", "is no source"),
        ("script-src <script>", "is no source"),
        ("script-src https://a.example\nX-Header: 1", "is no source"),
        ("frame-ancestors https://a.example", "cannot be changed"),
        ("default-src https:", "cannot be changed"),
        ("base-uri 'self'", "cannot be changed"),
        ("scripts https://a.example", "cannot be changed"),
    ],
)
def test_what_would_open_or_break_the_policy_is_refused(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_sources(text)


def test_sources_are_added_to_those_that_are_there():
    policy = extended({"img-src": "'self' data:"}, {"img-src": ("https:",), "worker-src": ("blob:",)})
    assert policy == {"img-src": "'self' data: https:", "worker-src": "blob:"}


def test_without_settings_the_policy_is_the_strict_one():
    policy = policy_of_readers({}, trusted_types=True)
    assert written(policy) == written(STRICT_POLICY)
    assert "nonce" not in written(policy)
    assert "script-src 'self' 'nonce-abc'" in written(policy, "abc")
    for added in ({}, {"trusted-types": ("goog#html",)}):
        assert "trusted-types" not in written(policy_of_readers(added, trusted_types=False))
    assert "trusted-types liveblog goog#html" in written(policy_of_readers(added, trusted_types=True))
