"""Days as the desk's narrow column has room for them."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def is_today(value: datetime) -> bool:
    return timezone.localdate(value) == timezone.localdate()


@register.filter
def short_day(value: datetime) -> str:
    """13 Mar"""
    return date_format(timezone.localtime(value), pgettext("format of day and short month", "j M"))
