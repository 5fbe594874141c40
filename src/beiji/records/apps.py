from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "beiji.records"
    label = "records"

    def ready(self) -> None:
        from . import audit_kinds, guards

        audit_kinds.register()
        post_migrate.connect(guards.after_migrate, sender=self, dispatch_uid="beiji-append-only")
