import django.db.models.deletion
import uuid6
from django.db import migrations, models


def since_when_answers_are_open(apps, schema_editor):
    """Visits that have left the ward: their audit lines say when the team first sat down to settle."""
    Visit, AuditLine = apps.get_model("assess", "Visit"), apps.get_model("records", "AuditLine")
    for visit in Visit.objects.filter(opened_at__isnull=True).iterator():
        moves = AuditLine.objects.filter(kind="assess.visit-moved", thing=f"assess.visit:{visit.pk}").order_by("id")
        opened = next((line.at for line in moves if line.details.get("phase") == "consensus"), None)
        if opened is not None:
            Visit.objects.filter(pk=visit.pk).update(opened_at=opened)


class Migration(migrations.Migration):

    dependencies = [
        ('assess', '0001_initial'),
        ('documents', '0001_initial'),
        ('programme', '0001_initial'),
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='visit',
            name='opened_at',
            field=models.DateTimeField(help_text='when the team first sat down to settle: all its answers open', null=True),
        ),
        migrations.CreateModel(
            name='TeamAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('by', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.city')),
                ('reply', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='team_answers', to='assess.reply')),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.usertext')),
            ],
            options={
                'ordering': ('at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('by', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.city')),
                ('reply', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='signature', to='assess.reply')),
                ('answer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='signature', to='assess.teamanswer')),
            ],
            options={
                'ordering': ('at', 'id'),
            },
        ),
        migrations.RunPython(since_when_answers_are_open, migrations.RunPython.noop),
    ]
