"""What a phone shares with the desk: nothing is stored before somebody has confirmed it, then it is a draft."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import editor_of, make_event, make_member, make_user, picture_file
from updates import publishing
from updates.choices import ChangeKind, EntryStatus
from updates.models import Entry, Image

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

SHARE = "/admin/updates/event/share/"
DRAFT = "/admin/updates/event/share/draft/"
PAGE = "https://example.org/storm"


@pytest.fixture
def phone(noor):
    """Noor's phone, whose browser checks tokens as a real one would have it."""
    phone = Client(enforce_csrf_checks=True)
    phone.force_login(noor)
    return phone


def shared(**values):
    return {"title": "", "text": "", "url": ""} | values


def drafted(desk, event, **values):
    answer = desk.post(DRAFT, shared(event=event.pk, key="k" * 32, **values))
    return answer, Entry.objects.filter(event=event).order_by("-pk").first()


def blocks_of(entry):
    return [(type(block).__name__, block) for block in publishing.read_content(entry).blocks]


def test_a_share_without_a_token_is_shown_and_stores_nothing(phone, event):
    answer = phone.post(SHARE, shared(text="The gate <holds>", photo=picture_file()))
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "The gate &lt;holds&gt;" in page
    assert f'action="{DRAFT}"' in page
    assert not Entry.objects.exists()
    assert not Image.objects.exists()


def test_only_the_page_itself_makes_a_draft(phone, event):
    assert phone.post(DRAFT, shared(event=event.pk, text="Forged")).status_code == 403
    assert not Entry.objects.exists()


def test_nobody_who_is_logged_out_gets_further_than_the_login(event):
    for answer in (Client().get(SHARE), Client().post(SHARE, shared(text="x")), Client().post(DRAFT)):
        assert answer.status_code in (302, 403)
    assert not Entry.objects.exists()


def test_a_text_becomes_a_draft_of_the_sender_in_the_composer(desk, event, noor):
    answer, entry = drafted(desk, event, title="Gate", text="One <b>line\n\nTwo & three")

    assert answer["Location"] == reverse("admin:updates_entry_change", args=[entry.pk])
    assert (entry.status, entry.author, entry.headline) == (EntryStatus.DRAFT, noor, "Gate")
    [(_name, text)] = blocks_of(entry)
    assert text.html == "<p>One &lt;b&gt;line</p><p>Two &amp; three</p>"
    assert "One &amp;lt;b&amp;gt;line" in desk.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("where", [{"url": PAGE}, {"text": PAGE}, {"text": f"A page {PAGE}\n"}])
def test_a_link_becomes_an_embed_with_the_title_of_its_page(desk, event, where):
    _answer, entry = drafted(desk, event, title="Storm page", **where)
    kinds = [name for name, _block in blocks_of(entry)]
    embed = blocks_of(entry)[-1][1]

    assert kinds == ["TextContent"] * ("A page" in where.get("text", "")) + ["EmbedContent"]
    assert (embed.url, embed.title, entry.headline) == (PAGE, "Storm page", "")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://a@b.example/", "not a link"])
def test_what_is_no_link_stays_words(desk, event, url):
    _answer, entry = drafted(desk, event, url=url)
    [(name, block)] = blocks_of(entry)
    assert name == "TextContent"
    assert "href" not in block.html


def test_a_photo_is_in_the_draft_and_private(desk, event, noor):
    answer, entry = drafted(desk, event, **{"photo-file": picture_file()})
    [(_name, photo)] = blocks_of(entry)
    image = Image.objects.get()

    assert (photo.image_id, image.uploaded_by) == (image.pk, noor)
    assert not image.renditions.exists()
    assert image.public_id in desk.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("role", ["nobody", "of an ended live blog"])
def test_a_photo_of_somebody_without_a_live_blog_is_not_stored(client, event, role):
    person = make_user()
    if role != "nobody":
        publishing.assign(event.pk, person, "correspondent", editor_of(event))
        publishing.change_state(event.pk, ChangeKind.END, editor_of(event))
    client.force_login(person)
    answer = client.post(DRAFT, shared(event=event.pk, **{"photo-file": picture_file()}))

    assert not Image.objects.exists()
    assert "You are not assigned to a live blog at the moment." in answer.content.decode()


def test_pressing_twice_makes_one_draft(desk, event):
    drafted(desk, event, text="Once")
    drafted(desk, event, text="Once")
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("meanwhile", ["another live blog", "edited", "published"])
def test_a_share_that_is_refused_keeps_its_text_and_becomes_another_draft(desk, event, noor, meanwhile):
    """Somebody goes back in the browser to the form, which still has its key."""
    _answer, entry = drafted(desk, event, text="Once")
    if meanwhile == "another live blog":
        event = make_event()
        publishing.assign(event.pk, noor, "correspondent", editor_of(event))
    else:
        change = publishing.publish_entry if meanwhile == "published" else publishing.save_draft
        content = publishing.EntryContent("Edited", (publishing.TextContent("<p>Elsewhere</p>"),))
        change(publishing.EntryInput(event.pk, content, entry_id=entry.pk, version=entry.version), noor)

    answer, _first = drafted(desk, event, text="Once and more")

    page = answer.content.decode()
    assert (answer.status_code, "errorlist" in page, "Once and more" in page) == (200, True, True)
    key = re.search(r'name="key" value="(\w+)"', page)[1]
    assert desk.post(DRAFT, shared(event=event.pk, key=key, text="Once and more")).status_code == 302
    assert Entry.objects.filter(event=event).exclude(pk=entry.pk).count() == 1


def test_what_is_missing_is_asked_for_and_nothing_is_lost(desk, event):
    other = make_event()
    for values in (shared(text="Kept"), shared(event=other.pk, text="Kept")):
        answer = desk.post(DRAFT, values)
        assert "Kept" in answer.content.decode()
        assert 'errorlist"' in answer.content.decode()
    assert "nothing to write about" in desk.post(DRAFT, shared(event=event.pk)).content.decode()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("odd", [{"text": "a\0b"}, {"title": "x" * 201}, {"text": "x" * 10_001}, {"event": "9" * 30}])
def test_odd_shares_are_refused_in_words(desk, event, odd):
    answer = desk.post(DRAFT, shared(event=event.pk, text="x") | odd)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()


def test_only_live_blogs_that_go_on_are_offered(desk, event, noor):
    ended = make_event(title="Long over")
    publishing.assign(ended.pk, noor, "correspondent", editor_of(ended))
    publishing.change_state(ended.pk, ChangeKind.END, editor_of(ended))
    page = desk.get(SHARE).content.decode()

    assert "Long over" not in page
    assert "checked" in page, "there is no choice"
    stranger = Client()
    stranger.force_login(make_member(make_event(title="Elsewhere")))
    assert "Storm Maren" not in stranger.get(SHARE).content.decode()


def test_the_manifest_describes_the_desk_and_where_shares_go(desk, event):
    answer = desk.get("/admin/updates/event/desk.webmanifest")
    manifest = json.loads(answer.content)

    assert answer["Content-Type"] == "application/manifest+json"
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/admin/?start", "/admin/", "standalone")
    assert manifest["share_target"]["action"] == SHARE
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    page = desk.get("/admin/").content.decode()
    assert 'href="/admin/updates/event/desk.webmanifest"' in page
    assert "webmanifest" not in Client().get("/admin/login/").content.decode()


def test_the_worker_may_touch_the_share_address_only(desk):
    answer = desk.get(f"{SHARE}worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert "Service-Worker-Allowed" not in answer
