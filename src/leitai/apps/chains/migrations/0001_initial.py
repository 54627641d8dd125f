import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(blank=True, max_length=200, verbose_name='name in Chinese')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('chain', models.CharField(max_length=40, verbose_name='chain')),
                ('key', models.CharField(max_length=40, verbose_name='link')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('tier', models.CharField(max_length=4, verbose_name='part of the chain')),
                ('unit_zh', models.CharField(blank=True, default='', max_length=40, verbose_name='unit in Chinese')),
                ('unit_en', models.CharField(blank=True, default='', max_length=40, verbose_name='unit in English')),
                ('capacity', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='capacity')),
                ('whole', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='whole capacity')),
                ('share', models.DecimalField(blank=True, decimal_places=6, max_digits=7, null=True, verbose_name='share')),
                ('of_zh', models.CharField(blank=True, default='', max_length=40, verbose_name='share of, in Chinese')),
                ('of_en', models.CharField(blank=True, default='', max_length=40, verbose_name='share of, in English')),
                ('sold_outside', models.DecimalField(blank=True, decimal_places=6, max_digits=7, null=True, verbose_name='sold outside')),
                ('source', models.CharField(blank=True, default='', max_length=300, verbose_name='source')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='chain_links', to='people.place')),
            ],
            options={
                'verbose_name': 'link of a chain',
                'verbose_name_plural': 'links of chains',
                'constraints': [models.UniqueConstraint(fields=('place', 'chain', 'key'), name='chain_link_once'), models.CheckConstraint(condition=models.Q(('tier__in', ('up', 'mid', 'down'))), name='chain_link_tier_known'), models.CheckConstraint(condition=models.Q(models.Q(('share__isnull', True), models.Q(('share__gte', 0), ('share__lte', 1)), _connector='OR'), models.Q(('sold_outside__isnull', True), models.Q(('sold_outside__gte', 0), ('sold_outside__lte', 1)), _connector='OR')), name='chain_link_shares'), models.CheckConstraint(condition=models.Q(models.Q(('capacity__isnull', True), ('capacity__gte', 0), _connector='OR'), models.Q(('whole__isnull', True), ('whole__gte', 0), _connector='OR')), name='chain_link_amounts')],
            },
        ),
        migrations.CreateModel(
            name='Gap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10, verbose_name='kind')),
                ('text', models.CharField(max_length=500, verbose_name='what is to be won')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('opened_by', models.CharField(max_length=100, verbose_name='opened by')),
                ('said_on', models.DateField(verbose_name='last said on')),
                ('state', models.CharField(default='open', max_length=7, verbose_name='state')),
                ('over_at', models.DateTimeField(blank=True, null=True, verbose_name='over at')),
                ('how', models.CharField(blank=True, default='', max_length=500, verbose_name='what shows it, or why')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chain_gaps', to='people.unit')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gaps', to='chains.link')),
            ],
            options={
                'verbose_name': 'gap',
                'verbose_name_plural': 'gaps',
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['unit', 'due_on'], name='chain_gap_of_unit')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('link', 'kind'), name='chain_gap_open_once'), models.CheckConstraint(condition=models.Q(('kind__in', ('strengthen', 'fill', 'extend')), models.Q(('text', ''), _negated=True)), name='chain_gap_says_what'), models.CheckConstraint(condition=models.Q(models.Q(('how', ''), ('over_at__isnull', True), ('state', 'open')), models.Q(('over_at__isnull', False), ('state__in', ('done', 'dropped')), models.Q(('how', ''), _negated=True)), _connector='OR'), name='chain_gap_over_says_how')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(blank=True, max_length=200, verbose_name='name in Chinese')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('key', models.CharField(max_length=40, verbose_name='firm')),
                ('capacity', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='capacity')),
                ('building', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='under construction')),
                ('output', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='output of a year, yuan')),
                ('produces', models.BooleanField(default=True, verbose_name='produces')),
                ('as_of', models.DateField(blank=True, null=True, verbose_name='as of')),
                ('source', models.CharField(blank=True, default='', max_length=300, verbose_name='source')),
                ('enterprise', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='chain_links', to='people.enterprise')),
                ('link', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='chains.link')),
                ('park', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='chain_firms', to='people.unit')),
            ],
            options={
                'verbose_name': 'firm in a chain',
                'verbose_name_plural': 'firms in chains',
                'constraints': [models.UniqueConstraint(fields=('link', 'key'), name='chain_firm_once'), models.CheckConstraint(condition=models.Q(models.Q(('capacity__isnull', True), ('capacity__gte', 0), _connector='OR'), models.Q(('building__isnull', True), ('building__gte', 0), _connector='OR'), models.Q(('output__isnull', True), ('output__gte', 0), _connector='OR')), name='chain_firm_amounts')],
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(blank=True, max_length=200, verbose_name='name in Chinese')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('key', models.CharField(max_length=40, verbose_name='material')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('link', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='chains.link')),
            ],
            options={
                'verbose_name': 'material',
                'verbose_name_plural': 'materials',
                'constraints': [models.UniqueConstraint(fields=('link', 'key'), name='chain_need_once')],
            },
        ),
        migrations.CreateModel(
            name='Supply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('share', models.DecimalField(decimal_places=6, max_digits=7, verbose_name='share')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supplies', to='chains.link')),
                ('need', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='supplies', to='chains.need')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('need', 'link'), name='chain_supply_once'), models.CheckConstraint(condition=models.Q(('share__gte', 0), ('share__lte', 1)), name='chain_supply_share')],
            },
        ),
        migrations.CreateModel(
            name='Tie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=7, verbose_name='what')),
                ('code', models.CharField(max_length=60, verbose_name='code')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.CharField(max_length=100, verbose_name='by')),
                ('gap', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='ties', to='chains.gap')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('gap', 'what', 'code'), name='chain_tie_once'), models.CheckConstraint(condition=models.Q(('what__in', ('lead', 'project', 'case')), models.Q(('code', ''), _negated=True)), name='chain_tie_known')],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.CharField(max_length=100, verbose_name='by')),
                ('text', models.CharField(max_length=500, verbose_name='text')),
                ('gap', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='chains.gap')),
            ],
            options={
                'verbose_name': 'word on a gap',
                'verbose_name_plural': 'words on gaps',
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='chain_word_says')],
            },
        ),
    ]
