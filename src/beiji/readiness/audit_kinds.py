"""Audit kinds of this room."""

from django.utils.translation import gettext_lazy as _

from beiji.records import audit


def register() -> None:
    audit.register(
        audit.Kind("readiness.packs-loaded", _("Methodology loaded")),
        audit.Kind("readiness.evidence-recorded", _("Evidence recorded")),
        audit.Kind("readiness.evidence-withdrawn", _("Evidence withdrawn")),
        audit.Kind("readiness.source-reopened", _("Evidence of a source ended because it was reopened")),
        audit.Kind("readiness.covered", _("Locked assessment covered these capabilities")),
        audit.Kind("readiness.drill-notified", _("Drill notified")),
        audit.Kind("readiness.drill-called-off", _("Notified drill called off")),
        audit.Kind("readiness.drill-missed", _("Notified drill missed")),
        audit.Kind("readiness.struck-off", _("Evaluator struck off")),
        audit.Kind("readiness.striking-lifted", _("Striking-off of an evaluator taken back")),
        audit.Kind("readiness.target-changed", _("Target changed")),
        audit.Kind("readiness.validity-changed", _("Validity changed")),
        audit.Kind("readiness.not-applicable", _("Indicator declared not applicable")),
        audit.Kind("readiness.applies-again", _("Indicator applies again")),
        audit.Kind("readiness.expiry-passed", _("Standings refreshed for the day")),
    )
