"""What a disk may hold after a power cut: a conservative model of POSIX file systems, applied to a recording.

- What was forced to disk stays. The entry of a file or folder is forced by an fsync of the folder that holds it, not by
  one of the file itself.
- Content that was not forced may be lost, cut in half, or read as zeroes, whatever its name's fate.
- A change of entries (create, link, rename, unlink, mkdir) that was not forced may be kept or lost, whatever becomes of
  the others. A rename happens or does not, and what it replaces is never in between; its two ends may be both there.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbregistry.artifacts.durable import PART
from tests.faults.recorder import Acknowledged, Content, Forced, Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.faults.recorder import Recording

Tree = frozenset[tuple[str, str | None]]
"""Paths and the digests of files; ``None`` for a folder."""
LOST, DOUBLED = "lost", "doubled"


@dataclass(frozen=True)
class Image:
    """What one power cut could leave.

    Attributes
    ----------
    tree : Tree
    acknowledged : int
        So many steps were done before the cut.
    told : str
        When it was, and what was lost.
    """

    tree: Tree
    acknowledged: int
    told: str = field(compare=False)


def images(recording: Recording, dropped: frozenset[str] = frozenset(), points: range | None = None) -> Iterator[Image]:
    """Give every different image, those of cuts right after an acknowledgement first.

    Parameters
    ----------
    recording : Recording
    dropped : frozenset of str
        Sites whose fsyncs are taken out of the recording.
    points : range, optional
        Only cuts after so many events.
    """
    events = recording.events
    seen: set[tuple[Tree, int]] = set()
    after = sorted(points or range(len(events) + 1), key=lambda n: not (n and isinstance(events[n - 1], Acknowledged)))
    for cut in after:
        for image in _images_at(recording, cut, dropped):
            alike = _without_parts(image.tree), image.acknowledged
            if alike not in seen:
                seen.add(alike)
                yield image


def _without_parts(tree: Tree) -> Tree:
    """Give what two images have in common that differ in what is left of incomplete files: nothing reads those."""
    return frozenset(("part", "") if path.endswith(PART) else (path, digest) for path, digest in tree)


def whole(recording: Recording, cut: int) -> Tree:
    """Give what there was, with nothing lost."""
    return _tree(recording, cut, {}, {})


def _images_at(recording: Recording, cut: int, dropped: frozenset[str]) -> Iterator[Image]:
    names, contents = _pending(recording, cut, dropped)
    acknowledged = sum(isinstance(event, Acknowledged) for event in recording.events[:cut])

    def image(fates: Mapping[int, str], torn: Mapping[int, str], told: str) -> Image:
        return Image(_tree(recording, cut, fates, torn), acknowledged, f"cut after event {cut}: {told}")

    gone = {inode: durable for inode, (durable, _) in contents.items()}
    yield image(dict.fromkeys(names, LOST), gone, "nothing kept that was not forced")
    yield image({}, {}, "everything kept")
    yield image({}, gone, "all names kept, no content")
    for number, change in names.items():
        others = {other: LOST for other in names if other != number}
        yield image({number: LOST}, {}, f"lost {change}")
        yield image(others, {}, f"of all names kept only {change}")
        yield image(others, gone, f"kept only {change}, and no content")
        if len(change.entries) > 1:
            yield image({number: DOUBLED}, {}, f"both ends of {change}")
    for inode, (durable, latest) in contents.items():
        for how, digest in _torn(recording, durable, latest).items():
            yield image({}, {inode: digest}, f"content {how} of {inode}")


def _pending(
    recording: Recording, cut: int, dropped: frozenset[str]
) -> tuple[dict[int, Names], dict[int, tuple[str, str]]]:
    """Give what is not forced yet: changes of names, and for files the content on disk and the one meant."""
    names: dict[int, Names] = {}
    durable, latest = dict(recording.contents), dict(recording.contents)
    for number, event in enumerate(recording.events[:cut]):
        if isinstance(event, Names):
            names[number] = event
        elif isinstance(event, Content):
            latest[event.inode] = event.digest
        elif isinstance(event, Forced) and event.site not in dropped:
            names = {other: change for other, change in names.items() if change.home != event.inode}
            if event.inode in latest:
                durable[event.inode] = latest[event.inode]
    on_disk = {inode: durable.get(inode, recording.empty) for inode in latest}
    return names, {inode: (on_disk[inode], meant) for inode, meant in latest.items() if meant != on_disk[inode]}


def _torn(recording: Recording, durable: str, latest: str) -> dict[str, str]:
    meant = recording.bytes[latest]
    half = meant[: len(meant) // 2]
    return {
        "lost": durable,
        "cut in half": recording.kept(half),
        "half zeroes": recording.kept(half.ljust(len(meant), b"\0")),
        "all zeroes": recording.kept(bytes(len(meant))),
    }


def _tree(recording: Recording, cut: int, fates: Mapping[int, str], torn: Mapping[int, str]) -> Tree:
    folders = {inode: dict(names) for inode, names in recording.folders.items()}
    contents = dict(recording.contents)
    for number, event in enumerate(recording.events[:cut]):
        if isinstance(event, Content):
            contents[event.inode] = event.digest
        elif isinstance(event, Names) and fates.get(number) != LOST:
            for folder, name, inode in event.entries[: 1 if fates.get(number) == DOUBLED else None]:
                if inode is None:
                    folders.setdefault(folder, {}).pop(name, None)
                else:
                    folders.setdefault(folder, {})[name] = inode
    contents |= torn
    found: list[tuple[str, str | None]] = []
    waiting = [("", recording.root)]
    while waiting:
        above, folder = waiting.pop()
        for name, inode in folders.get(folder, {}).items():
            path = f"{above}{name}"
            if inode in folders or inode in recording.made:
                found.append((path, None))
                waiting.append((f"{path}/", inode))
            else:
                found.append((path, contents.get(inode, recording.empty)))
    return frozenset(found)


def lay_out(recording: Recording, tree: Tree, pool: Path, folder: Path) -> None:
    """Make an image: a real folder. Equal contents are one file, since nothing here is ever written in place."""
    for path, digest in sorted(tree, key=lambda entry: entry[0]):
        target = f"{folder}{os.sep}{path}"
        if digest is None:
            os.mkdir(target)
            continue
        kept = f"{pool}{os.sep}{digest}"
        if not os.path.exists(kept):
            with open(kept, "wb") as file:
                file.write(recording.bytes[digest])
        os.link(kept, target)
