"""A web process has read its templates before anybody asks for a page."""

from __future__ import annotations

import gc

from django.template import engines

from beiji.site.warming import warm


def test_templates_are_compiled_and_the_collector_leaves_them_alone():
    before = gc.get_freeze_count()
    try:
        warm()
        loader = engines["django"].engine.template_loaders[0]
        names = {template.name for template in loader.get_template_cache.values() if hasattr(template, "name")}
        assert {"ui/base.html", "assess/visit.html", "readiness/map.html", "ui/components/field.html"} <= names
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
