"""Addresses of this package, under the city."""

from django.urls import path

from .views import clauses, files

app_name = "folders"
_LIBRARY = "files/<slug:subject>/"
_FILE = _LIBRARY + "<uuid:file>/"
_LIST = "folders/<uuid:clauses>/"
_CLAUSE = _LIST + "<uuid:clause>/"
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
    path("folders/", clauses.lists, name="lists"),
    path("folders/template/", clauses.template, name="list-template"),
    path("folders/<slug:subject>/new/", clauses.new, name="list-new"),
    path(_LIST, clauses.clause_list, name="list"),
    path(_LIST + "edit/", clauses.edit, name="list-edit"),
    path(_LIST + "end/", clauses.end, name="list-end"),
    path(_LIST + "bundle/", clauses.bundle, name="list-bundle"),
    path(_LIST + "table/", clauses.table, name="list-table"),
    path(_LIST + "table/<uuid:draft>/", clauses.draft, name="list-draft"),
    path(_CLAUSE, clauses.clause, name="clause"),
    path(_CLAUSE + "items/", clauses.items, name="clause-items"),
    path(_CLAUSE + "files/", clauses.files, name="clause-files"),
]
