import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('bulletins', '0001_initial'), ('bulletins', '0002_initial'), ('bulletins', '0003_gatherings')]

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
        ('tables', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('document', models.BinaryField(null=True, verbose_name='document')),
                ('drawn_at', models.DateTimeField(verbose_name='drawn up at')),
                ('drawn_by', models.CharField(max_length=100, verbose_name='drawn up by')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulletins', to='people.place')),
                ('table', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bulletin', to='tables.table')),
                ('blocks', models.JSONField(default=list, verbose_name='text')),
                ('dropped_why', models.CharField(blank=True, default='', max_length=300, verbose_name='dropped because')),
                ('first_at', models.DateTimeField(blank=True, null=True, verbose_name='first approved at')),
                ('first_by', models.CharField(blank=True, default='', max_length=100, verbose_name='first approved by')),
                ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='issued at')),
                ('kind', models.CharField(default='table', max_length=12, verbose_name='kind')),
                ('mark', models.CharField(blank=True, default='', max_length=500, verbose_name='corrected since')),
                ('marked_at', models.DateTimeField(blank=True, null=True, verbose_name='marked at')),
                ('number', models.CharField(blank=True, default='', max_length=60, verbose_name='document number')),
                ('pdf', models.BinaryField(null=True)),
                ('second_by', models.CharField(blank=True, default='', max_length=100, verbose_name='then approved by')),
                ('state', models.CharField(default='draft', max_length=10, verbose_name='state')),
                ('subject', models.CharField(blank=True, default='', help_text='what it was drawn up from: case:12, occasion:3', max_length=60, verbose_name='about')),
            ],
            options={
                'verbose_name': 'bulletin',
                'verbose_name_plural': 'bulletins',
                'indexes': [models.Index(fields=['place', 'state', 'issued_at'], name='bulletin_issued')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('place', 'number'), name='bulletin_number_once'), models.UniqueConstraint(condition=models.Q(models.Q(('subject', ''), _negated=True), models.Q(('state', 'dropped'), _negated=True)), fields=('place', 'kind', 'subject'), name='bulletin_subject_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'table'), ('table__isnull', False)), models.Q(models.Q(('kind', 'table'), _negated=True), ('table__isnull', True)), _connector='OR'), name='bulletin_of_a_table_or_not'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'issued'), _negated=True), models.Q(('document__isnull', False), ('issued_at__isnull', False), models.Q(('first_by', ''), _negated=True), models.Q(('second_by', ''), _negated=True), models.Q(('first_by', models.F('second_by')), _negated=True)), _connector='OR'), name='bulletin_issued_by_two'), models.CheckConstraint(condition=models.Q(models.Q(('mark', ''), ('marked_at__isnull', True)), models.Q(models.Q(('mark', ''), _negated=True), ('marked_at__isnull', False)), _connector='OR'), name='bulletin_marked_whole')],
            },
        ),
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=60, verbose_name='rests on')),
                ('text', models.CharField(max_length=300, verbose_name='figure')),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='bulletins.bulletin')),
            ],
            options={
                'verbose_name': 'citation',
                'verbose_name_plural': 'citations',
                'indexes': [models.Index(fields=['subject'], name='citation_by_subject')],
                'constraints': [models.UniqueConstraint(fields=('bulletin', 'subject', 'text'), name='citation_once')],
            },
        ),
    ]
