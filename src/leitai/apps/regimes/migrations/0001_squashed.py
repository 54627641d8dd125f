import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('regimes', '0001_initial'), ('regimes', '0002_casework')]

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarPin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=80, verbose_name='version')),
                ('key', models.CharField(max_length=40, verbose_name='calendar')),
                ('said', models.JSONField()),
                ('pinned_at', models.DateTimeField()),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.place')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('place', 'key', 'version'), name='calendar_pinned_once')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('in_force', models.DateField(verbose_name='in force from')),
                ('text', models.TextField(verbose_name='text')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('loaded_at', models.DateTimeField(verbose_name='loaded at')),
                ('loaded_by', models.CharField(max_length=100, verbose_name='loaded by')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regimes', to='people.place')),
            ],
            options={
                'verbose_name': 'rule-book',
                'verbose_name_plural': 'rule-books',
                'indexes': [models.Index(fields=['place', '-in_force', '-id'], name='regime_in_force')],
                'constraints': [models.UniqueConstraint(fields=('place', 'digest'), name='regime_text_once')],
            },
        ),
    ]
