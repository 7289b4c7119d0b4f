"""`scripts/models`: list, verify, install. Its help stands in that script."""

import argparse
import sys
from pathlib import Path

import files
import sets
from install import install
from refused import Refused


def main() -> int:
    """The exit code."""
    given = _arguments().parse_args()
    try:
        match given.command:
            case "list":
                return _list(given)
            case "verify":
                return _verify(_set_of(given), given.dir)
            case _:
                return install(_set_of(given), given.source, given.dir, given.accept_terms)
    except Refused as refused:
        _say(f"scripts/models: {refused}")
        if refused.cure:
            _say(f"  {refused.cure}")
    except OSError as error:
        _say(f"scripts/models: {error.filename or given.command}: {error.strerror}")
    except KeyboardInterrupt:
        _say("\nStopped. The same command continues where it was.")
    return 1


class _Parser(argparse.ArgumentParser):
    """Speaks as the other scripts do; the help stands in `scripts/models`."""

    def error(self, message: str):
        _say(f"scripts/models: {message}")
        _say("Try:  scripts/models --help")
        sys.exit(2)


def _arguments() -> argparse.ArgumentParser:
    parser = _Parser(add_help=False, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("list", "verify", "install"):
        command = commands.add_parser(name, add_help=False, allow_abbrev=False)
        which = command.add_mutually_exclusive_group()
        which.add_argument("--set", choices=("research", "own"))
        which.add_argument("--manifest", type=Path)
        command.add_argument("--upstream", type=Path)
        if name != "list":
            command.add_argument("dir", type=Path, metavar="DIR")
        if name == "install":
            command.add_argument("--from", dest="source", metavar="FOLDER|upstream")
            command.add_argument("--accept-terms", action="store_true")
    return parser


def _set_of(given: argparse.Namespace) -> sets.Set:
    if given.manifest:
        return sets.read(given.manifest.name, given.manifest, given.upstream)
    if given.upstream:
        raise Refused("--upstream belongs to --manifest")
    return sets.read_set(given.set or "research")


def _list(given: argparse.Namespace) -> int:
    if given.set or given.manifest or given.upstream:
        chosen = [_set_of(given)]
    else:
        chosen = [sets.read_set(name) for name in ("own", "research")]
    for number, one in enumerate(chosen):
        if number:
            print()
        print(f"Set {one.name}, {len(one.entries)} files, {sum(entry.bytes for entry in one.entries):,} bytes")
        print(f"  level          {one.level_said()}")
        for entry in one.entries:
            print(f"\n  {entry.file}")
            print(f"    does           {entry.does}")
            print(f"    bytes          {entry.bytes:,}")
            print(f"    licence        {entry.licence}")
            print(f"    trained on     {entry.training_data}")
            print(f"    made from      {entry.source}")
            print(f"    conversion     {entry.conversion}")
            print(f"    can be had     {_where(one, entry)}")
    return 0


def _where(one: sets.Set, entry: sets.Entry) -> str:
    if one.folder:
        return "part of this repository"
    if entry.upstream is None:
        return "from a folder only: no address is known"
    return f"from a folder, or {entry.upstream.url}"


def _verify(chosen: sets.Set, folder: Path) -> int:
    faults = 0
    for entry in chosen.entries:
        fault = files.fault_of(entry, folder / entry.file)
        faults += fault is not None
        print(f"{entry.file} {fault or 'is the pinned file'}")
    if faults:
        _say(f"{faults} of {len(chosen.entries)} files of the set {chosen.name} are not right in {folder}.")
        _say("What helps: scripts/models install puts the right ones there and leaves the others alone.")
    return 1 if faults else 0


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
