"""Pictures and names that a file cites. Until they have primary keys, its record calls them by number."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Signature:
    """A name at the foot of entries; the photo by its name in the file."""

    name: str
    role: str = ""
    photo: str = ""


@dataclass
class Cited:
    """Numbered from 1, in the order in which they are first cited."""

    pictures: dict[str, int] = field(default_factory=dict)
    people: dict[Signature, int] = field(default_factory=dict)

    def picture(self, name: str) -> int:
        return self.pictures.setdefault(name, len(self.pictures) + 1)

    def person(self, signature: Signature) -> int:
        return self.people.setdefault(signature, len(self.people) + 1)
