"""Addresses of this room, under the city."""

from django.urls import path

from .views import actions, board, decisions, findings, planning

app_name = "improve"
urlpatterns = [
    path("actions/", actions.register, name="register"),
    path("actions/board/", board.board, name="board"),
    path("actions/moves/", board.moves, name="moves"),
    path("actions/gaps/", planning.offers, name="offers"),
    path("actions/new/", planning.new, name="new"),
    path("actions/people/", planning.people, name="people"),
    path("actions/<uuid:action>/", actions.action, name="action"),
    path("actions/<uuid:action>/edit/", planning.edit, name="edit"),
    path("actions/<uuid:action>/steps/", actions.steps, name="steps"),
    path("actions/<uuid:action>/withdrawal/", actions.withdrawal, name="withdrawal"),
    path("findings/", findings.index, name="findings"),
    path("findings/new/", findings.new, name="finding-new"),
    path("findings/<uuid:finding>/", findings.edit, name="finding"),
    path("findings/<uuid:finding>/end/", findings.end, name="finding-end"),
    path("decisions/", decisions.index, name="decisions"),
    path("decisions/new/", decisions.new, name="decision-new"),
    path("decisions/people/", decisions.deciders, name="deciders"),
    path("decisions/<uuid:decision>/", decisions.decision, name="decision"),
    path("decisions/<uuid:decision>/edit/", decisions.edit, name="decision-edit"),
    path("decisions/<uuid:decision>/rulings/", decisions.rulings, name="rulings"),
    path("decisions/<uuid:decision>/rulings/<int:ruling>/scan/", decisions.scan, name="scan"),
]
