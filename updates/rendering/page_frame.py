"""What the frame of every page contains: the site's name and links, language and direction of writing."""

from django.conf import settings

from updates.untyped import Context

from .language import content_direction, content_language, strings_language


def frame() -> Context:
    return {
        "site": {
            "name": settings.SITE_NAME,
            "logo": settings.SITE_LOGO,
            "navigation": settings.SITE_NAVIGATION,
            "footer": settings.SITE_FOOTER,
        },
        "language": content_language(),
        "words_language": strings_language(),
        "direction": content_direction(),
    }
