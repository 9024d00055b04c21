"""No header makes any address of the site fail, of strangers and of somebody at the desk."""

import hypothesis
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.bounds import examples, within
from tests.permissions.addresses import Newsroom, address_of, patterns

pytestmark = [pytest.mark.fuzz, pytest.mark.django_db]

VALUES = {
    "Origin": ["http://[", "null", "http://a:b", "http://testserver", "\x7f", ""],
    "Referer": ["http://[", "http://testserver/\\@evil.example/", "//", "a" * 3_000],
    "Cookie": ['sessionid="\\777"', "csrftoken=\\", "liveblog_messages=x:y:z", ";;=;", 'a={"b":1}'],
    "Accept-Language": ["en-" + "a-" * 500, "ar;q=nan", "*;q=9e999", "\x7f", "zz-ZZ-x-private"],
    "Accept-Encoding": ["gzip;q=" + "9" * 400, "gzip;q=nan", ";" * 200],
    "Accept": ["application/json", "text/html;q=nan", "\x7f"],
    "If-None-Match": ["*", 'W/"' * 500, '"\\"'],
    "If-Modified-Since": ["Thu, 99 Foo 99999 99:99:99 GMT", "-1"],
    "Range": ["bytes=0-," * 300, "lines=1"],
    "Host": ["testserver:99999", "testserver.", "[", "[::1", "evil.example", ""],
    "Content-Type": [
        "multipart/form-data", "multipart/form-data; boundary=" + "a" * 500, "application/json; charset=zzz",
        "application/x-www-form-urlencoded; charset=utf-16", "text/plain; charset=idna",
    ],
    "X-CSRFToken": ["x" * 32, "\\", "x" * 5_000],
    "X-HTTP-Method-Override": ["DELETE"],
    "Authorization": ["Bearer", "Basic //", "Digest x"],
}  # fmt: skip
BODIES = [b"", b"a=1", b"%00=%00", b'{"endpoint":1}', b"[" * 5_000, b"\xff\xfe", b"a=1&" * 1_200, b'{"a":1e999}']
headers = st.lists(
    st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(VALUES[name]))),
    min_size=1, max_size=4,
).map(dict)  # fmt: skip
odd_ids = st.sampled_from(["9" * 30, "0", "-1", "%00", "ü", "..%2f"])


@pytest.fixture
def newsroom(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Newsroom()


requests = st.fixed_dictionaries({
    "pattern": st.sampled_from(sorted(set(patterns()))),
    "method": st.sampled_from(["GET", "POST", "HEAD"]),
    "body": st.sampled_from(BODIES),
    "headers": headers,
    "role": st.sampled_from(["anonymous", "moderator"]),
    "odd_id": st.none() | odd_ids,
    "has_token": st.booleans(),
})  # fmt: skip


@given(requests)
@examples(60)
def test_any_headers_are_answered(newsroom, request_):
    client = Client(enforce_csrf_checks=not request_["has_token"])
    if user := newsroom.users[request_["role"]]:
        client.force_login(user)
    values, odd_id, some = newsroom.values(newsroom.entries["own"]), request_["odd_id"], dict(request_["headers"])
    address = address_of(request_["pattern"], values | dict.fromkeys(values, odd_id) if odd_id else values)
    kind = some.pop("Content-Type", "application/x-www-form-urlencoded")
    with within(seconds=5):
        answer = client.generic(request_["method"], address, request_["body"], content_type=kind, headers=some)
    hypothesis.event(str(answer.status_code))
    assert answer.status_code < 500
