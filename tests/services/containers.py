"""Container images, really built: by buildah, from a base that debootstrap makes of the mirror that apt uses here.

No container engine runs as a service and no registry is asked. What was built stays in podman's storage, and
an unchanged image is not built again.
"""

import functools
import hashlib
import importlib.metadata
import os
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.services.postgres import unavailable
from tests.services.programs import required

ROOT = Path(__file__).parent.parent.parent
TOOLS = ("buildah", "podman", "runc", "debootstrap", "iptables")
NETWORK = (Path("/usr/lib/podman/netavark"), Path("/usr/lib/podman/aardvark-dns"))
SUITE = "bookworm"
PACKAGES = "python3,python3-venv,python3-pip,ca-certificates"
IMAGES = Path(__file__).parent / "images"
PREFIX = "localhost/sekisho-test"
FROM_HERE = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pip.conf")
"""What a package index behind a private certificate authority needs: there while building, never in the image."""


def tool(*command: str, seconds: float = 900, check: bool = True, folder: Path | None = None) -> str:
    """What a command prints; AssertionError with its complaint when it fails (`check`)."""
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        env={**os.environ, "STORAGE_DRIVER": "overlay", "BUILDAH_ISOLATION": "chroot"},
    )
    assert done.returncode == 0 or not check, (
        f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
    )
    return done.stdout.strip()


def ready() -> None:
    """Skip (fail with SEKISHO_TEST_REQUIRE=1) unless containers can be built and run here."""
    required(*TOOLS, root=True)
    for program in NETWORK:
        if not program.exists():
            unavailable(f"{program.name} is not installed (see tests/system-packages.txt)")


def mirror() -> str:
    """The Debian mirror of this machine's apt; skips when it has none for the suite."""
    wanted = ["--format", "$(SITE)", "Created-By: Packages", f"Codename: {SUITE}"]
    sites = tool("apt-get", "indextargets", *wanted, check=False).split()
    if not sites:
        unavailable(f"apt knows no mirror for {SUITE} here")
    return sites[0]


@functools.cache
def base() -> str:
    """The image that stands in for python:3.11-slim-bookworm."""
    site = mirror()
    name = f"{PREFIX}-base:{hashlib.sha256(f'{site} {SUITE} {PACKAGES}'.encode()).hexdigest()[:12]}"
    if not exists(name):
        with tempfile.TemporaryDirectory(prefix="sekisho-base-") as folder:
            root = Path(folder) / "root"
            tool("debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(root), site)
            shutil.rmtree(root / "var/cache/apt")
            made = tool("buildah", "from", "scratch")
            tool("buildah", "add", "--quiet", made, str(root), "/")
            tool("buildah", "commit", "--quiet", "--rm", made, name)
    return name


def exists(image: str) -> bool:
    return bool(tool("buildah", "images", "--quiet", image, check=False))


def build(name: str, dockerfile: Path, context: Path, **more: str) -> str:
    """Build a Dockerfile on `base`; the image's name. Layers that did not change are taken as they are."""
    image = f"{PREFIX}-{name}"
    more["BASE"] = base()
    given = [f"--build-arg={key}={value}" for key, value in more.items()]
    given += [f"--volume={path}:{path}:ro" for path in FROM_HERE if os.path.exists(path)]
    before = tool("buildah", "images", "--quiet", "--no-trunc", image, check=False)
    tool(
        "buildah", "bud", "--quiet", "--layers", "--pull-never", "--format=docker",
        f"--tag={image}", f"--file={dockerfile}", *given, str(context),
    )  # fmt: skip
    after = tool("buildah", "images", "--quiet", "--no-trunc", image)
    if before and before != after:
        tool("buildah", "rmi", before, check=False)  # nobody would find it any more
    return image


@functools.cache
def sekisho() -> str:
    """The project's own image, by docker/Dockerfile, of what git tracks."""
    with tempfile.TemporaryDirectory(prefix="sekisho-context-") as folder:
        copied(Path(folder))
        return build("node", Path(folder) / "docker/Dockerfile", Path(folder))


def copied(folder: Path) -> None:
    """The tracked files, as they stand here; skips when this is no checkout."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


@functools.cache
def stand_in(name: str) -> str:
    """An image of tests/services/images."""
    with tempfile.TemporaryDirectory(prefix="sekisho-context-") as folder:
        shutil.copytree(IMAGES, folder, dirs_exist_ok=True)
        pins = sorted({f"{d.name}=={d.version}" for d in importlib.metadata.distributions()})
        (Path(folder) / "constraints.txt").write_text("\n".join(pins) + "\n")
        return build(name, Path(folder) / f"{name}.Dockerfile", Path(folder))


def podman(*arguments: str, seconds: float = 120, check: bool = True) -> str:
    """runc, for crun wants another layout of cgroups than some of our machines have."""
    return tool("podman", "--runtime=runc", *arguments, seconds=seconds, check=check)


def limits() -> list[str]:
    """Limits of processes that are not above ours, which runc could not set on a machine like this one."""
    files = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 1 << 16)
    return [f"--ulimit=nofile={files}:{files}", "--ulimit=nproc=1024:1024"]
