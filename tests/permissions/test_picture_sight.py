"""Originals of pictures are seen, and taken into forms, by those who see what shows them; a random id opens nothing."""

import pytest
from django.urls import reverse

from tests.admin.desk_forms import add_address, entry_form, errors, photo
from tests.factories import editor_of, make_event, make_member, make_picture, make_user, post
from updates import publishing
from updates.choices import Role
from updates.models import Entry, Person
from updates.publishing import EmbedContent, EntryContent, EntryInput, PhotoContent

pytestmark = pytest.mark.django_db

PLAYER = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@pytest.fixture
def event():
    return make_event()


@pytest.fixture
def noor(event):
    return make_member(event)


@pytest.fixture
def picture(noor):
    return make_picture(noor)


def nowhere(picture, noor):
    """Uploaded, and used by nothing."""


def draft(picture, noor):
    save(picture, noor, PhotoContent(picture.pk, "The gate", "Noor"))


def poster_of_a_draft(picture, noor):
    save(picture, noor, EmbedContent(PLAYER, poster_id=picture.pk))


def save(picture, noor, block):
    publishing.save_draft(EntryInput(noor.assignments.get().event_id, EntryContent("Gate", (block,))), noor)


def published(picture, noor):
    post(noor.assignments.get().event, "Gate", author=noor, blocks=[PhotoContent(picture.pk, "The gate", "Noor")])


def submitted_change(picture, noor):
    event = noor.assignments.get().event
    entry = post(event, "Gate", author=noor)
    publishing.propose(entry.pk, EntryContent("Gate", (PhotoContent(picture.pk, "The gate", "Noor"),)), noor)


def portrait(picture, noor):
    Person.objects.create(name="Noor Hadad", photo=picture)


PLACES = {
    nowhere: {"uploader", "superuser"},
    draft: {"uploader", "moderator", "superuser"},
    poster_of_a_draft: {"uploader", "moderator", "superuser"},
    submitted_change: {"uploader", "moderator", "superuser"},
    published: {"uploader", "colleague", "moderator", "superuser"},
    portrait: {"uploader", "colleague", "moderator", "elsewhere", "superuser"},
}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_who_sees_an_original(client, event, noor, picture, place):
    place(picture, noor)
    people = {
        "uploader": noor,
        "colleague": make_member(event),
        "moderator": make_member(event, Role.MODERATOR),
        "elsewhere": editor_of(make_event()),
        "account": make_user(),
        "superuser": make_user(superuser=True),
    }

    def sees(user):
        client.force_login(user)
        status = client.get(reverse("admin:updates_picture", args=[picture.public_id])).status_code
        assert status in {200, 404}
        return status == 200

    assert {name for name, user in people.items() if sees(user)} == PLACES[place]


def test_a_stranger_publishes_nothing_by_a_known_id(client, event, noor, picture):
    draft(picture, noor)
    elsewhere = make_event()
    client.force_login(editor_of(elsewhere))

    form = entry_form("Mine", photo(picture=picture.public_id))
    answer = client.post(add_address(elsewhere), form)

    page = answer.content.decode()
    assert "This picture no longer exists. Choose it again." in errors(answer)
    assert f"/picture/{picture.public_id}/" not in page
    assert not Entry.objects.filter(event=elsewhere).exists()
