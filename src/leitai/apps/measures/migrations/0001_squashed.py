import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('measures', '0001_initial'), ('measures', '0002_initial'), ('measures', '0003_letters_evidence_disputes')]

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=10, verbose_name='period')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('document', models.CharField(max_length=300, verbose_name='document')),
                ('digest', models.CharField(max_length=64)),
                ('drafted_by', models.CharField(max_length=100, verbose_name='drafted by')),
                ('drafted_at', models.DateTimeField(verbose_name='drafted at')),
                ('unit_by', models.CharField(blank=True, default='', max_length=100, verbose_name='confirmed for the unit by')),
                ('unit_at', models.DateTimeField(null=True, verbose_name='confirmed for the unit at')),
                ('office_by', models.CharField(blank=True, default='', max_length=100, verbose_name='confirmed for the office by')),
                ('office_at', models.DateTimeField(null=True, verbose_name='confirmed for the office at')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='people.place')),
                ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='measures.letter', verbose_name='replaces')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='people.unit')),
            ],
            options={
                'verbose_name': 'responsibility letter',
                'verbose_name_plural': 'responsibility letters',
                'indexes': [models.Index(fields=['place', 'unit'], name='letter_of_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(('unit_by', ''), models.Q(('unit_by', models.F('office_by')), _negated=True), _connector='OR'), name='letter_by_two'), models.CheckConstraint(condition=models.Q(models.Q(('unit_at__isnull', True), ('unit_by', '')), models.Q(models.Q(('unit_by', ''), _negated=True), ('unit_at__isnull', False)), _connector='OR'), name='letter_unit_whole'), models.CheckConstraint(condition=models.Q(models.Q(('office_at__isnull', True), ('office_by', '')), models.Q(models.Q(('office_by', ''), _negated=True), ('office_at__isnull', False)), _connector='OR'), name='letter_office_whole'), models.UniqueConstraint(condition=models.Q(('office_at__isnull', False), ('replaces__isnull', False), ('unit_at__isnull', False)), fields=('replaces',), name='letter_replaced_once')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=60, verbose_name='measure')),
                ('period', models.CharField(max_length=10, verbose_name='period')),
                ('value', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='value')),
                ('numerator', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='numerator')),
                ('denominator', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='denominator')),
                ('target', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='target')),
                ('state', models.CharField(choices=[('reported', 'reported'), ('verified', 'verified'), ('disputed', 'disputed')], default='reported', max_length=10, verbose_name='state')),
                ('reported_at', models.DateTimeField(verbose_name='reported at')),
                ('reported_by', models.CharField(max_length=100, verbose_name='reported by')),
                ('source', models.CharField(blank=True, default='', max_length=60, verbose_name='source')),
                ('source_id', models.CharField(blank=True, default='', max_length=120, verbose_name='source id')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='people.place')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='measures.reading')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='people.unit')),
                ('late', models.BooleanField(default=False, verbose_name='late')),
            ],
            options={
                'verbose_name': 'reading',
                'verbose_name_plural': 'readings',
                'indexes': [models.Index(fields=['place', 'measure', 'period'], name='reading_of_period')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('source_id', ''), _negated=True), fields=('place', 'source', 'source_id'), name='reading_source_once'), models.UniqueConstraint(condition=models.Q(('replaces__isnull', True), ('source_id', '')), fields=('unit', 'measure', 'period'), name='reading_reported_once'), models.CheckConstraint(condition=models.Q(models.Q(('denominator__isnull', True), ('numerator__isnull', True), ('value__isnull', False)), models.Q(('denominator__gt', 0), ('numerator__isnull', False), ('value__isnull', True)), _connector='OR'), name='reading_value_or_rate')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('unit', 'the unit'), ('office', 'the office')], max_length=10, verbose_name='disputed by')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('before', models.CharField(choices=[('reported', 'reported'), ('verified', 'verified'), ('disputed', 'disputed')], max_length=10)),
                ('by', models.CharField(max_length=100, verbose_name='by')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('upheld', models.BooleanField(null=True, verbose_name='upheld')),
                ('answer', models.CharField(blank=True, default='', max_length=500, verbose_name='answer')),
                ('answered_by', models.CharField(blank=True, default='', max_length=100, verbose_name='answered by')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered at')),
                ('reading', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='measures.reading')),
            ],
            options={
                'verbose_name': 'dispute',
                'verbose_name_plural': 'disputes',
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('reading',), name='dispute_open_once'), models.CheckConstraint(condition=models.Q(('side__in', ['unit', 'office'])), name='dispute_side_known'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by', ''), ('upheld__isnull', True)), models.Q(('answered_at__isnull', False), ('upheld__isnull', False), models.Q(('answer', ''), _negated=True), models.Q(('answered_by', ''), _negated=True)), _connector='OR'), name='dispute_answered_whole')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('link', models.URLField(blank=True, default='', max_length=500, verbose_name='link')),
                ('media', models.CharField(blank=True, default='', max_length=80)),
                ('content', models.BinaryField(null=True)),
                ('digest', models.CharField(max_length=64)),
                ('by', models.CharField(max_length=100, verbose_name='by')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('reading', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='measures.reading')),
            ],
            options={
                'verbose_name': 'evidence',
                'verbose_name_plural': 'pieces of evidence',
                'constraints': [models.UniqueConstraint(fields=('reading', 'digest'), name='evidence_once'), models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', False), ('link', '')), models.Q(models.Q(('link', ''), _negated=True), ('content__isnull', True)), _connector='OR'), name='evidence_kept_or_linked')],
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=60, verbose_name='measure')),
                ('period', models.CharField(max_length=10, verbose_name='period')),
                ('target', models.DecimalField(decimal_places=6, max_digits=24, verbose_name='target')),
                ('standing', models.BooleanField(default=False, verbose_name='in force')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='measures.letter')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='people.unit')),
            ],
            options={
                'verbose_name': 'target',
                'verbose_name_plural': 'targets',
                'indexes': [models.Index(fields=['measure', 'period'], name='term_of_measure')],
                'constraints': [models.UniqueConstraint(fields=('letter', 'measure', 'period'), name='term_once_in_letter'), models.UniqueConstraint(condition=models.Q(('standing', True)), fields=('unit', 'measure', 'period'), name='term_standing_once')],
            },
        ),
    ]
