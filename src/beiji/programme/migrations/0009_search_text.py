"""What a search compares stands beside the names; people who are there already are read once."""

import unicodedata

from django.db import migrations, models


def folded(text: str) -> str:
    """As the program folded texts when this was written."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def fill(apps, schema_editor):
    people = apps.get_model("programme", "Person")._base_manager
    rows = list(people.only("pk", "names", "post"))
    for person in rows:
        words = (*person.names.values(), *person.post.values())
        person.search_text = "\n".join(folded(text) for text in words if text)
    people.bulk_update(rows, ["search_text"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0008_people_in_the_browser"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="search_text",
            field=models.TextField(blank=True, default="", help_text="names and posts as a search compares them"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
