"""Indexes that cost each verdict a page on the disk are kept of those verdicts alone that are looked for by them.

By its key: only those whose receipt is not made of it. By unit: only bad ones. Of a million verdicts SQLite copies the
table, which takes less than a minute; PostgreSQL builds two small indexes.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("ballots", "0002_citizen_verdicts")]

    operations = [
        migrations.RemoveConstraint(model_name="ballot", name="ballot_once"),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("once__isnull", False)), fields=("place", "once"), name="ballot_once"
            ),
        ),
        migrations.RemoveIndex(model_name="ballot", name="ballot_by_unit"),
        migrations.AddIndex(
            model_name="ballot",
            index=models.Index(
                condition=models.Q(("bad", True)), fields=["unit", "cast_at"], name="ballot_by_unit"
            ),
        ),
    ]
