"""Who signs: persons with a role line and a portrait, kept by editors; several may sign one update."""

import pytest
from django.urls import reverse

from tests.admin.desk_forms import add_address, entry_form, text
from tests.factories import editor_of, make_picture, picture_file, post
from updates.models import Entry, Image, Person, Rendition
from updates.publishing import read_content

pytestmark = pytest.mark.django_db

ADD = "admin:updates_person_add"


def test_an_editor_adds_somebody_with_a_portrait_that_is_not_public_yet(client, event):
    client.force_login(editor_of(event))

    answer = client.post(reverse(ADD), {"name": "Ines Calder", "role_line": "Chief reporter", "user": "",
                                        "photo": "", "photo-file": picture_file()})  # fmt: skip

    ines = Person.objects.get()
    assert answer.status_code == 302
    assert (ines.role_line, ines.photo) == ("Chief reporter", Image.objects.get())
    assert Rendition.objects.count() == 0


def test_several_sign_in_their_order_with_role_and_portrait(desk, event, noor):
    jonah = Person.objects.create(name="Jonah Pell", role_line="Photographer", photo=make_picture(noor))

    desk.post(add_address(event), entry_form("Gate", text("<p>x</p>"), bylines=[jonah.pk, noor.person.pk]))

    entry = Entry.objects.get()
    signed = entry.content["bylines"]
    assert [(one["name"], one["role"]) for one in signed] == [
        ("Jonah Pell", "Photographer"), ("Noor Hadad", "Weather editor"),
    ]  # fmt: skip
    assert signed[0]["photo"]["id"] == jonah.photo.public_id
    assert read_content(entry).bylines == (jonah.pk, noor.person.pk)
    page = desk.get(entry.get_absolute_url()).content.decode()
    assert page.index("Jonah Pell") < page.index("Noor Hadad")


def test_a_new_portrait_changes_nothing_that_is_out(client, event, noor):
    entry = post(event, "Gate", author=noor)
    noor.person.name = "N. Hadad"
    noor.person.save()
    assert Entry.objects.get(pk=entry.pk).content["bylines"][0]["name"] == "Noor Hadad"


@pytest.mark.parametrize("who", ["noor", "tomas"])
def test_correspondents_and_moderators_change_no_bylines(client, request, event, who):
    client.force_login(request.getfixturevalue(who))
    assert client.post(reverse(ADD), {"name": "Somebody"}).status_code == 403
    assert not Person.objects.filter(name="Somebody").exists()


@pytest.mark.parametrize("wrong", ["javascript:alert(1)", "ftp://paper.example/ines", "https://", "x" * 501])
def test_a_page_about_somebody_is_a_web_address(client, event, wrong):
    client.force_login(editor_of(event))
    form = {"name": "Ines Calder", "role_line": "", "user": "", "photo": ""}

    refused = client.post(reverse(ADD), form | {"page": wrong})
    assert refused.status_code == 200
    assert refused.context["adminform"].form.errors["page"]
    assert not Person.objects.filter(name="Ines Calder")

    client.post(reverse(ADD), form | {"page": "www.paper.example/ines"})
    assert Person.objects.get(name="Ines Calder").page == "https://www.paper.example/ines"
