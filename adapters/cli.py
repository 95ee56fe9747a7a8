"""The command `kept`. Imports wait until a command needs them, so that `--help` is instant."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """0: done; 1: trouble, said in a line; 2: not a command of ours."""
    arguments, rest = _parser().parse_known_args(argv)
    if rest and arguments.run is not _bench:  # only a bench reads options of its own
        _parser().error(f"unrecognized arguments: {' '.join(rest)}")
    arguments.rest = [*getattr(arguments, "names", []), *rest]
    try:
        return int(arguments.run(arguments) or 0)
    except KeyboardInterrupt:
        return 130  # what a shell reports for a program ended by Ctrl-C
    except BrokenPipeError:  # `kept ... | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        return _foreseen(error)


def _foreseen(error: Exception) -> int:
    from adapters.faults import in_words

    words = in_words(error)
    if words is None:
        raise error
    for line in words.splitlines():
        print(f"kept: {line}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kept", description="Keeps partnership promises on track.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_servers(commands)
    _add_upkeep(commands)
    _add_care(commands)
    _add_manifest(commands)
    _add_explain(commands)
    bench = commands.add_parser("bench", help="measure Kept on this machine", add_help=False)
    bench.add_argument("names", nargs="*", metavar="BENCH")
    bench.set_defaults(run=_bench)
    return parser


def _add_servers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser("demo", help="try Kept in the browser, without an account anywhere")
    demo.add_argument("--fresh", action="store_true", help="start the story over")
    demo.set_defaults(run=_demo)
    serve = commands.add_parser("serve", help="run Kept for Slack and Teams")
    serve.add_argument("--insecure-dev", action="store_true", help="no authentication; on this machine only")
    serve.set_defaults(run=_serve)
    for each in (demo, serve):
        each.add_argument("--host", help="where to listen (default: $HOST, or 127.0.0.1)")
        each.add_argument("--port", help="which port (default: $PORT, or 8765)")


def _add_upkeep(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="say what is wrong with this installation, and how to mend it")
    check.set_defaults(run=_check)
    migrate = commands.add_parser("migrate", help="bring the database up to date, keeping a copy first")
    migrate.set_defaults(run=_migrate)
    backup = commands.add_parser("backup", help="copy the database while Kept runs")
    backup.add_argument("file", metavar="FILE", help="a new file; an existing one is never replaced")
    backup.set_defaults(run=_backup)
    letters = commands.add_parser("letters", help="list what could not be delivered, or send one again")
    letters.add_argument("--requeue", metavar="NUMBER", type=int, help="send this one again")
    letters.set_defaults(run=_letters)
    digest = commands.add_parser("digest", help="show the next digests without sending them")
    digest.add_argument("--preview", action="store_true", required=True, help="print, send nothing")
    digest.add_argument("--partnership", metavar="NAME", help="only this one")
    digest.set_defaults(run=_digest)


def _add_care(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What a security review asks for."""
    export = commands.add_parser("export", help="write promises and their history to a file")
    export.add_argument("file", metavar="FILE", help="a new file; an existing one is never replaced")
    export.add_argument("--format", choices=("csv", "json"), required=True, help="json holds everything")
    about = export.add_mutually_exclusive_group()
    about.add_argument("--person", help="all that concerns them: account, name or Kept's id")
    about.add_argument("--partnership", metavar="NAME", help="all that concerns this customer")
    export.add_argument("--notes", action="store_true", help="with the owners' private notes")
    export.set_defaults(run=_export)
    erase = commands.add_parser("erase", help="remove a person for good; their promises stay, without a name")
    erase.add_argument("person", nargs="?", help="slack:U024BE7LH, a mention, Kept's id, or the name in full")
    erase.add_argument(
        "--also", action="append", default=[], metavar="TEXT", help="another form, such as e-mail"
    )
    erase.add_argument("--yes", action="store_true", help="do not ask")
    erase.add_argument(
        "--replay", action="store_true", help="after a restore: erase again whom it brought back"
    )
    erase.set_defaults(run=_erase, parser=erase)
    pause = commands.add_parser("pause", help="send nothing until `kept resume`; people's asks are answered")
    pause.set_defaults(run=_pause)
    resume = commands.add_parser("resume", help="send again, beginning with what has waited")
    resume.set_defaults(run=_resume)
    for each in (export, erase, pause, resume):
        each.add_argument("--tenant", metavar="ID", help="only this workspace or organisation")


def _add_manifest(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    manifest = commands.add_parser("manifest", help="make the app as a platform takes it")
    platforms = manifest.add_subparsers(title="platforms", metavar="PLATFORM", required=True)
    slack = platforms.add_parser("slack", help="for Slack's “From a manifest”, in JSON")
    slack.add_argument(
        "--socket", action="store_true", help="by Socket Mode (default: when SLACK_APP_TOKEN is set)"
    )
    slack.set_defaults(run=_manifest_slack)
    teams = platforms.add_parser("teams", help="the app package for Teams, as a zip")
    teams.add_argument(
        "file", nargs="?", default="kept-teams.zip", metavar="FILE", help="default: kept-teams.zip"
    )
    teams.add_argument("--publisher", metavar="NAME", default="Kept", help="who runs this Kept")
    teams.add_argument("--about", metavar="URL", help="a page that says so (default: $KEPT_PUBLIC_URL)")
    teams.add_argument("--version", help="raise it to replace a package (default: Kept's own)")
    teams.add_argument("--slash", action="store_true", help="with commands under /, which Teams previews")
    teams.add_argument(
        "--read-channels", action="store_true", help="ask to hear every message of standard channels"
    )
    teams.set_defaults(run=_manifest_teams)


def _add_explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    explain = commands.add_parser("explain", help="say how Kept reads a phrase, and why")
    subjects = explain.add_subparsers(title="what", metavar="WHAT", required=True)
    due = subjects.add_parser("due", help="when something is due")
    due.add_argument("phrase", nargs="?", help='such as "by Friday 5pm"')
    due.add_argument("--tz", help="the owner's time zone, such as Europe/Berlin (default: none, wall time)")
    due.add_argument("--locale", help="such as en-GB; decides how 3/4 is read")
    due.add_argument("--now", help="the moment it was said, ISO 8601 (default: now)")
    due.add_argument(
        "--jsonl", action="store_true", help="a JSON object a line from standard input to output"
    )
    due.set_defaults(run=_explain_due, parser=due)
    message = subjects.add_parser("message", help="which promises a message holds")
    message.add_argument("text", nargs="?", help='such as "I\'ll send the report by Friday"')
    message.add_argument("--author", choices=("ours", "theirs"), default="ours", help="whose side wrote it")
    message.add_argument("--lang", help="such as de (default: found out)")
    message.add_argument(
        "--jsonl", action="store_true", help="a JSON object a line from standard input to output"
    )
    message.set_defaults(run=_explain_message, parser=message)


def _demo(arguments: argparse.Namespace) -> None:
    from adapters.environment import address, is_loopback
    from adapters.problems import Trouble

    host, port = address(_environ_with(arguments))
    if not is_loopback(host):
        raise Trouble(
            f"The playground signs nobody in, so it listens on this machine only: {host} is not loopback."
        )
    from adapters.app import run_demo

    run_demo(host=host, port=port, fresh=arguments.fresh)


def _serve(arguments: argparse.Namespace) -> None:
    from adapters.config import load_settings
    from adapters.environment import is_loopback
    from adapters.problems import Trouble

    settings = load_settings(environ=_environ_with(arguments))
    if arguments.insecure_dev and not is_loopback(settings.host):
        raise Trouble(f"--insecure-dev listens on this machine only: {settings.host} is not loopback.")
    from adapters.app import run_serve

    run_serve(host=settings.host, port=settings.port, insecure_dev=arguments.insecure_dev)


def _environ_with(arguments: argparse.Namespace) -> dict[str, str]:
    """The environment, under what was said on the command line."""
    said = {"HOST": arguments.host, "PORT": arguments.port}
    return {**os.environ, **{name: value for name, value in said.items() if value}}


def _check(_: argparse.Namespace) -> int:
    from adapters.checks import check

    findings = check()
    for finding in findings:
        print(finding)
    return 0 if all(finding.is_fine for finding in findings) else 1


def _migrate(_: argparse.Namespace) -> None:
    from adapters.backup import migrate_safely
    from adapters.environment import database_url

    for line in migrate_safely(database_url(os.environ)):
        print(line)


def _backup(arguments: argparse.Namespace) -> None:
    from pathlib import Path

    from adapters.backup import back_up
    from adapters.environment import database_url

    size = back_up(database_url(os.environ), Path(arguments.file))
    print(f"Copied and checked: {arguments.file} ({size:,} bytes).")


def _letters(arguments: argparse.Namespace) -> None:
    from adapters.clock import utc_now
    from adapters.letters import listed, requeue

    if arguments.requeue is not None:
        requeue(os.environ, arguments.requeue, utc_now())
        print(f"Dead letter {arguments.requeue} goes out with the next sweep.")
        return
    print("\n".join(listed(os.environ)) or "No dead letters.")


def _digest(arguments: argparse.Namespace) -> None:
    from adapters.app import preview_digest

    print(preview_digest(partnership=arguments.partnership))


def _export(arguments: argparse.Namespace) -> None:
    from adapters.clock import utc_now
    from adapters.exporting import Selection, export

    selection = Selection(
        person=arguments.person,
        partnership=arguments.partnership,
        tenant=arguments.tenant,
        notes=arguments.notes,
    )
    print(export(os.environ, selection, arguments.format, arguments.file, utc_now()))


def _erase(arguments: argparse.Namespace) -> None:
    from adapters.clock import utc_now
    from adapters.erase_command import erase_person, replay

    if arguments.replay == (arguments.person is not None):
        arguments.parser.error("give either a person or --replay")
    if arguments.replay:
        done = replay(os.environ, utc_now())
    else:
        done = erase_person(
            os.environ,
            arguments.person,
            utc_now(),
            also=tuple(arguments.also),
            tenant=arguments.tenant,
            is_sure=lambda question: arguments.yes or _confirmed(question),
        )
    for line in done:
        print(line)


def _confirmed(question: str) -> bool:
    from adapters.problems import Trouble

    print(question)
    try:
        return input("Type yes to go on: ").strip().casefold() == "yes"
    except EOFError:
        raise Trouble("Nobody is there to confirm it. Add --yes if you are sure.") from None


def _pause(arguments: argparse.Namespace) -> None:
    from adapters.clock import utc_now
    from adapters.pausing import how_to_resume, pause

    pause(os.environ, utc_now(), arguments.tenant)
    whom = arguments.tenant or "anybody"
    print(f"Nothing is sent to {whom} any more; it waits. To send again: {how_to_resume(arguments.tenant)}")


def _resume(arguments: argparse.Namespace) -> None:
    from adapters.pausing import resume

    for line in resume(os.environ, arguments.tenant):
        print(line)


def _manifest_slack(arguments: argparse.Namespace) -> None:
    """Without a public address only Socket Mode can work."""
    from adapters.config import read_file
    from adapters.environment import read_environment
    from adapters.slack.manifest import as_json

    environment = read_environment(os.environ)
    url = environment.public_url
    is_socket = bool(arguments.socket or environment.slack.app_token or url is None)
    print(as_json(url, is_socket, reading=read_file().features.reading))


def _manifest_teams(arguments: argparse.Namespace) -> None:
    from pathlib import Path

    from adapters.environment import read_environment
    from adapters.teams.manifest import app_for, package

    app = app_for(
        read_environment(os.environ),
        version=arguments.version,
        publisher=arguments.publisher,
        about=arguments.about,
        has_slash=arguments.slash,
        reads_channels=arguments.read_channels,
    )
    Path(arguments.file).write_bytes(package(app))
    print(f"Wrote {arguments.file}. In Teams: Apps, Manage your apps, Upload an app.")


def _explain_due(arguments: argparse.Namespace) -> None:
    from adapters.explain import explain_lines, explain_phrase

    if arguments.jsonl == (arguments.phrase is not None):
        arguments.parser.error("give either a phrase or --jsonl")
    if arguments.jsonl:
        explain_lines(sys.stdin.buffer, sys.stdout)
    else:
        print(explain_phrase(arguments.phrase, tz=arguments.tz, locale=arguments.locale, now=arguments.now))


def _explain_message(arguments: argparse.Namespace) -> None:
    from adapters.explain import explain_message, explain_messages

    if arguments.jsonl == (arguments.text is not None):
        arguments.parser.error("give either a message or --jsonl")
    if arguments.jsonl:
        explain_messages(sys.stdin.buffer, sys.stdout)
    else:
        print(explain_message(arguments.text, author=arguments.author, language=arguments.lang))


def _bench(arguments: argparse.Namespace) -> int:
    from adapters.bench import main as bench

    return int(bench(arguments.rest) or 0)
