"""Steering and erasing: what is added where, how answers are counted, how a slope is judged."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from lib.analysis import steering
from lib.analysis.steering import (
    Prompts,
    best_direction,
    equal_divergence,
    mean_effect,
    prompts_before,
    steer,
    steered_word,
)
from lib.core.errors import UserError
from lib.model.sampling import generate
from lib.model.transformer import Transformer, TransformerConfig
from lib.studies.words.erasure import (
    Occasions,
    cut_windows,
    effect,
    gain_of_letter,
    insertion,
    log_probabilities,
    occasions,
    open_prefixes,
    removal,
)
from lib.studies.words.mid_word import mid_word
from lib.studies.words.ngram import ngram_sample
from lib.studies.words.selectivity import find_words
from lib.studies.words.spelling import spelling, vocabulary_of

SITE = "blocks.0.resid_mid"
CONFIG = TransformerConfig(
    vocab_size=256, context=48, layers=2, width=16, heads=2, mlp_width=24,
    positions="rope", norm="rms", mlp="swiglu", tied=True, biases=False,
)  # fmt: skip
STORY = b" Once the little cat saw a litter of mice by the lit fire. The little cat ran, a fat one."


def text(raw: bytes) -> np.ndarray:
    return np.frombuffer(raw, dtype=np.uint8)


@pytest.fixture(scope="module")
def model() -> Transformer:
    return Transformer(CONFIG, seed=0).eval()


def prompts_of(raw: bytes, ending: bytes, n: int, after: int = 0) -> Prompts:
    return prompts_before(text(raw), ending, 8, after, n, seed=0)


def test_prompts_end_where_they_should_and_differ():
    found = prompts_of(STORY * 3, rb" (a|the) ", 50, after=3)
    rows = [bytes(row.tolist()) for row in found.before]
    assert len(rows) == 3 * (STORY.count(b" a ") + STORY.count(b" the "))
    assert all(row.endswith((b" a ", b" the ")) for row in rows)
    joined = STORY * 3
    assert all(
        row + next_.tobytes() in joined for row, next_ in zip(rows, found.after, strict=True)
    )
    assert prompts_of(STORY * 3, rb" (a|the) ", 4).before.shape == (4, 8)
    assert prompts_of(STORY, b" zebra ", 4).before.shape == (0, 8)
    assert len(prompts_of(b" the fat cat", b" the ", 4).before) == 0, "not enough before it"
    assert len(prompts_of(STORY, b"fat ", 4, after=30).before) == 0, "not enough after it"


def test_the_vocabulary_leaves_out_what_occurs_once():
    found = vocabulary_of(text(STORY))
    assert found["little"] == 2
    assert "mice" not in found
    assert vocabulary_of(text(STORY), 1)["mice"] == 1


def test_no_shift_is_plain_sampling_and_arms_do_not_mix(model, monkeypatch):
    prompts = prompts_of(STORY, rb" (a|the) ", 3).before
    shifts = torch.zeros(2, 16)
    shifts[1, 3] = 1e4
    written = steer(model, prompts, SITE, shifts, 6, seed=5, top_k=1)
    plain = generate(model, prompts, 6, temperature=0.8, top_k=1, generator=torch.Generator())
    assert written.shape == (2, len(prompts), 6)
    assert np.array_equal(written[0], plain[:, 8:].numpy())
    assert not np.array_equal(written[1], written[0])
    alone = steer(model, prompts, SITE, shifts[1:], 6, seed=5, top_k=1)
    assert np.array_equal(alone[0], written[1])
    monkeypatch.setattr(steering, "ROWS_AT_ONCE", 2)
    assert np.array_equal(steer(model, prompts, SITE, shifts, 6, seed=5, top_k=1), written)


def test_no_arm_and_no_prompt_write_nothing(model):
    prompts = prompts_of(STORY, rb" (a|the) ", 3).before
    assert steer(model, prompts, SITE, torch.zeros(0, 16), 6, seed=0).shape == (0, 3, 6)
    assert steer(model, prompts[:0], SITE, torch.zeros(2, 16), 6, seed=0).shape == (2, 0, 6)


def test_steering_shifts_the_last_position_and_all_after_it(model):
    """Against a generation without a cache that recomputes the sequence and shifts by position."""
    prompts = prompts_of(STORY, b" the ", 2).before
    shift = torch.randn(1, 16, generator=torch.manual_seed(0)) * 3
    written = steer(model, prompts, SITE, shift, 5, seed=0, top_k=1)
    tokens = prompts
    for _ in range(5):
        change = torch.zeros(tokens.shape[1], 16)
        change[7:] = shift
        logits = model(tokens, edit={SITE: lambda x, change=change: x + change}).logits
        tokens = torch.cat((tokens, logits[:, -1:].argmax(-1)), 1)
    assert np.array_equal(written[0], tokens[:, 8:].numpy())


def plain_reference(model, prompt, shift, word, rebuild, without) -> tuple[float, float]:
    """One prompt and one shift in float64, without a cache: the definition."""
    exact, start = deepcopy(model).double(), len(prompt) - 1
    tokens = torch.cat((prompt, torch.tensor(list(word.encode()), dtype=torch.int64)))[None]
    at_end = lambda change: lambda x: torch.cat((x[:, :start], change(x[:, start:])), 1)
    edit = {SITE: at_end(lambda x: rebuild(x) + shift.double())}
    edit |= {site: at_end(torch.zeros_like) for site in without}
    with torch.no_grad():
        after = exact(tokens, edit=edit).logits[0].softmax(-1)
        before = exact(tokens).logits[0].softmax(-1)
    chance = 1.0
    for place, letter in enumerate(word.encode(), start):
        chance *= float(after[place, letter])
    others = [b for b in range(256) if not (chr(b).isascii() and chr(b).isalpha())]
    chance *= float(after[start + len(word), others].sum())
    p, q = before[start], after[start]
    return np.log(chance), float((p * (p / q).log()).sum())


@pytest.mark.parametrize("word", ["cat", "a", ""])
@pytest.mark.parametrize(
    ("rebuild", "without"), [(None, ()), (lambda x: 0.5 * x, ("blocks.0.mlp_out",))]
)
def test_a_words_chance_is_that_of_a_plain_reference(model, word, rebuild, without, monkeypatch):
    monkeypatch.setattr(steering, "ROWS_AT_ONCE", 4)
    prompts = prompts_of(STORY, rb" (a|the) ", 3).before
    shifts = 2 * torch.randn(3, 16, generator=torch.manual_seed(0))
    found = steered_word(model, prompts, SITE, shifts, word, rebuild=rebuild, without=without)
    for a, shift in enumerate(shifts):
        for n, prompt in enumerate(prompts):
            expected = plain_reference(
                model, prompt, shift, word, rebuild or (lambda x: x), without
            )
            measured = found.word[a, n], found.divergence[a, n]
            assert measured == pytest.approx(expected, abs=1e-5)


def test_words_that_exclude_each_other_have_chances_below_one(model):
    prompts = prompts_of(STORY, b" the ", 2).before
    none = torch.zeros(1, 16)
    letters = [steered_word(model, prompts, SITE, none, chr(c)).word for c in range(97, 123)]
    assert np.exp(letters).sum(0).max() < 1
    assert steered_word(model, prompts, SITE, none, "cat").divergence == pytest.approx(0, abs=1e-9)


def test_what_does_not_fit_the_context_is_refused(model):
    with pytest.raises(UserError, match="must fit the context"):
        steer(model, torch.zeros(1, 40, dtype=torch.int64), SITE, torch.zeros(1, 16), 9, seed=0)
    with pytest.raises(UserError, match="must fit the context"):
        steered_word(model, torch.zeros(1, 1, dtype=torch.int64), SITE, torch.zeros(1, 16), "cat")


def test_doses_of_equal_divergence_are_found(model):
    prompts = prompts_of(STORY, rb" (a|the) ", 3).before
    rows = torch.randn(5, 16, generator=torch.manual_seed(1))
    moved = lambda dose: steered_word(
        model, prompts, SITE, rows * torch.tensor(dose, dtype=torch.float32)[:, None], ""
    ).divergence.mean(1)
    dose = equal_divergence(moved, np.full(5, 0.1), 0.02, 50.0)
    assert moved(dose) == pytest.approx(0.02, rel=0.02)
    assert equal_divergence(moved, np.full(5, 0.1), 0.02, 0.05).max() == 0.05


def test_spelling_is_a_share_of_words():
    written = np.stack([text(b"the cat xqz "), text(b"1234567890. ")])
    found = spelling(written, {"the", "cat"})
    assert found.words.tolist() == [3, 0]
    assert found.share() == pytest.approx(2 / 3)


def test_copied_letters_are_those_that_followed():
    train = text(STORY * 4)
    written = ngram_sample(train, train[None, :9].repeat(20, 0), 30, order=5, seed=1)
    assert np.array_equal(written, ngram_sample(train, train[None, :9].repeat(20, 0), 30, 5, 1))
    pieces = {STORY[i : i + 5] for i in range(len(STORY) - 4)} | {
        (STORY * 2)[i : i + 5] for i in range(len(STORY))
    }
    for row in written:
        whole = STORY[:9] + row.tobytes()
        assert all(whole[i : i + 5] in pieces for i in range(len(whole) - 4))
    unseen = ngram_sample(train, text(b"\x00\x01\x02\x03")[None], 3)
    assert unseen.shape == (1, 3)


def effects(own: float, directions: int, seed: int, prompts: int = 60) -> np.ndarray:
    """Effects of directions that differ, at prompts that differ; the first has more by `own`."""
    rng = np.random.default_rng(seed)
    of_direction = 0.3 * rng.standard_t(3, (directions, 1))
    drawn = of_direction + rng.normal(size=(1, prompts)) + rng.normal(size=(directions, prompts))
    drawn[0] += own
    return drawn


def test_the_best_of_six_beats_the_best_of_six_others_in_one_draw_of_twenty():
    draws = [effects(0.0, 246, seed) for seed in range(400)]
    found = [best_direction(drawn[:6], [drawn[6:126]]) for drawn in draws]
    above = np.mean([best.excess.mean > 0 for best in found])
    assert 0.02 < above < 0.085
    assert np.mean([best.excess.low > 0 for best in found]) <= above
    # Two nulls: the stronger one counts.
    both = [best_direction(d[:6], [d[6:126], d[126:]]).excess.mean for d in draws[:40]]
    assert all(b <= one.excess.mean + 1e-12 for b, one in zip(both, found, strict=False))


def test_one_direction_of_six_that_works_is_found():
    found = [
        best_direction((d := effects(4.0, 126, seed))[:6], [d[6:]]).excess.low > 0
        for seed in range(20)
    ]
    assert sum(found) >= 18


def test_too_few_others_and_no_direction_decide_nothing():
    drawn = effects(9.0, 106, 0)
    assert best_direction(drawn[:6], [drawn[6:]]).excess.low == -np.inf
    assert best_direction(drawn[:0], [drawn[6:]]).index == -1
    assert mean_effect(drawn[:0]).high == np.inf
    assert mean_effect(drawn[:1]).low == -np.inf


def test_the_interval_of_a_mean_holds_it_over_directions_and_prompts():
    inside = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        drawn = rng.normal(size=(12, 1)) + rng.normal(size=(1, 40)) + rng.normal(size=(12, 40))
        found = mean_effect(1.0 + drawn)
        inside += found.low <= 1.0 <= found.high
    assert inside >= 48


def planted_codes(raw: bytes, at: list[int], value: float = 2.0) -> sparse.csr_array:
    """Two features; the first active at the given places, the second next to it in strength."""
    codes = np.zeros((len(raw), 2))
    codes[at, 0], codes[at, 1] = value, value + 0.5
    return sparse.csr_array(codes)


def test_occasions_are_first_activations_in_the_words_asked_for():
    words = find_words(text(STORY))
    mid = mid_word(words)
    first, second = STORY.index(b"little"), STORY.rindex(b"little")
    codes = planted_codes(STORY, [first + 1, first + 2, second + 3, STORY.index(b"litter") + 2])
    asked = np.array([word == "little" for word in words.vocabulary])
    found = occasions(codes[:, [0]], mid, words, asked)
    assert found.first.tolist() == [first + 1, second + 3]
    assert found.until.tolist() == [first + 5, second + 5]
    assert found.next_word.tolist() == [first + 7, second + 7]
    others = occasions(codes[:, [0]], mid, words, ~asked)
    assert others.first.tolist() == [STORY.index(b"litter") + 2]
    assert len(found.take(1, seed=0).first) == 1


def test_open_prefixes_are_other_words_that_begin_alike():
    words = find_words(text(STORY))
    codes = planted_codes(STORY, [0])
    found = open_prefixes(codes[:, [0]], words, "lift", text(STORY))
    starts = [
        STORY.index(b"little"),
        STORY.index(b"litter"),
        STORY.index(b"lit "),
        STORY.rindex(b"little"),
    ]
    assert found.first.tolist() == sorted(s + 1 for s in starts)
    assert len(open_prefixes(codes[:, [0]], words, "little", text(STORY)).first) == 0
    active = planted_codes(STORY, [STORY.index(b"litter") + 1])
    assert len(open_prefixes(active[:, [0]], words, "lift", text(STORY)).first) == 3


def test_windows_hold_the_occasion_and_leave_out_cut_ones():
    at = Occasions(
        np.array([1, 20, len(STORY) - 2]), np.array([3, 22, len(STORY) - 1]), np.array([5, 24, -1])
    )
    windows, starts = cut_windows(text(STORY), at, before=8, after=6)
    assert starts.tolist() == [12]
    assert bytes(windows.tokens[0].tolist()) == STORY[12:27]
    assert (windows.first[0], windows.until[0], windows.next_word[0]) == (8, 10, 12)


def removal_case(model):
    words = find_words(text(STORY))
    first = STORY.index(b"little") + 1
    codes = planted_codes(STORY, [first, first + 2])
    asked = np.array([word == "little" for word in words.vocabulary])
    at = occasions(codes[:, [0]], mid_word(words), words, asked)
    windows, starts = cut_windows(text(STORY), at, before=8, after=20)
    decoder = torch.nn.Parameter(torch.randn(2, 16, generator=torch.manual_seed(1)))
    change, control = removal(codes, decoder, 0, windows, starts)
    plain = log_probabilities(model, windows, SITE)
    changed = log_probabilities(model, windows, SITE, change)
    return windows, plain, changed, (change, control), decoder.detach()


def test_removal_takes_out_the_feature_and_the_control_has_its_length(model):
    windows, plain, changed, (change, control), decoder = removal_case(model)
    first = windows.first[0]
    assert torch.allclose(change[0, first], -2.0 * decoder[0])
    assert torch.allclose(change[0, first + 1], torch.zeros(16))
    assert torch.allclose(control.norm(dim=2), change.norm(dim=2), atol=1e-5)
    cosine = torch.cosine_similarity(control[0, first], -decoder[1], dim=0)
    assert cosine == pytest.approx(1.0, abs=1e-5)
    found = effect(windows, plain, changed)
    # By hand: the letters of the word after the first position, and the guess before "cat".
    target = windows.tokens[0]
    columns = range(first, windows.until[0])
    by_hand = np.mean(
        [float(plain[0, c, target[c + 1]] - changed[0, c, target[c + 1]]) for c in columns]
    )
    assert found.rest_of_word[0] == pytest.approx(by_hand, abs=1e-6)
    column = windows.next_word[0] - 1
    kl = torch.nn.functional.kl_div(
        changed[0, column], plain[0, column], log_target=True, reduction="sum"
    )
    assert found.next_word[0] == pytest.approx(float(kl), abs=1e-6)


def test_no_change_has_no_effect(model):
    windows, plain, _, _, decoder = removal_case(model)
    found = effect(windows, plain, plain)
    assert found.rest_of_word[0] == 0
    assert found.next_word[0] == pytest.approx(0, abs=1e-7)
    put_in = insertion(decoder[0], 3.0, windows)
    assert put_in[0, windows.first[0]].norm() == pytest.approx(3.0, abs=1e-5)
    assert put_in.abs().sum() == pytest.approx(
        float(put_in[0, windows.first[0]].abs().sum()), rel=1e-6
    )
    changed = log_probabilities(model, windows, SITE, put_in)
    gain = gain_of_letter(windows, plain, changed, "t")
    first = windows.first[0]
    assert gain[0] == pytest.approx(float((changed - plain)[0, first, ord("t")]))


def test_where_there_is_no_occasion_there_is_no_effect(model):
    none = np.array([], dtype=np.int64)
    windows, starts = cut_windows(text(STORY), Occasions(none, none, none), before=8, after=20)
    change, control = removal(planted_codes(STORY, []), torch.randn(2, 16), 0, windows, starts)
    plain = log_probabilities(model, windows, SITE)
    changed = log_probabilities(model, windows, SITE, change)
    assert plain.shape == (0, 29, 256)
    assert len(effect(windows, plain, changed).rest_of_word) == len(control) == 0
    assert len(gain_of_letter(windows, plain, changed, "t")) == 0


@given(st.integers(1, 40))
def test_wider_windows_measure_no_word_that_is_cut(after):
    at = Occasions(np.array([20]), np.array([25]), np.array([-1]))
    windows, _ = cut_windows(text(STORY), at, before=4, after=after)
    assert len(windows.first) == int(after > 5 and 20 + after < len(STORY))
