from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "beiji.records"
    label = "records"

    def ready(self) -> None:
        from . import append_only, audit_kinds

        audit_kinds.register()
        post_migrate.connect(append_only.install, dispatch_uid="beiji-append-only")
