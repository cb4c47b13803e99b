"""A compose file, brought up by podman alone: it is the file itself that is tried.

Every key must be one that is known here; a key that would be read over is an error, not a silence. What differs
from `docker compose up`: images are named by the caller (nothing is pulled), host ports are free ones, and
healthchecks run when somebody waits for them, as there is no systemd to run them every few seconds.
"""

import json
import os
import re
import shlex
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any, Self

import yaml

from tests.services.containers import limits, podman

TOP = {"name", "services", "volumes", "networks", "secrets"}
PATIENCE = 120.0
"""Seconds that a service may take to get healthy."""


def interpolated(text: str, values: dict[str, str]) -> str:
    """`${NAME:-default}` and `$$` as the compose specification says; any other `$` is an error."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        if match["name"] is None:
            raise ValueError(f"a lone $ in {text[match.start() : match.start() + 40]!r}")
        return values.get(match["name"], match["default"])

    return re.sub(r"\$\$|\$(?:\{(?P<name>[A-Z_]+):-(?P<default>[^}]*)\})?", value, text)


class Compose:
    """The services of `file`, up for the length of a `with`. `images` gives the images in place of those named."""

    def __init__(self, file: Path, images: dict[str, str], values: dict[str, str] | None = None) -> None:
        self.folder = file.parent
        self.prefix = f"sekisho-test-{uuid.uuid4().hex[:8]}"
        self._images = images
        self._file: dict[str, Any] = yaml.safe_load(interpolated(file.read_text(), values or {}))
        unknown = {key for key in self._file if not key.startswith("x-")} - TOP
        if unknown:
            raise ValueError(f"{file.name}: {unknown}")
        self._services: dict[str, dict[str, Any]] = self._file["services"]
        self._networks: dict[str, Any] = self._file.get("networks") or {"default": None}

    def __enter__(self) -> Self:
        try:
            for name, network in self._networks.items():
                ranges = (network or {}).get("ipam", {}).get("config", [])
                options = [
                    f"--{key.replace('_', '-')}={value}" for each in ranges for key, value in each.items()
                ]
                podman("network", "create", *options, self._full(name))
            for name in self._file.get("volumes") or {}:
                podman("volume", "create", self._full(name))
            for name in self._services:
                self._start(name, set())
            for name in self._services:
                self.wait_healthy(name)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in reversed(self._services):
            podman("rm", "--force", "--volumes", "--time=0", self._full(name), check=False)
        for name in self._file.get("volumes") or {}:
            podman("volume", "rm", "--force", self._full(name), check=False)
        for name in self._networks:
            podman("network", "rm", "--force", self._full(name), check=False)

    def _full(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def _start(self, name: str, above: set[str]) -> None:
        """Start a service after those on which it depends."""
        if name in above:
            raise ValueError(f"{name} depends on itself")
        if self._exists(name):
            return
        for other, how in self._services[name].get("depends_on", {}).items():
            self._start(other, above | {name})
            if how != {"condition": "service_healthy"}:
                raise ValueError(f"{name}: depends_on {other}: {how}")
            self.wait_healthy(other)
        podman("run", "--detach", "--name", self._full(name), *self.options(name), *self._command(name))

    def _exists(self, name: str) -> bool:
        listed = podman("ps", "--all", "--format={{.Names}}").split()
        return self._full(name) in listed

    def options(self, name: str) -> list[str]:
        """A service's keys as options of `podman run`."""
        found = ["--network-alias", name, "--read-only-tmpfs=false", *limits()]  # as docker has it
        networks: dict[str, Any] = {"default": {}}
        for key, value in self._services[name].items():
            match key:
                case "image" | "command" | "depends_on" | "build" | "restart" | "stop_grace_period":
                    if key == "restart" and value != "unless-stopped":
                        raise ValueError(f"{name}: restart: {value}")
                case (
                    "read_only"
                    | "cap_drop"
                    | "security_opt"
                    | "tmpfs"
                    | "user"
                    | "mem_limit"
                    | "shm_size"
                    | "pids_limit"
                ):
                    option = {"mem_limit": "memory", "user": "user"}.get(key, key.replace("_", "-"))
                    values = value if isinstance(value, list) else [value]
                    found += [f"--{option}={str(v).lower() if v is True else v}" for v in values]
                case "entrypoint":
                    found.append(f"--entrypoint={json.dumps(value)}")
                case "environment":
                    found += [f"--env={k}={v}" for k, v in value.items()]
                case "volumes":
                    found += [f"--volume={self._volume(v)}" for v in value]
                case "ports":
                    found += [f"--publish=127.0.0.1::{v.rpartition(':')[2]}" for v in value]
                case "secrets":
                    found += [f"--volume={self._secret(v)}:/run/secrets/{v}:ro" for v in value]
                case "networks":
                    networks = value if isinstance(value, dict) else {each: {} for each in value}
                case "healthcheck":
                    found += self._healthcheck(value)
                case _:
                    raise ValueError(f"{name}: {key}")
        ((network, options),) = networks.items()
        address = options.get("ipv4_address")
        return [*found, f"--network={self._full(network)}", *([f"--ip={address}"] if address else [])]

    def _volume(self, text: str) -> str:
        source, _, rest = text.partition(":")
        if source.startswith("."):
            return f"{(self.folder / source).resolve(strict=True)}:{rest}"
        if source not in self._file["volumes"]:
            raise ValueError(f"no volume {source}")
        return f"{self._full(source)}:{rest}"

    def _secret(self, name: str) -> Path:
        return (self.folder / self._file["secrets"][name]["file"]).resolve(strict=True)

    @staticmethod
    def _healthcheck(value: dict[str, Any]) -> list[str]:
        kind, *test = value["test"]
        if kind != "CMD" or set(value) - {"test", "interval", "timeout", "start_period", "retries"}:
            raise ValueError(f"healthcheck: {value}")
        periods = {k.replace("_", "-"): v for k, v in value.items() if k != "test"}
        return [f"--health-cmd={shlex.join(test)}", *(f"--health-{k}={v}" for k, v in periods.items())]

    def _command(self, name: str) -> list[str]:
        service = self._services[name]
        return [self._images[service["image"]], *service.get("command", [])]

    # -- what a test asks ----------------------------------------------------------------------------------

    def wait_healthy(self, name: str, seconds: float = PATIENCE) -> None:
        """Run the service's own healthcheck until it is content. AssertionError with its log otherwise."""
        end = time.monotonic() + seconds
        while not self.healthy(name):
            assert time.monotonic() < end, f"{name} is not healthy: {self.log(name)[-3000:]}"
            assert self.running(name), f"{name} has ended: {self.log(name)[-3000:]}"
            time.sleep(0.5)

    def healthy(self, name: str) -> bool:
        done = subprocess.run(
            ["podman", "--runtime=runc", "healthcheck", "run", self._full(name)],
            stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60,
            env={**os.environ, "STORAGE_DRIVER": "overlay"},
        )  # fmt: skip
        return done.returncode == 0

    def running(self, name: str) -> bool:
        return podman("inspect", "--format={{.State.Running}}", self._full(name)) == "true"

    def log(self, name: str) -> str:
        done = subprocess.run(
            ["podman", "logs", self._full(name)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, timeout=60, env={**os.environ, "STORAGE_DRIVER": "overlay"},
        )  # fmt: skip
        return done.stdout

    def run(self, name: str, *command: str) -> str:
        """What a command in a running service prints."""
        return podman("exec", self._full(name), *command)

    def kill(self, name: str) -> None:
        """Without a chance to say goodbye."""
        podman("kill", "--signal=KILL", self._full(name))

    def start(self, name: str) -> None:
        podman("start", self._full(name))

    def stop(self, name: str, seconds: int) -> None:
        """Told to stop; killed after so long."""
        podman("stop", f"--time={seconds}", self._full(name))

    def pause(self, name: str) -> None:
        podman("pause", self._full(name))

    def unpause(self, name: str) -> None:
        podman("unpause", self._full(name))

    def replace(self, name: str) -> None:
        """A new container on the same volumes, as after an upgrade."""
        podman("rm", "--force", "--time=30", self._full(name))
        self._start(name, set())
        self.wait_healthy(name)

    def here(self, name: str) -> str:
        """This machine's own address in the network of a service."""
        form = "{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}"
        return podman("inspect", f"--format={form}", self._full(name))

    def port(self, name: str, inside: int) -> int:
        """The port of this machine's loopback at which a published port is."""
        return int(podman("port", self._full(name), f"{inside}/tcp").rpartition(":")[2])

    def address(self, name: str) -> str:
        """Its address among the containers, which this machine reaches, too."""
        form = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        return podman("inspect", f"--format={form}", self._full(name))

    def inspected(self, name: str) -> dict[str, Any]:
        (found,) = json.loads(podman("inspect", self._full(name)))
        return dict(found)
