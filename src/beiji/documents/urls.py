"""Addresses of this room, under the city."""

from django.urls import path

from .views import queue

app_name = "documents"
urlpatterns = [
    path("translations/", queue.queue, name="queue"),
    path("translations/<uuid:text>/<str:language>/", queue.translate, name="translate"),
    path("translations/approvals/<int:translation>/", queue.approve, name="approve"),
]
