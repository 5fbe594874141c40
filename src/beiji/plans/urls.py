"""Addresses of this room, under the city."""

from django.urls import path

from . import views

app_name = "plans"
urlpatterns = [
    path("plans/", views.plans, name="plans"),
    path("plans/<str:subject>/new/", views.new, name="new"),
    path("plans/<str:subject>/capacity/", views.capacity, name="capacity"),
    path("plans/<str:subject>/capacity/cell/", views.capacity_cell, name="capacity-cell"),
    path("plans/<str:subject>/capacity/block/", views.capacity_block, name="capacity-block"),
    path("plans/<str:subject>/capacity/force/", views.capacity_force, name="capacity-force"),
]
