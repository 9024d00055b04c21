"""The pages of webhooks at the desk: who sees them, the secret that is shown once, and every button."""

import pytest
from django.urls import reverse

from tests.factories import editor_of, make_event, make_member, make_user, post
from tests.webhooks.conftest import ALL
from updates.choices import Role
from updates.models import Webhook, WebhookCursor
from updates.publishing.webhooks import MOST, create_webhook, store_result, take_next

pytestmark = [pytest.mark.django_db, pytest.mark.django]

URL = "https://cms.example/hook"


@pytest.fixture
def event(db):
    return make_event(slug="storm", title="Storm")


@pytest.fixture
def editor(client, event):
    client.force_login(editor_of(event))
    return editor_of(event)


def add(client, address, url=URL, types=("entry.published",)):
    return client.post(address, {"url": url, "types": types})


def press(client, webhook, **button):
    return client.post(reverse("admin:updates_webhook", args=[webhook.pk]), button, follow=True)


def test_an_editor_adds_one_and_sees_its_secret_once(client, event, editor):
    address = reverse("admin:updates_event_webhooks", args=[event.pk])
    assert address in client.get(reverse("admin:updates_event_change", args=[event.pk])).content.decode()
    page = add(client, address).content.decode()
    webhook = Webhook.objects.get()
    assert (webhook.event, webhook.url, webhook.types, webhook.created_by) == (event, URL, ["entry.published"], editor)
    assert webhook.secret in page
    own = reverse("admin:updates_webhook", args=[webhook.pk])
    assert page.count(f'action="{own}"') == page.count('<form method="post" action') == 2  # and not the list's address
    assert URL in client.get(address).content.decode()
    second = client.get(reverse("admin:updates_webhook", args=[webhook.pk])).content.decode()
    assert webhook.secret not in second
    renewed = press(client, webhook, _secret="1").content.decode()
    old = webhook.secret
    webhook.refresh_from_db()
    assert webhook.secret != old
    assert webhook.secret in renewed


@pytest.mark.parametrize(
    "url", ["http://cms.example/", "https://127.0.0.1/", "https://localhost/", "not an address", ""]
)
def test_addresses_that_may_not_be_called_are_refused_at_the_field(client, event, editor, url):
    answer = add(client, reverse("admin:updates_event_webhooks", args=[event.pk]), url)
    assert answer.status_code == 422
    assert answer.context["form"].errors["url"]
    assert not Webhook.objects.exists()


def test_there_are_not_too_many(client, event, editor):
    for _ in range(MOST):
        create_webhook(event, URL, ALL, editor)
    answer = add(client, reverse("admin:updates_event_webhooks", args=[event.pk]))
    assert "too many webhooks" in answer.content.decode()
    assert Webhook.objects.count() == MOST


def test_deliveries_are_listed_with_their_answers_and_sent_again(client, event, editor):
    webhook = create_webhook(event, URL, ALL, editor)
    post(event, "One")
    store_result(take_next(WebhookCursor.objects.get().pk), status=503, answer="<b>Not now</b>")
    page = client.get(reverse("admin:updates_webhook", args=[webhook.pk])).content.decode()
    assert "Update published" in page
    assert "503" in page
    assert "&lt;b&gt;Not now&lt;/b&gt;" in page
    assert "next try at" in page
    delivery, waiting = webhook.deliveries.get(), WebhookCursor.objects.get().next_at
    press(client, webhook, _again=delivery.pk)
    assert WebhookCursor.objects.get().next_at < waiting
    assert not webhook.deliveries.get().is_wanted  # it keeps its place in the order
    press(client, webhook, _pause="1")
    press(client, webhook, _again=delivery.pk)
    assert webhook.deliveries.get().is_wanted  # a person wants it all the same
    webhook.deliveries.update(is_wanted=False)
    press(client, webhook, _resume="1")
    store_result(take_next(WebhookCursor.objects.get().pk), status=200, answer="ok")
    press(client, webhook, _again=delivery.pk)
    assert webhook.deliveries.get().is_wanted


def test_every_other_button(client, event, editor):
    webhook = create_webhook(event, URL, ALL, editor)
    press(client, webhook, _pause="1")
    assert not Webhook.objects.get().is_active
    assert "Resume" in client.get(reverse("admin:updates_webhook", args=[webhook.pk])).content.decode()
    press(client, webhook, _resume="1")
    assert Webhook.objects.get().is_active
    press(client, webhook, _test="1")
    assert webhook.deliveries.get().type == "test"
    press(client, webhook, _delete="1")
    assert not Webhook.objects.exists()


def test_those_of_others_do_not_exist_and_those_of_the_site_are_for_superusers(client, event, editor):
    root = make_user("root", superuser=True)
    own, site = create_webhook(event, URL, ALL, editor), create_webhook(None, URL, ALL, root)
    elsewhere = create_webhook(make_event(slug="flood"), URL, ALL, root)
    pages = {webhook: reverse("admin:updates_webhook", args=[webhook.pk]) for webhook in (own, site, elsewhere)}
    assert [client.get(page).status_code for page in pages.values()] == [200, 404, 404]
    assert client.get(reverse("admin:updates_webhooks")).status_code == 403
    assert press(client, site, _delete="1").status_code == 404
    client.force_login(make_member(event, Role.MODERATOR))
    assert client.get(pages[own]).status_code == 403
    client.force_login(root)
    assert [client.get(page).status_code for page in pages.values()] == [200, 200, 200]
    assert reverse("admin:updates_webhooks") in client.get(reverse("admin:index")).content.decode()
    assert add(client, reverse("admin:updates_webhooks")).status_code == 200
    assert Webhook.objects.filter(event=None).count() == 2
