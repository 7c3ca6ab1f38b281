"""One thread: results are bit-equal for a given number of threads, and small networks are fastest on one."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    import torch  # here, because this file is read even where the room is left out

    torch.set_num_threads(1)


@pytest.fixture(autouse=True, scope="session")
def no_clock():
    """No clock chooses kernels, or two runs might have other bits: all take no time, so torch's are used."""
    from empirical.compute.kernels import choice

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(choice, "seconds_of", lambda device, name, work: 0.0)
        yield


@pytest.fixture(scope="session")
def digits():
    from empirical.data import DATASETS

    return DATASETS["digits"]()


@pytest.fixture(scope="session")
def trained(digits):
    """A StdCNN after 250 updates on 1,397 digits (3 s, 96 % right), and the 400 digits that it has not seen."""
    import torch
    from torch.nn import functional

    from empirical import models
    from empirical.compute.draws import Draws

    train, held_out = digits.split(400)
    model = models.build("std_cnn", seed=0)
    optimiser = torch.optim.Adam(model.parameters(), lr=2e-3)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)  # dropout
        for update in range(250):
            rows = Draws(0, "order", update).permutation(len(train))[:64]
            loss = functional.cross_entropy(model(train.images[rows]), train.labels[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    optimiser.zero_grad()
    return model.eval(), held_out
