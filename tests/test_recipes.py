"""Each recipe of README is run, and texts the make-believe phone."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from conftest import MODULES, environment, guard
from phone import Phone

from textmyself import textmyself

SetUp = Callable[..., Phone]
README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
PART = README.partition("## Recipes")[2].partition("\n## ")[0]
FOUND = re.findall(r"\n([A-Z][^\n]*(?:\n[^\n`]+)*:)\n\n```\w+\n(.*?)```", PART, re.S)
RECIPES: dict[str, str] = dict(FOUND)


def recipe(start: str) -> str:
    """Return the code of the one recipe whose title starts so."""
    [code] = [code for title, code in RECIPES.items() if title.startswith(start)]
    return code


def run(phone: Phone, folder: Path, command: list[str]) -> int:
    """Run a command where `textmyself` is one, and so is `make`; return its exit status."""
    tools = folder / "bin"
    tools.mkdir()
    command_line = f'exec {sys.executable} {MODULES / "textmyself.py"} "$@"'
    for name, line in {
        "textmyself": command_line,
        "make": "exit 0",
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
    }
    return subprocess.run(command, cwd=folder, env=variables, check=False).returncode


def bodies(phone: Phone) -> list[str]:
    return [re.sub(r"in \d+ s", "in 0 s", text.body) for text in phone.texts]


def run_python(code: str, **names: Any) -> dict[str, Any]:
    """Run a recipe in this process, and return its names."""
    names = {"textmyself": textmyself, **names}
    exec(compile(code, "README.md", "exec"), names)
    return names


def test_no_recipe_is_longer_than_six_lines() -> None:
    assert len(RECIPES) == 14
    for code in RECIPES.values():
        assert len([line for line in code.splitlines() if line]) <= 6


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


def test_atexit(phone: Phone, tmp_path: Path) -> None:
    code = f"from textmyself import textmyself\n{recipe('When the script ends')}raise SystemExit(3)"
    assert run(phone, tmp_path, [sys.executable, "-c", code]) == 3
    assert bodies(phone) == ["The script has ended."]


def test_a_decorator(set_up: SetUp) -> None:
    phone = set_up("gateway")
    texted = run_python(recipe("A decorator"))["texted"]
    add = texted("The sum")(lambda one, two: one + two)
    assert add(1, two=2) == 3
    assert bodies(phone) == ["The sum is done."]


def test_a_notebook_and_asyncio(set_up: SetUp) -> None:
    phone = set_up("gateway")
    run_python(recipe("A notebook"))
    run_python(recipe("In asyncio"))
    assert bodies(phone) == ["The notebook is through.", "The crawl is finished."]


@pytest.mark.parametrize(("rain", "texts"), [(True, ["Pack an umbrella."]), (False, [])])
def test_the_weather(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rain: bool, texts: list[str]
) -> None:
    phone = set_up("gateway")
    (tmp_path / "today.json").write_text(f'{{"rain": {str(rain).lower()}}}')
    code = recipe("The weather")
    run_python(re.sub(r"https://[^\"]+", (tmp_path / "today.json").as_uri(), code))
    assert bodies(phone) == texts


def test_the_shell(phone: Phone, tmp_path: Path) -> None:
    assert run(phone, tmp_path, ["sh", "-c", recipe("In the shell")]) == 0
    assert bodies(phone) == ["make test is through", "make test: done in 0 s"]


def test_cron(phone: Phone, tmp_path: Path) -> None:
    *_, command = recipe("In cron").split(" ", 5)
    assert command.startswith("cd /srv/site && /usr/local/bin/textmyself ")
    command = command.replace("/srv/site", shlex.quote(str(tmp_path))).replace(
        "/usr/local/bin/", ""
    )
    assert run(phone, tmp_path, ["sh", "-c", command]) == 0
    assert bodies(phone) == ["make backup: done in 0 s"]


def test_systemd(phone: Phone, tmp_path: Path) -> None:
    line = recipe("In a systemd").partition("=")[2].replace("${SERVICE_RESULT}", "exit-code")
    assert run(phone, tmp_path, ["sh", "-c", shlex.join(shlex.split(line))]) == 0
    assert bodies(phone) == ["The backup service: exit-code"]


def test_slurm(phone: Phone, tmp_path: Path) -> None:
    assert run(phone, tmp_path, ["sh", "-c", recipe("Slurm")]) == 0
    assert bodies(phone) == ["make train: done in 0 s"]


def test_airflow(set_up: SetUp) -> None:
    phone = set_up("gateway")
    task = SimpleNamespace(task_id="train")
    text_me = run_python(recipe("Airflow"))["text_me"]
    text_me({"task_instance": task, "exception": ValueError("no data")})
    assert bodies(phone) == ["train failed: ValueError('no data')"]


def test_celery(set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = set_up("gateway")
    signals: Any = ModuleType("celery.signals")
    handlers: list[Any] = []
    signals.task_failure = SimpleNamespace(connect=handlers.append)
    monkeypatch.setitem(sys.modules, "celery", ModuleType("celery"))
    monkeypatch.setitem(sys.modules, "celery.signals", signals)
    run_python(recipe("Celery"))
    handlers[0](sender=SimpleNamespace(name="train"), exception=ValueError("no data"), args=())
    assert bodies(phone) == ["train failed: ValueError('no data')"]


def test_dask(set_up: SetUp) -> None:
    phone = set_up("gateway")
    with ThreadPoolExecutor(1) as client:
        run_python(recipe("Dask"), client=client)
    assert bodies(phone) == ["The sum is there."]
