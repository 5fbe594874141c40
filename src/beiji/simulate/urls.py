"""Addresses of this room, under the city."""

from django.urls import path

from . import views

app_name = "simulate"
urlpatterns = [
    path("effect/", views.effect, name="effect"),
]
