"""A disk whose power can be cut: an ext4 image on a file system that copies files by reference (XFS with reflink).

    with Disk(folder) as disk:
        disk.place             a directory on it
        disk.cut()             the copy of the image is what a power cut leaves: what was not written to the disk is not there
        disk.power()           the copy is mounted in its place; ext4 recovers as after a power cut

What the inner file system has told its disk by now is in the copy, in that order; what is in its page cache is not. Root only.
"""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.services.postgres import unavailable
from tests.services.programs import required

OUTER, INNER = "400M", "96M"


class Disk:
    def __init__(self, folder: Path) -> None:
        self._outer = folder / "outer"
        self._image = self._outer / "disk.img"
        self._left = self._outer / "left.img"
        self.place = folder / "disk"
        self._folder = folder
        self._mounted: list[Path] = []

    def __enter__(self) -> Self:
        required("mkfs.xfs", "mkfs.ext4", "mount", root=True)
        self._outer.mkdir()
        self.place.mkdir()
        image = self._folder / "outer.img"
        self._run("truncate", "-s", OUTER, image)
        self._run("mkfs.xfs", "-q", "-m", "reflink=1", image)
        try:
            self._mount(image, self._outer)
            self._run("truncate", "-s", INNER, self._image)
            self._run("mkfs.ext4", "-q", "-F", self._image)
            self._mount(self._image, self.place)
        except RuntimeError as error:
            self.__exit__(None, None, None)
            unavailable(f"no loop device with XFS here: {error}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._mounted:
            with contextlib.suppress(RuntimeError):
                self._run("umount", "-l", self._mounted.pop())
        for left in (*self._folder.glob("outer.img"),):
            left.unlink()

    def cut(self) -> None:
        """The power is gone: nothing that is written from now on is on the disk."""
        self._run("cp", "--reflink=always", self._image, self._left)

    def power(self) -> None:
        """It is back. Nobody may have a file of the disk open."""
        self._run("umount", self.place)
        self._mounted.remove(self.place)
        os.replace(self._left, self._image)
        self._mount(self._image, self.place)

    def _mount(self, image: Path, place: Path) -> None:
        self._run("mount", "-o", "loop", image, place)
        self._mounted.append(place)

    def _run(self, *command: str | Path) -> None:
        path = shutil.which(str(command[0]), path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        done = subprocess.run(
            [path or str(command[0]), *map(str, command[1:])], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stderr.strip()}")
