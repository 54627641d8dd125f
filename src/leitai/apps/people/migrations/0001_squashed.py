import datetime
import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_citizen_verdicts'), ('people', '0003_gatherings')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('full_name', models.CharField(blank=True, max_length=100, verbose_name='full name')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(blank=True, max_length=200, verbose_name='name in Chinese')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('key', models.SlugField(unique=True, verbose_name='key')),
                ('timezone', models.CharField(max_length=64, verbose_name='time zone')),
                ('language', models.CharField(default='zh-hans', max_length=10, verbose_name='language')),
                ('sample', models.BooleanField(default=False, verbose_name='sample data')),
                ('lag', models.DurationField(default=datetime.timedelta(0), help_text="how long before the clock's present a demonstration lives", verbose_name='lag')),
            ],
            options={
                'verbose_name': 'place',
                'verbose_name_plural': 'places',
            },
        ),
        migrations.CreateModel(
            name='Official',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, verbose_name='key')),
                ('sealed', models.BinaryField()),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='officials', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='officials', to='people.place')),
            ],
            options={
                'verbose_name': 'official',
                'verbose_name_plural': 'officials',
                'constraints': [models.UniqueConstraint(fields=('place', 'key'), name='official_once_in_place')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(blank=True, max_length=200, verbose_name='name in Chinese')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('key', models.SlugField(allow_unicode=True, max_length=100, verbose_name='key')),
                ('kind', models.CharField(blank=True, max_length=40, verbose_name='kind')),
                ('tags', models.JSONField(blank=True, default=list, verbose_name='tags')),
                ('active', models.BooleanField(default=True, verbose_name='active')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='people.unit', verbose_name='unit above')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='people.place', verbose_name='place')),
            ],
            options={
                'verbose_name': 'unit',
                'verbose_name_plural': 'units',
                'indexes': [models.Index(fields=['place', 'kind'], name='unit_by_kind')],
                'constraints': [models.UniqueConstraint(fields=('place', 'key'), name='unit_once_in_place'), models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='unit_not_its_own_parent')],
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('scopes', models.JSONField(default=list, verbose_name='may')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_keys', to='people.place')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='api_keys', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'API key',
                'verbose_name_plural': 'API keys',
                'constraints': [models.UniqueConstraint(fields=('place', 'name'), name='api_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Enterprise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(blank=True, max_length=200, verbose_name='name in Chinese')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('key', models.SlugField(allow_unicode=True, max_length=100, verbose_name='key')),
                ('link_digest', models.CharField(blank=True, default='', max_length=64)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enterprises', to='people.place')),
                ('liaison', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enterprises', to='people.unit')),
            ],
            options={
                'verbose_name': 'enterprise',
                'verbose_name_plural': 'enterprises',
                'constraints': [models.UniqueConstraint(fields=('place', 'key'), name='enterprise_once_in_place')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('clerk', 'unit clerk'), ('office', 'supervision office'), ('patrol', 'patrol team'), ('leader', 'leader'), ('inspector', 'discipline inspector'), ('administrator', 'administrator')], max_length=20, verbose_name='role')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='people.place', verbose_name='place')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'post',
                'verbose_name_plural': 'posts',
                'constraints': [models.UniqueConstraint(fields=('account', 'place', 'role', 'unit'), name='post_once'), models.UniqueConstraint(condition=models.Q(('unit__isnull', True)), fields=('account', 'place', 'role'), name='post_without_unit_once'), models.CheckConstraint(condition=models.Q(('role__in', ['clerk', 'office', 'patrol', 'leader', 'inspector', 'administrator'])), name='post_role_known'), models.CheckConstraint(condition=models.Q(models.Q(('role', 'clerk'), _negated=True), ('unit__isnull', False), _connector='OR'), name='clerk_has_a_unit')],
            },
        ),
        migrations.CreateModel(
            name='Tenure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty', models.CharField(max_length=10, verbose_name='duty')),
                ('title', models.CharField(blank=True, default='', max_length=100, verbose_name='title')),
                ('since', models.DateField(verbose_name='since')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tenures', to='people.official')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tenures', to='people.unit')),
            ],
            options={
                'verbose_name': 'tenure',
                'verbose_name_plural': 'tenures',
                'constraints': [models.UniqueConstraint(fields=('official', 'unit', 'duty', 'since'), name='tenure_once'), models.UniqueConstraint(condition=models.Q(('duty', 'head'), ('until__isnull', True)), fields=('unit',), name='tenure_one_head'), models.CheckConstraint(condition=models.Q(('duty__in', ('head', 'deputy', 'staff'))), name='tenure_duty_known'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='tenure_ends_after_it_began')],
            },
        ),
        migrations.CreateModel(
            name='Sponsorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sponsorships', to='people.enterprise')),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sponsorships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sponsorship',
                'verbose_name_plural': 'sponsorships',
                'constraints': [models.UniqueConstraint(fields=('enterprise', 'leader'), name='sponsorship_once')],
            },
        ),
    ]
