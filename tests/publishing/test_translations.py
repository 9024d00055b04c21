"""Live blogs that are translations of each other: their pages name those that readers may know of, at once."""

from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import include, path

from liveblog.urls import site_patterns
from tests.factories import make_editor, make_event, make_member, post
from tests.pages import page
from tests.publishing.races import in_thread, others_waiting
from tests.servers import wait_until
from updates import publishing
from updates.choices import ChangeKind, Role
from updates.models import Event
from updates.publishing import EntryContent, EventDetails

pytestmark = pytest.mark.django_db

ARABIC = {"slug": "storm-ar", "language": "ar"}
ENGLISH = {"slug": "storm", "language": "en"}
RUSSIAN = {"slug": "storm-ru", "language": "ru"}


@pytest.fixture
def editor(db):
    return make_editor()


@pytest.fixture
def original(editor):
    return make_event(author=editor, slug="storm")


@pytest.fixture
def arabic(editor, original):
    return make_event(author=editor, slug="storm-ar", language="ar", translation_of=original.pk)


def named(event):
    return Event.objects.get(pk=event.pk).translations


def alternates(client, address):
    links = page(client, address).all("link", rel="alternate")
    return {link["hreflang"]: link["href"] for link in links if "hreflang" in link}


def test_each_names_the_others_and_itself(client, original, arabic, editor):
    make_event(author=editor, slug="storm-ru", language="ru", translation_of=arabic.pk)  # of its original, then
    assert (named(original), named(arabic)) == ([ARABIC, RUSSIAN], [ENGLISH, RUSSIAN])
    base = "http://testserver"
    everywhere = {"en": f"{base}/storm/", "ar": f"{base}/storm-ar/", "ru": f"{base}/storm-ru/"}
    for slug in ("storm", "storm-ar", "storm-ru"):
        assert alternates(client, f"/{slug}/") == everywhere
        assert alternates(client, f"/{slug}/?filter=key") == {}
    links = page(client, "/storm/").one("header", data_part="head").all("a", hreflang=True)
    assert [(link["href"], link.text) for link in links] == [("/storm-ar/", "العربيّة"), ("/storm-ru/", "Русский")]


def test_alternates_of_a_site_below_a_path_are_below_it(client, original, arabic, settings):
    settings.URL_PREFIX = "/live"
    settings.ROOT_URLCONF = ModuleType("urls_below_a_path")
    settings.ROOT_URLCONF.urlpatterns = [path("live/", include(site_patterns))]
    base = "http://testserver/live"
    assert alternates(client, "/live/storm/") == {"en": f"{base}/storm/", "ar": f"{base}/storm-ar/"}


def test_a_draft_and_what_is_not_listed_are_not_named(client, original, editor):
    twin = make_event(author=editor, slug="storm-ar", language="ar", translation_of=original.pk, status="draft")
    assert named(original) == []
    head = Event.objects.get(pk=original.pk).head
    publishing.change_state(twin.pk, ChangeKind.ANNOUNCE, editor)
    assert named(original) == [ARABIC]
    assert Event.objects.get(pk=original.pk).head == head + 1  # so its page is drawn anew, and open pages learn of it
    publishing.change_event(twin.pk, EventDetails(is_listed=False), editor)
    assert named(original) == []
    assert named(twin) == [ENGLISH]
    publishing.change_event(twin.pk, EventDetails(is_listed=True, language="ar-EG"), editor)
    assert named(original) == [ARABIC | {"language": "ar-EG"}]


def test_the_first_update_that_opens_a_draft_names_it(original, editor):
    twin = make_event(author=editor, slug="storm-ar", language="ar", translation_of=original.pk, status="draft")
    publishing.publish(twin.pk, EntryContent("أول"), editor, go_live=True)
    assert named(original) == [ARABIC]


def test_unlinked_they_name_each_other_no_more(original, arabic, editor):
    third = make_event(author=editor, slug="storm-ru", language="ru", translation_of=original.pk)
    publishing.change_event(arabic.pk, EventDetails(translation_of=None), editor)
    assert (named(original), named(arabic), named(third)) == ([RUSSIAN], [], [ENGLISH])


def test_nothing_else_changes_the_others(original, arabic, editor):
    heads = dict(Event.objects.values_list("slug", "head"))
    post(arabic, "One", author=editor)
    publishing.change_event(arabic.pk, EventDetails(title="Another"), editor)
    assert Event.objects.get(pk=original.pk).head == heads["storm"]


def test_only_editors_of_both_may_link_them(original, arabic, editor):
    member = make_member(arabic, Role.EDITOR)
    publishing.change_event(arabic.pk, EventDetails(translation_of=None), editor)
    with pytest.raises(ValidationError, match="of which you are an editor"):
        publishing.change_event(arabic.pk, EventDetails(translation_of=original.pk), member)
    with pytest.raises(ValidationError, match="of which you are an editor"):
        publishing.change_event(arabic.pk, EventDetails(translation_of=987654), editor)


def test_an_original_is_no_translation(original, arabic, editor):
    other = make_event(author=editor)
    with pytest.raises(ValidationError, match="Choose this one there instead"):
        publishing.change_event(original.pk, EventDetails(translation_of=other.pk), editor)
    with pytest.raises(ValidationError, match="a live blog other than this one"):
        publishing.change_event(original.pk, EventDetails(translation_of=arabic.pk), editor)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_a_translation_of_what_becomes_one_meanwhile_gets_the_same_original(editor, original):
    arabic = make_event(author=editor, slug="storm-ar", language="ar")
    russian = make_event(author=editor, slug="storm-ru", language="ru")

    def link(event, other):
        return publishing.change_event(event.pk, EventDetails(translation_of=other.pk), editor)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            link(arabic, original)
            second = pool.submit(in_thread, lambda: link(russian, arabic))
            wait_until(lambda: second.done() or others_waiting(), "the second waits for the first")
        second.result()
    assert set(Event.objects.exclude(pk=original.pk).values_list("translation_of", flat=True)) == {original.pk}
