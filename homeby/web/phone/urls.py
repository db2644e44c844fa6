"""Addresses of missions, as a member's phone and everybody else's screen use them."""

from __future__ import annotations

from django.urls import URLPattern, path

from homeby.web.phone.views import acts, heard, missions, my, plan, push, witness

urlpatterns: list[URLPattern] = [
    path("missions/", missions.missions, name="missions"),
    path("my/", my.my, name="my"),
    path("my/rows/", my.my_rows, name="my-rows"),
    path("my/key/", my.my_key, name="my-key"),
    path("my/key/works/", my.key_works, name="my-key-works"),
    path("my/push/", push.my_push, name="my-push"),
    path("my/checkpoint/", witness.my_checkpoint, name="my-checkpoint"),
    path("my/worker.js", my.worker, name="my-worker"),
    path("my/manifest.webmanifest", my.manifest, name="my-manifest"),
    path("plan/", plan.plan, name="mission-plan"),
    path("heard/", heard.heard, name="heard"),
    path("heard/<slug:key>/", heard.say, name="heard-say"),
    path("time-said/", plan.time_said, name="time-said"),
    path("missions/<uuid:mission_id>/", missions.mission, name="mission"),
    path("missions/<uuid:mission_id>/rows/", missions.mission_rows, name="mission-rows"),
    path("missions/<uuid:mission_id>/route.gpx", missions.route, name="mission-route"),
    path("missions/<uuid:mission_id>/plan/", plan.change, name="mission-plan-change"),
    path("missions/<uuid:mission_id>/act/", acts.mission_act, name="mission-act"),
    path("missions/<uuid:mission_id>/more-time/", acts.extend, name="mission-extend"),
    path("missions/<uuid:mission_id>/check-in/", acts.radio, name="mission-check-in"),
    path(
        "missions/<uuid:mission_id>/sign-out/", acts.sign, {"act": "out"}, name="mission-sign-out"
    ),
    path("missions/<uuid:mission_id>/sign-in/", acts.sign, {"act": "in"}, name="mission-sign-in"),
    path(
        "missions/<uuid:mission_id>/report/<uuid:person_id>/",
        acts.first_report,
        name="mission-report",
    ),
]
