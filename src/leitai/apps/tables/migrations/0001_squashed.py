import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('tables', '0001_initial'), ('tables', '0002_two_people')]

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Table',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('arena', models.CharField(max_length=60, verbose_name='arena')),
                ('period', models.CharField(max_length=10, verbose_name='period')),
                ('edition', models.PositiveSmallIntegerField(default=1, verbose_name='edition')),
                ('regime_digest', models.CharField(max_length=64)),
                ('code_version', models.CharField(max_length=40)),
                ('spec', models.TextField()),
                ('inputs', models.TextField()),
                ('result', models.TextField()),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('why', models.CharField(blank=True, default='', max_length=300, verbose_name='reason of a later edition')),
                ('frozen_at', models.DateTimeField(verbose_name='frozen at')),
                ('frozen_by', models.CharField(max_length=100, verbose_name='frozen by')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                ('published_by', models.CharField(blank=True, default='', max_length=100, verbose_name='published by')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tables', to='people.place')),
            ],
            options={
                'verbose_name': 'table',
                'verbose_name_plural': 'tables',
                'indexes': [models.Index(fields=['place', 'arena', '-period', '-edition'], name='table_latest')],
                'constraints': [models.UniqueConstraint(fields=('place', 'arena', 'period', 'edition'), name='table_edition_once'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by', '')), models.Q(('published_at__gte', models.F('frozen_at')), models.Q(('published_by', ''), _negated=True)), _connector='OR'), name='table_published_after_frozen'), models.CheckConstraint(condition=models.Q(('edition', 1), models.Q(('why', ''), _negated=True), _connector='OR'), name='table_later_edition_says_why'), models.CheckConstraint(condition=models.Q(('published_by', ''), ('published_by', 'drive'), models.Q(('published_by', models.F('frozen_by')), _negated=True), _connector='OR'), name='table_published_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(max_length=60, verbose_name='group')),
                ('score', models.DecimalField(blank=True, decimal_places=6, max_digits=14, null=True, verbose_name='score')),
                ('rank', models.PositiveIntegerField(blank=True, null=True, verbose_name='rank')),
                ('rank_low', models.PositiveIntegerField(blank=True, null=True, verbose_name='best rank it may have')),
                ('rank_high', models.PositiveIntegerField(blank=True, null=True, verbose_name='worst rank it may have')),
                ('of', models.PositiveIntegerField(default=0, verbose_name='ranked in the group')),
                ('named_worst', models.BooleanField(default=False, verbose_name='named among the worst')),
                ('named_best', models.BooleanField(default=False, verbose_name='named among the best')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='people.unit')),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='tables.table')),
            ],
            options={
                'verbose_name': 'standing',
                'verbose_name_plural': 'standings',
                'constraints': [models.UniqueConstraint(fields=('table', 'group', 'unit'), name='standing_once'), models.CheckConstraint(condition=models.Q(models.Q(('rank__isnull', True), ('rank_high__isnull', True), ('rank_low__isnull', True)), models.Q(('rank__gte', 1), ('rank_high__gte', models.F('rank')), ('rank_low__lte', models.F('rank'))), _connector='OR'), name='standing_rank_has_interval'), models.CheckConstraint(condition=models.Q(models.Q(('named_best', False), ('named_worst', False)), ('rank__isnull', False), _connector='OR'), name='standing_named_is_ranked')],
            },
        ),
    ]
