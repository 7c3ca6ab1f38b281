import numpy as np
import pytest

from tradeoff.sampled import blocks


def coins(n, rng):
    """Two counts of a block; a module's own function, so that other processes can be sent it."""
    drawn = rng.random(n)
    return np.array([np.count_nonzero(drawn < 0.3), np.count_nonzero(drawn < 0.7)], dtype=np.int64)


def count(**options):
    return blocks.run(coins, trials=10_007, block=100, rng=np.random.default_rng(5), **options)


@pytest.mark.parametrize(("workers", "batch"), [(2, 1), (2, 7), (3, 1000)])
def test_numbers_do_not_depend_on_how_the_work_is_cut(workers, batch):
    alone, shared = count(), count(workers=workers, batch=batch)
    assert shared.counts.tolist() == alone.counts.tolist()
    assert shared.trials == alone.trials == 10_007


def test_another_seed_gives_other_numbers():
    other = blocks.run(coins, trials=10_007, block=100, rng=np.random.default_rng(6))
    assert other.counts.tolist() != count().counts.tolist()


def test_a_second_run_with_the_same_generator_draws_afresh():
    rng = np.random.default_rng(5)
    first, second = (blocks.run(coins, trials=1000, block=100, rng=rng).counts.tolist() for _ in range(2))
    assert first != second


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_adds_up_to_the_trials(workers):
    done = []
    count(workers=workers, batch=5, progress=done.append)
    assert sum(done) == 10_007
    assert len(done) > 5


def interrupt_after(blocks_done):
    seen = []

    def progress(n):
        seen.append(n)
        if len(seen) == blocks_done:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_run_keeps_what_it_has_counted(workers):
    """The kept blocks are the first ones of the whole run, and their counts are theirs alone."""
    kept = count(workers=workers, batch=1, progress=interrupt_after(4), keep=True)
    assert kept.trials == 400
    assert 0 < kept.counts[0] < kept.counts[1] < 400
    if workers == 1:
        assert (
            kept.counts.tolist()
            == blocks.run(coins, trials=400, block=100, rng=np.random.default_rng(5)).counts.tolist()
        )


def test_an_interrupt_is_passed_on_unless_asked_otherwise():
    with pytest.raises(KeyboardInterrupt):
        count(progress=interrupt_after(1))


def interrupted_at_once(n, rng):
    raise KeyboardInterrupt


def test_an_interrupt_before_the_first_block_leaves_nothing_to_keep():
    with pytest.raises(KeyboardInterrupt):
        blocks.run(interrupted_at_once, trials=10, block=5, rng=np.random.default_rng(0), keep=True)
