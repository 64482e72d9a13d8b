"""The recipes for Celery and Dask, run by the real packages.

    uv run --group engines pytest --no-cov tests/test_engines.py

Without that dependency group they are skipped, so that nobody has to install it. Airflow is too big
for it: test_recipes.py gives its recipe what Airflow was seen to give.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from phone import Phone
from test_recipes import bodies, recipe, run_script

FAILING_SUM = """\
def sum(numbers):
    raise ArithmeticError("it does not add up")


"""


@pytest.mark.parametrize("pool", ["solo", "threads"])
def test_celery_texts_of_a_failed_task_and_of_no_other(
    phone: Phone, tmp_path: Path, pool: str
) -> None:
    pytest.importorskip("celery")
    code = f"""\
{recipe("Celery")}

from celery import Celery
from celery.contrib.testing.worker import start_worker

app = Celery("site", broker="memory://", backend="cache+memory://")


@app.task(name="train")
def train(data):
    if not data:
        raise ValueError("no data")


with start_worker(app, pool="{pool}", perform_ping_check=False):
    train.delay([1]).get(timeout=60)
    assert isinstance(train.delay([]).get(timeout=60, propagate=False), ValueError)
"""
    assert run_script(phone, tmp_path, code) == 0
    assert bodies(phone) == ["train failed: ValueError('no data')"]


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("", "The sum is there."),
        (FAILING_SUM, "The sum failed: ArithmeticError('it does not add up')"),
    ],
    ids=["done", "failed"],
)
def test_dask_texts_once_at_the_end_of_a_script(
    phone: Phone, tmp_path: Path, before: str, text: str
) -> None:
    pytest.importorskip("distributed")
    # Dask's dashboard would listen to the whole network, and its scratch files stay in /tmp.
    code = recipe("Dask").replace("Client()", 'Client(dashboard_address="127.0.0.1:0")')
    scratch = {"DASK_TEMPORARY_DIRECTORY": str(tmp_path)}
    assert run_script(phone, tmp_path, before + code, **scratch) == 0
    assert bodies(phone) == [text]
