from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "beiji.programme"
    label = "programme"

    def ready(self) -> None:
        from . import audit_kinds

        audit_kinds.register()
