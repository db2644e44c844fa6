"""Having a phone ring: its browser's subscription becomes one more contact point of its person."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from homeby import settings
from homeby.comms import channels
from homeby.comms.actions.deliver import channel_settings
from homeby.comms.channels import push_encryption
from homeby.keys import KeyProblem
from homeby.logbook.rules import Refused
from homeby.people.rules import ChannelName
from homeby.web.door import Door, page, tap_of
from homeby.web.office import own_reach

#: A subscription is a few hundred characters; more is none.
_MOST = 4000


def push_key() -> str:
    """The station's public key, as a browser asks for it (RFC 8292 3.2); "" where there is none."""
    try:
        key = push_encryption.private_key(settings.webpush_key()).public_key()
    except (KeyProblem, ValueError):
        return ""
    return push_encryption.b64(push_encryption.public_bytes(key))


@require_POST
@page()
def my_push(door: Door) -> HttpResponse:
    """Add this browser to how the viewer is reached; she is told. Answers JSON: `added`, or a
    `sentence`."""
    assert door.viewer.person_id is not None, "the page needs a log-in"
    address = door.request.POST.get("subscription", "")[:_MOST]
    problem = channels.channel(ChannelName.WEBPUSH, channel_settings()).problem_with(address)
    if problem is not None:
        return JsonResponse({"sentence": problem}, status=422)
    try:
        said = own_reach.add_contact(
            door,
            person_id=door.viewer.person_id,
            channel=ChannelName.WEBPUSH,
            address=address,
            tap=tap_of(door.request),
        )
    except Refused as refused:
        return JsonResponse({"sentence": str(refused)}, status=422)
    return JsonResponse({"added": said})
