"""One run in a process of its own: `python -m lib.runs.worker`, started by `processes.launch`.

Papermill executes the notebook with the interpreter of this process as its kernel; everything that
Jupyter and matplotlib would keep in a home directory stays inside the project.
"""

from __future__ import annotations

import base64
import errno
import json
import logging
import os
import pickle
import re
import shutil
import signal
import sys
import threading
import time
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

from lib.cache import artifacts
from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError, disk_full_message
from lib.core.progress import PROGRESS_FILE_VARIABLE, duration
from lib.display.explorer import explorer_data
from lib.evidence.claim_cards import ours
from lib.evidence.records import NotebookEvidence, read_outputs
from lib.evidence.run_context import DEVICE_PEAK
from lib.evidence.verdicts import claims, judge
from lib.runs import notebooks, run_folders
from lib.runs.processes import ENDED, IN_FULL

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def main() -> None:
    """Executes the run that comes in by pipe, and says by pipe how it ended."""
    spec = pickle.load(sys.stdin.buffer)
    # The kernel must not hold the pipe, and nothing else may write into it.
    with os.fdopen(os.dup(1), "wb") as said:
        os.dup2(2, 1)
        signal.signal(signal.SIGTERM, lambda *_: end_now())
        threading.Thread(target=_watch_parent, args=(os.getppid(),), daemon=True).start()
        try:
            ended = run(spec)
        except UserError as error:
            ended = "user-error", str(error)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            message = disk_full_message(spec["folder"]) if full else str(error)
            ended = "user-error" if full else "failed", message
        pickle.dump(ended, said)


def run(spec: dict[str, Any]) -> tuple[str, str]:
    """(status, message), as `Outcome` has them.

    Args:
        spec: see `engines.specification`.
    """
    folder, work = spec["folder"], spec["work"]
    partial = run_folders.partial(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    log = work / run_folders.LOG
    log.touch()
    os.environ[PROGRESS_FILE_VARIABLE] = str(log)
    os.environ[artifacts.LOG_VARIABLE] = str(work / "artifacts.jsonl")
    lock = folder.with_name(f".{folder.name}.lock")
    with artifacts.waiting_lock(lock, f"chapter {spec['chapter']}"):
        run_folders.recover(folder)
        done = run_folders.read_marker(folder)
        if done and done["presentation"] == spec["presentation"] and not spec["force"]:
            return "reused", ""
        shutil.rmtree(partial, ignore_errors=True)
        (partial / run_folders.FIGURES).mkdir(parents=True)
        started, clock = datetime.now().astimezone(), time.monotonic()
        if failure := _execute(spec, partial / run_folders.NOTEBOOK, work):
            *ended, detail = failure
            with log.open("a", encoding="utf-8") as file:
                file.write(f"{IN_FULL}\n{ANSI.sub('', detail)}\n")
            return tuple(ended)
        shutil.copyfile(log, partial / run_folders.LOG)
        seconds = time.monotonic() - clock
        finished = datetime.now().astimezone()
        _write_evidence(spec, partial, folder, work, (started, finished, seconds))
        _write_explorers(partial)
        marker = {
            "key": spec["key"],
            "presentation": spec["presentation"],
            "finished": finished.isoformat(timespec="seconds"),
            "seconds": round(seconds, 1),
        }
        run_folders.write_json(partial / run_folders.MARKER, marker)
        run_folders.put_in_place(partial, folder)
    return "done", duration(seconds)


def _execute(spec: dict[str, Any], output: Path, work: Path) -> tuple[str, str, str] | None:
    """Runs the notebook; None if it went through, else status, message and the error in full."""
    use_own_jupyter(work)
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        papermill.execute_notebook(
            as_template(str(spec["notebook"])),
            as_template(str(output)),
            parameters=spec["parameters"],
            cwd=spec["root"],
            kernel_name="python3",
            progress_bar=False,
            start_timeout=120,
            execution_timeout=spec["cell_timeout"],
        )
    except PapermillExecutionError as error:
        cell = _failed_cell(output)
        if error.ename == "UserError":
            return "user-error", error.evalue, error.evalue
        if error.ename == "OSError" and f"[Errno {errno.ENOSPC}]" in (error.evalue or ""):
            raise OSError(errno.ENOSPC, "the disk is full") from None
        last = (error.evalue or "").strip().splitlines()[-1:] or [""]
        message = f"it stopped in cell {cell}: {error.ename}: {last[0].rstrip('.')}"
        return "failed", message, "\n".join(error.traceback)
    except CellTimeoutError:
        return "timeout", f"a cell ran for more than {duration(spec['cell_timeout'])}", ""
    except DeadKernelError:
        return "lost", "the notebook's process died, most likely for lack of memory", ""
    except (RuntimeError, TimeoutError) as error:
        status = "timeout" if isinstance(error, TimeoutError) else "failed"
        message = f"the notebook's process could not be used: {error}"
        return status, message, traceback.format_exc()
    return None


def as_template(path: str) -> str:
    """Papermill fills braces in paths with parameters; braces in a folder's name are no such."""
    return path.replace("{", "{{").replace("}", "}}")


def use_own_jupyter(work: Path) -> None:
    """A kernel that is this interpreter, and no file outside the project."""
    kernel = work / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    # Without a history file: several kernels would fight over it.
    command.append("--HistoryManager.enabled=False")
    specification = {"argv": command, "display_name": "Python 3", "language": "python"}
    write_atomically(kernel / "kernel.json", json.dumps(specification))
    os.environ.update(
        JUPYTER_PREFER_ENV_PATH="0",
        JUPYTER_DATA_DIR=str(work / "jupyter"),
        JUPYTER_RUNTIME_DIR=str(work / "runtime"),
        JUPYTER_CONFIG_DIR=str(work / "config"),
        IPYTHONDIR=str(work / "ipython"),
        MPLCONFIGDIR=str(work.parent / "matplotlib"),
        PYTHONHASHSEED="0",
        PYDEVD_DISABLE_FILE_VALIDATION="1",
    )


def _failed_cell(notebook: Path) -> str:
    """The id of the cell that raised."""
    for cell in notebooks.read(notebook)["cells"]:
        if cell["metadata"].get("papermill", {}).get("exception"):
            return repr(cell["id"])
    return "'?'"


def _write_evidence(
    spec: dict[str, Any],
    partial: Path,
    folder: Path,
    work: Path,
    times: tuple[datetime, datetime, float],
) -> None:
    """Records, verdicts, settings, environment and figures, from the executed notebook."""
    executed = notebooks.read(partial / run_folders.NOTEBOOK)
    found = read_outputs(executed)
    if found.settings is None:
        raise UserError(
            f"Chapter {spec['chapter']} never calls load(...): its second code cell must be "
            f'settings = load("{spec["chapter"]}", globals()).'
        )
    started, finished, seconds = times
    meta = {
        "format": run_folders.FORMAT,
        **{name: spec[name] for name in ("chapter", "key", "code", "overrides")},
        "profile": spec["settings"]["profile"],
        "seed": spec["settings"]["seed"],
        "source": spec["source"]["label"],
        "real": spec["source"]["real"],
        "fingerprint": spec["source"]["fingerprint"],
        **run_folders.git_state(),
        "finished": finished.isoformat(timespec="seconds"),
        **_verdicts(spec, found, folder),
        "records": [entry._asdict() for entry in found.records.values()],
        "figures": _write_figures(found, partial / run_folders.FIGURES),
    }
    used = work / "artifacts.jsonl"
    lines = used.read_text(encoding="utf-8").splitlines() if used.exists() else []
    environment = {
        **found.settings["environment"],
        "started": started.isoformat(timespec="seconds"),
        "finished": meta["finished"],
        "seconds": round(seconds, 1),
        **_used_by_children(),
        **device_peak(executed),
        "commit": meta["commit"],
        "dirty": meta["dirty"],
        "artifacts": [json.loads(line) for line in lines],
    }
    run_folders.write_json(partial / run_folders.SETTINGS, spec["settings"])
    run_folders.write_json(partial / run_folders.ENVIRONMENT, environment)
    run_folders.write_json(partial / run_folders.RECORDS, meta)


def _verdicts(spec: dict[str, Any], found: NotebookEvidence, folder: Path) -> dict[str, Any]:
    """The verdict on each claim of the chapter, and the criteria as they were before the run.

    Drawing a run again changes no number, so it keeps the criteria of the first time: one that was
    changed after the numbers were known stays visible as that.
    """
    entries = claims(spec["chapter"])
    verdicts = {}
    for key, entry in entries.items():
        result = judge(key, entry, found.records, spec["settings"]["profile"])
        missing = sorted(set(entry.show) - set(found.records))
        if missing:
            raise UserError(
                f"Claim {key!r} shows {', '.join(missing)}, which this run has not recorded."
            )
        verdicts[key] = {
            "verdict": result.verdict,
            "explain": result.explain,
            "ours": ours(entry, found.records),
        }
    criteria = {key: entry.criterion_hash() for key, entry in entries.items()}
    before = run_folders.read_marker(folder)
    if before and before["key"] == spec["key"] and not spec["force"]:
        criteria |= run_folders.read_json(folder / run_folders.RECORDS)["criteria"]
    return {"criteria": criteria, "verdicts": verdicts}


def _write_figures(found: NotebookEvidence, folder: Path) -> list[dict[str, str]]:
    figures = []
    for name, content in found.figures.items():
        data = content["data"]
        if "image/png" in data:
            file = f"{name}.png"
            (folder / file).write_bytes(base64.b64decode(data["image/png"]))
        else:  # a picture made of text
            file = f"{name}.html"
            (folder / file).write_text(data["text/html"], encoding="utf-8")
        figures.append(
            {"name": name, "alt": content["alt"], "caption": content["caption"], "file": file}
        )
    return figures


def _write_explorers(partial: Path) -> None:
    """The feature cards that the run left for a page of their own."""
    for data in explorer_data(notebooks.read(partial / run_folders.NOTEBOOK)):
        (partial / run_folders.EXPLORER).mkdir(exist_ok=True)
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        write_atomically(partial / run_folders.EXPLORER / f"{data['name']}.json", text + "\n")


def _used_by_children() -> dict[str, float]:
    """The most memory that the notebook's process held, and the processor time that it took."""
    try:
        import resource
    except ImportError:
        return {}
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 2**30 if sys.platform == "darwin" else 2**20
    return {
        "peak_memory_gib": round(used.ru_maxrss / unit, 2),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
    }


def device_peak(notebook: Any) -> dict[str, float]:
    """The most memory that tensors held on a GPU, where there was one."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    peaks = [o["metadata"][DEVICE_PEAK] for o in outputs if DEVICE_PEAK in o.get("metadata", {})]
    return {"peak_device_memory_gib": round(max(peaks) / 2**30, 2)} if peaks else {}


def _watch_parent(parent: int) -> None:
    """Ends this run when the runner is gone, so that a killed runner leaves no process behind."""
    while os.getppid() == parent:
        time.sleep(0.5)
    end_now()


def end_now() -> None:
    """Ends the kernel and this process at once; every file on disk is whole at any moment."""
    import psutil

    for child in psutil.Process().children(recursive=True):
        child.kill()
    os._exit(ENDED)


if __name__ == "__main__":
    main()
