"""Live blogs: created, changed, opened and ended from the admin; who works on them."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from tests.admin.desk_forms import controls, errors, messages_of
from tests.factories import editor_of, make_editor, make_event, make_member, make_user
from updates import publishing
from updates.admin.event.form import EventForm
from updates.choices import ChangeKind, Role
from updates.models import Assignment, Change, Event
from updates.publishing import EventDetails

pytestmark = [pytest.mark.django_db, pytest.mark.long]

ADD = "/admin/updates/event/add/"


@pytest.fixture
def editor(client, event):
    client.force_login(editor_of(event))
    return client


def change_address(event):
    return reverse("admin:updates_event_change", args=[event.pk])


def state_address(event, kind):
    return reverse("admin:updates_event_state", args=[event.pk, kind])


def saved(client, event, **changes):
    address = change_address(event)
    return client.post(address, controls(client.get(address)) | changes)


def test_an_editor_creates_a_draft_and_becomes_its_editor(client):
    client.force_login(make_editor("ines"))
    form = controls(client.get(ADD)) | {
        "title": "Storm Maren",
        "slug": "storm-maren",
        "standfirst": "The second surge is due.",
        "byline": "Ines Calder",
        "key_points": "<p>The gate <strong>holds</strong>.</p><p>Quays are cleared.</p>",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "planned_start": "2031-07-13T20:00",
        "page_size": "20",
        "sensitive": "on",
    }

    answer = client.post(ADD, form, follow=True)

    event = Event.objects.get()
    assert (event.title, event.slug, event.status, event.page_size) == ("Storm Maren", "storm-maren", "draft", 20)
    assert event.key_points == ["<p>The gate <strong>holds</strong>.</p>", "<p>Quays are cleared.</p>"]
    assert event.planned_start == datetime(2031, 7, 13, 18, 0, tzinfo=UTC)
    assert (event.sensitive, event.shows_ads, event.direct_publishing) == (True, True, True)
    assert event.assignments.get().user.username == "ines"
    assert answer.redirect_chain[0][0] == change_address(event)


@pytest.mark.once
def test_points_typed_without_a_script_are_lines(editor, event):
    saved(editor, event, key_points="The gate holds.\r\n\r\nWater < 5 metres.\r\n")

    event.refresh_from_db()
    assert event.key_points == ["<p>The gate holds.</p>", "<p>Water &lt; 5 metres.</p>"]


def test_mistakes_are_named_and_nothing_typed_is_lost(client, event):
    client.force_login(make_editor())
    form = {"title": "Storm", "slug": event.slug, "page_size": "1", "language": "en", "time_zone": "UTC"}

    answer = client.post(ADD, form)

    assert errors(answer) == [
        "Please correct the errors below.",
        "Live blog with this Address already exists.",
        "Ensure this value is greater than or equal to 2.",
    ]
    assert controls(answer)["title"] == "Storm"
    assert Event.objects.count() == 1


def test_an_address_of_the_site_is_refused(editor, event):
    draft = make_event(status="draft", author=editor_of(event))

    answer = saved(editor, draft, slug="admin")

    assert errors(answer)[1:] == ["“admin” is used by the site itself. Choose another address."]


def test_a_change_reaches_readers_as_one_operation(editor, event):
    answer = saved(editor, event, title="Storm Maren passes", standfirst="It is over.")

    event.refresh_from_db()
    change = Change.objects.get(kind="details")
    assert answer.status_code == 302
    assert (event.title, event.standfirst) == ("Storm Maren passes", "It is over.")
    assert change.snapshot == {"fields": ["standfirst", "title"]}


@pytest.mark.once
def test_saving_without_a_difference_takes_no_number(editor, event):
    publishing.change_event(
        event.pk, EventDetails(key_points=("Holds",), planned_start=datetime(2031, 1, 1, tzinfo=UTC)), editor_of(event)
    )
    head = Event.objects.get().head

    saved(editor, event)

    assert Event.objects.get().head == head


def test_the_planned_start_is_read_on_the_events_own_clock(editor, event):
    details = EventDetails(time_zone="Europe/Berlin", planned_start=datetime(2031, 7, 13, 18, 0, tzinfo=UTC))
    publishing.change_event(event.pk, details, editor_of(event))

    assert controls(editor.get(change_address(event)))["planned_start"] == "2031-07-13T20:00"


def test_a_newer_version_is_shown_beside_what_was_typed(editor, event, tomas):
    mine = controls(editor.get(change_address(event))) | {"title": "Mine"}
    publishing.change_event(event.pk, EventDetails(title="Theirs", standfirst="Theirs too"), tomas)

    answer = editor.post(change_address(event), mine)
    second = editor.post(change_address(event), controls(answer))

    assert answer.status_code == 200
    assert answer.context["newer"] == [("Title", "Theirs", "Mine"), ("Standfirst", "Theirs too", "")]
    assert controls(answer)["title"] == "Mine"
    assert second.status_code == 302
    event.refresh_from_db()
    assert event.title == "Mine"


@pytest.mark.once
@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("draft", ["open", "announce"]),
        ("upcoming", ["open", "postpone", "cancel"]),
        ("live", ["end", "postpone", "cancel"]),
        ("ended", ["reopen"]),
        ("postponed", ["open", "announce", "cancel"]),
        ("cancelled", ["announce"]),
    ],
)
def test_buttons_are_the_steps_that_the_state_allows(client, status, kinds):
    event = make_event(status=status)
    client.force_login(editor_of(event))

    assert [step["kind"] for step in client.get(change_address(event)).context["states"]] == kinds


def test_a_button_takes_the_step(client):
    event = make_event(status="upcoming")
    client.force_login(editor_of(event))

    answer = client.post(state_address(event, "open"), follow=True)

    event.refresh_from_db()
    assert event.is_live
    assert messages_of(answer) == ["Live blog went live: Storm Maren"]


@pytest.mark.once
@pytest.mark.parametrize(("kind", "status"), [("postpone", "postponed"), ("cancel", "cancelled")])
def test_putting_off_needs_a_sentence_to_readers(editor, event, kind, status):
    silent = editor.post(state_address(event, kind), {"note": "", "reason": "Storm"})
    editor.post(state_address(event, kind), {"note": "The council meets tomorrow.", "reason": "Storm"})

    event.refresh_from_db()
    assert errors(silent) == ["This field is required."]
    assert (event.status, event.status_note) == (status, "The council meets tomorrow.")
    assert Change.objects.get(kind=kind).reason == "Storm"


@pytest.mark.once
def test_a_step_that_somebody_took_before_is_refused_in_words(editor, event):
    publishing.change_state(event.pk, ChangeKind.END, editor_of(event))

    answer = editor.post(state_address(event, "end"), follow=True)

    assert messages_of(answer) == ["“Live blog ended” is not possible while the state is “Ended”."]


def test_the_list_shows_state_count_and_head(editor, event):
    page = editor.get(reverse("admin:updates_event_changelist"))

    (row,) = page.context["cl"].result_list
    assert (row.status, row.entry_count, row.head) == ("live", 0, 1)
    assert f'href="/admin/updates/event/{event.pk}/desk/"' in page.content.decode()


@pytest.mark.once
def test_a_draft_has_no_page_to_view(client):
    event = make_event(status="draft")
    client.force_login(editor_of(event))

    assert "View page" not in client.get(change_address(event)).content.decode()


# People


def people_address(event):
    return reverse("admin:updates_event_people", args=[event.pk])


def test_somebody_is_assigned_gets_another_role_and_is_taken_off(editor, event):
    jonah = make_user("jonah")

    roles = []
    for sent in ({"role": "correspondent"}, {"role": "moderator"}, {"role": "moderator", "_unassign": "1"}):
        editor.post(people_address(event), {"user": jonah.pk} | sent)
        roles.append(list(Assignment.objects.filter(user=jonah).values_list("role", flat=True)))

    assert roles == [["correspondent"], ["moderator"], []]
    assert list(Change.objects.values_list("kind", flat=True)[:3]) == ["unassign", "assign", "assign"]


def test_the_last_editor_stays(editor, event):
    boss = editor_of(event)

    answer = editor.post(people_address(event), {"user": boss.pk, "role": "editor", "_unassign": "1"}, follow=True)

    assert messages_of(answer) == ["A live blog needs at least one editor."]
    assert Assignment.objects.get(user=boss).role == Role.EDITOR


@pytest.mark.once
def test_moderators_assign_nobody(client, event, tomas):
    client.force_login(tomas)

    answer = client.post(people_address(event), {"user": make_user().pk, "role": "editor"})

    assert answer.status_code == 403
    assert people_address(event) not in client.get(change_address(event)).content.decode()


@pytest.mark.once
def test_correspondents_see_who_else_is_there(client, event):
    client.force_login(make_member(event, username="noor"))

    page = client.get(change_address(event))

    assert {assignment.user.username for assignment in page.context["people"]} == {"noor", editor_of(event).username}
    assert "event_form" not in page.content.decode()


def test_every_setting_of_a_live_blog_is_explained_in_a_sentence(client, event):
    form = EventForm(instance=event, actor=None, may_manage=True)
    unexplained = [name for name, field in form.fields.items() if not str(field.help_text).endswith(".")]
    assert unexplained == ["byline", "version"]  # the byline ends with an example
