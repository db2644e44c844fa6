"""Addresses of the office, of log-in and of one's own page."""

from __future__ import annotations

from django.urls import path

from homeby.web.office import (
    views,
    views_account,
    views_bill,
    views_devices,
    views_drill,
    views_language,
    views_login,
    views_looks,
    views_messages,
    views_partners,
    views_pause,
    views_people,
    views_plans,
    views_programs,
    views_proofs,
    views_watch,
    views_who,
)

urlpatterns = [
    path("log-in/", views_login.login, name="login"),
    path("log-in/<str:secret>/", views_login.log_in_link, name="log-in-link"),
    path("log-out/", views_login.logout, name="logout"),
    path("language/", views_language.language, name="language"),
    path("me/", views_account.account, name="account"),
    path("me/looks/", views_looks.my_looks, name="my-looks"),
    path("who/<uuid:person_id>/", views_who.who, name="who"),
    path("me/contacts/", views_account.account_contacts, name="account-contacts"),
    path("me/password/", views_account.account_password, name="account-password"),
    path("me/pin/", views_proofs.own_pin, name="account-pin"),
    path("me/programs/", views_programs.programs, name="programs"),
    path("me/programs/token/", views_programs.make_token, name="programs-token"),
    path("me/programs/webhook/", views_programs.add_webhook, name="programs-webhook"),
    path("me/programs/<uuid:item>/act/", views_programs.act_on, name="programs-act"),
    path("office/", views.office, name="office"),
    path("office/people/", views_people.office_people, name="office-people"),
    path("office/people/<uuid:person_id>/", views_people.office_person, name="office-person"),
    path(
        "office/people/<uuid:person_id>/contacts/",
        views_people.office_person_contacts,
        name="office-person-contacts",
    ),
    path(
        "office/people/<uuid:person_id>/badges/", views_proofs.office_badges, name="office-badges"
    ),
    path("office/plans/", views_plans.office_plans, name="office-plans"),
    path("office/plans/<str:item>/", views_plans.office_plan, name="office-plan"),
    path("office/watch-bill/", views_bill.office_bill, name="office-bill"),
    path("office/devices/", views_devices.office_devices, name="office-devices"),
    path("me/devices/", views_devices.account_devices, name="account-devices"),
    path("office/drill/", views_drill.office_drill, name="office-drill"),
    path("office/drill/rows/", views_drill.office_drill_rows, name="office-drill-rows"),
    path("me/test-hour/", views_drill.test_hour, name="account-test-hour"),
    path("office/watch/", views_watch.office_watch, name="office-watch"),
    path("office/watch/rows/", views_watch.office_watch_rows, name="office-watch-rows"),
    path("office/pause/", views_pause.office_pause, name="office-pause"),
    path("office/pause/<uuid:item>/act/", views_pause.office_pause_act, name="office-pause-act"),
    path("office/partners/", views_partners.office_partners, name="office-partners"),
    path(
        "office/partners/invite/",
        views_partners.office_partner_invite,
        name="office-partner-invite",
    ),
    path(
        "office/partners/<uuid:partner_id>/end/",
        views_partners.office_partner_end,
        name="office-partner-end",
    ),
    path("office/messages/", views_messages.office_messages, name="office-messages"),
    path("office/messages/rows/", views_messages.office_messages_rows, name="office-messages-rows"),
    path("office/list/teams/", views_people.office_teams, name="office-teams"),
    path("office/list/<slug:kind>/", views.office_list, name="office-list"),
    path("office/form/<slug:kind>/<str:item>/", views.office_form, name="office-form"),
    path("office/act/<slug:kind>/<uuid:item>/", views.office_act, name="office-act"),
]
