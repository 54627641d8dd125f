import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('occasions', '0001_squashed'),
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Result',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('made_by', models.CharField(max_length=100, verbose_name='made by')),
                ('inputs', models.TextField()),
                ('outcome', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('occasion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='result', to='occasions.occasion')),
            ],
            options={
                'verbose_name': 'result',
                'verbose_name_plural': 'results',
            },
        ),
        migrations.CreateModel(
            name='Scorer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('start', models.PositiveSmallIntegerField(default=1, verbose_name='begins with')),
                ('backwards', models.BooleanField(default=False, verbose_name='the other way round')),
                ('link_digest', models.CharField(max_length=64, unique=True)),
                ('handed_in_at', models.DateTimeField(blank=True, null=True, verbose_name='handed in at')),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scorers', to='occasions.occasion')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scorers', to='people.unit')),
            ],
            options={
                'verbose_name': 'scorer',
                'verbose_name_plural': 'scorers',
                'constraints': [models.UniqueConstraint(fields=('occasion', 'number'), name='scorer_number_once'), models.CheckConstraint(condition=models.Q(('start__gte', 1)), name='scorer_begins_on_the_route')],
            },
        ),
        migrations.CreateModel(
            name='Scoring',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('terms', models.TextField()),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('opened_by', models.CharField(max_length=100, verbose_name='opened by')),
                ('occasion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='scoring', to='occasions.occasion')),
            ],
            options={
                'verbose_name': 'scoring',
                'verbose_name_plural': 'scorings',
            },
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('turn', models.PositiveSmallIntegerField(verbose_name='turn')),
                ('name', models.CharField(max_length=200, verbose_name='site')),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='occasions.occasion')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='people.unit')),
            ],
            options={
                'verbose_name': 'site',
                'verbose_name_plural': 'sites',
                'constraints': [models.UniqueConstraint(fields=('occasion', 'turn'), name='site_turn_once'), models.UniqueConstraint(fields=('occasion', 'name'), name='site_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('criterion', models.CharField(max_length=60, verbose_name='criterion')),
                ('points', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='points')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('once', models.CharField(max_length=64)),
                ('by_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('of_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('scorer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='peers.scorer')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='peers.site')),
            ],
            options={
                'verbose_name': 'mark',
                'verbose_name_plural': 'marks',
                'constraints': [models.UniqueConstraint(fields=('scorer', 'once'), name='mark_once'), models.CheckConstraint(condition=models.Q(('points__gte', 0)), name='mark_not_below_zero'), models.CheckConstraint(condition=models.Q(('of_unit', models.F('by_unit')), _negated=True), name='mark_not_of_own_unit'), models.CheckConstraint(condition=models.Q(('received_at__gte', models.F('at'))), name='mark_arrives_after_it_was_made')],
            },
        ),
    ]
