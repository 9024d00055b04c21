"""What every page of the desk keeps to: the content security policy, and few queries."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from tests.admin.desk_forms import add_address, change_address, desk_address, entry_form, list_address, text
from tests.factories import editor_of, make_event, make_member, post
from updates import publishing
from updates.choices import Role

pytestmark = pytest.mark.django_db

INLINE = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>")


@pytest.fixture(autouse=True)
def forgotten_content_types():
    """Django asks for them once per process: a count must not hang on which test came first."""
    ContentType.objects.clear_cache()


def addresses(event, entry):
    names = ["updates_event_changelist", "updates_change_changelist", "updates_person_changelist", "index"]
    return [
        *(reverse(f"admin:{name}") for name in names),
        reverse("admin:updates_event_add"),
        reverse("admin:updates_event_change", args=[event.pk]),
        reverse("admin:updates_event_people", args=[event.pk]),
        reverse("admin:updates_event_state", args=[event.pk, "cancel"]),
        reverse("admin:updates_entry_remove", args=[entry.pk]),
        reverse("admin:updates_entry_add"),
        list_address(event),
        add_address(event),
        change_address(entry),
    ]


def test_no_page_has_a_script_or_style_that_its_policy_forbids(client, event):
    entry = post(event, "Gate holds")
    client.force_login(editor_of(event))

    for address in addresses(event, entry):
        answer = client.get(address)
        page, policy = answer.content.decode(), answer["Content-Security-Policy"]
        nonces = set(re.findall(r"'nonce-([^']+)'", policy))
        assert answer.status_code == 200
        assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
        assert "unsafe-eval" not in policy
        assert "<style" not in page
        for attributes in INLINE.findall(page):
            is_data = 'type="application/json"' in attributes
            assert is_data or any(f'nonce="{nonce}"' in attributes for nonce in nonces), (address, attributes)


def test_pages_with_an_editor_load_it_before_the_desk_and_allow_no_inline_script(client, event):
    entry = post(event, "Gate holds")
    client.force_login(editor_of(event))
    with_editor = [
        reverse("admin:updates_event_add"),
        reverse("admin:updates_event_change", args=[event.pk]),
        reverse("admin:updates_event_panel", args=[event.pk]),
        add_address(event),
        desk_address(event),
        change_address(entry),
    ]

    for address in with_editor:
        answer = client.get(address)
        scripts = re.findall(r"<script[^>]*bundles/admin/(\w+)", answer.content.decode())
        assert (address, scripts) == (address, ["text_editor", "desk"])
        assert "script-src 'self';" in answer["Content-Security-Policy"]
        assert "importmap" not in answer.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_updates_takes_as_many_queries_for_three(client, number, django_assert_num_queries):
    event = make_event()
    for n in range(number):
        post(event, f"Update {n}", author=make_member(event))
    client.force_login(make_member(event, Role.MODERATOR))

    with django_assert_num_queries(9):
        client.get(list_address(event))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_live_blogs_takes_as_many_queries_for_three(client, number, django_assert_num_queries):
    boss = editor_of(make_event())
    for _n in range(number - 1):
        make_event(author=boss)
    client.force_login(boss)

    with django_assert_num_queries(6):
        client.get(reverse("admin:updates_event_changelist"))


@pytest.mark.parametrize("number", [1, 3])
def test_the_log_takes_as_many_queries_for_three(client, number, django_assert_num_queries):
    event = make_event()
    for n in range(number):
        post(event, f"Update {n}")
    client.force_login(editor_of(event))

    with django_assert_num_queries(6):
        client.get(reverse("admin:updates_change_changelist"))


def test_the_form_takes_few_queries(client, event, noor, django_assert_num_queries):
    client.force_login(noor)

    with django_assert_num_queries(19):  # eight of them for the timeline, two for the readers
        client.get(add_address(event))


def test_publishing_through_the_form_takes_few_queries(client, event, noor, django_assert_num_queries):
    client.force_login(noor)

    with django_assert_num_queries(19):  # three of them for the notice, which the session carries
        client.post(add_address(event), entry_form("Gate holds", text("<p>Yes</p>")))


def test_the_site_is_named_on_every_page(client, event, settings):
    client.force_login(editor_of(event))

    page = client.get(add_address(event)).content.decode()

    assert f"<title>Storm Maren | Post an update | {settings.SITE_NAME}</title>" in page
    assert f'<div id="site-name"><a href="/admin/">{settings.SITE_NAME}</a></div>' in page


def test_the_log_says_who_when_what_and_why(client, event, tomas):
    entry = post(event, "Gate leaking")
    publishing.remove(entry.pk, tomas, reason="Wrong source", reader_note="We took a report back.")
    client.force_login(tomas)

    page = client.get(f"{reverse('admin:updates_change_changelist')}?entry__id__exact={entry.pk}")

    newest = page.context["cl"].result_list[0]
    row = (newest.actor, newest.get_kind_display(), newest.reason, newest.note)
    assert row == (tomas, "Removed", "Wrong source", "We took a report back.")
