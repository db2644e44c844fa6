"""The scripts of a page on which something is sealed or opened."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from homeby.web.sealed.scripts import PAGES, integrity

register = template.Library()


@register.simple_tag
def sealed_scripts(page: str) -> SafeString:
    """Its script and what it imports, each with its hash: what was changed on the way does not run,
    be it imported."""
    names = PAGES[page]
    imported = format_html_join(
        "",
        '<link rel="modulepreload" href="{}" integrity="{}">',
        ((static(name), integrity(name)) for name in names[:-1]),
    )
    begun = format_html(
        '<script type="module" src="{}" integrity="{}"></script>',
        static(names[-1]),
        integrity(names[-1]),
    )
    return imported + begun
