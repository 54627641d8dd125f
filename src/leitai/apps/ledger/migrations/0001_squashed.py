import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('ledger', '0001_initial'), ('ledger', '0002_citizen_verdicts')]

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('place', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='chain', serialize=False, to='people.place')),
                ('size', models.BigIntegerField(default=0)),
                ('link', models.CharField(max_length=64)),
                ('frontier', models.BinaryField(default=b'')),
            ],
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('size', models.BigIntegerField(verbose_name='leaves')),
                ('root', models.CharField(max_length=64, verbose_name='root')),
                ('note', models.TextField(verbose_name='signed note')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='checkpoints', to='people.place')),
            ],
            options={
                'verbose_name': 'checkpoint',
                'verbose_name_plural': 'checkpoints',
                'indexes': [models.Index(fields=['place', 'size'], name='checkpoint_by_size')],
                'constraints': [models.UniqueConstraint(fields=('place', 'at'), name='checkpoint_once')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField(editable=False, null=True, verbose_name='number')),
                ('link', models.CharField(blank=True, default='', editable=False, max_length=64, verbose_name='link')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('noted_at', models.DateTimeField(verbose_name='noted at')),
                ('by', models.CharField(max_length=100, verbose_name='by')),
                ('subject', models.CharField(max_length=120, verbose_name='subject')),
                ('cause', models.CharField(blank=True, default='', max_length=120, verbose_name='cause')),
                ('data', models.TextField(default='{}', help_text='canonical JSON', verbose_name='data')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='people.place')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'indexes': [models.Index(condition=models.Q(('seq__isnull', True)), fields=['place', 'id'], name='event_unsealed'), models.Index(fields=['place', 'subject'], name='event_by_subject'), models.Index(fields=['place', 'kind', 'seq'], name='event_by_kind')],
                'constraints': [models.UniqueConstraint(fields=('place', 'seq'), name='event_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('link', ''), ('seq__isnull', True)), models.Q(('seq__gte', 1), models.Q(('link', ''), _negated=True)), _connector='OR'), name='event_sealed_whole_or_not')],
            },
        ),
        migrations.CreateModel(
            name='Head',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.BigIntegerField(verbose_name='events')),
                ('root', models.CharField(max_length=64, verbose_name='root')),
                ('link', models.CharField(max_length=64)),
                ('at', models.DateTimeField(verbose_name='at')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='heads', to='people.place')),
            ],
            options={
                'verbose_name': 'head',
                'verbose_name_plural': 'heads',
                'constraints': [models.UniqueConstraint(fields=('place', 'size'), name='head_once_per_size')],
            },
        ),
        migrations.CreateModel(
            name='Log',
            fields=[
                ('place', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='log', serialize=False, to='people.place')),
                ('size', models.BigIntegerField(default=0, verbose_name='leaves')),
                ('frontier', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Tile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('number', models.BigIntegerField()),
                ('hashes', models.BinaryField()),
                ('log', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tiles', to='ledger.log')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('log', 'level', 'number'), name='tile_once')],
            },
        ),
    ]
