"""Addresses. A city's pages live under its code; everything else is the frame around them. /health/ is answered in asgi.py.

Every installed room that has a `urls.py` is found here; none has to be named.
"""

from __future__ import annotations

from allauth.account import views as account
from django.apps import apps
from django.urls import URLResolver, include, path
from django.utils.module_loading import module_has_submodule

from .views import accounts, activity, errors, home, live, notices, own, platform

#: Packages with addresses of their own elsewhere.
NO_ROOMS = ("beiji.site", "beiji.ui")


def room_patterns() -> list[URLResolver]:
    """The addresses of every room, under the city."""
    configs = [c for c in apps.get_app_configs() if c.name.startswith("beiji.") and c.name not in NO_ROOMS]
    return [
        path("<slug:city>/", include(f"{config.name}.urls"))
        for config in configs
        if config.module is not None and module_has_submodule(config.module, "urls")
    ]


site_patterns = (
    [
        path("<slug:city>/live/<str:topics>/", live.listening, name="live"),
        path("<slug:city>/activity/<slug:kind>/<slug:key>/", activity.activity, name="activity"),
        path("<slug:city>/notifications/", notices.index, name="notices"),
        path("<slug:city>/notifications/bell/", notices.bell, name="bell"),
        path("<slug:city>/notifications/reading/", notices.reading, name="reading"),
        path("<slug:city>/notifications/choice/", notices.choice, name="choice"),
        path("<slug:city>/notifications/<int:notice>/", notices.notice, name="notice"),
        path("<slug:city>/", home.home, name="home"),
    ],
    "site",
)

urlpatterns = [
    path("", home.start, name="start"),
    path("sign-in/", accounts.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", accounts.code, name="account_code"),
    path("sign-in/second/", accounts.second, name="account_second"),
    path("sign-in/password/", accounts.password, name="account_password"),
    path("sign-out/", account.logout, name="account_logout"),
    path("account/", own.own, name="own"),
    path("account/second/", own.second, name="own_second"),
    path("account/theme/", own.theme, name="own_theme"),
    path("account/sessions/", own.sessions, name="own_sessions"),
    path("platform/", platform.start, name="platform"),
    path("platform/system/", platform.system, name="platform_system"),
    path("platform/messages/", platform.messages_sent, name="platform_messages"),
    path("platform/messages/test/", platform.message_test, name="platform_message_test"),
    path("platform/security/", platform.security, name="platform_security"),
    path("platform/security/ending/", platform.ending, name="platform_ending"),
    path("platform/audit/", platform.audit, name="platform_audit"),
    path("language/", own.language, name="set_language"),
    path("ui/", include("beiji.ui.urls")),
    *room_patterns(),
    path("", include(site_patterns)),
]

handler404 = errors.not_found
handler403 = errors.forbidden
handler500 = errors.broken
