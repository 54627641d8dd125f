import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('outbox', '0001_initial')]

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('wecom', 'WeCom group robot'), ('dingtalk', 'DingTalk group robot'), ('feishu', 'Feishu group robot'), ('mail', 'mail'), ('sms', 'SMS'), ('webhook', 'another system (webhook)')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('address', models.BinaryField(default=b'')),
                ('secret', models.BinaryField(default=b'')),
                ('tells', models.JSONField(default=list, verbose_name='tells of')),
                ('digest', models.CharField(blank=True, choices=[('', 'at once'), ('hourly', 'every hour, together'), ('daily', 'once a day, together')], default='', max_length=10, verbose_name='how often')),
                ('daily_at', models.TimeField(blank=True, null=True, verbose_name='daily at')),
                ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='quiet from')),
                ('quiet_to', models.TimeField(blank=True, null=True, verbose_name='quiet to')),
                ('urgent', models.BooleanField(default=True, verbose_name='red slips at once')),
                ('active', models.BooleanField(default=True, verbose_name='active')),
                ('added_at', models.DateTimeField(verbose_name='added at')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='removed at')),
                ('fails', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(blank=True, null=True, verbose_name='failing since')),
                ('fault', models.CharField(blank=True, default='', max_length=120, verbose_name='fault')),
                ('detail', models.CharField(blank=True, default='', max_length=200)),
                ('rest_until', models.DateTimeField(blank=True, null=True, verbose_name='tried again at')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='last sent at')),
                ('paced_at', models.DateTimeField(blank=True, null=True)),
                ('held_until', models.DateTimeField(blank=True, null=True)),
                ('held_by', models.CharField(blank=True, default='', max_length=32)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='channels', to='people.place')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='channels', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'channel',
                'verbose_name_plural': 'channels',
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('place', 'name'), name='channel_name_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['wecom', 'dingtalk', 'feishu', 'mail', 'sms', 'webhook'])), name='channel_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('daily_at__isnull', True), ('digest__in', ('', 'hourly'))), models.Q(('daily_at__isnull', False), ('digest', 'daily')), _connector='OR'), name='channel_daily_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_to__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_to__isnull', False), models.Q(('quiet_from', models.F('quiet_to')), _negated=True)), _connector='OR'), name='channel_quiet_is_a_pair'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'webhook'), _negated=True), models.Q(('digest', ''), ('quiet_from__isnull', True)), _connector='OR'), name='webhook_at_once'), models.CheckConstraint(condition=models.Q(('removed_at__isnull', True), models.Q(('active', False), ('address', b''), ('secret', b'')), _connector='OR'), name='channel_removed_without_address')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField(null=True, verbose_name='event')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('text', models.CharField(max_length=300, verbose_name='text')),
                ('url', models.CharField(blank=True, default='', max_length=400, verbose_name='link')),
                ('at', models.DateTimeField(verbose_name='happened at')),
                ('data', models.JSONField(default=dict)),
                ('slot', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(verbose_name='goes out at')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('failed_at', models.DateTimeField(null=True, verbose_name='first failed at')),
                ('fault', models.CharField(blank=True, default='', max_length=120, verbose_name='fault')),
                ('detail', models.CharField(blank=True, default='', max_length=200)),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
                ('laid_at', models.DateTimeField(null=True, verbose_name='laid aside at')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='outbox.channel')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'indexes': [models.Index(condition=models.Q(('laid_at__isnull', True), ('sent_at__isnull', True)), fields=['channel', 'due_at'], name='message_waiting'), models.Index(condition=models.Q(('laid_at__isnull', False)), fields=['channel', 'laid_at'], name='message_laid_aside'), models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['sent_at'], name='message_sent')],
                'constraints': [models.UniqueConstraint(fields=('channel', 'seq'), name='message_once'), models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('laid_at__isnull', True), _connector='OR'), name='message_sent_or_laid_aside'), models.CheckConstraint(condition=models.Q(models.Q(('failed_at__isnull', True), ('tries', 0)), ('tries__gt', 0), _connector='OR'), name='message_failed_was_tried')],
            },
        ),
    ]
