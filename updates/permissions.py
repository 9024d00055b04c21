"""Who may do what; the only module that decides it. ``check_may_x`` raises ``PermissionDenied`` with a sentence for
the person; ``may_x`` returns the same decision as a bool, for templates and the admin. What the *state* of an event or
entry allows is decided by the operations.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import ParamSpec

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.types import User

from .choices import ChangeKind, EntryStatus, Role
from .models import Assignment, Change, EmbedBlock, Entry, Event, Image, Person, PhotoBlock

P = ParamSpec("P")

EDITORS_GROUP = "Editors"
"""Site-wide group whose members may create events."""

UNDO_REMOVAL = timedelta(minutes=10)
"""How long a correspondent may take back their own removal."""

_REMEMBERED = "remembered_roles"


def role_of(user: User, event: Event) -> Role | None:
    """Return the assigned role; a superuser is an editor everywhere."""
    if not user.is_active:
        return None
    if user.is_superuser:
        return Role.EDITOR
    remembered: dict[int, str] = event.__dict__.get(_REMEMBERED, {})
    role = remembered.get(user.pk)
    if role is None:
        role = Assignment.objects.filter(event=event, user=user).values_list("role", flat=True).first()
    return Role(role) if role else None


def remember_roles(user: User, events: Collection[Event]) -> None:
    """Look up a user's role in several events at once, for lists; operations read their event anew."""
    roles = dict(Assignment.objects.filter(user=user, event__in=events).values_list("event_id", "role"))
    for event in events:
        event.__dict__[_REMEMBERED] = {user.pk: roles.get(event.pk, "")}


def remember_roles_at(event: Event, users: Collection[User]) -> None:
    """Look up the roles of several users in one event at once."""
    roles = dict(Assignment.objects.filter(event=event, user__in=users).values_list("user_id", "role"))
    event.__dict__[_REMEMBERED] = {user.pk: roles.get(user.pk, "") for user in users}


def check_may_see_desk(user: User, event: Event) -> Role:
    role = role_of(user, event)
    if role is None:
        raise PermissionDenied(_("You are not assigned to this live blog. Ask one of its editors."))
    return role


def check_may_publish(user: User, event: Event) -> Role:
    """Check the right to publish new entries."""
    role = check_may_see_desk(user, event)
    if role == Role.CORRESPONDENT and not event.direct_publishing:
        raise PermissionDenied(_("You cannot publish directly in this live blog. Submit your update for approval."))
    return role


def check_may_edit(user: User, entry: Entry) -> Role:
    """Check the right to edit or correct: own entries if one may publish; those of others as moderator or editor."""
    role = check_may_publish(user, entry.event)
    if role == Role.CORRESPONDENT and entry.author_id != user.pk:
        raise PermissionDenied(_("Only the author, a moderator or an editor can change this update."))
    return role


def check_may_see(user: User, entry: Entry) -> Role:
    """Check the right to see an entry: an unpublished one needs its author, a moderator or an editor."""
    return check_may_see_desk(user, entry.event) if not entry.is_unpublished else _check_own(user, entry)


def check_may_draft(user: User, event: Event) -> Role:
    """Check the right to save a new draft and to submit it."""
    return check_may_see_desk(user, event)


def check_may_write(user: User, entry: Entry) -> Role:
    """Check the right to change, submit, withdraw or discard an unpublished entry, and to publish it if scheduled."""
    return check_may_edit(user, entry) if entry.status == EntryStatus.SCHEDULED else _check_own(user, entry)


def check_may_change(user: User, entry: Entry) -> Role:
    """Check the right to open an entry in the form: to edit it, to submit a change of it, or to go on writing."""
    return check_may_write(user, entry) if entry.is_unpublished else _check_own(user, entry)


def check_may_propose(user: User, entry: Entry) -> Role:
    """Check the right to submit a change of a published entry for approval."""
    return _check_own(user, entry)


def _check_own(user: User, entry: Entry) -> Role:
    role = check_may_see_desk(user, entry.event)
    if role == Role.CORRESPONDENT and entry.author_id != user.pk:
        raise PermissionDenied(_("Only the author, a moderator or an editor can do that."))
    return role


def check_may_moderate(user: User, event: Event) -> Role:
    """Check the right to mark, pin, move and send back entries, and to change texts and state of the event."""
    role = check_may_see_desk(user, event)
    if role == Role.CORRESPONDENT:
        raise PermissionDenied(_("Only a moderator or an editor of this live blog can do that."))
    return role


def check_may_remove(user: User, entry: Entry) -> Role:
    role = check_may_see_desk(user, entry.event)
    if role == Role.CORRESPONDENT and entry.author_id != user.pk:
        raise PermissionDenied(_("Only the author, a moderator or an editor can remove this update."))
    return role


def check_may_restore(user: User, entry: Entry, at: datetime | None = None) -> Role:
    role = check_may_see_desk(user, entry.event)
    if role != Role.CORRESPONDENT:
        return role
    recent = entry.removed_at is not None and (at or timezone.now()) - entry.removed_at <= UNDO_REMOVAL
    if entry.removed_by_id != user.pk or entry.author_id != user.pk or not recent:
        raise PermissionDenied(_("Only a moderator or an editor can restore this update."))
    return role


def check_may_manage(user: User, event: Event) -> Role:
    """Check the right to assign people and to change settings."""
    role = check_may_see_desk(user, event)
    if role != Role.EDITOR:
        raise PermissionDenied(_("Only an editor of this live blog can do that."))
    return role


def check_may_manage_webhooks(user: User, event: Event | None) -> None:
    """Check the right to manage the webhooks of an event or, without one, those of the whole site."""
    if event:
        check_may_manage(user, event)
    elif not (user.is_active and user.is_superuser):
        raise PermissionDenied(_("Only a superuser can manage webhooks of the whole site."))


def check_may_reset(actor: User, event: Event, user: User) -> Role:
    """Check the right to make a link that sets the password of somebody who may do no more than the actor can grant."""
    role = check_may_manage(actor, event)
    if actor.is_superuser:
        return role
    more = user.is_superuser or user.groups.exists() or user.user_permissions.exists()
    mine = Assignment.objects.filter(user=actor, role=Role.EDITOR).values("event")
    if more or Assignment.objects.filter(user=user).exclude(event__in=mine).exists():
        raise PermissionDenied(_("This account has access beyond your live blogs. Ask an administrator to reset it."))
    if not user.is_active or not Assignment.objects.filter(user=user, event=event).exists():
        raise PermissionDenied(_("Only people assigned to this live blog can get a link."))
    by = Q(actor=actor) if user.last_login else Q(actor=actor) | Q(event=event)  # any editor can assign any account
    if not Change.objects.filter(by, kind=ChangeKind.INVITE, snapshot__user=user.pk, snapshot__is_new=True).exists():
        raise PermissionDenied(_("Only the person who invited this account, or an administrator, can reset it."))
    return role


def check_may_create_event(user: User) -> None:
    if not user.is_active or not (user.is_superuser or user.groups.filter(name=EDITORS_GROUP).exists()):
        raise PermissionDenied(_("Only members of the group “Editors” can create a live blog."))


def check_may_erase(user: User) -> None:
    """Check the right to erase for legal reasons."""
    if not (user.is_active and user.is_superuser):
        raise PermissionDenied(_("Only a superuser can erase an update permanently."))


def edits_somewhere(user: User) -> bool:
    """Return whether the user is an editor of any live blog: those maintain the bylines, which all events share."""
    return bool(user.is_active and Assignment.objects.filter(user=user, role=Role.EDITOR).exists())


def check_may_upload(user: User, event: Event) -> Role:
    return check_may_see_desk(user, event)


def check_may_set_expiry(user: User, event: Event, image: Image) -> Role:
    """Check the right to set until when a picture may be shown, in each place that shows it, as the date holds there.
    A correspondent may do so for an own upload that only own updates of this event show."""
    role = check_may_upload(user, event)
    shows = Q(pk__in=PhotoBlock.objects.filter(image=image).values("parent"))
    shows |= Q(pk__in=EmbedBlock.objects.filter(poster=image).values("parent"))
    showing = Entry.objects.filter(shows).exclude(status=EntryStatus.DISCARDED)
    mine = showing.filter(author=user)
    is_portrait = Person.objects.filter(photo=image).exists() and not (user.is_superuser or edits_somewhere(user))
    if is_portrait or _not_moderated(user, Q(lead_picture=image) | Q(entries__in=showing.exclude(pk__in=mine))):
        raise PermissionDenied(
            _("Other people also use this photo, so only a moderator can change “Show until”. Leave it as it was.")
        )
    if _not_moderated(user, Q(entries__in=mine.exclude(event=event))):
        raise PermissionDenied(
            _("You also use this photo in another live blog, so only somebody who moderates both can change “Show "
              "until”. Leave it as it was.")
        )  # fmt: skip
    if role == Role.CORRESPONDENT:
        _check_own_photo(user, event, image, mine.filter(event=event))
    return role


def _not_moderated(user: User, concerned: Q) -> bool:
    return not all(may_moderate(user, event) for event in Event.objects.filter(concerned).distinct())


def _check_own_photo(user: User, event: Event, image: Image, mine: QuerySet[Entry]) -> None:
    """Check a correspondent's right, where only their own entries show the picture."""
    if image.uploaded_by_id != user.pk:
        raise PermissionDenied(
            _("Somebody else uploaded this photo, so only a moderator can change “Show until”. Leave it as it was.")
        )  # fmt: skip
    is_out = mine.filter(status__in=[EntryStatus.SCHEDULED, EntryStatus.PUBLISHED, EntryStatus.REMOVED]).exists()
    if is_out and not may_publish(user, event):
        raise PermissionDenied(
            _("This photo is in an update that is scheduled or was published, and you cannot publish directly, so only "
              "a moderator can change “Show until”. Leave it as it was.")
        )  # fmt: skip


def _allowed(check: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
    try:
        check(*args, **kwargs)
    except PermissionDenied:
        return False
    return True


def may_see_desk(user: User, event: Event) -> bool:
    return _allowed(check_may_see_desk, user, event)


def may_upload(user: User, event: Event) -> bool:
    return _allowed(check_may_upload, user, event)


def may_publish(user: User, event: Event) -> bool:
    return _allowed(check_may_publish, user, event)


def may_edit(user: User, entry: Entry) -> bool:
    return _allowed(check_may_edit, user, entry)


def may_see(user: User, entry: Entry) -> bool:
    return _allowed(check_may_see, user, entry)


def may_draft(user: User, event: Event) -> bool:
    return _allowed(check_may_draft, user, event)


def may_write(user: User, entry: Entry) -> bool:
    return _allowed(check_may_write, user, entry)


def may_change(user: User, entry: Entry) -> bool:
    return _allowed(check_may_change, user, entry)


def may_propose(user: User, entry: Entry) -> bool:
    return _allowed(check_may_propose, user, entry)


def may_moderate(user: User, event: Event) -> bool:
    return _allowed(check_may_moderate, user, event)


def may_remove(user: User, entry: Entry) -> bool:
    return _allowed(check_may_remove, user, entry)


def may_restore(user: User, entry: Entry) -> bool:
    return _allowed(check_may_restore, user, entry)


def may_manage(user: User, event: Event) -> bool:
    return _allowed(check_may_manage, user, event)


def may_reset(actor: User, event: Event, user: User) -> bool:
    return _allowed(check_may_reset, actor, event, user)


def may_make_first_account() -> bool:
    return not User.objects.exists()


def may_create_event(user: User) -> bool:
    return _allowed(check_may_create_event, user)
