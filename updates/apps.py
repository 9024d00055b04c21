from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UpdatesConfig(AppConfig):
    name = "updates"
    verbose_name = _("Newsroom")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401, PLC0415 – models come after all apps
        from .accounts import checks as account_checks  # noqa: F401, PLC0415
        from .accounts import second_factor, sessions  # noqa: F401, PLC0415
