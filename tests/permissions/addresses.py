"""All addresses of the site, from the URLconf, each filled in for an entry and its live blog."""

import re

from django.contrib.auth.models import Group
from django.urls import URLResolver, get_resolver

from tests.factories import NOON, editor_of, make_editor, make_event, make_member, make_picture, make_user, post
from updates import publishing
from updates.choices import Role
from updates.models import Person
from updates.permissions import EDITORS_GROUP
from updates.publishing import EmbedContent, EntryContent, EntryInput, PhotoContent, TextContent
from updates.publishing.webhooks import create_webhook

ROLES = ["anonymous", "account", "correspondent", "moderator", "editor", "elsewhere", "superuser"]
"""``account`` is assigned to nothing, ``elsewhere`` edits another live blog."""

FILM = EmbedContent("https://film.example/gate.mp4", captions="00:01.000 --> 00:02.000\nThe gate.")

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def patterns(resolver=None, prefix=""):
    """Yield all patterns as they are written in the URLconf."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        else:
            yield route


def address_of(pattern, values):
    """Fill in a pattern. Where it names an object by a path, that is the key of the object its prefix is about."""
    plain = re.sub(r"\(\?:([^|()]*)\|[^()]*\)", r"\1", pattern)

    def value(match):
        name = match[1] or match[2]
        kind = re.search(r"(?:auth|updates)/(\w+)/", pattern)
        return str(values.get((kind and kind[1], name), values.get(name, "")))

    filled = PARAMETER.sub(value, plain)
    return "/" + filled.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\.", ".")


class Newsroom:
    """A live blog of seven roles, with an entry of the correspondent's own, one of the editor's, and a draft."""

    def __init__(self):
        self.event = make_event(slug="storm", title="Storm", planned_start=NOON)
        boss = editor_of(self.event)
        elsewhere = make_editor("elsewhere")
        make_event(author=elsewhere, slug="flood")
        self.users = {
            "anonymous": None,
            "account": make_user("account"),
            "correspondent": make_member(self.event, username="correspondent"),
            "moderator": make_member(self.event, Role.MODERATOR, "moderator"),
            "editor": make_member(self.event, Role.EDITOR, "editor"),
            "elsewhere": elsewhere,
            "superuser": make_user("root", superuser=True),
        }
        self.picture = make_picture(boss)
        blocks = [TextContent("<p>Words.</p>"), PhotoContent(self.picture.pk, "The gate", "Noor"), FILM]
        draft = EntryInput(self.event.pk, EntryContent("Draft", tuple(blocks)))
        self.entries = {
            "own": post(self.event, "Own", author=self.users["correspondent"], blocks=blocks),
            "another's": post(self.event, "Another's", author=boss, blocks=blocks),
            "another's draft": publishing.save_draft(draft, boss).entry,
        }
        self.webhook = create_webhook(self.event, "https://cms.example/hook", ["entry.published"], boss)
        self.byline = Person.objects.create(name="Noor Hadad")

    def values(self, entry):
        """Return what stands in addresses, by name, or by the model that the address is about and the name."""
        account, byline, change = self.users["account"].pk, self.byline.pk, entry.changes.order_by("desk_seq").first()
        group = Group.objects.get(name=EDITORS_GROUP).pk
        return {
            "pk": self.event.pk, "slug": self.event.slug, "public_id": entry.public_id,
            ("entry", "pk"): entry.pk, ("entry", "object_id"): entry.pk, "event_pk": self.event.pk,
            "seq": entry.seq or 1, "desk_seq": change.desk_seq, "kind": "end", "form": "json",
            ("event", "object_id"): self.event.pk, ("event", "public_id"): self.picture.public_id,
            ("change", "object_id"): change.pk, ("person", "object_id"): byline,
            ("user", "object_id"): account, ("user", "id"): account, ("group", "object_id"): group,
            "figures": "report",
            "content_type_id": 1, "object_id": 1, "target": "1/1/", "uidb64": "MQ", "token": "set-password",
            "app_label": "updates", "url": "nothing/here/", "name": f"pictures/{'0' * 32}.webp",
            "picture": f"pictures/{'0' * 32}", "shape": "4x3", "webhook_pk": self.webhook.pk,
            "number": 3,
        }  # fmt: skip


def subjects(pattern):
    """Which entries an address is tried with; all that name none are alike for each."""
    return ["own", "another's", "another's draft"] if "/entry/<" in pattern or "/entry/^" in pattern else ["own"]
