"""`homeby …`: every command parses its words and calls one function of the station.

Nothing of Django is loaded before a command needs it, so that a typing mistake is answered at once.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from homeby.station import backup_commands as backups
from homeby.station import (
    catalogue_commands,
    logbook_commands,
    private_commands,
    sealed_commands,
    welfare_commands,
)
from homeby.station import partner_commands as partners

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Keeps account of everyone you send out, and raises the alarm when somebody is not back.",
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]
MapName = Annotated[
    str, typer.Option("--map", help="A mapping file, or a ready map: sf-fire, nasa-eva.")
]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _stop(sentence: str, *, code: int = 2) -> typer.Exit:
    _say(sentence)
    return typer.Exit(code)


def _know_a_demonstration() -> None:
    from homeby.station.demonstration import fresh

    if (Path(os.environ.get("HOMEBY_HOME") or "station") / fresh.MARK).exists():
        os.environ.setdefault("HOMEBY_DEMONSTRATION", "true")


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    _know_a_demonstration()
    import django

    django.setup()


def _ready() -> None:
    """A station that may be used: tables up to date, nothing unsafe."""
    _django()
    from homeby.settings import current
    from homeby.station import start
    from homeby.station.supervisor import CannotStart

    try:
        start.prepare(settings=current())
    except CannotStart as trouble:
        raise _stop(str(trouble)) from None


def _joined() -> None:
    """A station whose tables are ready, with the clock that its processes go by."""
    _django()
    from homeby.settings import current
    from homeby.station import start
    from homeby.station.supervisor import CannotStart

    try:
        start.join(settings=current())
    except CannotStart as trouble:
        raise _stop(str(trouble)) from None


def _part(name: str, once: bool = False, *, called: str = "") -> None:
    _know_a_demonstration()
    from homeby.station import part
    from homeby.station.supervisor import CannotStart

    try:
        part.begin(name, called=called, once=once)
    except CannotStart as trouble:
        raise _stop(str(trouble)) from None


@app.command()
def demo(
    speed: Annotated[
        float, typer.Option(min=1, max=600, help="How many times as fast as life the clock runs.")
    ] = 10,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8765,
) -> None:
    """Start the demonstration: the village of the story, with an alarm within two minutes."""
    os.environ["HOMEBY_DEMONSTRATION"] = "true"
    os.environ["HOMEBY_PORT"] = str(port)
    os.environ.setdefault("HOMEBY_HOME", str(Path("station") / "demonstration"))
    from homeby.station.demonstration import fresh
    from homeby.station.supervisor import CannotStart, refuse_taken_port

    try:
        refuse_taken_port(host=os.environ.get("HOMEBY_HOST", "127.0.0.1"), port=port)
        fresh.clear(home=Path(os.environ["HOMEBY_HOME"]))
    except (CannotStart, fresh.NotADemonstration) as trouble:
        raise _stop(str(trouble)) from None
    _django()
    from homeby.station.demonstration import running

    try:
        running.run(speed=speed, say=print)
    except CannotStart as trouble:
        raise _stop(str(trouble)) from None


@app.command()
def init(  # noqa: PLR0913 - one option for each question
    name: Annotated[str, typer.Option(prompt="Name of your organisation", help="Its name.")],
    zone: Annotated[
        str, typer.Option(prompt="Its time zone, such as Europe/Zurich", help="Its time zone.")
    ],
    site: Annotated[str, typer.Option(prompt="Name of the site you leave from", help="The site.")],
    gate: Annotated[str, typer.Option(prompt="Name of its gate", help="Its gate.")],
    administrator: Annotated[str, typer.Option(prompt="Your own name", help="Your name.")],
    login: Annotated[str, typer.Option(prompt="Your log-in name", help="Your log-in name.")],
    email: Annotated[str, typer.Option(prompt="Your e-mail address", help="Your e-mail.")] = "",
    deputy: Annotated[
        str, typer.Option(prompt="Who stands in for you on watch", help="Your deputy's name.")
    ] = "",
    deputy_email: Annotated[
        str, typer.Option(prompt="Their e-mail address", help="Your deputy's e-mail.")
    ] = "",
) -> None:
    """Found a real organisation on this station. Give all options to be asked nothing."""
    _ready()
    from django.db import transaction

    from homeby import clock
    from homeby.logbook.rules import Refused
    from homeby.settings import current
    from homeby.station import initialise

    answers = initialise.Answers(
        name=name,
        zone=zone,
        site=site,
        gate=gate,
        administrator=administrator,
        login=login,
        email=email,
        deputy=deputy,
        deputy_email=deputy_email,
    )
    try:
        with transaction.atomic():
            secret = initialise.set_up(answers, now=clock.now())
    except Refused as refused:
        raise _stop(str(refused)) from None
    print(f"{name} is founded. Start the station with: homeby run")
    print(f"Then log in within a day at {current().public_url}/log-in/{secret}/")


@app.command()
def run() -> None:
    """Run the station: pages, gate and watchkeeper, until stopped."""
    _ready()
    from homeby.settings import current
    from homeby.station import start, supervisor

    try:
        start.refuse_unfounded(settings=current())
        supervisor.become(settings=current())
    except supervisor.CannotStart as trouble:
        raise _stop(str(trouble)) from None


@app.command()
def watchkeeper(
    name: Annotated[str, typer.Option(help="What this watchkeeper is called in the records.")] = "",
) -> None:
    """Keep the watch in this process alone; several may run on one PostgreSQL database."""
    _part("watchkeeper", called=name)


@app.command()
def auditor() -> None:
    """Give a second opinion of the watch from the logbook alone; `homeby run` starts it."""
    _part("auditor")


@app.command()
def migrate() -> None:
    """Bring the tables up to date; `homeby run` does it by itself."""
    _ready()
    print("The tables are up to date.")


@app.command()
def status(as_json: Json = False) -> None:
    """How things stand, in a handful of figures."""
    _django()
    from homeby.station import status as station_status

    raise typer.Exit(station_status.run(as_json=as_json))


@app.command()
def clock(
    accept: Annotated[
        bool, typer.Option("--accept", help="Say that this machine's clock is right.")
    ] = False,
) -> None:
    """What the clocks of this machine show, and whether its wall clock is believed."""
    _joined()
    from homeby.station import timing

    raise typer.Exit(timing.run(accept=accept, say=print))


@app.command()
def live(
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Say that this is the live station.")
    ] = False,
) -> None:
    """Whether this is the live station or a copy of it, which sends nothing."""
    _joined()
    from homeby.settings import current
    from homeby.station import live as station_live

    raise typer.Exit(station_live.run(home=current().home, confirmed=confirm, say=print))


@app.command()
def zones(
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Move these times, and tell those concerned.")
    ] = False,
) -> None:
    """Which open times new time zone data reads otherwise than when they were typed."""
    _joined()
    from homeby import clock
    from homeby.station import zones as station_zones

    raise typer.Exit(station_zones.run(confirmed=confirm, now=clock.now(), say=print))


@app.command()
def doctor(as_json: Json = False) -> None:
    """Look for what is wrong: settings, database, channels, clock; a sentence for each finding."""
    _django()
    from homeby.settings import current
    from homeby.station import doctor as station_doctor

    raise typer.Exit(station_doctor.run(settings=current(), as_json=as_json))


@app.command()
def drill(
    plan: Annotated[
        str, typer.Option(help="The escalation plan to follow; empty: the one for a return.")
    ] = "",
    steps: Annotated[
        int | None, typer.Option(help="At most so many steps; empty: all of them.")
    ] = None,
    within: Annotated[int, typer.Option(help="After so many minutes it ends by itself.")] = 60,
    announce: Annotated[
        bool, typer.Option("--announce", help="Tell the duty officers beforehand.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Begin nothing; print how the last one went.")
    ] = False,
    as_json: Json = False,
) -> None:
    """An exercise through the real steps, people and channels; prints who was reached, how fast."""
    _joined()
    from homeby.station import drilling
    from homeby.watch.actions.drills import Wish

    if report:
        raise typer.Exit(drilling.report(as_json=as_json, say=_say))
    wish = Wish(plan=plan, steps=steps, within_minutes=within, announced=announce)
    raise typer.Exit(drilling.run(wish=wish, as_json=as_json, say=_say))


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, CSV.gz, JSON, JSON.gz or JSON lines.")],
    map_name: MapName,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and judge, write nothing.")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Where rejected rows are kept, with line and reason.")
    ] = None,
    keep_good_rows: Annotated[
        bool, typer.Option("--keep-good-rows", help="Of a broken file, import what is readable.")
    ] = False,
) -> None:
    """Bring in people or missions of the past. Importing history never wakes anybody."""
    _ready()
    from homeby import clock
    from homeby.station.importing import writing

    code = writing.run(
        file,
        map_name,
        dry_run=dry_run,
        rejects=rejects,
        keep_good_rows=keep_good_rows,
        now=clock.now(),
        say=_say,
    )
    raise typer.Exit(code)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A file of missions of the past.")],
    map_name: MapName,
    due: Annotated[str, typer.Option(help="When each is due, such as out+90m.")] = "out+90m",
    as_json: Json = False,
) -> None:
    """Send records of the past through the real watch, on a database that is thrown away."""
    # Its name is known before it is there: an interruption at any instant finds it.
    folder = os.path.join(tempfile.gettempdir(), f"homeby-replay-{secrets.token_hex(8)}")
    os.environ["HOMEBY_HOME"] = folder
    os.environ.pop("HOMEBY_DATABASE_URL", None)
    try:
        os.mkdir(folder, 0o700)
        _django()
        from homeby.station.replay import command

        code = command.run(file, map_name, due=due, as_json=as_json, say=_say, ready=_ready)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    raise typer.Exit(code)


@app.command()
def docs(
    check: Annotated[bool, typer.Option("--check", help="Only compare, change nothing.")] = False,
) -> None:
    """Write docs/reference from the code."""
    _django()
    from homeby.station import reference
    from homeby.web.api.urls import schema_text

    more = {"openapi.json": schema_text()}
    raise typer.Exit(reference.main(check=check, app=app, more=more))


@app.command()
def openapi() -> None:
    """Print the OpenAPI 3.1 schema of the JSON API."""
    _django()
    from homeby.web.api.urls import schema_text

    print(schema_text(), end="")


logbook_commands.add(app, joined=_joined, bare=_django)
private_commands.add(app, joined=_joined)
sealed_commands.add(app, joined=_joined, stop=_stop)
catalogue_commands.add(app, joined=_joined)
app.add_typer(welfare_commands.commands(joined=_joined), name="welfare")
backups.add(app, joined=_joined, bare=_django)
app.add_typer(partners.commands(joined=_joined, sender=partial(_part, "partner")), name="partner")


def main() -> None:
    """The door of the command line."""
    app()
