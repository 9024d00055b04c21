from daphne.management.commands.runserver import Command as DaphneCommand

from liveblog.server import LiveServer


class Command(DaphneCommand):  # type: ignore[misc]
    """Django's development server, through the same server as ``serve``."""

    server_cls = LiveServer
