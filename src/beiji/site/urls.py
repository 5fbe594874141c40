"""Addresses. A city's pages live under its code; everything else is the frame around them. /health/ is answered in asgi.py."""

from allauth.account import views as account
from django.urls import include, path
from django.views.i18n import set_language

from .views import errors, home

site_patterns = (
    [
        path("<slug:city>/", home.home, name="home"),
    ],
    "site",
)

urlpatterns = [
    path("", home.start, name="start"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("language/", set_language, name="set_language"),
    path("ui/", include("beiji.ui.urls")),
    path("<slug:city>/", include("beiji.assess.urls")),
    path("<slug:city>/", include("beiji.improve.urls")),
    path("<slug:city>/", include("beiji.readiness.urls")),
    path("<slug:city>/", include("beiji.documents.urls")),
    path("<slug:city>/", include("beiji.reports.urls")),
    path("", include(site_patterns)),
]

handler404 = errors.not_found
handler403 = errors.forbidden
handler500 = errors.broken
