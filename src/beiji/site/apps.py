from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "beiji.site"
    label = "site"

    def ready(self) -> None:
        from . import page_list

        page_list.register()
