from django.apps import AppConfig


class ImproveConfig(AppConfig):
    name = "beiji.improve"
    label = "improve"

    def ready(self) -> None:
        from . import registered

        registered.register()
