from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "beiji.ui"
    label = "ui"
    verbose_name = "Interface"
