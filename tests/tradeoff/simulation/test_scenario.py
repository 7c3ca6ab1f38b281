import pytest
from hypothesis import given

from tests.strategies import reliabilities, signals, words
from tradeoff.codes import GROUPS
from tradeoff.sampled import AUTO, PATHS
from tradeoff.shared import checks
from tradeoff.simulation.options import RunOptions, parse_rule, resolve, run_id
from tradeoff.simulation.scenario import Scenario


@given(words(), reliabilities(), signals())
def test_a_scenario_survives_the_round_trip_through_its_content(word, p, signal):
    one = Scenario(word.text, *word.group.steps, p, signal)
    assert Scenario(**one.content).id == one.id


@pytest.mark.parametrize(
    "other",
    [Scenario("++-+", 2, 0.7), Scenario("++-+", 1, 0.6), Scenario("++-+", 1, 0.7, 3.0), Scenario("+-++", 1, 0.7)],
)
def test_word_step_p_and_signal_are_the_identity(other):
    assert Scenario("++-+", 1, 0.7).id != other.id


def test_the_identity_of_the_default_scenario_is_kept():
    """Rows of older runs stay findable: a change here is a change of the contract."""
    assert resolve({}, RunOptions()).id == "12bac74b3e83"


def test_defaults_are_four_quarter_turns_of_a_word_with_correlations_one_quarter():
    from tradeoff.codes.word import cyclic_word

    made = resolve({}, RunOptions())
    assert (len(made.word), made.step, made.p, made.signal) == (64, 16, 0.7, 2.0)
    assert cyclic_word(made.word, made.step).correlations.tolist() == [1, 0.25, 0.25, 0.25]


@pytest.mark.parametrize(
    "other", [RunOptions(seed=1), RunOptions(trials=7), RunOptions(scaled_radius=(1.0,)), RunOptions(rules=("bayes",))]
)
def test_options_that_change_the_files_change_their_names(other):
    one = resolve({}, RunOptions())
    assert run_id(one, other) != run_id(one, RunOptions())


def test_another_scenario_changes_the_names_of_files():
    one, two = (resolve({"p": p}, RunOptions()) for p in (0.7, 0.8))
    assert run_id(one, RunOptions()) != run_id(two, RunOptions())


def test_where_and_how_loud_does_not_change_their_names():
    assert RunOptions(out="elsewhere", quiet=True, no_figure=True).content == RunOptions().content


def test_radii_are_sorted_and_counted_once():
    assert RunOptions(scaled_radius=(2, 0.5, 2.0)).radii == (0.5, 2.0)


def test_patterns_are_columns_with_counts():
    """Coordinate i + m l shows letter l of column i; the step is the number of columns."""
    made = resolve({}, RunOptions(patterns="+++-:2,++++"))
    assert (made.word, made.step) == ("+++" * 3 + "--+", 3)


def test_another_group_is_another_scenario_and_the_cyclic_one_keeps_its_name():
    made = [resolve({"group": group}, RunOptions()) for group in GROUPS]
    assert len({one.id for one in made}) == 3
    assert made[0].id == resolve({}, RunOptions()).id == "12bac74b3e83"  # as in results/simulate


def test_further_columns_change_the_files_but_their_order_does_not():
    one, two = RunOptions(also=("fooling", "invariance")), RunOptions(also=("invariance", "fooling"))
    assert one.content == two.content != RunOptions().content


@pytest.mark.parametrize(
    ("spec", "expected"),
    [("bayes", ("bayes", ())), ("bayes:-1", ("bayes", (-1,))), ("augmented:0,1,7", ("augmented", (0, 1, 7)))],
)
def test_a_rule_may_name_elements_of_the_group(spec, expected):
    assert parse_rule(spec) == expected


@pytest.mark.parametrize(
    ("spec", "part"),
    [
        ("bayse", "rules='bayse' is unknown"),
        ("sign_x0:1", "is for the whole group"),
        ("bayes:1,2", "bayes takes one"),
        ("augmented:", "rules='' is not a whole number"),
        ("augmented:1.5", "not a whole number"),
    ],
)
def test_rules_that_cannot_be_read_are_refused(spec, part):
    with pytest.raises(checks.InputError, match=part):
        RunOptions(rules=(spec,))


def test_json_means_no_sampling_unless_asked_for():
    assert RunOptions(json=True).samples == 0
    assert RunOptions(json=True, trials=10).samples == 10


REFUSED = [
    ({"word": "+-+-"}, {"family": "legendre"}, "exclude each other"),
    ({"word": "+-+-"}, {"length": 8}, "contradicts the word, which has 4 letters"),
    ({}, {"length": 62}, "length=62 is not divisible by 4"),
    ({}, {"length": 0}, "length=0 must be at least 1"),
    ({"word": "+-+-", "step": 3}, {}, "step=3 does not divide the word length 4"),
    ({}, {"length": 12}, "family=golay_quarter with 4 shifts needs step to be a multiple of 4"),
    ({"word": "+-+-"}, {"patterns": "++:2"}, "word and patterns exclude each other"),
    ({}, {"patterns": "++:2,+-:1", "length": 8}, "contradicts the patterns, which has 6 letters"),
    ({"step": 2}, {"patterns": "++:2,+-:1"}, "step=2 contradicts the patterns, of which there are 3"),
    ({}, {"patterns": "++:2,+-+:1"}, "has 3 signs and"),
    ({}, {"patterns": "++:0"}, "patterns=0 must be at least 1"),
    ({}, {"patterns": "++:many"}, "patterns='many' is not a whole number"),
    ({}, {"patterns": "+o:2"}, "patterns='\\+o:2' has no signs"),
    ({}, {"patterns": "+-:99999999999"}, "use at most 1048576"),
    ({"group": "square"}, {}, "group='square' is unknown"),
]


OPTIONS_REFUSED = [
    ({"trials": 10**13}, "would take 12 days and more"),
    ({"trials": 10, "until_halfwidth": 0.01}, "trials and until_halfwidth exclude each other"),
    ({"path": "smooth", "until_halfwidth": 0.01}, "path='smooth' counts nothing"),
    ({"until_halfwidth": 0.5}, "strictly between 0 and 0.5"),
    ({"path": "fast"}, "path='fast' is unknown"),
    ({"workers": 0}, "workers=0 must be at least 1"),
    ({"workers": 1000}, "use at most 256"),
]


@pytest.mark.parametrize(("options", "part"), OPTIONS_REFUSED)
def test_ways_to_sample_that_make_no_sense_are_refused(options, part):
    with pytest.raises(checks.InputError, match=part):
        RunOptions(**options)


def test_the_path_and_the_half_width_change_the_files_but_workers_do_not():
    one = resolve({}, RunOptions())
    usual = run_id(one, RunOptions())
    assert run_id(one, RunOptions(workers=2)) == usual == "277c65bd6568"  # as in results/simulate
    assert len({run_id(one, RunOptions(path=path)) for path in (AUTO, *PATHS)}) == 4
    assert run_id(one, RunOptions(until_halfwidth=0.01)) != usual


@pytest.mark.parametrize(("given_", "options", "part"), REFUSED)
def test_contradictions_are_refused(given_, options, part):
    with pytest.raises(checks.InputError, match=part):
        resolve(given_, RunOptions(**options))
