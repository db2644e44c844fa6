"""The office chooses the rules of rest, and those for minors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from homeby.missions.queries.minors import limits
from homeby.people.rules import Role
from homeby.readiness.actions.rule_packs import choose_pack
from homeby.readiness.queries.packs import pack_in_use, pack_text
from homeby.readiness.rules.kinds_of_rest import PackUse
from homeby.readiness.rules.packs import Pack
from homeby.readiness.rules.rest_said import figures
from homeby.readiness.shipped import shipped_packs
from homeby.web.door import Door, page, tap_of
from homeby.web.office.views import saved
from homeby.web.rest import words
from homeby.web.words import word


class PackForm(forms.Form):
    """One of the packs that come with Homeby, or a text of the organisation's own."""

    key = forms.ChoiceField(
        label=gettext_lazy("Rules that come with Homeby"), widget=forms.RadioSelect, required=False
    )
    text = forms.CharField(
        label=gettext_lazy("Or your own"),
        required=False,
        strip=False,
        help_text=gettext_lazy("The text of a rule pack; as long as one stands here, it holds."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, use: PackUse, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser: Any = self.fields["key"]
        chooser.choices = [(one.key, one.name) for one in _shipped(use)]


def _shipped(use: PackUse) -> list[Pack]:
    """Those that hold a rule for this use."""
    of_minors = use is PackUse.MINORS
    return [
        one
        for one in shipped_packs().values()
        if any(rule.kind.startswith("MINOR_") is of_minors for rule in one.rules)
    ]


@page(Role.ADMINISTRATOR, Role.LEADER, Role.DUTY_OFFICER)
def rest_rules(door: Door) -> HttpResponse:
    """Which rules hold, rule by rule, for whoever plans; administrators choose others."""
    may = door.viewer.has(Role.ADMINISTRATOR)
    sent = door.request.POST if door.request.method == "POST" and may else None
    wanted = sent.get("use", "") if sent is not None else ""
    cards, failed = [], False
    for use in PackUse:
        pack = pack_in_use(use)
        form = PackForm(
            sent if wanted == use else None,
            use=use,
            initial={"key": pack.key, "text": pack_text(use)},
            auto_id=f"{use.lower()}-%s",
        )
        if form.is_bound and form.is_valid() and _chosen(door, form, use):
            return redirect("rest-rules")
        failed = failed or bool(form.errors)
        title = word(words.USES, use)
        holds = use is PackUse.REST or bool(limits())
        card = {"use": use.value, "title": title, "pack": pack, "holds": holds}
        rules = [(rule, figures(rule)) for rule in pack.rules]
        cards.append(card | {"form": form if may else None, "rules": rules})
    context = {"cards": cards}
    return render(door.request, "rest/rules.html", context, status=422 if failed else 200)


def _chosen(door: Door, form: PackForm, use: PackUse) -> bool:
    said = form.cleaned_data
    return saved(
        door,
        form,
        lambda: choose_pack(
            use=use,
            key=said["key"],
            text=said["text"],
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        ),
    )
