"""What sockets cost when each reader joins the group by itself, as a first chat with Channels has it.

Nothing of the product is in it: it is what the hub is measured against. ``daphne updates.bench.tutorial:application``.
"""

from typing import Any

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="nobody logs in here",  # noqa: S106 – it signs nothing
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


class EveryReader(AsyncWebsocketConsumer):  # type: ignore[misc]
    """A member of the group, and a message of the channel layer for each of them."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def update(self, message: dict[str, Any]) -> None:
        await self.send(text_data=message["text"])


async def publish(request: HttpRequest) -> HttpResponse:
    layer = get_channel_layer()
    assert layer is not None  # noqa: S101 – configured above
    await layer.group_send(GROUP, {"type": "update", "text": request.body.decode()})
    return HttpResponse("sent")


async def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 – whoever asks
    return HttpResponse("ok")


urlpatterns = [path("publish", publish), path("healthz", alive)]
application = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": EveryReader.as_asgi()})
