"""An action on an entry: a button or a link in its row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.functional import Promise

from updates.choices import ChangeKind
from updates.models import Entry
from updates.types import User

Place = Literal["row", "more", "last"]
Details = Mapping[str, object]
"""Cleaned data of a form, and what the button sends."""


@dataclass(frozen=True)
class RowAction:
    """``offered`` checks the state of the entry, ``allowed`` the user's rights."""

    name: str
    label: str | Promise
    offered: Callable[[Entry], bool]
    allowed: Callable[[User, Entry], bool]
    run: Callable[..., Entry] | None = None
    """The operation of a POST, which takes the entry's primary key, the actor and the details that ``takes`` names.
    Without one the address is a page with a form of its own."""
    done: str | Promise = ""
    kinds: tuple[ChangeKind, ...] = ()
    """Its kinds in the log, to name the user who was quicker."""
    asks: bool = False
    """Whether a page with a form comes first."""
    place: Place = "more"
    """In the row itself, under “More”, or last and separate."""
    page: str = ""
    """The name of its address, if different."""
    takes: tuple[str, ...] = ()
    """Details that the operation needs. With “version” it applies only to the version that was shown."""

    def operate(self, pk: int, actor: User, details: Details) -> Entry:
        if self.run is None:
            raise TypeError(f"“{self.name}” is a page, not an operation")
        return self.run(pk, actor, **{name: details[name] for name in self.takes})

    def address(self, entry: Entry) -> str:
        address = reverse(f"admin:updates_entry_{self.page or self.name}", args=[entry.pk])
        return f"{address}?version={entry.version}" if "version" in self.takes else address
