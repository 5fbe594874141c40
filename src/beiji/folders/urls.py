"""Addresses of this package, under the city."""

from django.urls import path

from .views import files

app_name = "folders"
_LIBRARY = "files/<slug:subject>/"
_FILE = _LIBRARY + "<uuid:file>/"
urlpatterns = [
    path("files/", files.libraries, name="libraries"),
    path(_LIBRARY, files.library, name="library"),
    path(_LIBRARY + "new/", files.new, name="file-new"),
    path(_LIBRARY + "elsewhere/", files.elsewhere, name="elsewhere"),
    path(_FILE, files.file, name="file"),
    path(_FILE + "content/", files.content, name="content"),
    path(_FILE + "edit/", files.edit, name="file-edit"),
    path(_FILE + "items/", files.items, name="file-items"),
    path(_FILE + "marks/", files.marks, name="file-marks"),
    path(_FILE + "end/", files.end, name="file-end"),
]
