"""The command line: `undersigned …`. Errors are one plain sentence on stderr, exit status 1."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import click

from app import settings as settings_file
from app.db import Database
from app.errors import DomainError
from app.letter import letter_states
from app.settings import Settings


class Context:
    """What commands need: the settings, and the database once the data is there."""

    def __init__(self) -> None:
        self.settings: Settings = settings_file.load()

    def database(self) -> Database:
        """The migrated database, closed when the command ends."""
        from app.migrate import upgrade

        upgrade(self.settings)
        database = Database(self.settings)
        click.get_current_context().call_on_close(database.close)
        return database


class Undersigned(click.Group):
    """Turns every foreseeable mistake into a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            raise click.ClickException(refusal.sentence) from refusal


@click.group(cls=Undersigned)
@click.version_option(package_name="undersigned")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Runs the sign-on of joint letters."""
    os.umask(0o077)  # database, mails and logos are this user's alone
    ctx.obj = Context()


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-worker", is_flag=True, help="Send no mail from this process.")
@click.pass_obj
def serve(context: Context, host: str, port: int, workers: int, no_worker: bool) -> None:
    """Serve the site; pending migrations are applied first."""
    from app.migrate import upgrade
    from app.server import run

    upgrade(context.settings)
    run(context.settings, host=host, port=port, workers=workers, with_worker=not no_worker)


@main.command()
@click.pass_obj
def worker(context: Context) -> None:
    """Send mail and keep house, without serving pages."""
    from app.worker import Worker

    loop = Worker(context.database())
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_args: loop.stop())
    click.echo("Sending what waits. Stop with Ctrl+C.")
    loop.run()


@main.command()
@click.pass_obj
def migrate(context: Context) -> None:
    """Bring the database to the newest schema."""
    context.database()
    click.echo("The database is up to date.")


@main.command()
@click.pass_obj
def demo(context: Context) -> None:
    """Load the demo letter, once, and print the addresses to open."""
    from app.demo import load

    for line in load(context.database()):
        click.echo(line)


@main.command()
@click.pass_obj
def doctor(context: Context) -> None:
    """Check what the site needs; exit status 1 if something is wrong."""
    from app.doctor import examine

    findings = list(examine(context.settings))
    for finding in findings:
        click.echo(f"{finding.mark} {finding.sentence}")
    if any(finding.is_bad for finding in findings):
        sys.exit(1)


@main.group()
def organiser() -> None:
    """Organisers: the people at the desk."""


@organiser.command("add")
@click.argument("email")
@click.option("--name", default="", help="As colleagues see it.")
@click.option(
    "--without-second-step",
    "removes_second_step",
    is_flag=True,
    help="For somebody who has lost their app and their recovery codes.",
)
@click.pass_obj
def add_organiser(context: Context, email: str, name: str, removes_second_step: bool) -> None:
    """Add an organiser and print a sign-in link, good once, for 24 hours."""
    from app import links
    from app.mailing import mailboxes
    from app.organiser import organisers, totp
    from app.trail import audit

    settings = context.settings
    address = mailboxes.checked(email, allow_special=settings.is_loopback)
    with context.database().write() as db:
        organiser = organisers.add(db, address, name)
        if removes_second_step:
            totp.remove(db, organiser, by=audit.OPERATOR)
        secret = organisers.first_link(db, organiser)
        token = links.token(db.keys, links.SIGN_IN, secret)
    click.echo(settings.url(f"/desk/sign-in/{token}"))


@main.group()
def letter() -> None:
    """Letters: import, export, open, pause, close."""


@letter.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--slug", help="The letter's name in its address; the file's own without it.")
@click.option("--owner", help="E-mail address of the organiser who owns it.")
@click.option("--open", "opens", is_flag=True, help="Open it for signature at once.")
@click.option(
    "--translation",
    "is_translation",
    is_flag=True,
    help="It is a letter's text in one more language.",
)
@click.option("--language", default="", help="Such as fr; what the file says without it.")
@click.option(
    "--track-changes",
    "changes",
    type=click.Choice(["accept", "reject"]),
    default="accept",
    show_default=True,
    help="What becomes of changes that Word tracked.",
)
@click.pass_obj
def import_letter(
    context: Context,
    file: Path,
    slug: str | None,
    owner: str | None,
    opens: bool,
    is_translation: bool,
    language: str,
    changes: str,
) -> None:
    """Import a letter, or the next version of one, from Word or from Markdown."""
    from app import i18n
    from app.letter import imports, letter_files, versions
    from app.trail.audit import OPERATOR

    database = context.database()
    content = letter_files.read(
        file,
        context.settings.logos_dir,
        is_translation=is_translation,
        language=language,
        changes=changes,
    )
    for warning in content.warnings:
        click.echo(warning, err=True)
    with database.write() as db:
        letter = imports.take_in(db, content, slug=slug, by=OPERATOR)
        imports.give_owner(db, letter, owner)
        if opens and letter.status != "open":
            letter_states.open_(db, letter, by=OPERATOR)
        outdated = versions.outdated(db, letter.id)
    for language in outdated:
        click.echo(
            f"The text in {i18n.named(language)} is older than the letter's now; "
            "--translation imports a new one.",
            err=True,
        )
    click.echo(
        f"{context.settings.url(letter.path)} · version {letter.version} · {letter.status}"
        f" · SHA-256 {letter.sha256}"
    )


@letter.command("export")
@click.argument("slug")
@click.option(
    "--format",
    "output",
    type=click.Choice(["html", "pdf", "docx", "csv", "xlsx", "json"]),
    required=True,
)
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), required=True)
@click.option("--language", default="", help="One of the letter's; the original's without it.")
@click.option("--allow-missing", is_flag=True, help="Print a box for a character no font has.")
@click.pass_obj
def export_letter(
    context: Context, slug: str, output: str, target: Path, language: str, allow_missing: bool
) -> None:
    """Write the final letter, or its list, to a file."""
    from app.documents.fonts import MissingGlyph
    from app.signatory.exports import export

    try:
        with context.database().read() as db:
            content = export(db, slug, output, language=language, allow_missing=allow_missing)
    except MissingGlyph as missing:
        way_out = "With --allow-missing a box is printed in its place."
        raise click.ClickException(f"{missing.sentence} {way_out}") from missing
    try:
        target.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{target}: {error.strerror}.") from error
    click.echo(f"{target} ({len(content):,} bytes)")


def _moving(name: str, help_: str) -> None:
    @letter.command(name, help=help_)
    @click.argument("slug")
    @click.pass_obj
    def move(context: Context, slug: str) -> None:
        from app.letter import letters
        from app.trail.audit import OPERATOR

        verbs = {
            "open": letter_states.open_,
            "pause": letter_states.pause,
            "close": letter_states.close,
        }
        with context.database().write() as db:
            moved = letters.by_slug(db, slug)
            verbs[name](db, moved, by=OPERATOR)
        click.echo(f"{context.settings.url(moved.path)} is {letters.status_name(moved.status)}.")


_moving("open", "Open a letter for signature.")
_moving("pause", "Stop signing for now.")
_moving("close", "End signing.")
