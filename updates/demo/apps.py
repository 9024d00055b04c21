from collections.abc import Awaitable, Callable

from django.apps import AppConfig

from updates.signals import desk_opened


class DemoConfig(AppConfig):
    name = "updates.demo"

    def ready(self) -> None:
        from . import progress  # noqa: PLC0415 – models can be imported only after all apps are loaded

        desk_opened.connect(progress.pause_for_desk, dispatch_uid="demo.hold")

    def background_work(self) -> list[Callable[[], Awaitable[None]]]:
        """Coroutines that the server runs beside the requests."""
        from .player import Player  # noqa: PLC0415 – as above

        return [Player().run]
