import gc

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

#: New objects after which the collector looks for rubbish. Models, fields and templates stay for good; Python's own 700
#: looks through them so often that seeding the demo took an eighth longer.
NEW_OBJECTS = 50_000


class SiteConfig(AppConfig):
    name = "beiji.site"

    def ready(self) -> None:
        """Every package's `registered.py` says what it adds to the house; here they are found."""
        autodiscover_modules("registered")
        gc.freeze()
        gc.set_threshold(NEW_OBJECTS, 20, 20)
