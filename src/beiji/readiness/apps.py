from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    name = "beiji.readiness"
    label = "readiness"

    def ready(self) -> None:
        from . import audit_kinds, page_list, rail

        audit_kinds.register()
        page_list.register()
        rail.register()
