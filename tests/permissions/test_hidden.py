"""What somebody may not know of answers as what does not exist: the same status and the same body.

In the gate, correspondents post to each address, and of the others one after the other; with RIGHTS=all each to all.
"""

import re
from urllib.parse import quote

import pytest

from tests.factories import editor_of, make_event
from tests.permissions.addresses import Newsroom, address_of, patterns
from tests.permissions.test_rights_table import answer, is_turn
from updates import publishing
from updates.publishing import EntryContent, EntryInput

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

ABSENT = 987654321
OUTSIDERS = ["account", "elsewhere", "anonymous"]
ONE_TIME = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|csrf[^ ]*: "[^"]*"')


@pytest.fixture
def newsroom(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Newsroom()


@pytest.fixture
def hidden_event(newsroom):
    """A draft event with a draft, of which nobody in the newsroom but the superuser knows."""
    event = make_event(status="draft", slug="secret", title="Secret")
    draft = EntryInput(event.pk, EntryContent("Secret"))
    return event, publishing.save_draft(draft, editor_of(event)).entry


def values_of(newsroom, event, entry):
    change = entry.changes.first()
    return newsroom.values(newsroom.entries["own"]) | {
        "pk": event.pk, "event_pk": event.pk, "slug": event.slug, "public_id": entry.public_id,
        ("entry", "pk"): entry.pk, ("entry", "object_id"): entry.pk, ("event", "object_id"): event.pk,
        ("change", "object_id"): change.pk, "desk_seq": change.desk_seq,
    }  # fmt: skip


def absent(values):
    """The same with ids of nothing."""
    ids = {
        "pk": ABSENT, "event_pk": ABSENT, "slug": "nothing", "public_id": "AAAAAAAAAA", ("entry", "pk"): ABSENT,
        ("entry", "object_id"): ABSENT, ("event", "object_id"): ABSENT, ("change", "object_id"): ABSENT,
    }  # fmt: skip
    return values | ids


def differences(client, role, values, nothing, in_turn):
    """Compare the two answers of every address that names an entry, a live blog or a change."""
    addresses = [(pattern, address_of(pattern, values), address_of(pattern, nothing)) for pattern in patterns()]
    for query, name in (("add/?event", "pk"), ("preview/?event", "pk"), ("preview/?entry", ("entry", "pk"))):
        address = f"/admin/updates/entry/{query}="
        addresses.append((query, f"{address}{values[name]}", f"{address}{nothing[name]}"))
    named = [address for address in addresses if address[1] != address[2]]
    for number, (pattern, hidden, absent_one) in enumerate(named):
        is_posted = role not in in_turn or is_turn(number, role, in_turn)
        for method in ("GET", "POST") if is_posted else ("GET",):
            first, second = (text_of(answer(client, method, address), address) for address in (hidden, absent_one))
            if first != second:
                yield method, pattern, [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]


def text_of(response, address):
    """Return status, target of a redirect and body, without the address and what differs in each answer."""
    body = response.content.decode(errors="replace")
    location = re.sub(r"\d+", "…", response.get("Location", ""))  # Django's redirects repeat the id
    texts = (text.replace(address, "…").replace(quote(address, safe=""), "…") for text in (location, body))
    plain = [ONE_TIME.sub("…", text) for text in texts]
    return response.status_code, *plain


@pytest.mark.parametrize("role", ["anonymous", "account", "correspondent", "moderator", "elsewhere"])
def test_draft_event_of_others(newsroom, hidden_event, client, role):
    if user := newsroom.users[role]:
        client.force_login(user)
    values = values_of(newsroom, *hidden_event)
    assert list(differences(client, role, values, absent(values), ["moderator", *OUTSIDERS])) == []


@pytest.mark.parametrize("role", ["anonymous", "account", "correspondent", "elsewhere"])
def test_unpublished_entry_of_others(newsroom, client, role):
    if user := newsroom.users[role]:
        client.force_login(user)
    values = values_of(newsroom, newsroom.event, newsroom.entries["another's draft"])
    event = {name: values[name] for name in ("pk", "event_pk", "slug", ("event", "object_id"))}
    assert list(differences(client, role, values, absent(values) | event, OUTSIDERS)) == []
