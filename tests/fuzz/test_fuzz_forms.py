"""No value of any field makes a form of the desk fail: it is taken, or refused in words."""

from urllib.parse import urlencode

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.admin.desk_forms import controls
from tests.fuzz.bounds import examples, within
from tests.permissions.addresses import Newsroom, address_of, patterns

pytestmark = [pytest.mark.fuzz, pytest.mark.django_db]

ODD = [
    "", " ", "\0", "\ud800", "9" * 30, "-1", "0", "1.5", "NaN", "true", "null", "[]", "{}", "[" * 3_000, '{"a":',
    "2026-13-41T99:99", "0001-01-01T00:00", "9999-12-31T23:59", "2026-03-29T02:30", "11111-01-01", "Europe/Nowhere",
    "../../etc", "javascript:alert(1)", "https://[", "http://a:b@c:99999999/", "//", "xn--", "x" * 100_000, "\r\nX: y",
    "=1+1", "%s%(a)s{0}", "ü" * 500, "\u202e\u2066", "e" + "\u0301" * 3_000, "<" * 5_000, "&#0;", "٣", "²", "on", "✓",
]  # fmt: skip
values = st.sampled_from(ODD) | st.text(max_size=8)
DESK = sorted({pattern for pattern in patterns() if pattern.startswith("admin/updates/")})


@pytest.fixture
def newsroom(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Newsroom()


@given(
    st.sampled_from(DESK), st.sampled_from(["own", "another's draft"]), st.sampled_from(["editor", "superuser"]),
    st.randoms(use_true_random=False), st.lists(values, min_size=1, max_size=4),
)  # fmt: skip
@examples(40)
def test_any_value_of_any_field_is_answered(newsroom, client, pattern, entry, role, random, some):
    client.force_login(newsroom.users[role])
    address = address_of(pattern, newsroom.values(newsroom.entries[entry]))
    page = client.get(address)
    has_form = page.status_code == 200 and page["Content-Type"].startswith("text/html")
    fields = dict(controls(page)) if has_form else {}
    names = [*fields, "back", "note", "version", "reason", "at", "position", "key", "action", "_save", "event", "above"]
    changed = {random.choice(names): value for value in some}
    get = random.random() < 0.2
    with within(seconds=5):
        sent = urlencode(changed if get else fields | changed, doseq=True, errors="surrogatepass")
        if get:
            answer = client.get(f"{address}?{sent}")
        else:
            answer = client.post(address, sent, content_type="application/x-www-form-urlencoded")
    hypothesis.event(str(answer.status_code))
    assert answer.status_code < 500
