"""What the frame of every page contains: the site's name and links, language and direction of writing."""

import logging
import secrets
from functools import cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from updates.site_parts import stored_part
from updates.untyped import Context

from .language import content_direction, content_language, strings_language

logger = logging.getLogger(__name__)

NONCE = f"nonce-{secrets.token_hex(16)}"
"""In the place of a nonce, until a response gets one. Another one in each process, so that nobody can write it into a
text.
"""


def frame() -> Context:
    return {
        "site": {
            "name": settings.SITE_NAME,
            "logo": settings.SITE_LOGO,
            "navigation": settings.SITE_NAVIGATION,
            "footer": settings.SITE_FOOTER,
            "theme": has_theme(),
            "header": site_part("header"),
            "footer_html": site_part("footer"),
        },
        "language": content_language(),
        "words_language": strings_language(),
        "direction": content_direction(),
    }


@cache
def has_theme() -> bool:
    """Return whether the site has a style sheet of its own, ``css/theme.css``, that has been collected."""
    if finders.find("css/theme.css") is None:
        return False
    try:
        static("css/theme.css")
    except ValueError:
        logger.error("The site's css/theme.css is not shown: run manage.py collectstatic, and restart.")  # noqa: TRY400 – all is said
        return False
    return True


@cache
def site_part(name: str) -> SafeString:
    """Return the header or footer that was fetched from the site's CMS: the newsroom's own HTML, as it is,
    with nonces."""
    return mark_safe(stored_part(name).replace("{{ csp_nonce }}", NONCE))  # noqa: S308 – as above  # nosec
