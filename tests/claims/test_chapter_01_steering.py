"""Chapter 1's steering, by its own cells: a planted direction is found, and none where none is."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from chapter_cells import begin_chapter, run_cells, verdict_of

from lib.analysis.steering import Prompts
from lib.core.errors import UserError
from lib.model.transformer import Transformer, TransformerConfig
from lib.sae.autoencoders import TopK

WIDTH, FEATURES, OWN, SITE = 48, 500, 6, "blocks.0.resid_mid"
CELLS = ["alike-in-density", "steering-groups", "steering-directions", "steering-texts",
         "steering-all", "steering-count", "steering-responses"]  # fmt: skip
CONFIG = TransformerConfig(
    vocab_size=256, context=64, layers=1, width=WIDTH, heads=2, mlp_width=32,
    positions="rope", norm="rms", mlp="swiglu", tied=True, biases=False,
)  # fmt: skip


PROMPTS = torch.randint(97, 122, (12, 12), generator=torch.manual_seed(0))


def towards(model: Transformer, word: str) -> torch.Tensor:
    """The direction in which the word's letters become likelier fastest."""
    letters = torch.tensor(list(word.encode())).expand(len(PROMPTS), -1)
    shift, start = torch.zeros(WIDTH, requires_grad=True), PROMPTS.shape[1] - 1
    push = lambda x: torch.cat((x[:, :start], x[:, start:] + shift), 1)
    logits = model(torch.cat((PROMPTS, letters), 1), edit={SITE: push}).logits
    expected = logits[:, start:-1].log_softmax(-1).gather(2, letters[..., None])
    return torch.autograd.grad(expected.sum(), shift)[0]


def judged(planted: int, seed: int = 0, means: bool = True, rare: bool = False) -> tuple[str, str]:
    """The verdicts on steering and on its failure for rarer words.

    Args:
        planted: so many of the word's six features point to it.
        means: whether the difference of means does.
        rare: whether the features of “school” point to it, and not away from it.
    """
    model = Transformer(CONFIG, seed=seed).eval()
    little, school = towards(model, "little"), towards(model, "school")
    sae = TopK(WIDTH, FEATURES, 4, seed=seed + 1)
    with torch.no_grad():
        sae.W_dec[:planted] = little
        sae.W_dec[OWN : OWN + 2] = school if rare else -school
    names = begin_chapter("01", steering_features=OWN, steering_prompts=len(PROMPTS))
    words = ["little"] * OWN + ["school"] * 2 + ["other"] * 150
    inside = SimpleNamespace(
        features=np.arange(len(words)), words=words, chosen_share=np.linspace(1, 0.5, len(words))
    )
    nothing = SimpleNamespace(features=np.arange(0), words=[])
    # Every feature fires as often as every other.
    choosing = SimpleNamespace(indices=np.arange(FEATURES))
    none = torch.zeros(1, WIDTH)
    names.update(
        settings=names["settings"].model_copy(update={"width": WIDTH, "features": FEATURES}),
        lm=model, site=SITE, saes=[sae], codes=[(choosing, None)],
        mid_found=[inside], found=[nothing], target="little", typical=1.0,
        rng=np.random.default_rng(seed), vocabulary={"school": 2, "other": 1},
        prompts=Prompts(PROMPTS, None),
    )  # fmt: skip
    run_cells("01", CELLS[:3], names)
    pointing = torch.nn.functional.normalize(little[None], dim=1) if means else none
    names["pushes"] |= {"features pointing there": pointing, "difference of means": pointing}
    run_cells("01", CELLS[3:], names)
    first = max(names["best"]["norm"].index, 0)
    names["own_effects"] = names["effects"]["norm"]["its own features"][first : first + 1]
    run_cells("01", ["rare-words", "rare-count", "rare-records"], names)
    both = ("words.steering", "words.steering-fails")
    return tuple(verdict_of(claim, "night").verdict for claim in both)


@pytest.mark.parametrize("planted", [1, 6])
def test_one_feature_of_six_that_works_is_found(planted):
    assert judged(planted)[0] == "replicated"


def test_features_that_do_no_more_than_others_are_no_finding():
    verdicts = [judged(0, seed)[0] for seed in range(4)]
    assert verdicts.count("not replicated") >= 3
    assert "replicated" not in verdicts


def test_where_the_means_move_nothing_nothing_can_be_told():
    assert judged(1, means=False) == ("cannot tell here", "cannot tell here")


@pytest.mark.parametrize(
    ("planted", "rare", "expected"),
    [
        (1, False, "replicated"),
        (1, True, "not replicated"),
        # A method that never works shows nothing by failing.
        (0, False, "cannot tell here"),
    ],
)
def test_a_failure_counts_where_the_method_can_succeed(planted, rare, expected):
    assert judged(planted, rare=rare)[1] == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"steering_doses": "[0.5, 0.2]"}, "steering_doses must rise"),
        ({"steering_doses": "[0, 0.2]"}, "steering_doses must rise"),
        ({"steering_characters": 60}, "must fit the context"),
        ({"target_word": "Little!"}, "target_word"),
    ],
)
def test_steering_settings_that_cannot_be(given, words):
    with pytest.raises(UserError, match=words):
        begin_chapter("01", **given)
