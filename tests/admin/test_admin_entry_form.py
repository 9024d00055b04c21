"""Writing an update through the form."""

import pytest
from django.urls import reverse

from tests.admin.desk_forms import (
    add_address,
    buttons,
    controls,
    desk_address,
    embed,
    entry_form,
    errors,
    messages_of,
    photo,
    quote,
    text,
)
from tests.factories import make_event, make_member, picture_file
from updates import publishing
from updates.choices import ChangeKind, Role
from updates.models import Entry, Person
from updates.publishing import (
    EmbedContent,
    EntryContent,
    EventDetails,
    PhotoContent,
    QuoteContent,
    TextContent,
    read_content,
)

pytestmark = pytest.mark.django_db


def test_a_new_form_has_a_text_block_a_key_and_the_writers_name(desk, event, noor):
    values = controls(desk.get(add_address(event)))

    assert values["bylines"] == [str(noor.person.pk)]
    assert values["text-TOTAL_FORMS"] == "1"
    assert values["text-0-html"] == ""
    assert values["photo-TOTAL_FORMS"] == "0"
    assert len(values["key"]) == 32
    assert values["key"] != controls(desk.get(add_address(event)))["key"]


def test_blocks_of_every_kind_are_published_in_the_order_of_the_page(desk, event, noor):
    form = entry_form(
        "Gate holds",
        text("<p>First <b>bold</b></p>"),
        photo(picture_file(), caption="Rope Street"),
        quote("It holds.", "Harbour master"),
        text("<p>Last</p>"),
        embed("https://youtu.be/dQw4w9WgXcQ", "Tomas Wrede reports:"),
        bylines=[noor.person.pk],
    )

    answer = desk.post(add_address(event), form)

    entry = Entry.objects.get()
    image = entry.updates_photoblock_set.get().image_id
    assert read_content(entry) == EntryContent(
        "Gate holds",
        (
            TextContent("<p>First <strong>bold</strong></p>"),
            PhotoContent(image, alt="A quay under water", credit="Noor Hadad", caption="Rope Street"),
            QuoteContent("It holds.", "Harbour master"),
            TextContent("<p>Last</p>"),
            EmbedContent("https://youtu.be/dQw4w9WgXcQ", "Tomas Wrede reports:"),
        ),
        (noor.person.pk,),
    )
    assert answer.status_code == 302
    assert answer["Location"] == f"{desk_address(event)}#write"


def test_after_publishing_the_form_is_fresh_and_links_to_the_update(desk, event):
    answer = desk.post(add_address(event), entry_form("Gate holds", text("<p>Yes</p>")), follow=True)

    entry = Entry.objects.get()
    assert messages_of(answer) == [f'Published: <a href="/{event.slug}/{entry.public_id}/">Gate holds</a>']
    assert controls(answer)["headline"] == ""
    assert controls(answer)["key"] != "key-1"


def test_blocks_stand_by_their_place_not_by_their_kind(desk, event):
    form = entry_form("", quote("Second", "Somebody"), text("<p>First</p>"))
    form |= {"quote-0-ordering": 20, "text-0-ordering": 10}

    desk.post(add_address(event), form)

    assert [block["kind"] for block in Entry.objects.get().content["blocks"]] == ["text", "quote"]


def test_empty_blocks_say_nothing(desk, event):
    empty = ("photo", {"image": "", "alt": "", "credit": "", "caption": ""})

    desk.post(add_address(event), entry_form("Only a headline", text(""), empty, ("quote", {}), text("<p></p>")))

    assert read_content(Entry.objects.get()) == EntryContent("Only a headline")


@pytest.mark.once
def test_names_sign_in_the_order_chosen(desk, event, noor):
    jonah = Person.objects.create(name="Jonah Pell")

    desk.post(add_address(event), entry_form("Two names", bylines=[jonah.pk, noor.person.pk, ""]))

    names = [byline["name"] for byline in Entry.objects.get().content["bylines"]]
    assert names == ["Jonah Pell", "Noor Hadad"]


def test_nothing_at_all_is_refused(desk, event):
    answer = desk.post(add_address(event), entry_form("", text("<p> </p>")))

    assert errors(answer) == ["An update needs a headline or some text."]
    assert Entry.objects.count() == 0


def test_a_failed_form_keeps_what_was_typed(desk, event, noor):
    form = entry_form(
        "Head", text("<p>Typed</p>"), quote("Words", ""), embed("nowhere", "Lead"), bylines=[noor.person.pk]
    )

    values = controls(desk.post(add_address(event), form))

    sent = {name: str(value) for name, value in form.items() if name != "bylines"}
    assert {name: values[name] for name in sent} == sent
    assert values["bylines"] == [str(noor.person.pk)]


def test_each_mistake_is_named_at_its_field(desk, event):
    form = entry_form("", ("quote", {"text": "Words", "attribution": ""}), embed("javascript:alert(1)"))

    answer = desk.post(add_address(event), form)

    assert errors(answer)[:2] == ["Please correct the errors below.", "Enter who said it."]
    assert len(errors(answer)) == 3


def test_the_same_form_sent_twice_is_one_update(desk, event):
    form = entry_form("Once", text("<p>Once</p>"))
    desk.post(add_address(event), form)

    answer = desk.post(add_address(event), form, follow=True)

    entry = Entry.objects.get()
    assert messages_of(answer)[1:] == [
        f'This was already published: <a href="/{event.slug}/{entry.public_id}/">Once</a>'
    ]


@pytest.mark.once
def test_the_same_photo_sent_twice_is_one_update(desk, event):
    for _try in range(2):
        desk.post(add_address(event), entry_form("Once", photo(picture_file())))

    assert Entry.objects.count() == 1


def test_a_key_used_for_other_content_shows_both(desk, event):
    desk.post(add_address(event), entry_form("First", text("<p>One</p>")))

    answer = desk.post(add_address(event), entry_form("Second", text("<p>Two</p>")))

    assert answer.status_code == 409
    assert errors(answer) == ["This was already sent with different content. Both versions are shown. Choose one."]
    assert answer.context["conflict"].other.headline == "First"
    assert "<del>One</del>" in answer.content.decode()
    values = controls(answer)
    assert (values["headline"], values["text-0-html"]) == ("Second", "<p>Two</p>")
    assert values["key"] != "key-1"


@pytest.mark.once
def test_publishing_before_the_start_offers_to_go_live(client, noor):
    event = make_event(status="upcoming")
    moderator = make_member(event, Role.MODERATOR)
    client.force_login(moderator)

    refused = client.post(add_address(event), entry_form("Early", text("<p>Early</p>")))
    opened = client.post(add_address(event), controls(refused) | {"_go_live": "1"})

    assert refused.status_code == 200
    assert errors(refused) == ["This live blog has not started. Go live with this update?"]
    assert buttons(refused) == ["_go_live", "_draft", "_schedule"]
    assert opened.status_code == 302
    event.refresh_from_db()
    assert (event.status, event.entry_count) == ("live", 1)


@pytest.mark.once
def test_a_correspondent_is_not_offered_to_go_live(client):
    event = make_event(status="upcoming")
    client.force_login(make_member(event))

    refused = client.post(add_address(event), entry_form("Early"))
    forced = client.post(add_address(event), entry_form("Early", _go_live="1"))

    assert buttons(refused) == ["_publish", "_draft", "_submit", "_schedule"]
    assert forced.status_code == 403
    assert controls(forced)["headline"] == "Early"
    assert Entry.objects.count() == 0


@pytest.mark.once
def test_an_ended_live_blog_refuses_and_keeps_what_was_typed(desk, event):
    publishing.change_state(event.pk, ChangeKind.END, event.assignments.get(role=Role.EDITOR).user)

    answer = desk.post(add_address(event), entry_form("Late", text("<p>Late</p>")))

    assert answer.status_code == 200
    assert errors(answer) == ["This live blog has ended. Save a draft, or ask a moderator or an editor to reopen it."]
    assert controls(answer)["text-0-html"] == "<p>Late</p>"


@pytest.mark.once
def test_rights_lost_while_writing_lose_no_words(desk, event, noor):
    boss = event.assignments.get(role=Role.EDITOR).user
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), boss)
    without_publishing = desk.post(add_address(event), entry_form("Mine", text("<p>Mine</p>"), _publish="1"))
    publishing.unassign(event.pk, noor, boss)
    unassigned = desk.post(add_address(event), entry_form("Mine", text("<p>Mine</p>")))

    assert [without_publishing.status_code, unassigned.status_code] == [403, 403]
    assert buttons(without_publishing) == ["_submit", "_draft"]
    assert controls(unassigned)["text-0-html"] == "<p>Mine</p>"
    assert "Storm Maren" in without_publishing.content.decode()
    assert "Storm Maren" not in unassigned.content.decode()
    assert Entry.objects.count() == 0


@pytest.mark.once
def test_a_correspondent_cannot_mark_a_key_event(desk, event):
    assert "is_key" not in desk.get(add_address(event)).content.decode()

    desk.post(add_address(event), entry_form("Not key", is_key="on"))

    assert Entry.objects.get().is_key is False


@pytest.mark.once
def test_a_moderator_marks_a_key_event(client, event, tomas):
    client.force_login(tomas)

    client.post(add_address(event), entry_form("Key", is_key="on"))

    assert Entry.objects.get().is_key is True


def test_without_an_event_the_writers_own_are_offered(client, event, noor):
    make_event(title="Somebody else's")
    upcoming = make_event(title="Council", status="upcoming", author=event.assignments.get(role=Role.EDITOR).user)
    publishing.assign(upcoming.pk, noor, Role.CORRESPONDENT, upcoming.assignments.get().user)
    client.force_login(noor)

    page = client.get(reverse("admin:updates_entry_add"))

    assert [each.title for each in page.context["live"]] == ["Storm Maren"]
    assert [each.title for each in page.context["waiting"]] == ["Council"]


def test_an_unknown_event_is_not_found(desk):
    address = reverse("admin:updates_entry_add")

    assert [desk.get(f"{address}?event={pk}").status_code for pk in ("99", "x")] == [404, 404]
