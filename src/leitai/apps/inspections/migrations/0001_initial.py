import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='inspection')),
                ('period', models.CharField(max_length=10, verbose_name='period')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('report', models.TextField(blank=True, default='')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='people.place')),
            ],
            options={
                'verbose_name': 'inspection',
                'verbose_name_plural': 'inspections',
                'constraints': [models.UniqueConstraint(fields=('place', 'key', 'period'), name='round_once'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('report', '')), models.Q(('closed_at__isnull', False), models.Q(('report', ''), _negated=True)), _connector='OR'), name='round_closed_with_report')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(max_length=60, verbose_name='group')),
                ('planned', models.DateField(verbose_name='planned for')),
                ('began_at', models.DateTimeField(blank=True, null=True, verbose_name='began at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('by', models.CharField(blank=True, default='', max_length=100, verbose_name='by')),
                ('minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='minutes it cost')),
                ('note', models.TextField(blank=True, default='', verbose_name='note')),
                ('dropped_why', models.CharField(blank=True, default='', max_length=300, verbose_name='not held because')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='inspections.round')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='people.unit')),
            ],
            options={
                'verbose_name': 'visit',
                'verbose_name_plural': 'visits',
                'indexes': [models.Index(fields=['unit', 'planned'], name='inspection_of_unit')],
                'constraints': [models.UniqueConstraint(fields=('round', 'group', 'unit'), name='inspection_visit_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('minutes__isnull', True)), models.Q(('began_at__isnull', False), ('ended_at__gte', models.F('began_at')), ('minutes__gte', 1), models.Q(('by', ''), _negated=True)), _connector='OR'), name='inspection_visit_whole')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=60, verbose_name='item')),
                ('value', models.CharField(max_length=300, verbose_name='answer')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.CharField(max_length=100, verbose_name='by')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='inspections.visit')),
            ],
            options={
                'verbose_name': 'answer',
                'verbose_name_plural': 'answers',
                'constraints': [models.UniqueConstraint(fields=('visit', 'item'), name='inspection_answer_once')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=60, verbose_name='item')),
                ('text', models.CharField(max_length=500, verbose_name='what was found')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.CharField(max_length=100, verbose_name='by')),
                ('reply', models.CharField(blank=True, default='', max_length=500, verbose_name='what the unit says to it')),
                ('replied_by', models.CharField(blank=True, default='', max_length=100, verbose_name='said by')),
                ('replied_at', models.DateTimeField(blank=True, null=True, verbose_name='said at')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='inspections.visit')),
            ],
            options={
                'verbose_name': 'finding',
                'verbose_name_plural': 'findings',
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='finding_says_what'), models.CheckConstraint(condition=models.Q(models.Q(('replied_at__isnull', True), ('replied_by', ''), ('reply', '')), models.Q(('replied_at__isnull', False), models.Q(('reply', ''), _negated=True), models.Q(('replied_by', ''), _negated=True)), _connector='OR'), name='finding_reply_whole')],
            },
        ),
    ]
