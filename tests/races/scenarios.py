"""How the harness calls each operation: of which entry, by whom, with what."""

import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from tests.races.newsroom import LATER, NOW, content
from updates import publishing
from updates.choices import ChangeKind, EventStatus, Role, Waiting
from updates.publishing import EntryInput, EventDetails, imports, people, pictures
from updates.publishing.auto_end import end_if_quiet
from updates.publishing.erasure import erase_entry
from updates.publishing.events import start_epoch
from updates.publishing.expiry import undo_show_until
from updates.publishing.schedule import publish_due
from updates.publishing.unused_pictures import sweep_originals

READING = {"check_show_until", "coming", "open_alerts", "quiet_ids", "sweep_subscriptions", "without_expired"}
"""Public functions that take a moment and write nothing that an operation reads."""


@dataclass(frozen=True)
class Scenario:
    name: str
    """The operation's, and after a colon what is special."""
    state: str
    """The state of the entry that it is meant for; any, where it concerns no entry."""
    call: Callable

    @property
    def operation(self):
        return self.name.partition(":")[0]


def operations():
    """Return the names of all public operations of ``updates.publishing``, from its modules."""
    return {name for module in _modules() for name, value in vars(module).items() if _is_operation(name, value, module)}


def _modules():
    for info in pkgutil.walk_packages(publishing.__path__, f"{publishing.__name__}."):
        yield import_module(info.name)


def _is_operation(name, value, module):
    if name.startswith("_") or name in READING or not inspect.isfunction(value) or value.__module__ != module.__name__:
        return False
    inner = inspect.unwrap(value)
    return "at" in inspect.signature(inner).parameters and not inspect.isgeneratorfunction(inner)


def _input(room, pk, words=None):
    return EntryInput(room.event, words and content(words, room.photo), entry_id=pk)


def _change_state(name, kind, waiting=None):
    def call(room, _pk):
        publishing.change_state(room.event, kind, room.moderator, waiting=waiting)

    return Scenario(f"change_state:{name}", "", call)


SCENARIOS = [
    # events and people
    Scenario("create_event", "", lambda r, _: publishing.create_event(EventDetails(title="New", slug="new"), r.editor)),
    Scenario("change_event", "", lambda r, _: publishing.change_event(
        r.event, EventDetails(title="Storm over the gate", lead_picture=r.photo), r.moderator)),
    Scenario("change_event:no direct publishing", "", lambda r, _: publishing.change_event(
        r.event, EventDetails(direct_publishing=False, page_size=20), r.editor)),
    Scenario("change_event:version", "", lambda r, _: publishing.change_event(
        r.event, EventDetails(title="As I saw it"), r.moderator, version=1)),
    Scenario("change_state:end the quiet one", "", lambda r, _: publishing.change_state(
        r.quiet, ChangeKind.END, r.editor)),
    _change_state("end and publish", ChangeKind.END, Waiting.PUBLISH),
    _change_state("end and return", ChangeKind.END, Waiting.DRAFT),
    _change_state("cancel and discard", ChangeKind.CANCEL, Waiting.DISCARD),
    _change_state("postpone", ChangeKind.POSTPONE),
    Scenario("end_if_quiet", "", lambda r, _: end_if_quiet(r.quiet)),
    Scenario("start_epoch", "", lambda r, _: start_epoch(r.event, r.root)),
    Scenario("assign", "", lambda r, _: publishing.assign(r.event, r.moderator, Role.EDITOR, r.editor)),
    Scenario("assign:lower", "", lambda r, _: publishing.assign(r.event, r.editor, Role.CORRESPONDENT, r.root)),
    Scenario("unassign", "", lambda r, _: publishing.unassign(r.event, r.moderator, r.editor)),
    Scenario("unassign:writer", "", lambda r, _: publishing.unassign(r.event, r.writer, r.editor)),
    Scenario("invite", "", lambda r, _: people.invite(r.event, people.Newcomer("new"), r.editor)),
    Scenario("make_link", "", lambda r, _: people.make_link(r.event, r.writer, r.editor)),
    Scenario("import_event", "", lambda r, _: imports.import_event(imports.EventRecord(
        EventDetails(title="New", slug="new"), EventStatus.LIVE,
        (imports.EntryRecord(content("Imported", r.photo), NOW, 1),), 1), r.editor)),
    # entries that are not published yet
    Scenario("publish", "", lambda r, _: publishing.publish(r.event, content("News", r.photo), r.writer, key="new")),
    Scenario("publish:unused photo", "", lambda r, _: publishing.publish(
        r.event, content("Photo", r.unused), r.writer)),
    Scenario("publish:draft by key", "draft", lambda r, _: publishing.publish(
        r.event, content("draft", r.photo), r.writer, key="draft key")),
    Scenario("publish:into the quiet one", "", lambda r, _: publishing.publish(r.quiet, content("News"), r.editor)),
    Scenario("publish_entry", "draft", lambda r, pk: publishing.publish_entry(_input(r, pk, "Out"), r.writer)),
    Scenario("publish_now", "draft", lambda r, pk: publishing.publish_now(pk, r.writer)),
    Scenario("approve", "submitted", lambda r, pk: publishing.approve(pk, r.moderator)),
    Scenario("save_draft", "draft", lambda r, pk: publishing.save_draft(_input(r, pk, "Rewritten"), r.writer)),
    Scenario("save_draft:by key", "draft", lambda r, _: publishing.save_draft(
        EntryInput(r.event, content("By key"), key="draft key"), r.writer, autosave=True)),
    Scenario("discard", "draft", lambda r, pk: publishing.discard(pk, r.writer)),
    Scenario("discard_copy", "draft", lambda r, _: publishing.discard_copy(r.event, "draft key", r.writer)),
    Scenario("submit", "draft", lambda r, pk: publishing.submit(_input(r, pk), r.writer)),
    Scenario("withdraw", "submitted", lambda r, pk: publishing.withdraw(pk, r.writer)),
    Scenario("send_back", "submitted", lambda r, pk: publishing.send_back(pk, "Who says so?", r.moderator)),
    Scenario("schedule", "draft", lambda r, pk: publishing.schedule(_input(r, pk), r.writer, LATER)),
    Scenario("unschedule", "scheduled", lambda r, pk: publishing.unschedule(pk, r.moderator)),
    Scenario("publish_due", "scheduled", lambda _, pk: publish_due(pk)),
    # published entries
    Scenario("edit", "published", lambda r, pk: publishing.edit(pk, content("Edited", r.photo), r.writer)),
    Scenario("edit:without photo", "published", lambda r, pk: publishing.edit(
        pk, content("Bare"), r.writer, version=2)),
    Scenario("correct", "published", lambda r, pk: publishing.correct(
        pk, content("Corrected", r.photo), "It holds", r.moderator, shows_change=True)),
    Scenario("clarify", "published", lambda r, pk: publishing.clarify(pk, content("Clear"), "Plainer", r.moderator)),
    Scenario("restore_version", "published", lambda r, pk: publishing.restore_version(
        pk, r.first_change.get(pk, 1), r.writer)),
    Scenario("set_time", "published", lambda r, pk: publishing.set_time(pk, NOW - timedelta(hours=9), r.writer)),
    Scenario("pin", "published", lambda r, pk: publishing.pin(pk, r.moderator)),
    Scenario("pin:another", "", lambda r, _: publishing.pin(r.entries["with a revision"], r.moderator)),
    Scenario("unpin", "pinned", lambda r, pk: publishing.unpin(pk, r.moderator)),
    Scenario("mark_key", "published", lambda r, pk: publishing.mark_key(pk, r.moderator, is_key=True)),
    Scenario("move", "published", lambda r, pk: publishing.move(pk, r.moderator, above=r.entries["pinned"])),
    Scenario("move_up", "published", lambda r, pk: publishing.move_up(pk, r.moderator)),
    Scenario("move_down", "published", lambda r, pk: publishing.move_down(pk, r.moderator)),
    Scenario("remove", "published", lambda r, pk: publishing.remove(pk, r.moderator, reader_note="Too early")),
    Scenario("restore", "removed", lambda r, pk: publishing.restore(pk, r.moderator, pinned=True)),
    Scenario("restore:own", "removed", lambda r, pk: publishing.restore(pk, r.writer)),
    Scenario("erase_entry", "removed", lambda r, pk: erase_entry(pk, r.root, reason="A court's order")),
    # changes that wait for approval
    Scenario("propose", "with a revision", lambda r, pk: publishing.propose(pk, content("Proposed anew"), r.writer)),
    Scenario("approve_revision", "with a revision", lambda r, pk: publishing.approve_revision(pk, r.moderator)),
    Scenario("send_back_revision", "with a revision", lambda r, pk: publishing.send_back_revision(
        pk, "Who says so?", r.moderator)),
    Scenario("withdraw_revision", "with a revision", lambda r, pk: publishing.withdraw_revision(pk, r.writer)),
    # pictures
    Scenario("show_until", "showing expired", lambda r, _: publishing.show_until(
        r.event, r.expired, LATER, r.editor)),
    Scenario("show_until:sooner", "published", lambda r, _: publishing.show_until(
        r.event, r.photo, NOW + timedelta(hours=1), r.editor)),
    Scenario("undo_show_until", "", lambda r, _: undo_show_until(
        r.event, r.dated, NOW - timedelta(hours=9), LATER, r.editor)),
    Scenario("expire_pictures", "showing expired", lambda _, __: publishing.expire_pictures()),
    Scenario("sweep_originals", "", lambda _, __: sweep_originals()),
    Scenario("sweep_renditions", "removed", lambda _, __: pictures.sweep_renditions()),
]  # fmt: skip

TAKING_NO_MOMENT = {"undo_show_until", "sweep_renditions"}
"""Operations that the list of all does not recognise by their parameter ``at``."""
