"""Who may say until when a picture is shown: that takes it out of all that shows it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.factories import editor_of, make_event, make_member, make_picture, make_user, post
from updates import publishing
from updates.choices import Role
from updates.models import Change, Image, Person
from updates.publishing import EmbedContent, EntryContent, EntryInput, EventDetails, PhotoContent, TextContent

pytestmark = pytest.mark.django_db

FILM = "https://youtu.be/aqz-KE-bpKQ"


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def event(db):
    return make_event()


@pytest.fixture
def noor(event):
    return make_member(event)


@pytest.fixture
def tomas(event):
    return make_member(event, Role.MODERATOR)


def photo(picture):
    return PhotoContent(picture.pk, alt="The quay", credit="Wire")


def may(event, picture, user):
    """Whether somebody's word counts; one that does not changes nothing."""
    before, moment = Image.objects.get(pk=picture.pk).expires_at, timezone.now() + timedelta(hours=1)
    try:
        publishing.show_until(event.pk, picture.pk, moment, user)
    except PermissionDenied:
        assert Image.objects.get(pk=picture.pk).expires_at == before
        return False
    return True


def why_not(event, picture, user):
    with pytest.raises(PermissionDenied) as caught:
        publishing.show_until(event.pk, picture.pk, timezone.now() + timedelta(hours=1), user)
    return str(caught.value)


def test_of_an_upload_that_nothing_shows_who_sent_it_and_moderators(event, noor, tomas):
    picture = make_picture(noor)
    who = [noor, tomas, editor_of(event), make_user(superuser=True), make_member(event), make_user()]
    assert [may(event, picture, user) for user in who] == [True, True, True, True, False, False]


def test_in_ones_own_update_as_one_may_publish_it(event, noor):
    picture = make_picture(noor)
    post(event, author=noor, blocks=[photo(picture)])
    assert may(event, picture, noor)
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), editor_of(event))
    assert not may(event, picture, noor)
    assert "you cannot publish directly" in why_not(event, picture, noor)
    assert may(event, make_picture(noor, colour=(1, 2, 3)), noor)


@pytest.mark.parametrize("state", ["draft", "published", "removed", "poster", "lead"])
def test_where_others_show_it_too_a_moderator_says_it(event, noor, tomas, state):
    boss, picture = editor_of(event), make_picture(noor)
    if state == "lead":
        publishing.change_event(event.pk, EventDetails(lead_picture=picture.pk), boss)
    elif state == "draft":
        publishing.save_draft(EntryInput(event.pk, EntryContent("Theirs", (photo(picture),))), boss)
    else:
        block = EmbedContent(FILM, poster_id=picture.pk) if state == "poster" else photo(picture)
        entry = post(event, author=boss, blocks=[block, TextContent("<p>Theirs.</p>")])
        if state == "removed":
            publishing.remove(entry.pk, boss)
    assert (may(event, picture, noor), may(event, picture, tomas)) == (False, True)
    assert why_not(event, picture, noor).startswith("Other people also use this photo")


def test_a_date_of_somebody_elses_photo_is_not_made_later_once_it_has_gone(event, noor, tomas):
    picture = make_picture(tomas)
    assert not may(event, picture, noor)
    assert why_not(event, picture, noor).startswith("Somebody else uploaded this photo")


def test_ones_own_updates_in_two_live_blogs_are_what_it_is_refused_for(event, noor, tomas):
    elsewhere, picture = make_event(), make_picture(noor)
    publishing.assign(elsewhere.pk, noor, Role.CORRESPONDENT, editor_of(elsewhere))
    for each in (event, elsewhere):
        post(each, author=noor, blocks=[photo(picture)])
    assert not may(event, picture, noor)
    assert why_not(event, picture, noor).startswith("You also use this photo in another live blog")
    assert why_not(event, picture, tomas).startswith("Other people also use this photo")
    publishing.assign(elsewhere.pk, noor, Role.MODERATOR, editor_of(elsewhere))
    assert may(event, picture, noor)


def test_where_another_live_blog_shows_it_one_who_moderates_both(event, noor, tomas):
    elsewhere, picture = make_event(), make_picture(noor)
    post(elsewhere, author=editor_of(elsewhere), blocks=[photo(picture)])
    assert [may(event, picture, user) for user in (noor, tomas, editor_of(elsewhere))] == [False, False, False]
    publishing.assign(elsewhere.pk, tomas, Role.MODERATOR, editor_of(elsewhere))
    assert may(event, picture, tomas)
    logged = Change.objects.filter(kind="limit").values_list("event", "actor")
    assert sorted(logged) == sorted([(event.pk, tomas.pk), (elsewhere.pk, tomas.pk)])


def test_a_portrait_is_dated_by_those_who_keep_the_bylines(event, noor, tomas):
    picture = make_picture(noor)
    Person.objects.create(name="Noor Hadad", photo=picture)
    assert [may(event, picture, user) for user in (noor, tomas, editor_of(event))] == [False, False, True]
