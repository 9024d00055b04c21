"""Import an event from a file: all of it, or nothing."""

import json
import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from updates.content.sanitize import clean_line
from updates.models import Event, Person
from updates.permissions import check_may_create_event
from updates.publishing import BlockContent, EmbedContent, PhotoContent
from updates.publishing.imports import EntryRecord, EventRecord, import_event
from updates.publishing.pictures import import_picture
from updates.publishing.pictures.renditions import prepare
from updates.types import User
from updates.untyped import JSONObject

from .checking import checked
from .input_models import quoted
from .pictures import Pictures
from .problems import BadFile, Problem
from .references import References, Signature


def import_file(file: Path, actor: User, *, slug: str = "", now: datetime | None = None) -> Event:
    """Create an event from a file. Raises ``BadFile`` with all of its problems and writes nothing then.

    Pictures and their public sizes come first, since that is slow work and SQLite has one writer at a time; the event,
    its entries and names follow in one transaction.
    """
    check_may_create_event(actor)
    now = now or timezone.now()
    result = checked(_document(file), now, slug)
    pictures = Pictures(result.pictures, file.parent)
    pictures.check(result.references.pictures, result.problems)
    if result.problems or result.record is None:
        raise BadFile(result.problems)
    keys = {
        number: import_picture(pictures.bytes_of(name), actor, until=pictures.until(name)).pk
        for name, number in result.references.pictures.items()
    }
    prepare(keys.values())
    with transaction.atomic():
        return import_event(_with_keys(result.record, result.references, keys), actor, at=now)


def _document(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"), object_pairs_hook=_object)
    except OSError as error:
        raise BadFile([Problem("", f"{file} cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise BadFile([Problem("", f"{file} is not UTF-8 at byte {error.start}")]) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadFile([Problem("", f"{file} is not JSON at {where}: {error.msg}")]) from error
    except RecursionError as error:
        raise BadFile([Problem("", f"{file} is nested too deeply")]) from error
    except ValueError as error:
        raise BadFile(
            [Problem("", f"{file} has a number of more than {sys.get_int_max_str_digits()} digits")]
        ) from error


def _object(pairs: list[tuple[str, object]]) -> JSONObject:
    """Refuse an object that has a name twice: one of the two values would get lost without a word."""
    result = dict(pairs)
    if len(result) < len(pairs):
        names = Counter(name for name, _ in pairs)
        twice = next(name for name, number in names.items() if number > 1)
        raise BadFile([Problem("", f"{quoted(twice)} stands twice in the same object")])
    return result


def _with_keys(record: EventRecord, references: References, pictures: dict[int, int]) -> EventRecord:
    """Return the record with primary keys in place of the file's numbers."""
    people = {number: _person(signature, references, pictures).pk for signature, number in references.people.items()}
    lead = record.details.lead_picture
    details = replace(record.details, lead_picture=pictures[lead] if isinstance(lead, int) else None)
    entries = tuple(_entry_with_keys(entry, pictures, people) for entry in record.entries)
    return replace(record, details=details, entries=entries)


def _entry_with_keys(entry: EntryRecord, pictures: dict[int, int], people: dict[int, int]) -> EntryRecord:
    blocks = tuple(_block_with_keys(block, pictures) for block in entry.content.blocks)
    bylines = tuple(people[number] for number in entry.content.bylines)
    return replace(entry, content=replace(entry.content, blocks=blocks, bylines=bylines))


def _block_with_keys(block: BlockContent, pictures: dict[int, int]) -> BlockContent:
    match block:
        case PhotoContent():
            return replace(block, image_id=pictures[block.image_id])
        case EmbedContent() if block.poster_id:
            return replace(block, poster_id=pictures[block.poster_id])
    return block


def _person(signature: Signature, references: References, pictures: dict[int, int]) -> Person:
    """Return the byline of this name and role; create it if there is none."""
    name, role = clean_line(signature.name), clean_line(signature.role)
    photo = pictures[references.pictures[signature.photo]] if signature.photo else None
    known = Person.objects.filter(name=name, role_line=role).first()
    return known or Person.objects.create(name=name, role_line=role, page=signature.page, photo_id=photo)
