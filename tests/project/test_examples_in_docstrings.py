"""The examples in the docstrings of what an engineer would copy: they exist and are true."""

from __future__ import annotations

import doctest
import importlib

import pytest
import torch

ENTRY_POINTS = {
    "TopK": "lib.sae.autoencoders",
    "L1": "lib.sae.autoencoders",
    "fit": "lib.sae.training",
    "fit_ensemble": "lib.sae.training",
    "harvest": "lib.activations.harvest",
    "mmcs": "lib.analysis.similarity",
    "load_dictionary": "lib.sae.interchange.reading",
    "load_corpus": "lib.text.corpora",
    "steer": "lib.analysis.steering",
    "evaluate_sae": "lib.sae.metrics",
}


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_the_example_runs(name: str) -> None:
    torch.manual_seed(0)
    module = importlib.import_module(ENTRY_POINTS[name])
    one = getattr(module, name)
    found = doctest.DocTestFinder(recurse=False).find(one, name, globs=dict(vars(module)))
    examples = [test for test in found if test.examples]
    assert examples, f"{name} has no example"
    for test in examples:
        said: list[str] = []
        doctest.DocTestRunner(verbose=False).run(test, out=said.append)
        assert not said, "".join(said)
