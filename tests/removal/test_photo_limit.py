"""A photo whose time came while no server ran goes when one starts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_event, make_user, picture_file, post
from tests.removal.surfaces import fetch, files_of
from tests.servers import running_site, wait_until
from updates import publishing
from updates.models import Image
from updates.publishing import PhotoContent, TextContent
from updates.publishing.pictures import add_picture

pytestmark = [pytest.mark.services, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_after_a_downtime_it_is_gone(tmp_path):
    boss = make_user(superuser=True)
    event = make_event(author=boss)
    picture = add_picture(picture_file(), boss)
    photo = PhotoContent(picture.pk, alt="The quay", credit="Wire", caption="Noon at the quay.")
    entry = post(event, "Quay", author=boss, blocks=[photo, TextContent("<p>The gate holds.</p>")])
    now = timezone.now()
    publishing.show_until(event.pk, picture.pk, now + timedelta(seconds=1), boss, at=now)
    wait_until(Image.objects.get().has_expired, "its time is over")

    with running_site(tmp_path / "site.log") as site:
        page = f"{site.url}/{event.slug}/"
        wait_until(lambda: "Noon at the quay." not in fetch(page).text, "it is taken off")
        assert "The gate holds." in fetch(page).text
        wait_until(lambda: {fetch(f"{site.url}/media/{name}").status for name in files_of(entry)} == {404}, "files go")
