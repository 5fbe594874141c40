"""Prints, as JSON, the address of every page of the registry in a seeded data folder; run beside the server it asks about."""

from __future__ import annotations

import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")


def main() -> None:
    import django

    django.setup()
    from django.urls import NoReverseMatch, reverse
    from django.utils import timezone
    from django_scopes import scope

    from beiji.programme.models import City, Subject
    from beiji.records.pages import pages
    from beiji.reports.changes import make_snapshot
    from beiji.reports.models import Snapshot

    found = {}
    with scope(city="yangzhou"):
        city = City.objects.get(pk="yangzhou")
        if not Snapshot.objects.filter(audience="ward").exists():
            make_snapshot(city=city, audience="ministers", by=None, now=timezone.now())
            make_snapshot(
                city=city, audience="ward", subject=Subject.objects.get(code="ginkgo"), by=None, now=timezone.now()
            )
        for page in pages():
            if page.look and "GET" in page.methods:
                try:
                    found[page.name] = reverse(page.name, kwargs=dict(page.example()))
                except NoReverseMatch:
                    continue
    print(json.dumps(found))


if __name__ == "__main__":
    main()
