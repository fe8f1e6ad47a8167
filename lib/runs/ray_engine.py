"""The same runs on Ray: more of them at once than one machine holds.

Each run is a task that starts the process that the local engine starts. Tasks need to see
the project's folder under the same path on every machine: specification, log and outcome are files
in it, and so is what was trained before. Ray is optional: `requirements-ray.txt`.
"""

from __future__ import annotations

import contextlib
import math
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import torch

from lib.core import paths
from lib.core.device import resolve_device
from lib.core.errors import UserError
from lib.runs.engines import Engine, environment
from lib.runs.plan import RunSpec
from lib.runs.processes import WHERE, carry_out
from lib.runs.progress_table import Tell

ADDRESS = "RAY_ADDRESS"
"""The environment variable that names a cluster."""
START_ATTEMPTS = 4
CPUS_A_RUN = 2
"""On a cluster: the laptop that the profiles' times are given for."""
CARRIED = ("HOME", "LITTLE_DICTIONARIES_", "HF_", "OMP_", "GOMP_", "PYTHONPATH")
# Ray of its own accord keeps a password in the home directory and listens beyond loopback.
ALONE = {
    "RAY_AUTH_MODE": "token",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # by which Ray keeps to loopback, on any system
    "RAY_enable_metrics_collection": "0",
}


class _Task(NamedTuple):
    reference: Any
    work: Path


class RayEngine(Engine):
    """With `RAY_ADDRESS` the runs go to that cluster, as many at once as it has room for. Without,
    a Ray of `jobs` workers is started here, which speaks over loopback only, and is ended after.

    Raises:
        UserError: Ray is not installed or does not start, or the cluster has no GPU for a run.
    """

    def __init__(self, jobs: int, tell: Tell):
        self.jobs, self.tell = jobs, tell
        self.room = None if os.environ.get(ADDRESS) else max(1, jobs)
        self.tasks: list[_Task] = []
        self.cluster = contextlib.ExitStack()

    def __enter__(self) -> RayEngine:
        self.ray = _import_ray()
        self.cluster.enter_context(_cluster(self.ray, self.jobs, self.tell))
        self.carry_out = self.ray.remote(max_retries=0)(carry_out)
        return self

    def __exit__(self, *_: object) -> None:
        with self.cluster:
            for task in self.tasks:
                with contextlib.suppress(Exception):
                    self.ray.cancel(task.reference, force=True)

    def start(self, plan: RunSpec, spec: Mapping[str, Any]) -> _Task:
        """Hands a run in."""
        resources = _resources(self.ray, plan, self.jobs)
        reference = self.carry_out.options(**resources).remote(dict(spec), _carried(self.jobs))
        self.tasks.append(_Task(reference, spec["work"]))
        return self.tasks[-1]

    def where(self, handle: _Task) -> str:
        """The worker that has it, as `host:process`."""
        file = handle.work / WHERE
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def poll(self, handle: _Task) -> tuple[str, str] | None:
        """What came of it; `lost` where its worker was."""
        if not self.ray.wait([handle.reference], timeout=0)[0]:
            return None
        self.tasks.remove(handle)
        try:
            return self.ray.get(handle.reference)
        except self.ray.exceptions.RayError as error:
            return "lost", f"its worker was lost ({_first_line(error)})"


def _resources(ray: Any, plan: RunSpec, jobs: int) -> dict[str, float]:
    """What one run takes: a place, and a GPU, or a share of one where a Ray that was started here
    has more places than GPUs."""
    here = not os.environ.get(ADDRESS)
    resources: dict[str, float] = {"num_cpus": 1 if here else CPUS_A_RUN}
    if resolve_device(plan.settings.device).type != "cuda":
        return resources
    gpus = ray.cluster_resources().get("GPU", 0)
    if not gpus:
        raise UserError(
            f"{plan.title} is for a GPU, and the Ray cluster has none; give --device cpu, or start "
            "Ray where there is one."
        )
    return resources | {"num_gpus": 1 / math.ceil(max(1, jobs) / gpus) if here else 1}


def _carried(jobs: int) -> dict[str, str]:
    """What a run needs to know of this process's environment; never a secret, nor which GPU."""
    here = not os.environ.get(ADDRESS)
    found = environment(jobs if here else max(1, (os.cpu_count() or 1) // CPUS_A_RUN))
    return {
        name: value
        for name, value in found.items()
        if name.startswith(CARRIED) and not name.endswith("TOKEN")
    }


def _import_ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if not os.environ.get(ADDRESS):
        os.environ.update(ALONE)
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    try:
        import ray
    except ImportError:
        raise UserError(
            "--engine ray needs Ray, which is not installed: run .venv/bin/pip install -c "
            "constraints.txt -r requirements-ray.txt (80 MB), or use --engine local with --jobs."
        ) from None
    return ray


@contextlib.contextmanager
def _cluster(ray: Any, jobs: int, tell: Tell) -> Iterator[None]:
    """The cluster that RAY_ADDRESS names, or one of this machine's own."""
    options: dict[str, Any] = {
        "runtime_env": {"env_vars": {"PYTHONPATH": str(paths.package_folder().parent)}},
        "log_to_driver": False,
        "logging_level": "ERROR",
    }
    if address := os.environ.get(ADDRESS):
        try:
            ray.init(address=address, **options)
        except Exception as error:
            raise UserError(
                f"no Ray cluster answers at {ADDRESS}={address} ({_first_line(error)}); start one "
                f"with ray start --head, or unset {ADDRESS}."
            ) from error
        try:
            yield
        finally:
            ray.shutdown()
        return
    # Ray's sockets stand in this folder, and the path of a socket must be short.
    folder = tempfile.mkdtemp(prefix="ray-")
    try:
        _start_here(ray, jobs, folder, options, tell)
        yield
    finally:
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def _start_here(ray: Any, jobs: int, folder: str, options: dict[str, Any], tell: Tell) -> None:
    """Starts Ray. Its parts give up on each other after 15 seconds, which nothing can change
    (github.com/ray-project/ray/issues/65983) and which a busy machine may need: hence again."""
    tell(f"ray: starting with {jobs} workers on this machine")
    # Without this file in its home, Ray asks the clouds' metadata services where it is.
    (Path(folder) / "ray_bootstrap_config.yaml").write_text("{}", encoding="utf-8")
    for attempt in range(1, START_ATTEMPTS + 1):
        try:
            with mock.patch.dict(os.environ, {"HOME": folder}):
                ray.init(
                    address="local",
                    num_cpus=jobs,
                    num_gpus=torch.cuda.device_count(),
                    include_dashboard=False,
                    object_store_memory=80 * 2**20,
                    _temp_dir=folder,
                    **options,
                )
            return
        except Exception as error:
            ray.shutdown()
            if attempt == START_ATTEMPTS:
                raise UserError(
                    f"Ray did not start on this machine ({_first_line(error)}); try again when it "
                    "is less busy, or use --engine local with --jobs."
                ) from error
            tell("ray: it did not start in time; trying again")


def _first_line(error: Exception) -> str:
    """The first sentence; Ray has several."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return first.partition(". ")[0].rstrip(".")
