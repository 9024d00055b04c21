import django.core.validators
import django.db.models.deletion
import updates.choices
import updates.embedding
import updates.languages
import updates.models.entry
import updates.models.event
import updates.models.image
from django.conf import settings
from django.db import migrations, models


def create_editors_group(apps, schema_editor):
    """Its members may create live blogs; see ``updates/permissions.py``."""
    apps.get_model("auth", "Group").objects.get_or_create(name="Editors")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='The headline of the page, also in lists.', max_length=200, verbose_name='title')),
                ('slug', models.SlugField(help_text='The last part of the page’s address: lowercase letters, digits and hyphens.', max_length=80, unique=True, validators=[updates.models.event.check_slug_is_free, django.core.validators.RegexValidator('\\A[a-z0-9-]+\\Z')], verbose_name='address')),
                ('standfirst', models.TextField(blank=True, help_text='A short summary below the title.', verbose_name='standfirst')),
                ('byline', models.CharField(blank=True, help_text='The names exactly as readers should see them. For example: Ines Calder and Noor Hadad', max_length=200, verbose_name='byline')),
                ('key_points', models.JSONField(blank=True, default=list, verbose_name='what we know')),
                ('key_points_at', models.DateTimeField(editable=False, null=True)),
                ('lead', models.JSONField(blank=True, default=dict, editable=False)),
                ('language', models.CharField(default='en', help_text='The language of the updates, such as en, ar, ru or pt-BR.', max_length=35, validators=[updates.languages.check_language], verbose_name='language')),
                ('translation_of', models.ForeignKey(blank=True, help_text='The same live blog in its first language. Readers and search engines find each from the others.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='updates.event', verbose_name='translation of')),
                ('translations', models.JSONField(blank=True, default=list, editable=False)),
                ('time_zone', models.CharField(default='UTC', max_length=64, validators=[updates.models.event.check_time_zone], verbose_name='time zone')),
                ('page_size', models.PositiveSmallIntegerField(db_default=10, default=10, help_text='How many updates each page holds.', validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(100)], verbose_name='updates per page')),
                ('shows_ads', models.BooleanField(db_default=True, default=True, help_text='Shows advertisements between the updates.', verbose_name='show advertisements')),
                ('shows_reader_count', models.BooleanField(db_default=False, default=False, help_text='Shows roughly how many people are reading, from ten readers on: “about 1,200 reading”.', verbose_name='show reader count')),
                ('shows_writing', models.BooleanField(db_default=False, default=False, help_text='Shows “Somebody is writing …” to readers, except while an update is being scheduled.', verbose_name='show when somebody is writing')),
                ('ended_oldest_first', models.BooleanField(db_default=True, default=True, help_text='After the end, readers start with the oldest update, unless they have chosen an order themselves.', verbose_name='oldest update first when it has ended')),
                ('sensitive', models.BooleanField(db_default=False, default=False, help_text='For grave news: hides advertisements and the reader count, and stops animations.', verbose_name='sensitive')),
                ('is_listed', models.BooleanField(db_default=True, default=True, help_text='Shows the live blog in lists and search engines. If off, people need its address: for rehearsals.', verbose_name='list publicly')),
                ('embed_sites', models.JSONField(blank=True, default=list, help_text='One per line, such as https://www.paper.example or https://*.paper.example; * is every site. Empty: only pages of this site.', validators=[updates.embedding.check_sites], verbose_name='sites that may embed it')),
                ('direct_publishing', models.BooleanField(db_default=True, default=True, help_text='If off, a moderator or an editor approves what correspondents write.', verbose_name='correspondents publish directly')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('upcoming', 'Upcoming'), ('live', 'Live'), ('ended', 'Ended'), ('postponed', 'Postponed'), ('cancelled', 'Cancelled')], db_default='draft', default='draft', max_length=12, verbose_name='state')),
                ('ends_after', models.PositiveSmallIntegerField(blank=True, help_text='Hours without an update after which it ends, if none is submitted or scheduled. Leave empty for never.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(168)], verbose_name='end automatically')),
                ('status_note', models.CharField(blank=True, max_length=300, verbose_name='note to readers')),
                ('planned_start', models.DateTimeField(blank=True, null=True, verbose_name='planned start')),
                ('planned_end', models.DateTimeField(blank=True, null=True, verbose_name='planned end')),
                ('started_at', models.DateTimeField(editable=False, null=True)),
                ('ended_at', models.DateTimeField(editable=False, null=True)),
                ('epoch', models.CharField(default=updates.choices.new_epoch, editable=False, max_length=16)),
                ('head', models.PositiveBigIntegerField(db_default=0, default=0, editable=False)),
                ('desk_head', models.PositiveBigIntegerField(db_default=0, default=0, editable=False)),
                ('seq', models.PositiveBigIntegerField(db_default=0, default=0, editable=False)),
                ('changed_at', models.DateTimeField(editable=False, null=True)),
                ('last_kind', models.CharField(db_default='create', default='create', editable=False, max_length=12)),
                ('ordinals', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('entry_count', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'live blog',
                'verbose_name_plural': 'live blogs',
                'ordering': ['-created_at', '-pk'],
                'base_manager_name': 'objects',
                'indexes': [
                    models.Index(fields=['status', '-ended_at'], name='event_by_state'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=updates.choices.new_public_id, editable=False, max_length=10, unique=True)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('scheduled', 'Scheduled'), ('published', 'Published'), ('removed', 'Removed'), ('discarded', 'Discarded')], db_default='draft', default='draft', editable=False, max_length=12, verbose_name='state')),
                ('headline', models.CharField(blank=True, max_length=200, verbose_name='headline')),
                ('is_key', models.BooleanField(db_default=False, default=False, verbose_name='key event')),
                ('is_pinned', models.BooleanField(db_default=False, default=False, editable=False, verbose_name='pinned')),
                ('idempotency_key', models.CharField(editable=False, max_length=64, null=True)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('content', models.JSONField(default=dict, editable=False)),
                ('title', models.CharField(editable=False, max_length=200)),
                ('words', updates.models.entry.WordsField(blank=True, editable=False)),
                ('order', models.PositiveBigIntegerField(editable=False, null=True)),
                ('seq', models.PositiveBigIntegerField(db_default=0, default=0, editable=False)),
                ('batch_end', models.PositiveBigIntegerField(db_default=0, default=0, editable=False)),
                ('last_kind', models.CharField(db_default='publish', default='publish', editable=False, max_length=12)),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='time')),
                ('updated_at', models.DateTimeField(editable=False, null=True)),
                ('changed_at', models.DateTimeField(editable=False, null=True)),
                ('corrected_at', models.DateTimeField(editable=False, null=True)),
                ('removed_at', models.DateTimeField(editable=False, null=True)),
                ('reader_note', models.CharField(blank=True, editable=False, max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('saved_at', models.DateTimeField(editable=False, null=True)),
                ('saved_by_key', models.BooleanField(db_default=False, default=False, editable=False)),
                ('save_number', models.PositiveBigIntegerField(db_default=0, default=0, editable=False)),
                ('submitted_at', models.DateTimeField(editable=False, null=True)),
                ('scheduled_at', models.DateTimeField(editable=False, null=True, verbose_name='scheduled for')),
                ('alerts_when_due', models.BooleanField(db_default=False, default=False, editable=False)),
                ('sent_back_note', models.TextField(blank=True, editable=False)),
                ('author', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('removed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scheduled_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='updates.event', verbose_name='live blog')),
            ],
            options={
                'verbose_name': 'update',
                'verbose_name_plural': 'updates',
                'ordering': [models.OrderBy(models.F('order'), descending=True, nulls_first=True), '-pk'],
                'base_manager_name': 'objects',
                'indexes': [
                    models.Index(fields=['event', 'seq'], name='entry_by_seq'),
                    models.Index(fields=['event', 'status'], name='entry_by_state'),
                    models.Index(condition=models.Q(('is_key', True)), fields=['event', '-order'], name='entry_keys'),
                    models.Index(condition=models.Q(('corrected_at__isnull', False)), fields=['event', '-corrected_at'], name='entry_corrected_of_event'),
                    models.Index(condition=models.Q(('corrected_at__isnull', False)), fields=['-corrected_at'], name='entry_corrected'),
                    models.Index(condition=models.Q(('status', 'published')), fields=['-published_at'], name='entry_newest'),
                    models.Index(condition=models.Q(('status', 'removed')), fields=['-removed_at'], name='entry_removed'),
                    models.Index(condition=models.Q(('status', 'scheduled')), fields=['scheduled_at'], name='entry_scheduled'),
                    models.Index(condition=models.Q(('status__in', ['draft', 'submitted', 'scheduled', 'discarded'])), fields=['event', 'status'], name='entry_at_desk'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('author', 'idempotency_key'), name='entry_once_per_key'),
                    models.UniqueConstraint(fields=('event', 'order'), name='entry_order_unique'),
                    models.UniqueConstraint(condition=models.Q(('is_pinned', True)), fields=('event',), name='entry_one_pinned'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DeskPresence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('process', models.CharField(max_length=32)),
                ('until', models.DateTimeField()),
                ('places', models.JSONField()),
                ('writes_for_readers', models.BooleanField()),
                ('event', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='updates.event')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('event', 'process'), name='desk_presence_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PendingPurge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('since', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('process', models.CharField(max_length=32)),
                ('after', models.PositiveBigIntegerField()),
                ('seq', models.PositiveBigIntegerField()),
                ('sent', models.PositiveIntegerField(db_default=0, default=0)),
                ('requested', models.PositiveIntegerField(db_default=0, default=0)),
                ('confirmed', models.PositiveIntegerField(db_default=0, default=0)),
                ('delays', models.JSONField(default=list)),
                ('handed_at', models.DateTimeField(null=True)),
                ('until', models.DateTimeField(db_index=True)),
                ('event', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='updates.event')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('event', 'process', 'seq'), name='delivery_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveBigIntegerField(null=True)),
                ('desk_seq', models.PositiveBigIntegerField()),
                ('batch', models.PositiveBigIntegerField(null=True)),
                ('kind', models.CharField(choices=[('publish', 'Published'), ('edit', 'Edited'), ('correct', 'Corrected'), ('clarify', 'Clarified'), ('revert', 'Earlier version brought back'), ('time', 'Time set'), ('pin', 'Pinned'), ('unpin', 'Unpinned'), ('key', 'Marked as key event'), ('unkey', 'Unmarked as key event'), ('move', 'Moved'), ('remove', 'Removed'), ('restore', 'Restored'), ('erase', 'Content erased'), ('draft', 'Draft saved'), ('submit', 'Submitted'), ('withdraw', 'Submission withdrawn'), ('send_back', 'Sent back'), ('schedule', 'Scheduled'), ('unschedule', 'Unscheduled'), ('hold', 'Held back at its scheduled time'), ('discard', 'Discarded'), ('expire', 'Photo expired'), ('limit', 'Photo expiry set'), ('create', 'Live blog created'), ('details', 'Live blog details changed'), ('announce', 'Live blog announced'), ('open', 'Live blog went live'), ('end', 'Live blog ended'), ('reopen', 'Live blog reopened'), ('postpone', 'Live blog postponed'), ('cancel', 'Live blog cancelled'), ('assign', 'Person assigned'), ('unassign', 'Person removed'), ('invite', 'One-time link created'), ('epoch', 'Numbering restarted')], max_length=12, verbose_name='what')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('note', models.TextField(blank=True, verbose_name='note to readers')),
                ('snapshot', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='updates.entry')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='updates.event')),
            ],
            options={
                'verbose_name': 'change',
                'verbose_name_plural': 'changes',
                'ordering': ['event', '-desk_seq'],
                'base_manager_name': 'objects',
                'indexes': [
                    models.Index(condition=models.Q(('kind', 'invite')), fields=['id'], name='change_invites'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('event', 'seq'), name='change_seq_unique'),
                    models.UniqueConstraint(fields=('event', 'desk_seq'), name='change_desk_seq_unique'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('correspondent', 'Correspondent'), ('moderator', 'Moderator'), ('editor', 'Editor')], max_length=14, verbose_name='role')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='updates.event')),
            ],
            options={
                'verbose_name': 'assignment',
                'verbose_name_plural': 'assignments',
                'base_manager_name': 'objects',
                'constraints': [
                    models.UniqueConstraint(fields=('event', 'user'), name='assignment_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Image',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=updates.choices.new_public_id, editable=False, max_length=10, unique=True)),
                ('master', models.FileField(editable=False, storage=updates.models.image.private_storage, upload_to='masters/')),
                ('width', models.PositiveIntegerField(editable=False)),
                ('height', models.PositiveIntegerField(editable=False)),
                ('colour', models.CharField(editable=False, max_length=7)),
                ('sha256', models.CharField(db_index=True, editable=False, max_length=64)),
                ('caption', models.CharField(blank=True, max_length=1000, verbose_name='caption')),
                ('credit', models.CharField(blank=True, max_length=200, verbose_name='credit')),
                ('alt', models.CharField(blank=True, max_length=500, verbose_name='alt text')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(db_index=True, editable=False, null=True)),
                ('size', models.PositiveBigIntegerField(db_default=0, default=0, editable=False)),
                ('unused_since', models.DateTimeField(db_index=True, editable=False, null=True)),
                ('uploaded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'picture',
                'verbose_name_plural': 'pictures',
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='event',
            name='lead_picture',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='updates.image', verbose_name='lead picture'),
        ),
        migrations.CreateModel(
            name='EmbedBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('url', models.URLField(max_length=1000, verbose_name='link')),
                ('lead_in', models.CharField(blank=True, help_text='For example: Tomas Wrede reports:', max_length=200, verbose_name='lead-in')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('captions', models.TextField(blank=True, help_text='The text of a .vtt or .srt file.', max_length=100000, verbose_name='captions')),
                ('captions_language', models.CharField(blank=True, help_text='For example: en. Empty: the language of the live blog.', max_length=35, verbose_name='language of the captions')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='updates.entry')),
                ('poster', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='updates.image', verbose_name='poster picture')),
            ],
            options={
                'verbose_name': 'embed',
                'verbose_name_plural': 'embeds',
                'ordering': ['ordering'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('role_line', models.CharField(blank=True, help_text='For example: Weather editor', max_length=120, verbose_name='role line')),
                ('page', models.URLField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(['https', 'http'])], verbose_name='web page')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='updates.image', verbose_name='photo')),
                ('user', models.OneToOneField(blank=True, help_text='Updates by this account are signed with this name unless another is chosen.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='person', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'byline',
                'verbose_name_plural': 'bylines',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Byline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bylines', to='updates.entry')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='updates.person')),
            ],
            options={
                'ordering': ['position'],
                'base_manager_name': 'objects',
                'constraints': [
                    models.UniqueConstraint(fields=('entry', 'person'), name='byline_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PhotoBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('alt', models.CharField(help_text='For readers who cannot see it.', max_length=500, verbose_name='alt text')),
                ('caption', models.CharField(blank=True, max_length=1000, verbose_name='caption')),
                ('credit', models.CharField(max_length=200, verbose_name='credit')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='Show until')),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='updates.image', verbose_name='photo')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='updates.entry')),
            ],
            options={
                'verbose_name': 'photo',
                'verbose_name_plural': 'photos',
                'ordering': ['ordering'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PictureUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_shown', models.BooleanField(db_default=True)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='picture_uses', to='updates.entry')),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='updates.image')),
            ],
            options={
                'base_manager_name': 'objects',
                'indexes': [
                    models.Index(condition=models.Q(('is_shown', True)), fields=['image'], name='picture_shown'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('entry', 'image'), name='picture_use_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='QuoteBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('text', models.TextField(verbose_name='words')),
                ('attribution', models.CharField(max_length=200, verbose_name='who said it')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='updates.entry')),
            ],
            options={
                'verbose_name': 'quote',
                'verbose_name_plural': 'quotes',
                'ordering': ['ordering'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ReaderCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('process', models.CharField(max_length=32)),
                ('until', models.DateTimeField()),
                ('readers', models.PositiveIntegerField()),
                ('event', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='updates.event')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('event', 'process'), name='reader_count_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Rendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('webp', models.FileField(upload_to='pictures/')),
                ('jpeg', models.FileField(upload_to='pictures/')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='updates.image')),
            ],
            options={
                'ordering': ['width'],
                'base_manager_name': 'objects',
                'constraints': [
                    models.UniqueConstraint(fields=('image', 'width'), name='rendition_once_per_width'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted')], db_default='submitted', default='submitted', max_length=12, verbose_name='state')),
                ('content', models.JSONField()),
                ('correction', models.CharField(blank=True, max_length=300, verbose_name='correction')),
                ('base_version', models.PositiveIntegerField()),
                ('version', models.PositiveIntegerField(db_default=1, default=1)),
                ('submitted_at', models.DateTimeField()),
                ('sent_back_note', models.TextField(blank=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='revision', to='updates.entry')),
            ],
            options={
                'verbose_name': 'submitted change',
                'verbose_name_plural': 'submitted changes',
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='TextBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('html', models.TextField(blank=True, verbose_name='text')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='updates.entry')),
            ],
            options={
                'verbose_name': 'text',
                'verbose_name_plural': 'texts',
                'ordering': ['ordering'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='UserSession',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('signed_in_at', models.DateTimeField(null=True)),
                ('last_seen', models.DateTimeField(null=True)),
                ('address', models.GenericIPAddressField(null=True)),
                ('user_agent', models.CharField(blank=True, max_length=255)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'db_table': 'account_session',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ShareCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('file', models.FileField(storage=updates.models.image.private_storage, upload_to='cards/')),
                ('created_at', models.DateTimeField(auto_now=True)),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='updates.entry')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='updates.event')),
            ],
            options={
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('entry__isnull', True)), fields=('event',), name='share_card_once_per_event')],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('cursor', models.BigIntegerField(db_default=0, default=0)),
                ('is_open', models.BooleanField(db_default=True, default=True)),
                ('sent', models.PositiveIntegerField(db_default=0, default=0)),
                ('failed', models.PositiveIntegerField(db_default=0, default=0)),
                ('gone', models.PositiveIntegerField(db_default=0, default=0)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='updates.entry')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('is_open', True)), fields=['expires_at'], name='alert_open')],
            },
        ),
        migrations.CreateModel(
            name='PushSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('endpoint', models.CharField(max_length=1000)),
                ('endpoint_digest', models.CharField(max_length=64)),
                ('public_key', models.CharField(max_length=100)),
                ('auth', models.CharField(max_length=30)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='updates.event')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'endpoint_digest'), name='push_subscription_once_per_event')],
            },
        ),
        migrations.CreateModel(
            name='EventMinute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minute', models.DateTimeField()),
                ('readers', models.PositiveIntegerField(db_default=0, default=0)),
                ('confirmed', models.PositiveIntegerField(db_default=0, default=0)),
                ('delays', models.JSONField(default=list)),
                ('event', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='updates.event')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'minute'), name='event_minute_once')],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500, verbose_name='address')),
                ('secret', models.CharField(default=updates.choices.new_webhook_secret, max_length=60)),
                ('types', models.JSONField(default=list)),
                ('is_active', models.BooleanField(db_default=True, default=True)),
                ('pause_reason', models.CharField(blank=True, choices=[('gone', 'Its receiver answered 410: it wants no more messages.'), ('failing', 'Its receiver has accepted nothing for two days.')], max_length=12)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='webhooks', to='updates.event')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='WebhookCursor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveBigIntegerField(db_default=0, default=0)),
                ('next_at', models.DateTimeField()),
                ('failures', models.PositiveIntegerField(db_default=0, default=0)),
                ('failing_since', models.DateTimeField(null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='updates.event')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cursors', to='updates.webhook')),
            ],
            options={
                'indexes': [models.Index(fields=['next_at'], name='webhook_cursor_due')],
                'constraints': [models.UniqueConstraint(fields=('webhook', 'event'), name='webhook_cursor_once')],
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(default=updates.choices.new_message_id, max_length=40, unique=True)),
                ('seq', models.PositiveBigIntegerField(null=True)),
                ('type', models.CharField(max_length=20)),
                ('created_at', models.DateTimeField()),
                ('tries', models.PositiveIntegerField(db_default=0, default=0)),
                ('tried_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('status', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('is_wanted', models.BooleanField(db_default=False, default=False)),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='updates.event')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='updates.webhook')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('is_wanted', True)), fields=['id'], name='webhook_delivery_wanted'), models.Index(fields=['created_at'], name='webhook_delivery_by_age')],
                'constraints': [models.UniqueConstraint(fields=('webhook', 'event', 'seq'), name='webhook_delivery_once')],
            },
        ),
        migrations.CreateModel(
            name='LinkLookup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=1000)),
                ('created_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('picture', models.CharField(blank=True, max_length=10)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['next_at'], name='link_lookup_due'), models.Index(fields=['user', 'created_at'], name='link_lookup_by_user')],
            },
        ),
        migrations.RunPython(create_editors_group, migrations.RunPython.noop),
    ]
