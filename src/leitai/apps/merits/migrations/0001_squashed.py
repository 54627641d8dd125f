import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('merits', '0001_initial'), ('merits', '0002_initial'), ('merits', '0003_gatherings'), ('merits', '0004_evidence')]

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merit', models.CharField(max_length=60, verbose_name='consequence')),
                ('tone', models.CharField(max_length=20, verbose_name='tone')),
                ('target', models.CharField(default='unit', max_length=10, verbose_name='for')),
                ('rule', models.CharField(max_length=500, verbose_name='rule')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('evidence', models.CharField(help_text='the event it follows from', max_length=120, verbose_name='evidence')),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('replied', 'answered'), ('decided', 'decided'), ('appealed', 'under appeal'), ('settled', 'settled on appeal'), ('withdrawn', 'withdrawn')], default='proposed', max_length=10, verbose_name='state')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('reply_by', models.DateTimeField(blank=True, null=True, verbose_name='reply by')),
                ('reply', models.TextField(blank=True, default='', verbose_name='reply')),
                ('replied_at', models.DateTimeField(blank=True, null=True, verbose_name='replied at')),
                ('upheld', models.BooleanField(null=True, verbose_name='upheld')),
                ('decision', models.TextField(blank=True, default='', verbose_name='decision')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('decided_by', models.CharField(blank=True, default='', max_length=100, verbose_name='decided by')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='expires at')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='people.place')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='people.unit')),
                ('appeal', models.TextField(blank=True, default='', verbose_name='appeal')),
                ('appeal_by', models.DateTimeField(blank=True, null=True, verbose_name='appeal by')),
                ('appeal_decision', models.TextField(blank=True, default='', verbose_name='decision on the appeal')),
                ('appeal_upheld', models.BooleanField(null=True, verbose_name='appeal upheld')),
                ('appealed_at', models.DateTimeField(blank=True, null=True, verbose_name='appealed at')),
                ('links', models.JSONField(blank=True, default=list, verbose_name='rests on')),
                ('number', models.CharField(blank=True, default='', max_length=60, verbose_name='article')),
                ('official', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='people.official')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                ('settled_by', models.CharField(blank=True, default='', max_length=100, verbose_name='settled by')),
                ('told_over_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('withdrawn_why', models.CharField(blank=True, default='', max_length=300, verbose_name='withdrawn because')),
            ],
            options={
                'verbose_name': 'consequence',
                'verbose_name_plural': 'consequences',
                'indexes': [models.Index(fields=['place', 'state', 'reply_by'], name='proposal_open'), models.Index(condition=models.Q(('expires_at__isnull', False), ('told_over_at__isnull', True)), fields=['expires_at'], name='proposal_to_expire'), models.Index(fields=['official'], name='proposal_of_official')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('rule', ''), _negated=True), models.Q(('evidence', ''), _negated=True)), name='proposal_has_rule_and_evidence'), models.CheckConstraint(condition=models.Q(('decided_at__isnull', True), ('replied_at__isnull', False), ('reply_by__isnull', True), ('decided_at__gte', models.F('reply_by')), _connector='OR'), name='proposal_hears_before_deciding'), models.CheckConstraint(condition=models.Q(('decided_at__isnull', True), ('replied_at__isnull', False), models.Q(('tone', 'accountability'), _negated=True), ('reply_by__isnull', False), _connector='OR'), name='proposal_accountability_waits_for_reply'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('state__in', ('decided', 'appealed', 'settled', 'withdrawn')), ('upheld__isnull', False), models.Q(('decision', ''), _negated=True), models.Q(('decided_by', ''), _negated=True)), models.Q(('decided_at__isnull', True), ('state__in', ('proposed', 'replied', 'withdrawn')), ('upheld__isnull', True)), _connector='OR'), name='proposal_decision_whole_or_not'), models.CheckConstraint(condition=models.Q(('decided_at__isnull', True), models.Q(models.Q(('number', ''), _negated=True), ('reply_by__isnull', False)), _connector='OR'), name='proposal_decided_by_article'), models.CheckConstraint(condition=models.Q(models.Q(('appealed_at__isnull', False), ('state__in', ('appealed', 'settled')), models.Q(('appeal', ''), _negated=True)), ('state', 'withdrawn'), models.Q(('appeal', ''), ('appealed_at__isnull', True), ('state__in', ('proposed', 'replied', 'decided'))), _connector='OR'), name='proposal_appeal_whole'), models.CheckConstraint(condition=models.Q(models.Q(('appeal_upheld__isnull', False), ('settled_at__isnull', False), ('state', 'settled'), models.Q(('appeal_decision', ''), _negated=True), models.Q(('settled_by', ''), _negated=True), models.Q(('settled_by', models.F('decided_by')), _negated=True)), ('state', 'withdrawn'), models.Q(('appeal_upheld__isnull', True), ('settled_at__isnull', True), ('state__in', ('proposed', 'replied', 'decided', 'appealed'))), _connector='OR'), name='proposal_settled_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False), models.Q(('withdrawn_why', ''), _negated=True)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_at__isnull', True)), _connector='OR'), name='proposal_withdrawn_with_reason'), models.CheckConstraint(condition=models.Q(('decided_at__isnull', True), models.Q(('links', []), _negated=True), _connector='OR'), name='proposal_decided_on_evidence')],
            },
        ),
    ]
