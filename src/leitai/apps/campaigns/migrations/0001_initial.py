import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.CharField(max_length=60, verbose_name='campaign')),
                ('goal', models.CharField(max_length=60, verbose_name='goal')),
                ('text', models.CharField(max_length=500, verbose_name='what shows it')),
                ('ref', models.CharField(max_length=300, verbose_name='where it can be looked at')),
                ('by', models.CharField(max_length=100, verbose_name='by')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('state', models.CharField(default='offered', max_length=10, verbose_name='state')),
                ('answered_by', models.CharField(blank=True, default='', max_length=100, verbose_name='answered by')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered at')),
                ('reply', models.CharField(blank=True, default='', max_length=500, verbose_name='reply')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='people.place')),
            ],
            options={
                'verbose_name': 'evidence for a goal',
                'verbose_name_plural': 'evidence for goals',
                'indexes': [models.Index(fields=['place', 'campaign', 'goal'], name='proof_of_goal')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('offered', 'accepted'))), fields=('place', 'campaign', 'goal'), name='proof_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('ref', ''), _negated=True)), name='proof_says_what'), models.CheckConstraint(condition=models.Q(('answered_by', models.F('by')), _negated=True), name='proof_two_parties'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by', ''), ('state', 'offered')), models.Q(('answered_at__isnull', False), ('state', 'accepted'), models.Q(('answered_by', ''), _negated=True)), models.Q(('answered_at__isnull', False), ('state', 'refused'), models.Q(('answered_by', ''), _negated=True), models.Q(('reply', ''), _negated=True)), _connector='OR'), name='proof_answered_whole')],
            },
        ),
    ]
