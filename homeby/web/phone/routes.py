"""A route file handed in with a plan: GPX read under limits, and written anew without ballast.

Sources: GPX 1.0 and 1.1 (`FIELD.md` 5). A GPX file has no use for a document type or entities, and
they are the way to make a parser eat a machine, so a file that declares any is refused. What is
kept are the points with height, time and name; authors, links and extensions (a heart rate, say)
are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

import gpxpy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from gpxpy.gpx import (
    GPX,
    GPXException,
    GPXRoute,
    GPXRoutePoint,
    GPXTrack,
    GPXTrackPoint,
    GPXTrackSegment,
    GPXWaypoint,
)

BYTES_MAX = 5 * 1024 * 1024
POINTS_MAX = 50_000
DEPTH_MAX = 30
NAME_MAX = 200
NAMESPACES_MAX = 100

_POINTS = frozenset({"wpt", "rtept", "trkpt"})
_ENCODINGS = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "utf-16", "iso-8859-1", "latin-1", "windows-1252"}
)
#: It speaks of the bytes: gpxpy is given text, and some parsers under it would believe this.
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_STRAY_NAMESPACE = re.compile(r"\sxmlns(?!(?::[\w.-]{1,100})?\s{0,10}=)")
_NAMESPACE = re.compile(r"\sxmlns(?::[\w.-]{1,100})?\s{0,10}=\s{0,10}[\"']([^\"'<]{0,500})[\"']")


class BadRoute(ValueError):
    """The file cannot be used as a route; its text is the sentence to show."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """A route as it is kept: clean GPX 1.1, and how many points it has."""

    gpx: str
    points: int

    @property
    def said(self) -> str:
        """How a page speaks of it."""
        return ngettext("%d point", "%d points", self.points) % self.points


def read(content: bytes) -> Route:
    """The route in a GPX file. Raises BadRoute with a sentence that says what to do."""
    if len(content) > BYTES_MAX:
        raise BadRoute(
            _("The file has %(size)d MB; 5 MB fit. Thin the track out, or draw the route coarser.")
            % {"size": -(-len(content) // (1024 * 1024))}
        )
    text = _decoded(content)
    _inspect(text)
    try:
        parsed = gpxpy.parse(_DECLARATION.sub("", text, count=1))
    except (GPXException, ValueError, TypeError, AttributeError, RecursionError) as trouble:
        raise BadRoute(
            _("The file cannot be read as GPX. Export it once more from the device or the map.")
        ) from trouble
    return _clean(parsed)


def _decoded(content: bytes) -> str:
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].decode().lower() if declared else "utf-8"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    if encoding not in _ENCODINGS:
        raise BadRoute(_("The file is written in %s. Save it as UTF-8.") % encoding)
    try:
        return content.decode("utf-8-sig" if encoding.startswith("utf-8") else encoding)
    except UnicodeDecodeError as trouble:
        raise BadRoute(_("The file is no text. Choose a GPX file.")) from trouble


def _inspect(text: str) -> None:
    """Walk through the file once, building nothing, before anything is built from it."""
    if (
        len(_STRAY_NAMESPACE.findall(text)) > 5
        or len(set(_NAMESPACE.findall(text))) > NAMESPACES_MAX
    ):
        raise BadRoute(_("The file is no GPX file such as devices and maps write."))
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = walk.doctype
    parser.EntityDeclHandler = walk.doctype
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    try:
        parser.Parse(text, True)
    except expat.ExpatError as trouble:
        raise BadRoute(
            _("The file is no GPX file, or it is cut off: line %(line)d cannot be read.")
            % {"line": trouble.lineno}
        ) from trouble


class _Walk:
    """Counts points and depth while the parser walks."""

    def __init__(self) -> None:
        self.depth = 0
        self.points = 0

    def doctype(self, *_declared: object) -> None:
        raise BadRoute(
            _(
                "The file declares a document type or entities, which GPX never needs. "
                "Export it anew."
            )
        )

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if self.depth == 0 and local != "gpx":
            raise BadRoute(_("This is XML, but not GPX. Choose a GPX file."))
        self.depth += 1
        self.points += local in _POINTS
        if self.depth > DEPTH_MAX:
            raise BadRoute(_("The file is no GPX file such as devices and maps write."))
        if self.points > POINTS_MAX:
            raise BadRoute(
                _("The route has more than %d points. Thin the track out, then choose it again.")
                % POINTS_MAX
            )

    def end(self, _name: str) -> None:
        self.depth -= 1


def _clean(parsed: GPX) -> Route:
    kept = GPX()
    kept.creator = "Homeby"
    kept.waypoints = [_waypoint(point) for point in parsed.waypoints]
    for route in parsed.routes:
        kept.routes.append(GPXRoute(name=_short(route.name)))
        kept.routes[-1].points = [_route_point(point) for point in route.points]
    for track in parsed.tracks:
        kept.tracks.append(GPXTrack(name=_short(track.name)))
        kept.tracks[-1].segments = [
            GPXTrackSegment([_track_point(point) for point in segment.points])
            for segment in track.segments
            if segment.points
        ]
    count = len(kept.waypoints) + kept.get_track_points_no()
    count += sum(len(route.points) for route in kept.routes)
    if count == 0:
        raise BadRoute(_("The file holds no point. Choose the file of a track, a route or places."))
    return Route(gpx=kept.to_xml(version="1.1", prettyprint=False), points=count)


def _short(text: str | None) -> str | None:
    return text[:NAME_MAX] if text else None


def _checked(point: GPXWaypoint | GPXRoutePoint | GPXTrackPoint) -> None:
    # `not <=` also refuses what is no number at all
    if not (-90 <= point.latitude <= 90 and -180 <= point.longitude <= 180):
        raise BadRoute(
            _("A point lies at %(latitude)s, %(longitude)s, which is nowhere on earth.")
            % {"latitude": point.latitude, "longitude": point.longitude}
        )


def _waypoint(point: GPXWaypoint) -> GPXWaypoint:
    _checked(point)
    return GPXWaypoint(
        latitude=point.latitude,
        longitude=point.longitude,
        elevation=point.elevation,
        time=point.time,
        name=_short(point.name),
        description=_short(point.description),
        symbol=_short(point.symbol),
    )


def _route_point(point: GPXRoutePoint) -> GPXRoutePoint:
    _checked(point)
    return GPXRoutePoint(
        latitude=point.latitude,
        longitude=point.longitude,
        elevation=point.elevation,
        time=point.time,
        name=_short(point.name),
    )


def _track_point(point: GPXTrackPoint) -> GPXTrackPoint:
    _checked(point)
    return GPXTrackPoint(
        latitude=point.latitude,
        longitude=point.longitude,
        elevation=point.elevation,
        time=point.time,
    )
