"""Tables, the scorecard and kept runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
import toy_project
from toy_project import load

from lib.cache.cached import language_model
from lib.cli.commands import main
from lib.core import paths
from lib.core.device import Machine
from lib.core.errors import UserError
from lib.display import explorer
from lib.evidence import quantities, run_context
from lib.evidence.pooling import pooled
from lib.evidence.records import Record, record
from lib.evidence.run_context import KIND
from lib.evidence.verdicts import claims
from lib.model.config import TransformerConfig
from lib.model.published import kept
from lib.model.published.kept import load_kept
from lib.model.training import TrainingSettings
from lib.runs import collect, notebooks, run_folders, scorecard
from lib.runs.keep import WIDGET, outputs_only, record_run, without_paths
from lib.text.tokenizers import BPETokenizer, encode_documents


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return toy_project.activate(tmp_path / "a project", monkeypatch)


def code() -> str:
    path = notebooks.chapter_files()["90"]
    return notebooks.evidence_hash(notebooks.code_of(notebooks.read(path)), "90")


def fake_run(project: Path, growth: float = 10.0, **changes: Any) -> Path:
    """A finished run's folder, as the runner writes it."""
    meta = {
        "format": 1,
        "chapter": "90",
        "key": "k" * 16,
        "code": code(),
        "overrides": {},
        "profile": "cpu",
        "seed": 0,
        "source": "storyworld",
        "real": False,
        "fingerprint": "toy",
        "commit": "c" * 40,
        "dirty": False,
        "finished": "2026-01-01T00:00:00+00:00",
        "criteria": {"toy.grows": claims()["toy.grows"].criterion_hash()},
        "verdicts": {},
        "figures": [{"name": "one", "alt": "a", "caption": "c", "file": "one.png"}],
    } | changes
    written = [
        Record("growth", growth, "cm", growth - 1, growth + 1, 5, "dictionaries"),
        Record("control", 1.0, "cm", 0.5, 2.0, 5, "dictionaries"),
        Record("curve", [1.0, 2.0]),
        Record("word", "little"),
        Record("lost", None, reason="not a number"),
    ]
    folder = project / "runs" / "90" / f"{meta['profile']}-{meta['source']}" / meta["key"]
    folder = folder / f"seed{meta['seed']}"
    (folder / "figures").mkdir(parents=True)
    (folder / "figures" / "one.png").write_bytes(b"png")
    settings = {"profile": meta["profile"], "source": "/home/somebody/texts/tales", "size": 2}
    environment = {"device": "cpu", "artifacts": [{"artifact": "a", "event": "reused"}]}
    contents = {
        run_folders.RECORDS: meta | {"records": [entry._asdict() for entry in written]},
        run_folders.SETTINGS: settings,
        run_folders.ENVIRONMENT: environment,
        run_folders.MARKER: {"key": meta["key"], "presentation": "p", "finished": meta["finished"]},
    }
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    nbformat.write(nbformat.v4.new_notebook(), folder / run_folders.NOTEBOOK)
    return folder


def card(project: Path) -> list[scorecard.Entry]:
    return scorecard.scorecard(collect.gather())["toy.grows"]


def test_tables(project: Path, capsys: pytest.CaptureFixture) -> None:
    for seed, growth in enumerate((10.0, 11.0, 12.0)):
        fake_run(project, growth, seed=seed)
    assert main(["collect", "--to", "tables"]) == 0
    assert "toy.grows" in capsys.readouterr().out
    table = pd.read_csv("tables/records.csv")
    curve = table[(table.name == "curve") & (table.seed == 1)]
    assert list(curve.value) == [1.0, 2.0]
    assert list(table[table.name == "word"].text) == ["little"] * 3
    assert table[table.name == "lost"].reason.eq("not a number").all()
    means = pd.read_csv("tables/over_runs.csv").set_index("name")
    assert means.loc["growth", ["mean", "runs", "over"]].tolist() == [11.0, 3, "runs"]
    # Student's t with 2 degrees of freedom, by hand.
    assert means.loc["growth", "high"] == pytest.approx(11 + 4.3026527 / 3**0.5, abs=1e-6)
    (entry,) = json.loads(Path("tables/scorecard.json").read_text())[0]["entries"]
    assert entry["ours"].startswith("growth: 11 cm (3 runs: 10, 11, 12)")


def test_what_can_be_drawn_is_listed(project: Path, capsys: pytest.CaptureFixture) -> None:
    fake_run(project, 10.0)
    assert main(["collect", "--list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Chapter 90, --plot one of: growth, control",
        "  --over one of: nothing; its runs have one value",
    ]
    fake_run(project, 11.0, seed=1, profile="ci")
    assert main(["collect", "--list"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "  --over one of: profile"


def test_what_runs_share_has_no_interval(project: Path) -> None:
    for seed in range(3):
        fake_run(project, 10.0, seed=seed)
    (entry,) = card(project)
    assert entry.ours.startswith("growth: 10 cm, the same in all 3 runs")


def test_a_single_run_has_no_interval_over_runs(project: Path) -> None:
    fake_run(project)
    means = collect.over_runs(collect.gather()).set_index("name")
    assert means.loc["growth", "runs"] == 1
    assert pd.isna(means.loc["growth", "low"])
    (entry,) = card(project)
    assert entry.ours == "growth: 10 cm [9, 11] (5 dictionaries)"
    assert entry.place == "cpu run on storyworld"


def test_the_largest_run_on_real_text_comes_first(project: Path) -> None:
    fake_run(project)
    fake_run(project, 3.0, profile="ci", source="tales", real=True)
    fake_run(project, 3.0, profile="cpu", source="tales", real=True)
    fake_run(project, profile="paper", source="storyworld")
    found = card(project)
    assert [(entry.profile, entry.source) for entry in found] == [
        ("cpu", "tales"),
        ("ci", "tales"),
        ("paper", "storyworld"),
        ("cpu", "storyworld"),
    ]
    assert [entry.verdict for entry in found] == [
        "partly",
        "needs a larger run",
        "replicated",
        "replicated",
    ]


def test_runs_with_other_sizes_stay_out_and_the_newest_code_counts(project: Path) -> None:
    fake_run(project, 3.0, key="a" * 16, overrides={"size": 5})
    assert card(project) == []
    fake_run(project, 3.0, key="b" * 16, finished="2026-01-02")
    fake_run(project, 10.0, key="c" * 16, finished="2026-01-03")
    (entry,) = card(project)
    assert entry.verdict == "replicated"


def test_runs_are_judged_by_what_they_say_together(project: Path) -> None:
    """One run that misses what most meet does not decide; it is told beside the verdict."""
    for seed, growth in enumerate((10.0, 4.5, 10.0, 10.0, 10.0)):
        fake_run(project, growth, seed=seed)
    (entry,) = card(project)
    assert entry.verdict == "replicated"
    assert entry.explain.endswith("Each of the 5 runs by itself: 4 replicated, 1 partly.")
    assert entry.place == "5 cpu runs on storyworld"


@pytest.mark.parametrize(
    ("settings_of_model", "over"),
    [
        ({"lm_seed": None}, "models"),
        ({"lm_seed": None, "model": "own"}, "models"),
        ({"lm_seed": 0}, "runs of one model"),
        ({"lm_seed": None, "model": "kept:05/cpu-tales/seed0"}, "runs of one model"),
    ],
)
def test_the_label_says_what_the_interval_is_over(
    project: Path, settings_of_model: dict, over: str
) -> None:
    path = project / "book" / "claims.yml"
    path.write_text(path.read_text().replace("  scale: cpu", "  scale: cpu\n  over: models", 1))
    for seed in range(3):
        settings = fake_run(project, 10.0 + seed, seed=seed) / run_folders.SETTINGS
        settings.write_text(json.dumps(json.loads(settings.read_text()) | settings_of_model))
    (entry,) = card(project)
    assert f"(3 {over}: 10, 11, 12)" in entry.ours


def test_two_runs_that_differ_leave_a_wide_interval(project: Path) -> None:
    for seed, growth in enumerate((10.0, 7.0)):
        fake_run(project, growth, seed=seed)
    (entry,) = card(project)
    assert entry.verdict == "partly"
    assert "by itself: 2 replicated." in entry.explain


def test_the_documents_own_text_wins_a_tie(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_run(project, source="tales", real=True)
    fake_run(project, source="other", real=True, finished="2027-01-01", seed=0)
    fake_run(project, source="other", real=True, finished="2027-01-01", seed=1)
    assert [entry.source for entry in card(project)] == ["other", "tales"]
    monkeypatch.setattr(scorecard, "_own_text", lambda chapter: {"hub", "tales"})
    assert [entry.source for entry in card(project)] == ["tales", "other"]


def test_changes_since_the_run_are_marked(project: Path) -> None:
    fake_run(project)
    (entry,) = card(project)
    assert (entry.code_changed, entry.criterion_changed) == (False, False)
    path = project / "book" / "claims.yml"
    path.write_text(path.read_text().replace("times: 2", "times: 20"))
    scorecard.current_code.cache_clear()
    cells = toy_project.CELLS
    toy_project.write_chapter(project, cells | {"measure": cells["measure"].replace("90", "91")})
    (entry,) = card(project)
    assert (entry.code_changed, entry.criterion_changed) == (True, True)
    assert entry.verdict == "partly"
    assert "the code has changed since" in entry.notes()


def test_a_run_older_than_its_criterion_is_pending(project: Path) -> None:
    path = project / "book" / "claims.yml"
    path.write_text(path.read_text().replace("record: control", "record: control_2"))
    fake_run(project)
    (entry,) = card(project)
    assert entry.verdict == "pending"
    assert entry.explain.startswith("Recorded before the criterion, without control 2: make")


def test_keep_takes_numbers_and_no_paths(project: Path, capsys: pytest.CaptureFixture) -> None:
    folder = fake_run(project, source="tales", real=True)
    assert main(["keep", str(folder)]) == 0
    target = project / "results" / "90" / "cpu-tales" / "seed0"
    assert str(target.relative_to(project)) in capsys.readouterr().out
    names = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    wanted = {"records.json", "settings.json", "environment.json", "figures/one.png"}
    assert names == wanted | {"run.ipynb"}
    text = "".join((target / name).read_text() for name in sorted(wanted))
    assert "somebody" not in text
    assert json.loads((target / "settings.json").read_text())["source"] == "tales"
    # The run and its copy count once; without the run, the copy speaks.
    assert len(card(project)) == 1
    (folder / run_folders.MARKER).unlink()
    for file in [*folder.glob("*.json"), *folder.glob("*.ipynb")]:
        file.unlink()
    (entry,) = card(project)
    assert (entry.origin, entry.verdict) == ("results", "replicated")
    assert "at commit cccccccccc" in entry.notes()


def trained_by(folder: Path) -> None:
    """Lets a run have trained a model of pairs of bytes, for one step."""
    texts, sizes = ["a small dog ran to the park and back again"] * 40, {"heads": 2, "mlp_width": 8}
    tokenizer = BPETokenizer.train(texts, 260)
    stream = encode_documents(tokenizer, texts)
    language_model(
        TransformerConfig(260, 8, layers=1, width=8, **sizes),
        TrainingSettings(steps=1, batch=1, warmup=1),
        stream, stream, Machine.of("cpu", "fp32"), seed=0, tokenizer=tokenizer,
    )  # fmt: skip
    (made,) = (paths.cache_folder() / "artifacts").glob("language-model-*")
    path = folder / run_folders.ENVIRONMENT
    environment = json.loads(path.read_text())
    environment["artifacts"].append({"artifact": made.name, "event": "built"})
    path.write_text(json.dumps(environment))


def test_keep_leaves_a_small_model_beside_the_run(
    project: Path, capsys: pytest.CaptureFixture
) -> None:
    folder = fake_run(project)
    trained_by(folder)
    target = record_run(str(folder)) / "model"
    found = load_kept("kept:90/cpu-storyworld/seed0")
    assert found.card["commit"] == "c" * 40
    assert found.card["training"]["steps"] == 1
    assert found.card["loss"] == found.history.validation[-1][1]
    assert found.tokenizer.vocab_size == 260
    # Without its tokenizer, or without the model itself, there is nothing that could be read.
    (made,) = (paths.cache_folder() / "artifacts").glob("language-model-*")
    for file, said in (("tokenizer.json", "has no tokenizer"), ("artifact.json", "no longer in")):
        (made / file).unlink()
        record_run(str(folder))
        assert not target.exists()
        assert said in capsys.readouterr().err


def test_keep_leaves_a_large_model_out(
    project: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fake_run(project)
    trained_by(folder)
    monkeypatch.setattr(kept, "LARGEST", 1_000)
    assert not (record_run(str(folder)) / "model").exists()
    assert "takes over 0 MB" in capsys.readouterr().err


def test_a_kept_page_has_what_is_shown_and_nothing_private() -> None:
    private = {"kind": "settings", "settings": {"source": "/home/somebody/x"}}
    png, cards = {"image/png": "AAAA", "text/html": "<svg/>"}, {"name": "all", "features": [1]}
    new = nbformat.v4.new_output
    outputs = [
        new("display_data", {"text/plain": "settings"}, metadata={KIND: private}),
        new("display_data", png, metadata={KIND: {"kind": "figure", "name": "one"}}),
        new("display_data", {explorer.MIME: json.dumps(cards)}),
        new("display_data", {WIDGET: {}}),
        new("stream", name="stderr", text="loss 1.0"),
        new("stream", name="stdout", text="shown"),
    ]
    cells = [
        nbformat.v4.new_code_cell("make()", id="make", outputs=outputs),
        nbformat.v4.new_code_cell(
            'model = "/home/somebody/x"', metadata={"tags": ["injected-parameters"]}
        ),
    ]
    metadata = {"papermill": {"parameters": {"model": "/home/somebody/x"}}}
    kept = outputs_only(nbformat.v4.new_notebook(cells=cells, metadata=metadata))
    nbformat.validate(kept)
    assert "somebody" not in json.dumps(kept)
    figure, names, stream = kept["cells"][0]["outputs"]
    assert figure["data"] == {"text/html": "<svg/>"}
    assert figure["metadata"][KIND]["name"] == "one"
    assert explorer.names_in(kept["cells"][0]) == ["all"]
    assert "features" not in names["data"][explorer.MIME]
    assert stream["text"] == "shown"


def test_keep_finds_the_newest_run_and_separates_other_sizes(project: Path) -> None:
    fake_run(project, key="a" * 16, finished="2026-01-01")
    fake_run(project, key="b" * 16, finished="2026-01-02", overrides={"size": 5})
    target = record_run("90")
    assert target.parent.name == "cpu-storyworld-bbbbbbbb"
    with pytest.raises(UserError, match="not the folder of a finished run"):
        record_run(str(project))


@pytest.mark.parametrize("separator", ["/", "\\"])
def test_places_in_settings_are_cut_wherever_they_are_told(project: Path, separator: str) -> None:
    """Spaces or not, absolute or not; what is on the hub stays."""
    model = separator.join(("D:", "some body", "plain"))
    one = separator.join(("some body's models", "a dictionary"))
    hub = "someone/saes@0123abc:layer 1/mlp"
    folder = fake_run(project)
    settings = run_folders.read_json(folder / run_folders.SETTINGS)
    settings |= {"model": model, "dictionaries": [one, hub]}
    (folder / run_folders.SETTINGS).write_text(json.dumps(settings))
    records = run_folders.read_json(folder / run_folders.RECORDS)
    records["meta"] = {**records.get("meta", {}), "told": f"{model} with {one}, and {hub}"}
    (folder / run_folders.RECORDS).write_text(json.dumps(records))
    target = record_run(str(folder))
    kept = json.loads((target / run_folders.SETTINGS).read_text())
    assert (kept["model"], kept["dictionaries"]) == ("plain", ["a dictionary", hub])
    assert f"plain with a dictionary, and {hub}" in (target / run_folders.RECORDS).read_text()
    assert not [path for path in target.rglob("*.*") if b"some body" in path.read_bytes()]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("/home/me/x.txt", "x.txt"),
        ("in C:\\Users\\me\\data now", "in data now"),
        ("/home/some body/models/plain", "plain"),
        ("/home/some body/my models/plain/", "plain"),
        ("C:\\Users\\Some Body\\my models\\plain", "plain"),
        ("\\\\a host\\some body\\models\\plain", "plain"),
        ("~/models/x", "x"),
        ("~somebody/my models/x y", "x y"),
        ("file:///home/me/x.txt", "x.txt"),
        ("owner/name@0123abc:a folder/in it", "owner/name@0123abc:a folder/in it"),
        ("/ 3 of 4", "/ 3 of 4"),
        ("nats/character", "nats/character"),
        ("12/3, a / b, 3 s", "12/3, a / b, 3 s"),
        ("https://example.org/a/b", "https://example.org/a/b"),
    ],
)
def test_paths_are_cut(text: str, left: str) -> None:
    assert without_paths({"a": [text]}) == {"a": [left]}


def test_a_damaged_run_is_named(project: Path) -> None:
    (fake_run(project) / run_folders.RECORDS).write_text("{")
    with pytest.raises(UserError, match=re.escape("records.json cannot be read")):
        collect.gather()


def test_notebooks_of_plain_papermill_count(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = []
    monkeypatch.setattr(
        run_context,
        "emit",
        lambda data, metadata: outputs.append(
            nbformat.v4.new_output("display_data", data=data, metadata=metadata)
        ),
    )
    load("90", {"profile": "cpu", "seed": 3})
    record("growth", 10.0, low=9.0, high=11.0, over="runs")
    record("control", 1.0, low=0.5, high=2.0, over="runs")
    notebook = notebooks.read(notebooks.chapter_files()["90"])
    notebook["cells"][-1]["outputs"] = outputs
    path = project / "out.ipynb"
    nbformat.write(notebook, path)
    (run,) = collect.gather([path])
    assert (run.meta["seed"], run.meta["profile"], run.meta["overrides"]) == (3, "cpu", {})
    (entry,) = scorecard.scorecard([run])["toy.grows"]
    assert (entry.verdict, entry.code_changed) == ("replicated", None)
    with pytest.raises(UserError, match="holds no settings"):
        collect.gather([notebooks.chapter_files()["90"]])


def test_several_runs_come_before_a_single_later_one(project: Path) -> None:
    for seed in range(3):
        fake_run(project, seed=seed, source="tales", real=True, finished="2026-01-01T00:00:00")
    fake_run(project, source="webtext", real=True, finished="2026-01-02T00:00:00")
    assert [entry.place for entry in card(project)] == [
        "3 cpu runs on tales",
        "cpu run on webtext",
    ]


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Record("words_found", 12345), "words found: 12,345"),
        (Record("share", 0.123456), "share: 0.123"),
        (Record("lost", None), "lost: no value"),
        (Record("gap", -0.0), "gap: 0"),
        (
            Record("gap", -0.00001, low=-0.00002, high=0.5, n=9, over="runs"),
            "gap: 0.000 [0.000, 0.500] (9 runs)",
        ),
        (Record("gap", -1.5), "gap: −1.50"),
        (Record("gap", 2.0, low=2.0, high=2.0, n=1, over="dictionaries"), "gap: 2 (1 dictionary)"),
        (Record("twins", 1, "features"), "twins: 1 feature"),
        (
            Record("few", 2.0, low=-9.0, high=13.0, n=3, over="runs", values=[1.0, 2.0, 3.0]),
            "few: 2 (3 runs: 1, 2, 3)",
        ),
    ],
)
def test_values_are_written_for_people(found: Record, text: str) -> None:
    assert quantities.value_text(found) == text


def test_what_is_known_of_a_quantity_bounds_and_writes_it() -> None:
    share = Record("spelling_share", 0.9, low=0.7, high=1.1, n=4, over="models")
    assert quantities.value_text(share, "01") == "real words: 90% [70%, 100%] (4 models)"
    runs = [{"spelling_share": Record("spelling_share", value)} for value in (0.5, 1.0)]
    assert pooled(runs, chapter="01")["spelling_share"][3:5] == (0, 1)
