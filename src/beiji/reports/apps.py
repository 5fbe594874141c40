from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "beiji.reports"
    label = "reports"

    def ready(self) -> None:
        from . import registered

        registered.register()
