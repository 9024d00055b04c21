from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    """Django's admin with our site, see ``site.py``."""

    default_site = "updates.accounts.site.DeskSite"

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin  # noqa: PLC0415 – models come after all apps
        from django_otp.plugins.otp_static.models import StaticDevice  # noqa: PLC0415
        from django_otp.plugins.otp_totp.models import TOTPDevice  # noqa: PLC0415

        # Keys are shown to their owners only, on “Your account”. Where apps are loaded twice, these are gone already.
        admin.site.unregister(list(filter(admin.site.is_registered, (StaticDevice, TOTPDevice))))
