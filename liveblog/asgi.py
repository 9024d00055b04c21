"""The ASGI application: pages over HTTP, live updates over WebSockets."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
http = get_asgi_application()  # sets Django up, which the imports below need

from updates.live.origin import SameOrigin  # noqa: E402
from updates.live.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter({"http": http, "websocket": SameOrigin(URLRouter(websocket_urlpatterns))})
