"""How many sockets a process has, in all and of one address."""

from collections import Counter

from asgiref.typing import WebSocketScope

from updates.networks import network_of


class Admission:
    """Counts open sockets. Everything runs on the server's loop."""

    def __init__(self) -> None:
        self.taken = 0
        self._of: Counter[str] = Counter()

    def admit(self, sender: str, *, at_most: int, of_one: int) -> bool:
        """Take a place for a sender, if there is one; 0 stands for no limit, and so does an unknown sender."""
        if (at_most and self.taken >= at_most) or (of_one and sender and self._of[sender] >= of_one):
            return False
        self.taken += 1
        self._of[sender] += 1
        return True

    def leave(self, sender: str) -> None:
        self.taken -= 1
        self._of[sender] -= 1
        if not self._of[sender]:
            del self._of[sender]


readers = Admission()

desks = Admission()
"""Apart from the readers, who may share the newsroom's address."""


def sender_of(scope: WebSocketScope) -> str:
    """Return the network that a socket comes from; empty where the server does not know it."""
    return network_of((scope.get("client") or ("", 0))[0])
