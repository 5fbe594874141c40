from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SiteConfig(AppConfig):
    name = "beiji.site"

    def ready(self) -> None:
        """Every package's `registered.py` says what it adds to the house; here they are found."""
        autodiscover_modules("registered")
