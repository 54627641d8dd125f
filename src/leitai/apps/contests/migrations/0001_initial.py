import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='contest')),
                ('period', models.CharField(max_length=10, verbose_name='period')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('seats', models.PositiveSmallIntegerField(verbose_name='seats')),
                ('opened_at', models.DateTimeField(verbose_name='called at')),
                ('opened_by', models.CharField(max_length=100, verbose_name='called by')),
                ('nominations_until', models.DateTimeField(verbose_name='nominations until')),
                ('notice_until', models.DateTimeField(verbose_name='public notice until')),
                ('vote_until', models.DateTimeField(verbose_name='vote until')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='records checked at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('result', models.TextField(blank=True, default='')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contests', to='people.place')),
            ],
            options={
                'verbose_name': 'contest',
                'verbose_name_plural': 'contests',
                'constraints': [models.UniqueConstraint(fields=('place', 'key', 'period'), name='contest_once'), models.CheckConstraint(condition=models.Q(('nominations_until__gt', models.F('opened_at')), ('notice_until__gt', models.F('nominations_until')), ('vote_until__gt', models.F('notice_until'))), name='contest_stages_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('result', '')), models.Q(('closed_at__gte', models.F('vote_until')), models.Q(('result', ''), _negated=True)), _connector='OR'), name='contest_closed_after_vote')],
            },
        ),
        migrations.CreateModel(
            name='Juror',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voted', models.BooleanField(default=False, verbose_name='has voted')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jurors', to='contests.contest')),
            ],
            options={
                'verbose_name': 'juror',
                'verbose_name_plural': 'jurors',
                'constraints': [models.UniqueConstraint(fields=('contest', 'account'), name='juror_once')],
            },
        ),
        migrations.CreateModel(
            name='Nomination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.TextField(verbose_name='why')),
                ('by', models.CharField(max_length=100, verbose_name='nominated by')),
                ('at', models.DateTimeField(verbose_name='nominated at')),
                ('checks', models.TextField(blank=True, default='')),
                ('passed', models.BooleanField(null=True, verbose_name='record allows it')),
                ('excluded_why', models.CharField(blank=True, default='', max_length=300, verbose_name='left out because')),
                ('votes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='votes')),
                ('elected', models.BooleanField(null=True, verbose_name='elected')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='contests.contest')),
                ('official', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='people.official')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='people.unit')),
            ],
            options={
                'verbose_name': 'nomination',
                'verbose_name_plural': 'nominations',
                'constraints': [models.UniqueConstraint(condition=models.Q(('official__isnull', True)), fields=('contest', 'unit'), name='nomination_unit_once'), models.UniqueConstraint(condition=models.Q(('official__isnull', False)), fields=('contest', 'official'), name='nomination_official_once'), models.CheckConstraint(condition=models.Q(models.Q(('passed', False), _negated=True), models.Q(('excluded_why', ''), _negated=True), _connector='OR'), name='nomination_left_out_with_reason'), models.CheckConstraint(condition=models.Q(('elected__isnull', True), models.Q(('passed', True), ('votes__isnull', False)), _connector='OR'), name='nomination_elected_by_votes')],
            },
        ),
        migrations.CreateModel(
            name='SecretBallot',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('choices', models.JSONField(verbose_name='choices')),
                ('slip', models.CharField(max_length=64)),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secret_ballots', to='contests.contest')),
            ],
            options={
                'verbose_name': 'secret ballot',
                'verbose_name_plural': 'secret ballots',
                'constraints': [models.UniqueConstraint(fields=('contest', 'slip'), name='secret_ballot_slip_once')],
            },
        ),
        migrations.CreateModel(
            name='Challenge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='objection')),
                ('by', models.CharField(max_length=100, verbose_name='by')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('upheld', models.BooleanField(null=True, verbose_name='upheld')),
                ('answer', models.CharField(blank=True, default='', max_length=500, verbose_name='answer')),
                ('answered_by', models.CharField(blank=True, default='', max_length=100, verbose_name='answered by')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='challenges', to='contests.nomination')),
            ],
            options={
                'verbose_name': 'challenge',
                'verbose_name_plural': 'challenges',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by', ''), ('upheld__isnull', True)), models.Q(('answered_at__isnull', False), ('upheld__isnull', False), models.Q(('answer', ''), _negated=True), models.Q(('answered_by', ''), _negated=True)), _connector='OR'), name='challenge_answered_whole')],
            },
        ),
        migrations.CreateModel(
            name='Exhibit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(blank=True, default='', max_length=60, verbose_name='of the record')),
                ('text', models.CharField(max_length=300, verbose_name='what it shows')),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exhibits', to='contests.nomination')),
            ],
            options={
                'verbose_name': 'exhibit',
                'verbose_name_plural': 'exhibits',
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='exhibit_says_what')],
            },
        ),
    ]
