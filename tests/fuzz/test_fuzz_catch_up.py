"""Catch-up answers any address with 200, 304, 400 or 404, in JSON that says what it is."""

from urllib.parse import quote, urlencode

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_event, post
from tests.fuzz.bounds import examples, within

pytestmark = [pytest.mark.fuzz, pytest.mark.django_db]

NUMBERS = [
    "0",
    "1",
    "2",
    "3",
    "-1",
    "+1",
    "1.0",
    "1e3",
    "00",
    "0x1",
    "١",
    "²",
    "9" * 16,
    "9" * 17,
    "9" * 6_000,
    "",
    " 1",
    "1\0",
    "NaN",
]
ODD = ["", "a", "0", "é", "\0", "'", '"', "%", "%00", "%ff", "a" * 17, "[]", "{}", "../", "\r\nX: y", "\ud800"]
numbers = st.sampled_from(NUMBERS) | st.integers().map(str) | st.text(max_size=6)
pairs = st.tuples(
    st.sampled_from(["after", "epoch", "at", "AFTER", "after[]", "page", "", "callback"]),
    numbers | st.sampled_from(ODD),
)
HEADERS = {
    "if-none-match": ["*", '"', 'W/"x"', '"a", "b"', "\x7f", '"' * 500, "epoch"],
    "if-modified-since": ["yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 99 Foo 10000 00:00:00 GMT"],
    "accept-encoding": ["gzip", "gzip;q=0", "br, *;q=x", ";" * 200, "identity;q=0"],
    "accept": ["*/*", "text/html", "\x7f"],
    "range": ["bytes=0-", "bytes=5-1,9-", "lines=1"],
    "cookie": ["sessionid=x", 'a={"b":1}', "=;=;", "a" * 5_000],
    "host": ["testserver", "testserver:99999", "evil.example", "[", ""],
}
headers = st.lists(
    st.sampled_from(sorted(HEADERS)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(HEADERS[name]))),
    max_size=3,
).map(dict)


@pytest.fixture
def event():
    event = make_event(slug="storm")
    post(event, "One")
    event.refresh_from_db()
    return event


@given(
    st.lists(pairs, max_size=4), st.sampled_from(["right", "right", "other", "none"]), headers,
    st.sampled_from(["storm", "storm", "storm", "no-such", "STORM", "st\0rm", "sturm%2f..", "ü", "-"]),
    st.sampled_from(["GET", "GET", "HEAD"]),
)  # fmt: skip
@examples(400)
def test_any_query_is_answered_by_the_protocol(client, event, some, epoch, headers, slug, method):
    epochs = {"right": [("epoch", event.epoch)], "other": [("epoch", "another")], "none": []}[epoch]
    query = urlencode([*epochs, ("after", "1"), *some], errors="replace")
    with within(seconds=5):
        answer = client.generic(method, f"/{quote(slug)}/changes?{query}", headers=headers)

    hypothesis.event(str(answer.status_code))
    assert answer.status_code in {200, 304, 400, 404}
    if answer.status_code == 200 and method == "GET" and answer.get("Content-Encoding") is None:
        assert answer["Content-Type"] == "application/json"
        assert {"epoch", "head"} <= answer.json().keys()


@given(st.binary(max_size=60))
@examples(200)
def test_any_bytes_after_the_question_mark_are_answered(client, event, query):
    path = f"/storm/changes?epoch={event.epoch}&after=0&"
    assert client.get(path + query.decode("latin-1")).status_code in (200, 400)


@given(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS))
@examples(60)
def test_a_number_is_a_number_or_refused(client, event, after, at):
    answer = client.get("/storm/changes", {"epoch": event.epoch, "after": after, "at": at})
    is_number = all(text.isascii() and text.isdigit() and len(text) <= 16 for text in (after, at))
    assert answer.status_code == (200 if is_number else 400)
