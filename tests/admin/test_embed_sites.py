"""Which sites may embed a live blog is a setting at the desk, for editors."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests.factories import editor_of, make_event, make_member
from updates import publishing
from updates.choices import Role
from updates.publishing import EventDetails

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_event(slug="storm", title="Storm")


def send(client, event, sites):
    address = reverse("admin:updates_event_change", args=[event.pk])
    form = client.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in values.items() if value not in (None, False)}
    return client.post(address, data | {"embed_sites": sites, "key_points": ""})


def test_an_editor_sets_them_one_per_line(client, event):
    client.force_login(editor_of(event))
    answer = send(client, event, "https://WWW.paper.example/\n\nhttps://*.paper.example\n")
    assert answer.status_code == 302
    event.refresh_from_db()
    assert event.embed_sites == ["https://www.paper.example", "https://*.paper.example"]


def test_each_site_that_cannot_be_used_is_named_and_nothing_typed_is_lost(client, event):
    client.force_login(editor_of(event))
    answer = send(client, event, "www.paper.example\nhttps://b.example\nhttps://c.example/news")
    text = answer.content.decode()
    assert "“www.paper.example” needs https:// in front." in text
    assert "“https://c.example/news” is the address of a page." in text
    assert "www.paper.example\nhttps://b.example\nhttps://c.example/news</textarea>" in text
    event.refresh_from_db()
    assert event.embed_sites == []


def test_a_moderator_does_not(event):
    moderator = make_member(event, Role.MODERATOR, "moderator")
    with pytest.raises(PermissionDenied):
        publishing.change_event(event.pk, EventDetails(embed_sites=["https://a.example"]), moderator)
