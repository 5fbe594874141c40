from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "beiji.documents"
    label = "documents"

    def ready(self) -> None:
        from . import registered

        registered.register()
