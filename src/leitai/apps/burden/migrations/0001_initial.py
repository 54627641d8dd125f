import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='what is asked')),
                ('figure', models.SlugField(max_length=60, verbose_name='key of the figure')),
                ('period', models.CharField(blank=True, default='', max_length=10, verbose_name='period')),
                ('basis', models.CharField(max_length=300, verbose_name='legal basis')),
                ('minutes', models.PositiveIntegerField(verbose_name='minutes it takes')),
                ('asked_by', models.CharField(max_length=100, verbose_name='asked by')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('due', models.DateTimeField(verbose_name='due')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('withdrawn_why', models.CharField(blank=True, default='', max_length=300, verbose_name='withdrawn because')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks', to='people.place')),
            ],
            options={
                'verbose_name': 'ask',
                'verbose_name_plural': 'asks',
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('place', 'figure', 'period'), name='ask_once'), models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='ask_has_basis'), models.CheckConstraint(condition=models.Q(('minutes__gte', 1)), name='ask_takes_time'), models.CheckConstraint(condition=models.Q(('due__gt', models.F('asked_at'))), name='ask_due_later'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_why', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_why', ''), _negated=True)), _connector='OR'), name='ask_withdrawn_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='Excess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.CharField(max_length=7, verbose_name='month')),
                ('minutes', models.PositiveIntegerField(verbose_name='minutes it cost')),
                ('ceiling', models.PositiveIntegerField(verbose_name='ceiling')),
                ('found_at', models.DateTimeField(verbose_name='found at')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='excesses', to='people.place')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='excesses', to='people.unit')),
            ],
            options={
                'verbose_name': 'month above the ceiling',
                'verbose_name_plural': 'months above the ceiling',
                'constraints': [models.UniqueConstraint(fields=('unit', 'month'), name='excess_once'), models.CheckConstraint(condition=models.Q(('minutes__gt', models.F('ceiling'))), name='excess_is_above')],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, default='', verbose_name='answer')),
                ('at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                ('by', models.CharField(blank=True, default='', max_length=100, verbose_name='answered by')),
                ('ask', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='burden.ask')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks', to='people.unit')),
            ],
            options={
                'verbose_name': 'answer to an ask',
                'verbose_name_plural': 'answers to asks',
                'indexes': [models.Index(condition=models.Q(('at__isnull', True)), fields=['unit'], name='ask_reply_open')],
                'constraints': [models.UniqueConstraint(fields=('ask', 'unit'), name='ask_reply_once'), models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), ('by', ''), ('text', '')), models.Q(('at__isnull', False), models.Q(('text', ''), _negated=True), models.Q(('by', ''), _negated=True)), _connector='OR'), name='ask_reply_whole')],
            },
        ),
    ]
