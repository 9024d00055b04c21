"""The session behind a desk's socket."""

import pytest
from django.conf import settings

from updates.live.desk.session import session_of

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "other", ['consent={"ads":false}', "prefs=a b", 'x="unclosed', "first;second", "ключ=1", "a[b]=1", "café=1"]
)
def test_session_is_found_beside_cookies_of_other_scripts(other):
    header = f"{other}; {settings.SESSION_COOKIE_NAME}=abc123"
    assert session_of([(b"host", b"live.example"), (b"cookie", header.encode())]) == "abc123"


def test_session_is_found_in_a_cookie_header_of_its_own():
    headers = [(b"cookie", b"a=1"), (b"cookie", f"{settings.SESSION_COOKIE_NAME}=abc123".encode())]
    assert session_of(headers) == "abc123"


def test_there_is_no_session_without_a_cookie():
    assert session_of([(b"host", b"live.example")]) == ""
