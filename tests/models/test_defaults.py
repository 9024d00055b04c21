"""An older release may go on writing during an upgrade: columns that it does not know need database defaults."""

import pytest
from django.apps import apps
from django.db.models import NOT_PROVIDED

ELSEWHERE = {"language", "time_zone", "ordering"}
"""The site's settings say the first two, django-content-editor the third."""

DEFAULTS = [
    field
    for model in apps.get_app_config("updates").get_models()
    for field in model._meta.concrete_fields
    if field.default is not NOT_PROVIDED and not callable(field.default) and field.name not in ELSEWHERE
]


@pytest.mark.parametrize("field", DEFAULTS, ids=str)
def test_constant_default_is_the_databases_too(field):
    assert field.db_default == field.default
