"""The ASGI application: pages over HTTP, live updates over WebSockets."""

import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
django.setup(set_prefix=False)  # the imports below need it

from django.conf import settings  # noqa: E402

from liveblog.proxies import TrustedProxies  # noqa: E402
from liveblog.request_ids import RequestIds  # noqa: E402
from liveblog.request_lanes import lanes  # noqa: E402
from liveblog.request_rates import limited_requests  # noqa: E402
from liveblog.request_threads import ThreadedHandler  # noqa: E402
from liveblog.response_memory import ResponseMemory  # noqa: E402
from updates import metrics  # noqa: E402
from updates.live.routing import websocket_urlpatterns  # noqa: E402
from updates.live.threads import in_page_thread  # noqa: E402
from updates.queries.reader_pages import positions  # noqa: E402

request_lanes = lanes(settings.REQUEST_THREADS)
metrics.sampler(request_lanes.measure)
http = ResponseMemory(ThreadedHandler(request_lanes.of), lambda slugs: in_page_thread(positions, slugs))
by_protocol = ProtocolTypeRouter({"http": http, "websocket": URLRouter(websocket_urlpatterns)})
proxies = TrustedProxies(limited_requests(by_protocol), settings.TRUSTED_PROXIES)
application = RequestIds(proxies, proxies.trusts)
