from django.conf import settings
from django.db import migrations


def make_group(apps, schema_editor):
    """Its members may create live blogs; see ``updates/permissions.py``."""
    apps.get_model("auth", "Group").objects.get_or_create(name="Editors")


class Migration(migrations.Migration):
    dependencies = [("updates", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [migrations.RunPython(make_group, migrations.RunPython.noop)]
