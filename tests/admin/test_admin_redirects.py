"""No address of the admin tells somebody at the desk what is hidden from them."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from tests.factories import make_event, make_member, post
from updates.models import Entry, Event


@pytest.mark.parametrize("model", [Event, Entry])
def test_the_redirect_to_the_site_gives_no_hidden_address_away(client, db, model):
    hidden, own = make_event(title="Secret"), make_event(title="Own")
    entry = post(make_event(title="Embargo"), "Not yet")
    client.force_login(make_member(own, "correspondent"))
    thing = hidden if model is Event else entry

    response = client.get(reverse("admin:view_on_site", args=[ContentType.objects.get_for_model(model).pk, thing.pk]))

    assert response.status_code == 404
    assert "Location" not in response
