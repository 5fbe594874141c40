from django.apps import AppConfig


class AssessConfig(AppConfig):
    name = "beiji.assess"
    label = "assess"

    def ready(self) -> None:
        from . import registered

        registered.register()
