"""Files that are whole or absent, and a number format that is measured once."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from lib.core import checkpoints, device
from lib.core import paths as home
from lib.core.checkpoints import write_atomically
from lib.core.device import resolve_precision
from lib.core.errors import UserError

CPU = torch.device("cpu")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
@pytest.mark.parametrize("mask", [0o022, 0o002, 0o077])
def test_a_file_gets_the_permissions_of_any_new_file(mask: int, tmp_path: Path) -> None:
    before = os.umask(mask)
    try:
        write_atomically(tmp_path / "new", "text")
        write_atomically(tmp_path / "new", "again")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o666 & ~mask


def test_what_a_killed_process_left_is_cleared_by_the_next_writing(tmp_path: Path) -> None:
    path = tmp_path / "weights[1].bin"
    program = (
        "import os, signal; from pathlib import Path; from lib.core import checkpoints\n"
        "os.fsync = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"checkpoints.write_atomically(Path({str(path)!r}), b'half')"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode != 0
    (leftover,) = tmp_path.iterdir()
    assert leftover.name.startswith(".weights[1].bin.")
    write_atomically(path, b"whole")
    assert leftover.exists(), "it may belong to a process that is still writing"
    old = leftover.stat().st_mtime - checkpoints.LEFTOVER_SECONDS - 1
    os.utime(leftover, (old, old))
    other = tmp_path / ".other.bin.0a1b2c3d.tmp"
    other.touch()
    os.utime(other, (old, old))
    write_atomically(path, b"whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([path.name, other.name])
    assert path.read_bytes() == b"whole"


def test_a_failed_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_atomically(tmp_path / "a", "old")

    def broken(*_: object) -> None:
        raise OSError(5, "input/output error")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="input/output"):
        write_atomically(tmp_path / "a", "new")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text() == "old"


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(home.HOME_VARIABLE, str(tmp_path))
    device._fastest.cache_clear()
    yield tmp_path
    device._fastest.cache_clear()


@pytest.mark.parametrize(("speedup", "expected"), [(4.0, "bf16"), (1.2, "fp32"), (0.1, "fp32")])
def test_the_format_is_measured_once_for_a_machine(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, speedup: float, expected: str
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(device, "product_speedup", lambda d, p: calls.append(p) or speedup)
    assert resolve_precision("auto", CPU) == expected
    # Another process, on a machine that is busy now.
    device._fastest.cache_clear()
    monkeypatch.setattr(device, "product_speedup", lambda d, p: 10 - speedup)
    assert resolve_precision("auto", CPU) == expected
    assert calls == ["bf16"]
    assert list(json.loads((own_home / ".cache" / "machine.json").read_text()).values()) == [
        expected
    ]


def test_a_damaged_memory_is_measured_again(own_home: Path) -> None:
    path = own_home / ".cache" / "machine.json"
    path.parent.mkdir()
    for content in ("{", "[]", json.dumps({name_of_this_machine(): "int3"})):
        path.write_text(content)
        device._fastest.cache_clear()
        assert resolve_precision("auto", CPU) in ("fp32", "bf16")


def name_of_this_machine() -> str:
    return f"{device.processor()} {device.instructions()} cpu torch {torch.__version__}"


@pytest.mark.parametrize(
    ("capability", "speedup", "expected"),
    [((7, 5), 4.0, "fp16"), ((8, 0), 4.0, "bf16"), ((9, 0), 4.0, "bf16"), ((6, 1), 0.02, "fp32")],
)
def test_a_gpu_is_asked_for_its_capability(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int], speedup: float,
    expected: str,
) -> None:  # fmt: skip
    """A T4 (7.5) says that bf16 is supported, because it emulates it."""
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda *_: capability)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda *_: "a GPU")
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda *_: True)
    monkeypatch.setattr(device, "product_speedup", lambda *_: speedup)
    assert resolve_precision("auto", torch.device("cuda")) == expected


def test_one_parameter_overrides_the_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "product_speedup", lambda *_: pytest.fail("nothing to measure"))
    for chosen in ("fp32", "bf16", "fp16"):
        assert resolve_precision(chosen, CPU) == chosen
    with pytest.raises(UserError, match="fp8"):
        resolve_precision("fp8", CPU)


def test_the_probe_measures() -> None:
    assert 0 < device.product_speedup(CPU, "bf16") < 1000


@pytest.mark.parametrize(
    ("version", "taken"), [("2.8.0", "cpu"), ("2.13.0+cpu", "cpu"), ("2.14.1", "mps")]
)
def test_mps_is_chosen_where_its_products_are_right(
    version: str, taken: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch, "__version__", version)
    assert device.resolve_device("auto").type == taken
    assert ("products on MPS can be wrong" in capsys.readouterr().err) == (taken == "cpu")
