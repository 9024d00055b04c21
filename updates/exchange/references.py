"""Pictures and bylines that a file refers to. A record has numbers in place of primary keys until they are stored."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Signature:
    """A byline; ``photo`` is the name of a picture of the file."""

    name: str
    role: str = ""
    page: str = ""
    photo: str = ""


@dataclass
class References:
    """Numbers from 1, in the order of the first reference."""

    pictures: dict[str, int] = field(default_factory=dict)
    people: dict[Signature, int] = field(default_factory=dict)

    def picture(self, name: str) -> int:
        return self.pictures.setdefault(name, len(self.pictures) + 1)

    def person(self, signature: Signature) -> int:
        return self.people.setdefault(signature, len(self.people) + 1)
