"""I have seen or heard somebody: what is it, and of whom. Any member may say it of any other."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from homeby.logbook.rules import Refused
from homeby.web.door import Door, page, show
from homeby.web.gate import acts
from homeby.web.phone import heard as sayings


@page()
def heard(door: Door) -> HttpResponse:
    """Which of three things."""
    return render(door.request, "heard/heard.html", {"sayings": sayings.SAYINGS})


@page()
def say(door: Door, key: str) -> HttpResponse:
    """Of whom, and how it is known; the answer shows nothing of them."""
    saying = sayings.saying_or_404(key)
    form = sayings.form_for(door, saying)
    if door.request.method == "POST":
        before = acts.already(door)
        try:
            if before or form.is_valid():
                answer = before.answer if before else sayings.record(door, saying, form)
                messages.success(door.request, answer)
                return redirect("heard")
        except Refused as refused:
            show(form, refused)
    context = {"saying": saying, "form": form, "zone": door.zone}
    return render(door.request, "heard/say.html", context)
