from django.conf import settings
from django.db import migrations, models

import updates.models.entry
from updates.content.search import words_of

AT_ONCE = 500


def find_words(apps, schema_editor):
    entries = apps.get_model("updates", "Entry")._base_manager
    batch = []
    for entry in entries.only("pk", "content").iterator(chunk_size=AT_ONCE):
        entry.words = words_of(entry.content)
        batch.append(entry)
        if len(batch) == AT_ONCE:
            entries.bulk_update(batch, ["words"])
            batch = []
    entries.bulk_update(batch, ["words"])


class Migration(migrations.Migration):

    dependencies = [
        ("updates", "0008_picture_limit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="words",
            field=updates.models.entry.WordsField(blank=True, editable=False),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["event", "status"], name="entry_by_state"),
        ),
        migrations.RunPython(find_words, migrations.RunPython.noop, elidable=True),
    ]
