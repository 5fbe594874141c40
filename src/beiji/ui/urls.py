from django.urls import path

from beiji.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("sheet-<slug:digest>.css", views.sheet, name="sheet"),
]
