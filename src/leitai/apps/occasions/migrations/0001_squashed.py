import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('occasions', '0001_initial'), ('occasions', '0002_gatherings')]

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Occasion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='occasion')),
                ('nominal', models.CharField(help_text='its period, or the event that called it', max_length=60, verbose_name='of')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('moved', models.CharField(blank=True, default='', max_length=200, verbose_name='moved because')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('open', 'being prepared'), ('due', 'to be held'), ('held', 'held'), ('cancelled', 'cancelled')], default='planned', max_length=10, verbose_name='state')),
                ('called', models.BooleanField(default=False, verbose_name='called by an event')),
                ('late', models.BooleanField(default=False, verbose_name='told late')),
                ('held_at', models.DateTimeField(blank=True, null=True, verbose_name='held at')),
                ('note', models.TextField(blank=True, default='', verbose_name='minutes')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='occasions', to='people.place')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='cancelled at')),
                ('cancelled_why', models.CharField(blank=True, default='', max_length=300, verbose_name='cancelled because')),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='opened at')),
                ('planned_at', models.DateTimeField(blank=True, null=True, verbose_name='planned for')),
                ('shifted_by', models.CharField(blank=True, default='', max_length=100, verbose_name='moved by')),
            ],
            options={
                'verbose_name': 'occasion',
                'verbose_name_plural': 'occasions',
                'indexes': [models.Index(fields=['place', 'at'], name='occasion_by_time'), models.Index(condition=models.Q(('state__in', ('planned', 'open'))), fields=['at'], name='occasion_next_open')],
                'constraints': [models.UniqueConstraint(fields=('place', 'key', 'nominal'), name='occasion_once'), models.CheckConstraint(condition=models.Q(models.Q(('held_at__isnull', False), ('state', 'held')), models.Q(models.Q(('state', 'held'), _negated=True), ('held_at__isnull', True)), _connector='OR'), name='occasion_held_has_instant'), models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', False), ('state', 'cancelled'), models.Q(('cancelled_why', ''), _negated=True)), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancelled_at__isnull', True)), _connector='OR'), name='occasion_cancelled_with_reason'), models.CheckConstraint(condition=models.Q(models.Q(('planned_at__isnull', True), ('shifted_by', '')), models.Q(models.Q(('shifted_by', ''), _negated=True), models.Q(('moved', ''), _negated=True), ('planned_at__isnull', False)), _connector='OR'), name='occasion_shifted_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=500, verbose_name='what is promised')),
                ('kind', models.CharField(max_length=10, verbose_name='kind')),
                ('measure', models.CharField(blank=True, default='', max_length=60, verbose_name='measure')),
                ('period', models.CharField(blank=True, default='', max_length=10, verbose_name='period')),
                ('sense', models.CharField(blank=True, default='', max_length=2, verbose_name='at least or at most')),
                ('target', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='target')),
                ('due', models.DateField(verbose_name='by')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('made_by', models.CharField(max_length=100, verbose_name='noted by')),
                ('evidence', models.CharField(blank=True, default='', max_length=500, verbose_name='evidence')),
                ('evidence_at', models.DateTimeField(blank=True, null=True, verbose_name='evidence given at')),
                ('evidence_by', models.CharField(blank=True, default='', max_length=100, verbose_name='evidence given by')),
                ('accepted', models.BooleanField(null=True, verbose_name='accepted')),
                ('accepted_by', models.CharField(blank=True, default='', max_length=100, verbose_name='looked at by')),
                ('accepted_why', models.CharField(blank=True, default='', max_length=300, verbose_name='because')),
                ('times', models.PositiveSmallIntegerField(default=1, help_text='1: promised first; 2: promised again', verbose_name='time')),
                ('verdict', models.CharField(blank=True, default='', max_length=10, verbose_name='what came of it')),
                ('found', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='found')),
                ('why', models.CharField(blank=True, default='', max_length=300, verbose_name='why')),
                ('tested_at', models.DateTimeField(blank=True, null=True, verbose_name='tested at')),
                ('again', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promised_again', to='occasions.commitment', verbose_name='again after')),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='occasions.occasion')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='people.place')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='people.unit')),
            ],
            options={
                'verbose_name': 'commitment',
                'verbose_name_plural': 'commitments',
                'indexes': [models.Index(condition=models.Q(('verdict', '')), fields=['place', 'due'], name='commitment_open'), models.Index(fields=['unit', 'due'], name='commitment_of_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'measure'), ('sense__in', ('ge', 'le')), ('target__isnull', False), models.Q(('measure', ''), _negated=True), models.Q(('period', ''), _negated=True)), models.Q(('kind', 'evidence'), ('measure', ''), ('sense', ''), ('target__isnull', True)), _connector='OR'), name='commitment_can_be_tested'), models.CheckConstraint(condition=models.Q(models.Q(('tested_at__isnull', True), ('verdict', '')), models.Q(('tested_at__isnull', False), ('verdict__in', ('kept', 'missed', 'unknown')), models.Q(('why', ''), _negated=True)), _connector='OR'), name='commitment_tested_with_reason'), models.CheckConstraint(condition=models.Q(('accepted__isnull', True), models.Q(models.Q(('evidence', ''), _negated=True), models.Q(('accepted_by', ''), _negated=True), models.Q(('accepted_by', models.F('evidence_by')), _negated=True)), _connector='OR'), name='commitment_accepted_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Minute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=20, verbose_name='part of the agenda')),
                ('text', models.TextField(verbose_name='minutes')),
                ('by', models.CharField(max_length=100, verbose_name='by')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='minutes', to='occasions.occasion')),
            ],
            options={
                'verbose_name': 'minute',
                'verbose_name_plural': 'minutes',
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='minute_says_something')],
            },
        ),
        migrations.CreateModel(
            name='Pack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('content', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('occasion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pack', to='occasions.occasion')),
            ],
            options={
                'verbose_name': 'pack',
                'verbose_name_plural': 'packs',
            },
        ),
        migrations.CreateModel(
            name='Preparation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='preparation')),
                ('due', models.DateTimeField(verbose_name='due')),
                ('text', models.TextField(blank=True, default='', verbose_name='what was prepared')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                ('done_by', models.CharField(blank=True, default='', max_length=100, verbose_name='done by')),
                ('rung', models.PositiveSmallIntegerField(default=0, verbose_name='rung')),
                ('missed_at', models.DateTimeField(blank=True, null=True, verbose_name='missed at')),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preparations', to='occasions.occasion')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='preparations', to='people.unit')),
            ],
            options={
                'verbose_name': 'preparation',
                'verbose_name_plural': 'preparations',
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True), ('rung__lt', 2)), fields=['due'], name='preparation_waiting')],
                'constraints': [models.UniqueConstraint(fields=('occasion', 'key', 'unit'), name='preparation_once'), models.UniqueConstraint(condition=models.Q(('unit__isnull', True)), fields=('occasion', 'key'), name='preparation_of_office_once'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('done_by', '')), models.Q(('done_at__isnull', False), models.Q(('done_by', ''), _negated=True), models.Q(('text', ''), _negated=True)), _connector='OR'), name='preparation_done_whole'), models.CheckConstraint(condition=models.Q(models.Q(('missed_at__isnull', True), ('rung', 0)), models.Q(('missed_at__gte', models.F('due')), ('rung__in', (1, 2))), _connector='OR'), name='preparation_missed_after_due')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12, verbose_name='kind')),
                ('turn', models.PositiveSmallIntegerField(help_text='place in the order of speaking, from 1', verbose_name='turn')),
                ('why', models.CharField(max_length=300, verbose_name='why')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('due', models.DateTimeField(verbose_name='due')),
                ('text', models.TextField(blank=True, default='', verbose_name='what is said')),
                ('given_at', models.DateTimeField(blank=True, null=True, verbose_name='given at')),
                ('given_by', models.CharField(blank=True, default='', max_length=100, verbose_name='given by')),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='occasions.occasion')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='people.unit')),
            ],
            options={
                'verbose_name': 'statement',
                'verbose_name_plural': 'statements',
                'constraints': [models.UniqueConstraint(fields=('occasion', 'unit'), name='statement_once'), models.UniqueConstraint(fields=('occasion', 'turn'), name='statement_turn_once'), models.CheckConstraint(condition=models.Q(('kind__in', ('experience', 'statement'))), name='statement_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('given_at__isnull', True), ('given_by', ''), ('text', '')), models.Q(('given_at__isnull', False), models.Q(('given_by', ''), _negated=True), models.Q(('text', ''), _negated=True)), _connector='OR'), name='statement_given_whole')],
            },
        ),
    ]
