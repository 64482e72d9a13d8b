"""What a newcomer is told and given: README.md, .env.example, the wheel, and the workflows."""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from conftest import MODULES, environment

import carriers
import textmyself as module

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WORKFLOWS = ROOT / ".github" / "workflows"


def test_env_example_has_each_setting_with_where_to_get_it() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    head, *settings = example.split("\n\n")
    assert head.startswith("# textmyself reads this file.")
    assert [setting.strip() for setting in settings] == [
        f"# {words}\n{name}=" for name, _, words in module.SETTINGS
    ]


def test_readme_names_each_setting_and_no_other() -> None:
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", README))
    assert named == {*module.NAMES, "TEXTMYSELF_ENV", "XDG_CONFIG_HOME"}


def test_readme_gives_the_two_commands() -> None:
    assert "`pip install uv && uv run tests/phone.py`" in README
    assert "`pip install uv && uv run pytest`" in README


def test_readme_has_the_signature_and_its_defaults() -> None:
    parameters = inspect.signature(module.textmyself).parameters.values()
    shown = [
        f"{it.name}={it.default}" if it.default is not it.empty else it.name for it in parameters
    ]
    assert f"textmyself(message, *, {', '.join(shown[1:])}) -> Receipt" in README


def test_readme_has_the_limits_of_the_code() -> None:
    assert f"at most {module.MOST_PARTS};" in README
    assert f"up to {module.PICTURE_BYTES:,} bytes" in README
    assert f"{module.MOST_PER_HOUR} texts an hour at the most" in README


def test_readme_shows_the_bubble_of_the_phone(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, ROOT / "tests" / "phone.py"],
        capture_output=True,
        encoding="utf-8",
        env={**environment(tmp_path), "PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    assert shown.stderr == ""
    lines = [line.strip() for line in shown.stdout.splitlines()]
    bubble = README.split("```")[3].strip().splitlines()
    assert lines[lines.index(bubble[0]) :][: len(bubble)] == bubble
    assert shown.stdout.count("sent=True") == 3


@pytest.mark.parametrize(
    ("name", "last_day"),
    [("Verizon", "2027-03-31"), ("AT&T", "2025-06-17"), ("Bell", "2025-12-31")],
)
def test_readme_and_the_phone_book_agree_on_when_a_gateway_closes(name: str, last_day: str) -> None:
    row = carriers.find_gateway(name, date(2023, 1, 1))
    assert row.last_day == last_day
    assert last_day[:4] in README
    assert f"As of {row.checked};" in README


def test_the_error_that_readme_shows_is_the_codes_own(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shown = next(block for block in README.split("```") if "\nnot sent:" in block).strip()
    advice = next(row[2] for row in module.TWILIO_ADVICE if "572006" in row[0])
    assert f"  Twilio: {advice.replace('. ', ' (572006). ')}." in shown.splitlines()
    monkeypatch.setenv("MY_PHONE_NUMBER", "+15559998888")
    monkeypatch.setenv("MY_CARRIER", "AT&T")
    monkeypatch.setenv("SMTP_USER", "you@gmail.com")
    monkeypatch.setenv("SMTP_PASSWORD", "abcd efgh ijkl mnop")
    module.textmyself("The boring task is finished.")
    first, _, last = shown.splitlines()
    assert caplog.records[0].message.splitlines() == [first, last]


def test_the_wheel_holds_both_modules_and_nothing_else(tmp_path: Path) -> None:
    for name in ("textmyself.py", "carriers.py"):
        shutil.copy(MODULES / name, tmp_path)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist"]
    subprocess.run(build, cwd=tmp_path, check=True, capture_output=True)
    [wheel] = (tmp_path / "dist").glob("*.whl")
    assert wheel.name == f"textmyself-{module.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert [name for name in names if ".dist-info/" not in name] == ["carriers.py", "textmyself.py"]
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_workflow_runs_each_command_of_ci_run() -> None:
    here = re.findall(r"^run (uv run .+)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    there = re.findall(r"^ +- run: (.+)$", (WORKFLOWS / "ci.yml").read_text(), re.MULTILINE)
    assert here == [
        "uv run pytest",
        "uv run ruff check",
        "uv run ruff format --check",
        "uv run mypy",
    ]
    assert [command for command in here if command not in there] == []


@pytest.mark.parametrize("name", ["ci.yml", "release.yml"])
def test_a_workflow_may_only_read_and_its_actions_cannot_change(name: str) -> None:
    workflow = (WORKFLOWS / name).read_text()
    assert "\npermissions:\n  contents: read\n" in workflow
    assert re.findall(r": write$", workflow, re.MULTILINE) == [": write"] * (name == "release.yml")
    actions = re.findall(r"uses: (.+)", workflow)
    pinned = r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+"
    assert [action for action in actions if not re.fullmatch(pinned, action)] == []
    assert len(actions) > 1


def test_readme_shows_the_help_of_the_command() -> None:
    assert f"```\n{module.HELP}```\n" in README


def test_to_import_it_is_to_import_next_to_nothing_else() -> None:
    code = "import sys; before = {*sys.modules}; import textmyself; print({*sys.modules} - before)"
    run = [sys.executable, "-S", "-c", code]
    loaded = subprocess.run(run, cwd=MODULES, capture_output=True, text=True, check=True).stdout
    for heavy in ("twilio", "dotenv", "carriers", "smtplib", "email", "logging", "typing", "re"):
        assert f"'{heavy}'" not in loaded
