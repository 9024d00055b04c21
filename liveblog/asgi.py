"""The ASGI application: pages over HTTP, live updates over WebSockets."""

import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
django.setup(set_prefix=False)  # the imports below need it

from django.conf import settings  # noqa: E402

from liveblog.proxies import TrustedProxies  # noqa: E402
from liveblog.request_lanes import lanes  # noqa: E402
from liveblog.request_rates import limited_requests  # noqa: E402
from liveblog.request_threads import ThreadedHandler  # noqa: E402
from updates.live.routing import websocket_urlpatterns  # noqa: E402

http = ThreadedHandler(lanes(settings.REQUEST_THREADS).of)
by_protocol = ProtocolTypeRouter({"http": http, "websocket": URLRouter(websocket_urlpatterns)})
application = TrustedProxies(limited_requests(by_protocol), settings.TRUSTED_PROXIES)
