from django.db import migrations, models


def link_earlier(apps, schema_editor):
    """Files from before links were kept rest on what the event was about that they follow from."""
    event = apps.get_model("ledger", "Event")
    for row in apps.get_model("merits", "Proposal").objects.filter(links=[]).iterator():
        number = row.evidence.partition("/")[0].removeprefix("event:")
        found = None
        if number.isdecimal():
            found = event.objects.filter(place_id=row.place_id, seq=int(number)).first()
        row.links = [found.subject if found is not None and found.subject else row.evidence]
        row.save(update_fields=["links"])


class Migration(migrations.Migration):

    dependencies = [
        ("ledger", "0001_initial"),
        ("merits", "0003_gatherings"),
    ]

    operations = [
        migrations.RunPython(link_earlier, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_at__isnull", True), models.Q(("links", []), _negated=True), _connector="OR"
                ),
                name="proposal_decided_on_evidence",
            ),
        ),
    ]
