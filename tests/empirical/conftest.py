"""One thread: results are bit-equal for a given number of threads, and small networks are fastest on one."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    import torch  # here, because this file is read even where the room is left out

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def digits():
    from empirical.data import DATASETS

    return DATASETS["digits"]()
