from django.apps import AppConfig


class UpdatesConfig(AppConfig):
    name = "updates"
    verbose_name = "Live blogs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .accounts import checks, second_factor, sessions  # noqa: F401, PLC0415 – models come after all apps
