"""Addresses of the ledger, below the city's."""

from django.urls import path

from . import views

app_name = "readiness"
urlpatterns = [
    path("readiness/", views.city_map, name="map"),
    path("readiness/change/", views.change_page, name="change"),
    path("readiness/items/", views.items_page, name="items"),
    path("readiness/self-check/", views.self_check, name="self-check"),
    path("readiness/gaps/", views.shared_gaps_page, name="shared-gaps"),
    path("readiness/standard/", views.standard_page, name="standard"),
    path("readiness/standard/reviews.csv", views.reviews_file, name="standard-reviews"),
    path("readiness/standard/<str:indicator>/", views.standard_item, name="standard-item"),
    path("readiness/standard/<str:indicator>/review/", views.review, name="standard-review"),
    path("readiness/capabilities/<slug:capability>/", views.capability_page, name="capability"),
    path("readiness/rows/<int:row>/", views.row_page, name="row"),
    path("readiness/rows/<int:row>/files/<uuid:sheet>/", views.sheet, name="sheet"),
    path("readiness/rows/<int:row>/confirmation/", views.confirmation, name="confirmation"),
    path("readiness/rows/<int:row>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("readiness/rows/<int:row>/striking/", views.striking, name="striking"),
    path("readiness/rows/<int:row>/striking-back/", views.striking_back, name="striking-back"),
    path("readiness/<slug:subject>/", views.hospital_page, name="hospital"),
    path("readiness/<slug:subject>/self-check/", views.self_check_of, name="self-check-of"),
    path("readiness/<slug:subject>/gaps/", views.gaps_page, name="gaps"),
    path("readiness/<slug:subject>/<slug:capability>/", views.why_page, name="why"),
    path("readiness/<slug:subject>/<slug:capability>/evidence/new/", views.record_page, name="record"),
    path("readiness/<slug:subject>/<slug:capability>/evidence/people/", views.evaluators, name="evaluators"),
]
