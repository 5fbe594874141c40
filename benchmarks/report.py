"""How long does a report take, composed and printed, in each language?

BEIJI_DATA=… python3 benchmarks/report.py      (a data folder with the demo; `beiji init --demo` makes one)
"""

from __future__ import annotations

import os
import time
from statistics import median


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")
    import django

    django.setup()
    from django.db import transaction
    from django.utils import timezone
    from django_scopes import scope

    from beiji.programme.models import City, Subject
    from beiji.reports import rendering
    from beiji.reports.changes import make_snapshot

    city = City.objects.get(pk="yangzhou")
    print(f"{'step':<28} {'median s':>9}")
    with scope(city=city.pk), transaction.atomic():
        for audience, subject in (("ministers", None), ("ward", Subject.objects.get(code="ginkgo"))):
            spent = []
            for _ in range(5):
                begun = time.perf_counter()
                snapshot = make_snapshot(city=city, audience=audience, subject=subject, by=None, now=timezone.now())
                spent.append(time.perf_counter() - begun)
            print(f"{'compose ' + audience:<28} {median(spent):>9.3f}")
            for language in ("en", "zh-Hans", "he"):
                for kind in rendering.FORMATS:
                    spent = []
                    for _ in range(5):
                        begun = time.perf_counter()
                        rendering.render(snapshot, language, kind)
                        spent.append(time.perf_counter() - begun)
                    print(f"{f'{audience} {language} {kind}':<28} {median(spent):>9.3f}")
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
