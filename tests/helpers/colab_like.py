"""An environment that has what Colab has and nothing else, made from the packages of this one.

It stands for Colab in what is installed and what is not, in the stand-in for Colab's own package,
in the empty folder where a notebook starts, and in the kernel, which knows nothing yet. It does not
stand for Colab's versions, its GPU or its Drive: versions are those of this project's environment.
"""

from __future__ import annotations

import base64
import copy
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
# Of what the book needs, Colab has these with all that they need, by the list of its packages in
# https://github.com/googlecolab/backend-info (pip-freeze.gpu.txt, February 2026).
COLAB_HAS = """
    torch numpy scipy scikit-learn pandas pyarrow matplotlib pillow datasets huggingface-hub
    transformers tokenizers safetensors
    pydantic typer rich pyyaml filelock click psutil ipykernel ipython
    ipywidgets nbformat nbclient nbconvert sympy networkx sqlalchemy sphinx docutils pip
"""
COLAB_PACKAGE = {
    "__init__.py": "",
    "drive.py": (
        "import os\n\n\ndef mount(place):\n"
        "    print('mounted at', place, flush=True)\n"
        "    os.makedirs(os.environ['STAND_IN_DRIVE'], exist_ok=True)\n"
    ),
}


def colab_python(folder: Path) -> Path:
    """The interpreter of a new environment in `folder`; its packages are links to this one's."""
    venv.create(folder, symlinks=os.name != "nt", with_pip=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = site_packages(python)
    for package in closure(COLAB_HAS.split()):
        for top in {Path(str(file)).parts[0] for file in package.files or []}:
            source = Path(str(package.locate_file(top)))
            if top not in ("..", "__pycache__", "bin") and not (site / top).exists():
                (site / top).symlink_to(source, target_is_directory=source.is_dir())
    return python


def site_packages(python: Path) -> Path:
    """Where an interpreter finds its packages."""
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())


def add_stand_in(python: Path) -> None:
    """Gives an environment what stands for Colab's own package."""
    site = site_packages(python)
    place = site / "google" / "colab"
    place.mkdir(parents=True, exist_ok=True)
    for name, content in COLAB_PACKAGE.items():
        (place / name).write_text(content)
    # On Colab every kernel has imported it.
    (site / "colab.pth").write_text("import google.colab\n")


def colab_versions(listed: str) -> list[str]:
    """What Colab has of the packages that the book uses, from its list as `pip freeze` wrote it.

    A local version ("2.9.0+cu126") is cut: the same release is built for other machines.
    """
    pinned = {
        re.sub(r"[-_.]+", "-", name).lower(): version.partition("+")[0]
        for name, version in re.findall(r"^([\w.-]+)==(\S+)", listed, re.MULTILINE)
    }
    return [f"{name}=={pinned[name]}" for name in COLAB_HAS.split() if name in pinned]


def closure(names: Iterable[str]) -> list[Distribution]:
    """The installed distributions with these names, and all that they need."""
    found: dict[str, Distribution] = {}
    waiting = list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        found[name] = distribution(name)
        needs = [Requirement(line) for line in found[name].requires or []]
        waiting += [n.name for n in needs if n.marker is None or n.marker.evaluate({"extra": ""})]
    return list(found.values())


def make_wheels(names: Iterable[str], folder: Path) -> None:
    """Wheels of installed packages, with what they need, for a pip that has no network."""
    folder.mkdir(parents=True)
    for package in closure(names):
        name = re.sub(r"[-_.]+", "_", package.metadata["Name"])
        tags = re.findall(r"^Tag: (\S+)$", package.read_text("WHEEL") or "", re.MULTILINE)
        parts = zip(*(tag.split("-") for tag in tags), strict=True)
        tag = "-".join(".".join(sorted(set(part))) for part in parts)
        record = io.StringIO()
        rows = csv.writer(record)
        with zipfile.ZipFile(folder / f"{name}-{package.version}-{tag}.whl", "w") as wheel:
            for file in package.files or []:
                path = Path(str(package.locate_file(file)))
                if file.suffix == ".pyc" or file.parts[0] == ".." or file.name == "RECORD":
                    continue
                content = path.read_bytes()
                digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
                rows.writerow([file.as_posix(), f"sha256={digest.decode()}", len(content)])
                wheel.writestr(file.as_posix(), content)
            place = f"{name}-{package.version}.dist-info/RECORD"
            rows.writerow([place, "", ""])
            wheel.writestr(place, record.getvalue())


def repository_of_today(folder: Path, branch: str) -> str:
    """The address of a repository whose `branch` is the working tree as it stands."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("results/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    for command in (["init", "-q", "-b", branch], ["add", "-A"], [*who, "commit", "-qm", "all"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder.as_uri()


class Colab:
    """A machine to run notebooks on, as Colab lends one: its `/content` is new and empty."""

    def __init__(self, python: Path, folder: Path, environment: dict[str, str]):
        self.content, self.kernels = folder / "content", folder / "kernels"
        for new in (self.content, self.kernels / "colab", folder / "home"):
            new.mkdir(parents=True)
        # Nothing else of the test's own environment reaches the kernel.
        path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = {"HOME": str(folder / "home"), "PATH": path, **environment}
        command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        specification = {"argv": command, "display_name": "Colab", "language": "python"}
        (self.kernels / "colab" / "kernel.json").write_text(json.dumps(specification))

    def client(self, notebook: Any) -> NotebookClient:
        """What runs a notebook in a new kernel; its `execute` needs `env=self.environment`."""
        specifications = KernelSpecManager(kernel_dirs=[str(self.kernels)])
        manager = AsyncKernelManager(kernel_name="colab", kernel_spec_manager=specifications)
        resources = {"metadata": {"path": str(self.content)}}
        return NotebookClient(notebook, km=manager, resources=resources, timeout=300)

    def run(self, notebook: Any) -> Any:
        """Every cell from the first to the last; the notebook with its outputs."""
        return self.client(notebook).execute(env=self.environment)

    def ask(self, code: str) -> Any:
        """What a new kernel prints, which must be JSON."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        return json.loads(text_of(self.run(notebook)["cells"][0]))


def with_values(notebook: Any, **values: Any) -> Any:
    """The notebook with other values in its parameters cell, as one types them."""
    changed = copy.deepcopy(notebook)
    for cell in changed["cells"]:
        if cell["id"] == "parameters":
            for name, value in values.items():
                line = re.compile(rf"^{name} = .*$", re.MULTILINE)
                cell["source"] = line.sub(lambda _, n=name, v=value: f"{n} = {v!r}", cell["source"])
    return changed


def text_of(cell: Any) -> str:
    """What a cell printed."""
    return "".join(o["text"] for o in cell["outputs"] if o["output_type"] == "stream")


def machine_environment(address: str, wheels: Path, repository: str) -> dict[str, str]:
    """Git finds the repository's address here and pip its packages, so that no network is used."""
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository}.insteadOf",
        "GIT_CONFIG_VALUE_0": address,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "OMP_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
    }


if __name__ == "__main__":
    print("\n".join(colab_versions(Path(sys.argv[1]).read_text(encoding="utf-8"))))
