"""Addresses of the reports, under the city."""

from django.urls import path

from .views import snapshots

app_name = "reports"
urlpatterns = [
    path("reports/", snapshots.index, name="list"),
    path("reports/<str:number>/", snapshots.snapshot, name="snapshot"),
    path("reports/<str:number>/<str:language>.<str:kind>", snapshots.file, name="file"),
]
