from django.urls import path

from beiji.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("worker.js", views.worker, name="worker"),
    path("sheet-<slug:digest>.css", views.sheet, name="sheet"),
]
