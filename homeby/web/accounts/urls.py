"""Addresses of log-ins: passkeys, codes, the second look, where one is logged in.

None of allauth's own addresses stands here: no sign-up, no mail, no page that we did not write.
"""

from __future__ import annotations

from django.urls import path

from homeby.web.accounts import (
    more,
    provider,
    views_again,
    views_codes,
    views_invitations,
    views_own,
    views_passkeys,
)

urlpatterns = [
    path("log-in/passkey/", views_passkeys.log_in, name="passkey-log-in"),
    path("log-in/passkey/asked/", views_passkeys.log_in_options, name="passkey-log-in-asked"),
    path("log-in/provider/", provider.log_in, name="provider-log-in"),
    path("log-in/provider/<str:provider_id>/", provider.back, name="openid_connect_callback"),
    path("log-in/again/", views_again.again, name="again"),
    path("log-in/again/asked/", views_again.options, name="again-asked"),
    path("log-in/typed/", views_again.typed, name="typed"),
    path("log-in/more/", more.more, name="log-in-more"),
    path("log-in/more/asked/", more.more_options, name="log-in-more-asked"),
    path("invitation/<str:secret>/", views_invitations.invitation, name="invitation"),
    path("invitation/<str:secret>/asked/", views_invitations.options, name="invitation-asked"),
    path("office/people/<uuid:person_id>/log-in/", views_invitations.office, name="office-log-in"),
    path("me/log-in/", views_own.own, name="own-log-in"),
    path("me/log-in/passkey/", views_passkeys.add, name="passkey-add"),
    path("me/log-in/passkey/asked/", views_passkeys.add_options, name="passkey-add-asked"),
    path("me/log-in/passkey/<int:passkey_id>/", views_passkeys.remove, name="passkey-remove"),
    path("me/log-in/passkey/<int:passkey_id>/name/", views_passkeys.rename, name="passkey-rename"),
    path("me/log-in/password/removed/", views_own.remove_password, name="password-remove"),
    path("me/log-in/provider/", provider.link, name="provider-link"),
    path("me/log-in/provider/removed/", provider.unlink, name="provider-unlink"),
    path("me/log-in/app/", views_codes.app, name="code-app"),
    path("me/log-in/app/removed/", views_codes.remove_app, name="code-app-remove"),
    path("me/log-in/codes/", views_codes.recovery, name="recovery-codes"),
    path("me/log-in/ended/", views_own.end_others, name="log-ins-end"),
    path("me/log-in/ended/<int:log_in_id>/", views_own.end_log_in, name="log-in-end"),
]
