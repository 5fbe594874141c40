"""Prints, as JSON, the address of every page to look at in a seeded data folder; run beside the server it asks about."""

from __future__ import annotations

import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone
    from django_scopes import scope

    from beiji.programme.models import City, Subject
    from beiji.reports.changes import make_snapshot
    from beiji.reports.models import Snapshot
    from tests.pages import address_of, seen_pages

    with scope(city="yangzhou"):
        city = City.objects.get(pk="yangzhou")
        if not Snapshot.objects.filter(audience="ward").exists():
            make_snapshot(city=city, audience="ministers", by=None, now=timezone.now())
            make_snapshot(
                city=city, audience="ward", subject=Subject.objects.get(code="ginkgo"), by=None, now=timezone.now()
            )
    addresses = {page.name: address_of(page.name) for page in seen_pages() if page.look}
    print(json.dumps({name: address for name, address in addresses.items() if address}))


if __name__ == "__main__":
    main()
