"""Addresses of this room, under the city."""

from django.urls import path

from . import views

app_name = "plans"
urlpatterns = [
    path("plans/", views.plans, name="plans"),
    path("plans/<str:subject>/new/", views.new, name="new"),
]
