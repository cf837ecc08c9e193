"""A Dask cluster as an executor: the road past one machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

from experiments.extras import needs
from model.errors import InputError
from model.threads import available_cores

_SECONDS = 30


class DaskExecutor(Executor):
    """Dask's own executor, with word of how much it can have under way.

    Args:
        client: a ``distributed.Client``.
    """

    def __init__(self, client: Any) -> None:
        self._executor = client.get_executor(pure=False)
        self.capacity = 2 * max(sum(client.ncores().values()), 1)

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have work done somewhere in the cluster."""
        future: Future[Any] = self._executor.submit(work, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work."""
        self._executor.shutdown(wait=wait)


@contextmanager
def dask_executor(address: str | None = None, workers: int | None = None) -> Iterator[DaskExecutor]:
    """An executor on a cluster, or on one of local processes that ends here.

    Args:
        address: of a running scheduler; None starts a cluster here.
        workers: of a cluster started here.

    Raises:
        InputError: if Dask isn't installed, or nobody answers at the address.
    """
    with needs("distributed", "cluster"):
        from distributed import Client, LocalCluster
    if address is not None:
        try:
            client = Client(address, timeout=_SECONDS)
        except (OSError, ValueError, TimeoutError) as error:
            raise InputError(f"--address {address}: no Dask scheduler answers: {error}") from None
        with client:
            yield DaskExecutor(client)
        return
    with (
        LocalCluster(
            n_workers=workers or available_cores(), threads_per_worker=1,
            dashboard_address=None, host="127.0.0.1",
        ) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        yield DaskExecutor(client)
