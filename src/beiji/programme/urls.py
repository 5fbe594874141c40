"""Addresses of this room, under the city."""

from django.urls import path

from .views import exports, grants, joining, looking, people, tables, work

app_name = "programme"
urlpatterns = [
    path("access/", grants.index, name="grants"),
    path("access/new/", grants.new, name="grant-new"),
    path("access/guests/", grants.guests, name="guests"),
    path("access/switches/", grants.switches, name="switches"),
    path("access/grants/<uuid:grant>/end/", grants.end, name="grant-end"),
    path("access/<uuid:person>/", grants.holder, name="holder"),
    path("access/<uuid:person>/seen/", looking.seen, name="seen"),
    path("access/<uuid:person>/why/", looking.why, name="access-why"),
    path("exports/", exports.index, name="exports"),
    path("exports/new/", exports.new, name="export-new"),
    path("exports/<uuid:export>/decision/", exports.decide, name="export-decide"),
    path("people/", people.index, name="people"),
    path("people/new/", people.new, name="person-new"),
    path("people/table/", tables.table, name="table"),
    path("people/table/template/", tables.template, name="template"),
    path("people/table/bringing/", tables.bringing, name="bringing"),
    path("people/table/<uuid:job>/sheets/", tables.sheets, name="sheets"),
    path("people/<uuid:person>/", people.person, name="person"),
    path("people/<uuid:person>/edit/", people.edit, name="person-edit"),
    path("people/<uuid:person>/account/", people.account, name="account"),
    path("people/<uuid:person>/code/", people.code, name="code"),
    path("people/<uuid:person>/closing/", people.closing, name="closing"),
    path("people/<uuid:person>/roles/", people.roles, name="roles"),
    path("people/<uuid:person>/roles/<uuid:grant>/end/", people.role_end, name="role-end"),
    path("people/records/", joining.records, name="records"),
    path("people/<uuid:person>/joining/", joining.joining, name="joining"),
    path("people/<uuid:person>/separating/", joining.separating, name="separating"),
    path("people/<uuid:person>/leaving/", people.leaving, name="leaving"),
    path("work/", work.index, name="work"),
    path("work/<uuid:job>/", work.job, name="job"),
    path("work/<uuid:job>/stopping/", work.stopping, name="job-stopping"),
]
