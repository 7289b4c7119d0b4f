"""Installs a set: says the terms, asks, and puts in place what is missing; a file that is already right is left alone."""

import sys
from pathlib import Path

import convert
import files
import sets
from fetch import fetch
from refused import Refused

UPSTREAM = "upstream"


def install(chosen: sets.Set, source: str | None, folder: Path, accepted: bool) -> int:
    """The exit code."""
    source = source or (str(chosen.folder) if chosen.folder else None)
    if source is None:
        raise Refused("where from?", "--from FOLDER or --from upstream")
    if source == UPSTREAM and chosen.folder:
        raise Refused(f"the set {chosen.name} is part of this repository", "leave --from out")
    if source != UPSTREAM and not Path(source).is_dir():
        raise Refused(f"there is no folder {source}")
    wanted = [entry for entry in chosen.entries if files.fault_of(entry, folder / entry.file)]
    if not wanted:
        _say(f"All {len(chosen.entries)} files of the set {chosen.name} are in {folder} already.")
        return 0
    _say_terms(chosen, wanted)
    _accept(accepted)
    failed = 0
    for entry in wanted:
        try:
            data = _from_upstream(entry, folder) if source == UPSTREAM else _from_folder(entry, Path(source))
            files.place(entry, data, folder)
            _part(entry, folder).unlink(missing_ok=True)
            _say(f"{entry.file}: installed")
        except Refused as refused:
            failed += 1
            _say(f"{entry.file}: NOT installed: {refused}")
            if refused.cure:
                _say(f"  what helps: {refused.cure}")
    if failed:
        _say(f"{failed} of {len(chosen.entries)} files are missing in {folder}; the face way stays closed without them.")
        return 1
    _say(f"The set {chosen.name} is in {folder}.")
    if not chosen.folder:
        _say(f"Tell reader-daemon:  [face] models = \"{folder.resolve()}\"")
    return 0


def _say_terms(chosen: sets.Set, wanted: list[sets.Entry]) -> None:
    _say(f"Terms of the set {chosen.name} (level {chosen.level_said()}):\n")
    for entry in wanted:
        _say(f"  {entry.file}: {entry.does}")
        _say(f"    licence     {entry.licence} ({entry.source})")
        _say(f"    trained on  {entry.training_data}")
    _say("")
    if not chosen.folder:
        _say("Whether the terms of training data reach the weights made of them is unsettled.")
        _say("Whoever runs the terminal decides it for the place of use, and answers for it.")
        _say("学習データの利用条件がモデルに及ぶかどうかは定まっていません。設置する施設の責任で判断してください。\n")


def _accept(accepted: bool) -> None:
    if accepted:
        _say("Accepted by --accept-terms.")
        return
    if not sys.stdin.isatty():
        raise Refused("nothing was installed: the terms were not accepted, and there is no terminal to ask at",
                      "--accept-terms accepts them for an installation by a program")
    print("Type yes to accept these terms: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != "yes":
        raise Refused("nothing was installed: the terms were not accepted")


def _from_upstream(entry: sets.Entry, folder: Path) -> bytes:
    upstream = entry.upstream
    if upstream is None:
        raise Refused("no address is known where it was published", "--from FOLDER")
    # Said before anything is fetched.
    if convert.needs_torch(upstream.conversion):
        convert.check_torch()
    return _converted(entry, fetch(upstream, _part(entry, folder), entry.file), upstream.conversion)


def _from_folder(entry: sets.Entry, source: Path) -> bytes:
    fault = files.fault_of(entry, source / entry.file)
    if fault is None:
        return files.read(source / entry.file)
    upstream = entry.upstream
    if upstream and (source / upstream.name).is_file():
        data = files.read(source / upstream.name)
        if files.sha256(data) != upstream.sha256:
            raise Refused(f"{source / upstream.name} is not what upstream published: its SHA-256 is {files.sha256(data)} "
                          f"instead of {upstream.sha256}")
        return _converted(entry, data, upstream.conversion)
    raise Refused(f"{source / entry.file} {fault}")


def _converted(entry: sets.Entry, data: bytes, conversion: str) -> bytes:
    made = convert.convert(data, conversion)
    if files.sha256(made) != entry.sha256:
        raise Refused(
            f"the conversion ({conversion}) gave another file than the pinned one: its SHA-256 is {files.sha256(made)} "
            f"instead of {entry.sha256}; reader-daemon would refuse it",
            "get the converted file from who has it, and install with --from FOLDER",
        )
    return made


def _part(entry: sets.Entry, folder: Path) -> Path:
    return folder / f"{entry.file}.part"


def _say(text: str) -> None:
    print(text, file=sys.stderr)
