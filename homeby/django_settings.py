"""What Django wants to know, derived from `homeby.settings`; nothing is chosen here twice.

Nothing of Django's is imported here, so `homeby.sqlite` comes before its database part and decides
which SQLite library that will find.
"""

from __future__ import annotations

import os
from pathlib import Path

from homeby import (
    keys,
    output,
    sqlite,
)
from homeby import settings as station
from homeby.database.address import database_entry

_HERE = Path(__file__).resolve().parent

#: Under tests: nothing is written to the station's folder, passwords are cheap, files unhashed.
TESTS = bool(os.environ.get("HOMEBY_TESTS"))

try:
    STATION = station.current()
    DATABASES = {"default": database_entry(settings=STATION, library=sqlite.library)}
    SECRET_KEY = "only for tests" if TESTS else keys.secret_key(home=STATION.home)
except (station.SettingsProblem, keys.KeyProblem) as problem:
    raise SystemExit(str(problem)) from None

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", STATION.public_host, *STATION.allowed_hosts]
CSRF_TRUSTED_ORIGINS = [STATION.public_url]

#: Whatever has tables or pages. A process that shows no pages takes fewer (`homeby.pageless`).
APPLICATIONS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "homeby.logbook",
    "homeby.people",
    "homeby.comms",
    "homeby.watch",
    "homeby.missions",
    "homeby.readiness",
    "homeby.welfare",
    "homeby.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
INSTALLED_APPS = [*APPLICATIONS]

MIDDLEWARE = [
    "homeby.web.middleware.safe_headers",
    "homeby.web.denied.denials",
    "homeby.web.api.problems.as_json",
    "homeby.web.middleware.DatabaseTrouble",
    "homeby.web.accounts.sessions.CookiesStay",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "homeby.web.accounts.lasting.ends",
    "homeby.web.accounts.entering.note_seen",
    "homeby.web.middleware.whole_text",
    "homeby.web.reads.recorded",
]

ROOT_URLCONF = "homeby.urls"
WSGI_APPLICATION = "homeby.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "homeby.web.context.frame",
            ],
        },
    }
]

# Never ATOMIC_REQUESTS: on SQLite every page would take the write lock.
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "homeby.web.accounts.sessions.Known",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "/log-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/log-in/"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "homeby.people.passwords.NotCommon"},
    {"NAME": "homeby.people.passwords.NoPattern"},
    {"NAME": "homeby.people.passwords.NotOurs"},
    {"NAME": "homeby.people.passwords.NotHers"},
]
# allauth is the machinery behind our own pages (docs/decisions/0015): none of its addresses is
# mounted but the way back from a provider, and it knows nobody's e-mail.
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "homeby.web.accounts.adapters.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODE_DIGITS = 12
MFA_RECOVERY_CODE_COUNT = 10
SOCIALACCOUNT_ADAPTER = "homeby.web.accounts.adapters.Provider"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"SCOPE": ["openid"], "OAUTH_PKCE_ENABLED": True}}
if TESTS:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The prefix __Host- makes a browser refuse the cookie unless it came over an encrypted line, for
# this host alone.
_HTTPS = STATION.public_is_https
_COOKIE_PREFIX = "__Host-" if _HTTPS else ""
SESSION_ENGINE = "homeby.web.accounts.sessions"
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}homeby-session"
# Longer than any log-in lasts: `web.accounts.lasting` ends them, and says so.
SESSION_COOKIE_AGE = (STATION.log_in_days + 2) * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}homeby-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "homeby.web.middleware.form_too_old"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _HTTPS
LANGUAGE_COOKIE_NAME = f"{_COOKIE_PREFIX}homeby-language"
LANGUAGE_COOKIE_SECURE = _HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if _HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("ja", "日本語"),
]
LOCALE_PATHS = [_HERE / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = STATION.home / "static"
STATICFILES_DIRS = [_HERE / "web" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]

#: Hashed names need `collectstatic`, which `homeby run` does; a demonstration starts without it.
STATIC_FILES_ARE_HASHED = not (TESTS or STATION.demonstration)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "homeby.web.files.HashedFiles"
        if STATIC_FILES_ARE_HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# The shell in front (`homeby.asgi`) refuses larger bodies; Django's own limits follow it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

EMAIL_HOST = STATION.smtp_host
EMAIL_PORT = STATION.smtp_port
EMAIL_HOST_USER = STATION.smtp_user
EMAIL_HOST_PASSWORD = STATION.smtp_password.get_secret_value()
EMAIL_USE_TLS = STATION.smtp_security == "starttls"
EMAIL_USE_SSL = STATION.smtp_security == "tls"
EMAIL_TIMEOUT = STATION.smtp_timeout_seconds
DEFAULT_FROM_EMAIL = STATION.sender_address

SILENCED_SYSTEM_CHECKS: list[str] = []

# Django by itself would mail errors of pages to nobody; here they stand in the output, as a line
# about nobody.
LOGGING = output.configuration(STATION.log_format)
