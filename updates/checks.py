"""System checks of settings that need the apps: they run at the start of every command, so also of the server."""

from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

from .alerts.keys import public_key


@checks.register(checks.Tags.templates)
def check_ad_template(**_options: object) -> list[checks.CheckMessage]:
    name = settings.AD_TEMPLATE
    try:
        if name:
            get_template(name)
    except TemplateDoesNotExist:
        hint = "Put it into a folder of templates, or leave AD_TEMPLATE empty for no advertisements."
        return [checks.Error(f"AD_TEMPLATE={name}: there is no such template.", hint, id="liveblog.E001")]
    except TemplateSyntaxError as error:
        return [checks.Error(f"AD_TEMPLATE={name}: {error}.", id="liveblog.E001")]
    return []


@checks.register
def check_fonts(**_options: object) -> list[checks.CheckMessage]:
    absent = [name for name in settings.SHARE_CARD_FONTS if not Path(name).exists()]
    if not absent:
        return []
    return [checks.Error(f"SHARE_CARD_FONTS: there is no file or folder {absent[0]}.", id="liveblog.E002")]


@checks.register
def check_alert_key(**_options: object) -> list[checks.CheckMessage]:
    try:
        public_key()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="liveblog.E003")]
    return []
