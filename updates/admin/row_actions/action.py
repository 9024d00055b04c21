"""One thing that may be done to an entry, as a button or a link in its row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.urls import reverse
from django.utils.functional import Promise

from updates.choices import ChangeKind
from updates.models import Entry

Place = Literal["row", "more", "last"]
Run = Callable[[int, Any, Mapping[str, Any]], Entry]


@dataclass(frozen=True)
class RowAction:
    """``offered`` is the state's answer, ``allowed`` the rights'."""

    name: str
    label: str | Promise
    offered: Callable[[Entry], bool]
    allowed: Callable[[Any, Entry], bool]
    run: Run | None = None
    """What a POST does; without it the address is a page with a form of its own."""
    done: str | Promise = ""
    kinds: tuple[ChangeKind, ...] = ()
    """What the log calls it: by them somebody who comes second learns who was first."""
    asks: bool = False
    """Whether a page comes first that asks for more."""
    place: Place = "more"
    """In the row itself, under “More”, or last and apart."""
    page: str = ""
    """The address's name, where that is another than the action's."""
    as_shown: bool = False
    """Whether it publishes words, so that it is done only to the version that was looked at."""

    def operate(self, pk: int, actor: Any, said: Mapping[str, Any]) -> Entry:
        if self.run is None:
            raise TypeError(f"“{self.name}” is a page, not an operation")
        return self.run(pk, actor, said)

    def address(self, entry: Entry) -> str:
        address = reverse(f"admin:updates_entry_{self.page or self.name}", args=[entry.pk])
        return f"{address}?version={entry.version}" if self.as_shown else address
