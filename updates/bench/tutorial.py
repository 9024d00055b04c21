"""Server in the style of the Channels tutorial, to compare the hub with: each reader is a member of the group.

Uses nothing of the product. Start it with ``daphne updates.bench.tutorial:application``.
"""

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="not a secret",  # noqa: S106 – it signs nothing
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

GROUP = "event"


class ReaderConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Member of the group: every update is one message of the channel layer per reader."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def update(self, message: dict[str, str]) -> None:
        await self.send(text_data=message["text"])


async def publish(request: HttpRequest) -> HttpResponse:
    layer = get_channel_layer()
    assert layer is not None  # noqa: S101 – configured above
    await layer.group_send(GROUP, {"type": "update", "text": request.body.decode()})
    return HttpResponse("sent")


async def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 – a view
    return HttpResponse("ok")


urlpatterns = [path("publish", publish), path("healthz", alive)]
application = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": ReaderConsumer.as_asgi()})
