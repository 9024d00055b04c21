"""A preview is what readers would get, and leaves nothing behind."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.admin.desk_forms import change_address, controls, embed, entry_form, photo, quote, text
from tests.factories import make_event, make_member, make_picture, post
from updates import publishing
from updates.models import Change, Entry, Rendition
from updates.publishing import EntryContent, EntryInput
from updates.rendering import entry_html

pytestmark = [pytest.mark.django_db, pytest.mark.django]


def preview(client, form, headers=None, **query):
    address = f"{reverse('admin:updates_entry_preview')}?{'&'.join(f'{k}={v}' for k, v in query.items())}"
    return client.post(address, form, headers=headers)


def without_its_own(html):
    """What differs by nature: ids, numbers, addresses and times."""
    html = re.sub(r'\s(?:id|data-\w+|href|datetime|title|aria-labelledby)="[^"]*"', "", html)
    return re.sub(r"\s+", " ", re.sub(r"\d\d:\d\d", "", html))


def test_it_is_drawn_as_what_is_published(desk, event):
    form = entry_form("Gate holds", text("<p>For <b>now</b></p>"), quote("It holds.", "Ingrid Sollow"))

    page = preview(desk, form, event=event.pk).content.decode()
    assert (Entry.objects.count(), Change.objects.filter(entry__isnull=False).count()) == (0, 0)
    desk.post(f"/admin/updates/event/{event.pk}/desk/", form)

    article = re.search(r"<article.*</article>", page, re.DOTALL)[0]
    assert without_its_own(article) == without_its_own(entry_html(Entry.objects.get()))


def test_no_script_runs_in_it_and_nobody_else_may_frame_it(desk, event):
    hostile = entry_form("<script>1</script>", text('<p onclick="x()">Hi<script>2</script></p><img src=x onerror=3>'))

    answer = preview(desk, hostile, event=event.pk)

    page = answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "script" not in answer["Content-Security-Policy"]
    assert "&lt;script&gt;1&lt;/script&gt;" in page
    assert not re.search(r"<script|onclick|onerror", page)


def test_unfinished_words_and_pictures_that_are_not_public_are_shown(desk, event, noor):
    picture = make_picture(noor)
    form = entry_form("", photo(picture=picture.public_id, alt="", credit=""), embed("https://"))

    page = preview(desk, form, event=event.pk).content.decode()

    assert reverse("admin:updates_picture", args=[picture.public_id]) in page
    assert Rendition.objects.count() == 0


def test_a_correction_is_shown_before_it_is_made(desk, event, noor):
    entry = post(event, "321 voted", author=noor)
    form = controls(desk.get(change_address(entry))) | {"headline": "312 voted", "correction": "it was 312."}

    page = preview(desk, form, entry=entry.pk).content.decode()

    assert "312 voted" in page
    assert "it was 312." in page
    entry.refresh_from_db()
    assert entry.headline == "321 voted"


def test_what_is_wrong_comes_back_in_the_form(desk, event):
    response = desk.post(
        f"{reverse('admin:updates_entry_preview')}?event={event.pk}",
        entry_form(""),
        headers={"Accept": "application/json"},
    )
    assert (response.status_code, response.json()["state"]) == (422, "refused")


def test_only_those_who_are_assigned_may_ask(client, event, noor):
    entry = post(event, "Gate holds", author=noor)
    client.force_login(make_member(make_event()))
    assert preview(client, entry_form("x"), event=event.pk).status_code == 404
    assert preview(client, entry_form("x"), entry=entry.pk).status_code == 404
    assert client.get(reverse("admin:updates_entry_preview")).status_code == 405


@pytest.mark.parametrize("headline", ["", "Mine"], ids=["with something wrong in it", "valid"])
def test_of_others_words_that_are_not_out_it_names_nothing(desk, event, headline):
    writer = make_member(event, username="Writer-of-it")
    hidden = [publishing.save_draft(EntryInput(event.pk, EntryContent("Gate-gives-way")), writer).entry]
    soon = timezone.now() + timedelta(hours=1)
    hidden.append(publishing.schedule(EntryInput(event.pk, EntryContent("Gate-gives-way")), writer, soon).entry)
    for entry in hidden:
        for headers in ({}, {"Accept": "application/json"}):
            answer = preview(desk, entry_form(headline), headers, entry=entry.pk)
            assert answer.status_code == 404
            assert not re.search("Gate-gives-way|Writer-of-it", answer.content.decode())


def test_without_a_live_blog_there_is_nothing_to_show(desk):
    assert preview(desk, entry_form("x")).status_code == 404
    assert preview(desk, entry_form("x"), event="9" * 30).status_code == 404
