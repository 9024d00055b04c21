import re

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from liveblog.urls import site_patterns
from tests.factories import make_editor, make_event, make_picture, post
from tests.markup import parse
from updates import publishing
from updates.choices import RESERVED_SLUGS
from updates.publishing import PhotoContent
from updates.urls import urlpatterns

SLUG = re.compile(r"[-a-zA-Z0-9_]+")


def test_health_says_ok_without_the_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok", "text/plain")


def test_first_segments_of_the_site_are_reserved():
    """Else an event could take an address that it would never be seen at."""
    first = {str(pattern.pattern).lstrip("^").split("/")[0] for pattern in [*site_patterns, *urlpatterns]}
    literal = {segment for segment in first if SLUG.fullmatch(segment)}
    assert {"admin", "api", "archive", "healthz", "media"} <= literal <= RESERVED_SLUGS


# When something is wrong


@pytest.mark.django_db
def test_missing_page_looks_like_the_site(client):
    response = client.get("/nothing/")
    tree = parse(response.content)
    assert (response.status_code, tree.one("h1").text) == (404, "There is nothing here")
    assert [sheet["href"] for sheet in tree.all("link", rel="stylesheet")] != []
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.django_db
def test_page_of_the_admin_that_one_may_not_see_looks_like_the_site(client):
    client.force_login(make_editor())
    response = client.get(reverse("admin:auth_user_changelist"))
    tree = parse(response.content)
    assert (response.status_code, tree.one("h1").text) == (403, "Not allowed")
    assert reverse("admin:index") in [link["href"] for link in tree.one("main").all("a")]


def test_refusal_of_a_foreign_host_looks_like_the_site(client):
    response = client.get("/", headers={"host": "evil.example"})
    assert (response.status_code, parse(response.content).one("h1").text) == (400, "This address cannot be read")


def test_mistake_of_ours_is_told_without_the_database(settings):
    """No ``django_db`` mark: touching the database would fail this test, and fails the view."""
    response = Client(raise_request_exception=False).get("/")
    assert (response.status_code, parse(response.content).one("h1").text) == (500, "Something went wrong")


def test_navigation_and_footer_come_from_the_settings(client, settings):
    settings.SITE_NAME = "The <Signal>"
    settings.SITE_NAVIGATION = [("Live", "/"), ("News", "https://news.example/")]
    settings.SITE_FOOTER = [("Contact", "https://news.example/contact")]
    settings.SITE_LOGO = "/static/logo.svg"
    tree = parse(client.get("/", headers={"host": "evil.example"}).content)
    assert [(link.text, link["href"]) for link in tree.one("nav").all("a")] == settings.SITE_NAVIGATION
    assert tree.one("a", cls="brand").text == "The <Signal>"
    assert tree.one("a", cls="brand").one("img")["src"] == "/static/logo.svg"
    assert tree.one("footer").text == "The <Signal> All live blogs Corrections RSS feed Contact"


# Pictures


@pytest.fixture
def published(db):
    event = make_event()
    image = make_picture(event.assignments.get().user)
    return post(event, "Waves", blocks=[PhotoContent(image.pk, alt="A wave", credit="B")]), image


@pytest.mark.parametrize(("form", "content_type"), [("webp", "image/webp"), ("jpeg", "image/jpeg")])
def test_rendition_is_served_for_ever(client, published, form, content_type):
    file = getattr(published[1].renditions.first(), form)
    response = client.get(f"/media/{file.name}")
    with file:
        assert response.content == file.read()
    assert response["Content-Type"] == content_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=4, immutable"
    same = client.get(f"/media/{file.name}", headers={"if-none-match": response["ETag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_picture_of_a_removed_entry_is_gone(client, published, django_capture_on_commit_callbacks):
    entry, image = published
    name = image.renditions.first().jpeg.name
    with django_capture_on_commit_callbacks(execute=True):
        publishing.remove(entry.pk, entry.author)
    assert client.get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "",
        "pictures/",
        "pictures/" + "0" * 32 + ".jpg",
        "pictures/" + "0" * 32 + ".svg",
        "pictures/" + "0" * 31 + ".jpg",
        "pictures/../" + "0" * 32 + ".jpg",
        "pictures/%2e%2e/secret_key",
        "../secret_key",
        "masters/" + "0" * 32 + ".jpg",
    ],
)
@pytest.mark.django_db
def test_nothing_but_renditions_is_served(client, name):
    assert client.get(f"/media/{name}").status_code == 404


def test_master_is_not_public(client, published):
    assert storages["private"].exists(published[1].master.name)
    assert client.get(f"/media/{published[1].master.name}").status_code == 404
    assert not str(settings.DATA_DIR / "private").startswith(str(settings.MEDIA_ROOT))


def test_picture_is_read_and_nothing_else(published):
    name = published[1].renditions.first().jpeg.name
    assert Client(enforce_csrf_checks=True).post(f"/media/{name}").status_code == 405
