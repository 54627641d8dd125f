import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Start',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('once', models.CharField(blank=True, max_length=64, null=True, verbose_name='idempotency key')),
                ('key', models.CharField(max_length=40, verbose_name='start')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('opened_by', models.CharField(max_length=100, verbose_name='opened by')),
                ('started_on', models.DateField(blank=True, null=True, verbose_name='started on')),
                ('reopened_at', models.DateTimeField(blank=True, null=True, verbose_name='reopened at')),
                ('given_up_at', models.DateTimeField(blank=True, null=True, verbose_name='given up at')),
                ('given_up_why', models.CharField(blank=True, default='', max_length=300, verbose_name='given up because')),
                ('enterprise', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='starts', to='people.enterprise')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='starts', to='people.place')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='starts', to='projects.project')),
            ],
            options={
                'verbose_name': 'start',
                'verbose_name_plural': 'starts',
                'indexes': [models.Index(fields=['place', '-opened_at'], name='start_newest'), models.Index(condition=models.Q(('given_up_at__isnull', True), ('started_on__isnull', True)), fields=['place', '-opened_at'], name='start_under_way')],
                'constraints': [models.UniqueConstraint(fields=('place', 'once'), name='start_once'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='start_is_named'), models.CheckConstraint(condition=models.Q(models.Q(('given_up_at__isnull', True), ('given_up_why', '')), models.Q(('given_up_at__isnull', False), ('started_on__isnull', True), models.Q(('given_up_why', ''), _negated=True)), _connector='OR'), name='start_given_up_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, verbose_name='paper')),
                ('given_at', models.DateTimeField(verbose_name='handed in at')),
                ('given_by', models.CharField(max_length=100, verbose_name='handed in by')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='number, or where it is')),
                ('returned_at', models.DateTimeField(blank=True, null=True, verbose_name='returned at')),
                ('returned_why', models.CharField(blank=True, default='', max_length=300, verbose_name='returned because')),
                ('taken_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='permits.paper')),
                ('start', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='permits.start')),
            ],
            options={
                'verbose_name': 'paper',
                'verbose_name_plural': 'papers',
                'constraints': [models.UniqueConstraint(fields=('start', 'key'), name='paper_once_for_a_start'), models.CheckConstraint(condition=models.Q(models.Q(('returned_at__isnull', True), ('returned_why', '')), models.Q(('returned_at__gte', models.F('given_at')), models.Q(('returned_why', ''), _negated=True)), _connector='OR'), name='paper_returned_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Permit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, verbose_name='permit')),
                ('state', models.CharField(max_length=10, verbose_name='state')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('round', models.PositiveSmallIntegerField(default=0, verbose_name='times begun')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='promised by')),
                ('number', models.CharField(blank=True, default='', max_length=100, verbose_name='number of the document')),
                ('why', models.CharField(blank=True, default='', max_length=300, verbose_name='because')),
                ('committed_at', models.DateTimeField(blank=True, null=True, verbose_name='committed at')),
                ('committed_by', models.CharField(blank=True, default='', max_length=100, verbose_name='committed by')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='permits', to='people.unit')),
                ('start', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='permits', to='permits.start')),
            ],
            options={
                'verbose_name': 'permit',
                'verbose_name_plural': 'permits',
                'indexes': [models.Index(fields=['unit', 'state', 'since'], name='permit_of_unit')],
                'constraints': [models.UniqueConstraint(fields=('start', 'key'), name='permit_once'), models.CheckConstraint(condition=models.Q(('state__in', ('waiting', 'asking', 'working', 'granted', 'dropped'))), name='permit_state_known'), models.CheckConstraint(condition=models.Q(('due_at__isnull', True), ('state', 'working'), _connector='OR'), name='permit_due_while_worked_on'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'dropped'), _negated=True), models.Q(('why', ''), _negated=True), _connector='OR'), name='permit_dropped_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('committed_at__isnull', True), ('committed_by', '')), models.Q(('committed_at__isnull', False), models.Q(('committed_by', ''), _negated=True)), _connector='OR'), name='permit_committed_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('papers', models.JSONField(default=list, verbose_name='papers')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('state', models.CharField(default='open', max_length=6, verbose_name='state')),
                ('at', models.DateTimeField(blank=True, null=True, verbose_name='done or missed at')),
                ('permit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='permits.permit')),
            ],
            options={
                'verbose_name': 'duty of a commitment',
                'verbose_name_plural': 'duties of commitments',
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['due_at'], name='duty_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('permit',), name='duty_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), ('state', 'open')), models.Q(('at__isnull', False), ('state__in', ('done', 'missed', 'void'))), _connector='OR'), name='duty_over_has_instant'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'missed'), _negated=True), ('at', models.F('due_at')), _connector='OR'), name='duty_missed_when_due')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('holder', models.CharField(max_length=110, verbose_name='held by')),
                ('permit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='permits.permit')),
            ],
            options={
                'verbose_name': 'hold',
                'verbose_name_plural': 'holds',
                'indexes': [models.Index(fields=['permit', 'at'], name='hold_of_permit')],
                'constraints': [models.CheckConstraint(condition=models.Q(('holder', ''), _negated=True), name='hold_by_somebody')],
            },
        ),
    ]
