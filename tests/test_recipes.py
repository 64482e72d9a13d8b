"""More recipes than README has; the tests below run them and README's own.

Those in Python begin with `from textmyself import textmyself`. test_engines.py runs Celery's and
Dask's.

When the script ends, by itself, by an error or by Ctrl-C (of a kill only `--run` can tell). Without
the `if`, each process that the script starts by `spawn` would text as well.

```python
import atexit

if __name__ == "__main__":
    atexit.register(textmyself, "The script has ended.")
```

A decorator, `@texted("The training")` above a `def`, for when it returns.

```python
from contextlib import contextmanager


@contextmanager
def texted(words):
    yield
    textmyself(f"{words} is done.")
```

The same for above an `async def`, where the one for a `def` would text before anything is done.

```python
import asyncio
from contextlib import asynccontextmanager


@asynccontextmanager
async def texted(words):
    yield
    await asyncio.to_thread(textmyself, f"{words} is done.")
```

The weather.

```python
import json
from urllib.request import urlopen

with urlopen("https://api.example.com/weather/today.json") as answer:
    if json.load(answer)["rain"]:
        textmyself("Pack an umbrella.")
```

In a systemd service, once it has ended, with the whole path.

```ini
ExecStopPost=/usr/local/bin/textmyself "The backup service: ${SERVICE_RESULT}"
```

Where many machines work at one job, let the one that started it text, not each worker: two hundred
workers that fail at once are two hundred texts, and the secrets stay in one place.

Slurm, for one job.

```sh
sbatch --wrap 'textmyself --run make train'
```

Airflow, as the `on_failure_callback` of a task or of a DAG. A task's context has an exception, unless
the task was killed; a DAG's has a reason, and not always a task.

```python
def text_me(context):
    task = context.get("task_instance")
    name = f"{context['dag'].dag_id}.{task.task_id}" if task else context["dag"].dag_id
    why = context.get("exception") or context.get("reason") or "killed"
    textmyself(f"{name} failed: {why!r}")
```

Celery, in the worker's own process, so for few and important tasks.

```python
from celery.signals import task_failure


@task_failure.connect
def text_me(sender=None, exception=None, **_):
    textmyself(f"{sender.name} failed: {exception!r}")
```

Dask, in the script that hands out the work. It waits for the sum, as a callback may come too late:
the end of a script waits for none.

```python
from dask.distributed import Client

if __name__ == "__main__":
    with Client() as client:
        error = client.submit(sum, [1, 2, 3]).exception()
    textmyself(f"The sum failed: {error!r}" if error else "The sum is there.")
```
"""

from __future__ import annotations

import ast
import asyncio
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from socket import gethostname
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import MODULES, environment, guard
from phone import Phone

from textmyself import textmyself

SetUp = Callable[..., Phone]
for_sh = pytest.mark.skipif(os.name != "posix", reason="these are recipes for sh")


def read_recipes(text: str) -> dict[str, str]:
    """Return the code of each fenced block, by the paragraph above it."""
    parts = text.split("```")
    titles = [prose.strip().rpartition("\n\n")[2] for prose in parts[:-1:2]]
    return dict(zip(titles, [block.partition("\n")[2] for block in parts[1::2]], strict=True))


README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
IN_README = read_recipes(README.partition("## Recipes")[2].partition("\n## ")[0])
HERE = read_recipes(__doc__)


def recipe(start: str) -> str:
    """Return the code of the one recipe whose title starts so."""
    [code] = [
        code for title, code in [*IN_README.items(), *HERE.items()] if title.startswith(start)
    ]
    return code


def run(phone: Phone, folder: Path, command: list[str], **variables: str) -> int:
    """Run a command where `textmyself` is one, and so is `make`; return its exit status."""
    tools = folder / "bin"
    tools.mkdir()
    command_line = f'exec {sys.executable} {MODULES / "textmyself.py"} "$@"'
    for name, line in {
        "textmyself": command_line,
        "make": 'exit "${MAKE_EXITS_WITH:-0}"',
        "sbatch": 'exec sh -c "$2"',
    }.items():
        (tools / name).write_text(f"#!/bin/sh\n{line}\n")
        (tools / name).chmod(0o755)
    path = os.pathsep.join([str(MODULES), guard(folder)])
    variables = {
        **environment(folder),
        "PATH": f"{tools}{os.pathsep}{os.defpath}",
        "PYTHONPATH": path,
        **phone.settings("gateway"),
        **variables,
    }
    return subprocess.run(command, cwd=folder, env=variables, check=False).returncode


def run_script(phone: Phone, folder: Path, code: str, **variables: str) -> int:
    """Run a script that begins as each recipe in Python does; return its exit status."""
    script = folder / "job.py"
    script.write_text(f"from textmyself import textmyself\n\n{code}", encoding="utf-8")
    return run(phone, folder, [sys.executable, str(script)], **variables)


def bodies(phone: Phone) -> list[str]:
    """Return what was texted, as if on the machine `here` and within a second."""
    machine = re.escape(gethostname().partition(".")[0])
    texts = [re.sub(rf"\bon {machine}:", "on here:", text.body) for text in phone.texts]
    return [re.sub(r"in \d+ s", "in 0 s", body) for body in texts]


def run_python(code: str, **names: Any) -> dict[str, Any]:
    """Run a recipe in this process, and return its names."""
    names = {"textmyself": textmyself, **names}
    exec(compile(code, "recipe.py", "exec"), names)
    return names


def test_no_recipe_is_longer_than_six_lines() -> None:
    assert (len(IN_README), len(HERE)) == (5, 9)
    for code in [*IN_README.values(), *HERE.values()]:
        assert 1 <= len([line for line in code.splitlines() if line]) <= 6


def test_at_the_end(set_up: SetUp) -> None:
    phone = set_up("gateway")
    run_python(recipe("At the end"))
    assert bodies(phone) == ["Done: 499500"]


def test_on_success(set_up: SetUp) -> None:
    phone = set_up("gateway")
    run_python(recipe("On success"))
    assert bodies(phone) == ["Done: 499500"]


def test_on_failure(set_up: SetUp) -> None:
    def fail(_: object) -> None:
        raise ArithmeticError("it does not add up")

    phone = set_up("gateway")
    with pytest.raises(ArithmeticError):
        run_python(recipe("On success"), sum=fail)
    assert bodies(phone) == ["Failed: ArithmeticError('it does not add up')"]


def test_asyncio_in_a_script(phone: Phone, tmp_path: Path) -> None:
    assert run_script(phone, tmp_path, f"{recipe('In asyncio')}\n\nasyncio.run(crawl())\n") == 0
    assert bodies(phone) == ["The crawl is finished."]


def test_asyncio_in_a_notebook_whose_loop_goes_on_meanwhile(set_up: SetUp) -> None:
    async def run_cell() -> None:
        # A notebook runs a cell so, in a loop that is running already.
        cell = f"{recipe('In asyncio')}\n\nawait crawl()\n"
        code = compile(cell, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        other = asyncio.create_task(asyncio.sleep(0))
        await eval(code, {"textmyself": textmyself})
        assert other.done()

    phone = set_up("gateway")
    asyncio.run(run_cell())
    assert bodies(phone) == ["The crawl is finished."]


@for_sh
def test_the_shell(phone: Phone, tmp_path: Path) -> None:
    command = ["sh", "-c", recipe("In the shell")]
    assert run(phone, tmp_path, command, MAKE_EXITS_WITH="2") == 2
    assert bodies(phone) == ["make test on here: failed (exit 2) after 0 s"]


@for_sh
@pytest.mark.parametrize(("status", "texts"), [("0", []), ("2", ["The backup failed."])])
def test_cron(phone: Phone, tmp_path: Path, status: str, texts: list[str]) -> None:
    *_, command = recipe("In cron").split(" ", 5)
    here = command.replace("/srv/site", shlex.quote(str(tmp_path)))
    here = here.replace("/usr/local/bin/", "")
    assert run(phone, tmp_path, ["sh", "-c", here], MAKE_EXITS_WITH=status) == 0
    assert bodies(phone) == texts


def test_atexit(phone: Phone, tmp_path: Path) -> None:
    code = f"{recipe('When the script ends')}raise SystemExit(3)\n"
    assert run_script(phone, tmp_path, code) == 3
    assert bodies(phone) == ["The script has ended."]


def test_atexit_of_a_script_whose_workers_import_it(phone: Phone, tmp_path: Path) -> None:
    code = f"""\
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

{recipe("When the script ends")}
if __name__ == "__main__":
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        assert list(pool.map(abs, [-1, -2])) == [1, 2]
"""
    assert run_script(phone, tmp_path, code) == 0
    assert bodies(phone) == ["The script has ended."]


def test_a_decorator(set_up: SetUp) -> None:
    phone = set_up("gateway")
    texted = run_python(recipe("A decorator"))["texted"]
    add = texted("The sum")(lambda one, two: one + two)
    assert add(1, two=2) == 3
    assert bodies(phone) == ["The sum is done."]


def test_a_decorator_of_a_coroutine(set_up: SetUp) -> None:
    async def add(one: int, two: int) -> int:
        await asyncio.sleep(0)
        assert bodies(phone) == []
        return one + two

    phone = set_up("gateway")
    texted = run_python(recipe("The same for above an `async def`"))["texted"]
    assert asyncio.run(texted("The sum")(add)(1, two=2)) == 3
    assert bodies(phone) == ["The sum is done."]


@pytest.mark.parametrize(("rain", "texts"), [(True, ["Pack an umbrella."]), (False, [])])
def test_the_weather(set_up: SetUp, tmp_path: Path, rain: bool, texts: list[str]) -> None:
    phone = set_up("gateway")
    (tmp_path / "today.json").write_text(f'{{"rain": {str(rain).lower()}}}')
    code = recipe("The weather")
    run_python(re.sub(r"https://[^\"]+", (tmp_path / "today.json").as_uri(), code))
    assert bodies(phone) == texts


@for_sh
def test_systemd(phone: Phone, tmp_path: Path) -> None:
    line = recipe("In a systemd").partition("=/usr/local/bin/")[2]
    line = line.replace("${SERVICE_RESULT}", "exit-code")
    assert run(phone, tmp_path, ["sh", "-c", shlex.join(shlex.split(line))]) == 0
    assert bodies(phone) == ["The backup service: exit-code"]


@for_sh
def test_slurm(phone: Phone, tmp_path: Path) -> None:
    assert run(phone, tmp_path, ["sh", "-c", recipe("Slurm")]) == 0
    assert bodies(phone) == ["make train on here: done in 0 s"]


DAG, TASK = SimpleNamespace(dag_id="nightly"), SimpleNamespace(task_id="train")


# What matters here of the contexts that Airflow 3.3.2 gave when it ran this recipe: a task failed,
# its DAG therefore, and a DAG ran out of time. The last two are from its source (processor.py): a
# task whose process was killed, and a DAG without a task to blame.
@pytest.mark.parametrize(
    ("context", "body"),
    [
        (
            {"dag": DAG, "task_instance": TASK, "exception": ValueError("no data")},
            "nightly.train failed: ValueError('no data')",
        ),
        (
            {"dag": DAG, "task_instance": TASK, "reason": "task_failure"},
            "nightly.train failed: 'task_failure'",
        ),
        (
            {"dag": DAG, "task_instance": TASK, "reason": "timed_out"},
            "nightly.train failed: 'timed_out'",
        ),
        ({"dag": DAG, "task_instance": TASK}, "nightly.train failed: 'killed'"),
        (
            {"dag": DAG, "run_id": "manual__2026-11-25", "reason": "all_tasks_deadlocked"},
            "nightly failed: 'all_tasks_deadlocked'",
        ),
    ],
)
def test_airflow(set_up: SetUp, context: dict[str, Any], body: str) -> None:
    phone = set_up("gateway")
    run_python(recipe("Airflow"))["text_me"](context)
    assert bodies(phone) == [body]
