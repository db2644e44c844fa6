"""Addresses of qualifications: one's own, others', the catalogue, task books, who can go."""

from __future__ import annotations

from django.urls import path

from homeby.web.skills import (
    views_badges,
    views_books,
    views_catalogue,
    views_crew,
    views_mentoring,
    views_people,
)

_MISSION = "missions/<uuid:mission_id>"

urlpatterns = [
    path("me/qualifications/", views_people.my_qualifications, name="my-qualifications"),
    path("me/qualifications/<uuid:holding_id>/badge/", views_badges.my_badge, name="my-badge"),
    path("open-badges/issuer", views_badges.issuer, name="badge-issuer"),
    path("open-badges/key", views_badges.key, name="badge-key"),
    path("open-badges/withdrawn", views_badges.withdrawn, name="badge-withdrawn"),
    path(
        "people/<uuid:person_id>/qualifications/",
        views_people.qualifications_of,
        name="qualifications-of",
    ),
    path("qualifications/", views_catalogue.catalogue, name="catalogue"),
    path("qualifications/read/", views_catalogue.catalogue_read, name="catalogue-read"),
    path("qualifications/file/", views_catalogue.catalogue_file, name="catalogue-file"),
    path(
        "qualifications/<uuid:qualification_id>/",
        views_catalogue.qualification,
        name="qualification",
    ),
    path(
        "qualifications/<uuid:qualification_id>/change/",
        views_catalogue.qualification_change,
        name="qualification-change",
    ),
    path("me/mentoring/", views_mentoring.mentoring, name="mentoring"),
    path("mentoring/<uuid:mentorship_id>/", views_mentoring.mentorship, name="mentorship"),
    path("task-books/<uuid:book_id>/", views_books.task_book, name="task-book"),
    path("skill-matrix/", views_crew.skill_matrix, name="skill-matrix"),
    path("skill-matrix/asked-for/", views_crew.asked_for, name="asked-for"),
    path("ends-soon/", views_crew.ends_soon, name="ends-soon"),
    path("ends-soon/file/", views_crew.ends_soon_file, name="ends-soon-file"),
    path(f"{_MISSION}/who-can-go/", views_crew.who_can_go, name="who-can-go"),
    path(f"{_MISSION}/positions/", views_crew.mission_positions, name="mission-positions"),
]
