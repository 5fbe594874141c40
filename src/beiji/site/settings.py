"""Django's settings, read from the one table in `beiji.records.options`."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from beiji.records import options
from beiji.site import starting
from beiji.ui import catalogues

DATA: Path = starting.data_folder(options.read("BEIJI_DATA"))
SECRET_KEY = options.read("BEIJI_SECRET_KEY") or starting.secret_key(DATA)
DEBUG = options.read("BEIJI_DEBUG")
ALLOWED_HOSTS = options.read("BEIJI_HOSTS")
BASE_DIR = Path(__file__).resolve().parent.parent

#: The rooms: each adds its pages, menu entries and audit kinds by itself (`urls.py`, `registered.py`).
ROOMS = [
    "beiji.assess",
    "beiji.improve",
    "beiji.plans",
    "beiji.simulate",
]
INSTALLED_APPS = [
    "beiji.site",
    "beiji.reports",
    *ROOMS,
    "beiji.folders",
    "beiji.documents",
    "beiji.readiness",
    "beiji.programme",
    "beiji.records",
    "beiji.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "beiji.site.middleware.CompressedPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "beiji.records.typed.TypedTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "beiji.site.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "beiji.ui.kept.KeptTextMiddleware",
    "beiji.programme.middleware.CityMiddleware",
    "beiji.site.middleware.FaultsMiddleware",
]

ROOT_URLCONF = "beiji.site.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "beiji.site.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "beiji.ui.templatetags.beiji"],
        },
    }
]

FORM_RENDERER = "beiji.ui.widgets.Renderer"

_database = starting.database(options.read("DATABASE_URL"), DATA)
if "sqlite" in _database["ENGINE"]:
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
    }
else:
    # As on SQLite nobody waits for ever: not for a lock, and not for a writer that stopped in the middle of its work.
    _database.setdefault("OPTIONS", {}).setdefault(
        "options", "-c lock_timeout=20s -c idle_in_transaction_session_timeout=120s"
    )
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "programme.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "beiji.site.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_FORMS = {"login": "beiji.site.forms.SignInForm"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # allauth counts in the memory of one process; programme.signing_in counts for all
ACCOUNT_SESSION_REMEMBER = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "beiji_session"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("he", "עברית")]
LANGUAGE_COOKIE_NAME = "beiji_language"
LANGUAGE_COOKIE_AGE = 365 * 86400
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [catalogues.compile_catalogues(DATA)]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600
FILES = DATA / "files"
LOGS = DATA / "logs"
LOG_DAYS = options.read("BEIJI_LOG_DAYS")
READ_ONLY = options.read("BEIJI_READ_ONLY")
MESSAGES = options.read("BEIJI_MESSAGES")
LINK = options.read("BEIJI_LINK")
REVOCATIONS = options.read("BEIJI_REVOCATIONS") or DATA / "revocations.jsonl"
UPLOAD_LIMIT_BYTES = options.read("BEIJI_UPLOAD_MB") * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = options.read("BEIJI_HTTPS")
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "beiji.site.views.errors.stale_form"
if options.read("BEIJI_HTTPS"):  # asgi.py says of every request that it came over HTTPS
    SECURE_HSTS_SECONDS = 0 if options.read("BEIJI_OWN_TLS") else 365 * 86400
    CSRF_TRUSTED_ORIGINS = [f"https://*{host}" if host[0] == "." else f"https://{host}" for host in ALLOWED_HOSTS]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        # the server's clock with its distance from UTC: a log is read beside pages that show the city's time
        "json": {"()": "beiji.site.logs.JsonLine"},
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s", "datefmt": "%Y-%m-%d %H:%M:%S %z"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"},
        "file": {"class": "beiji.site.logs.DayFile", "folder": str(LOGS), "formatter": "json"},
    },
    "root": {"handlers": ["console", "file"], "level": "WARNING"},
    "loggers": {"beiji": {"level": "INFO"}},
}
