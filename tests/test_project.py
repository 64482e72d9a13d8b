"""What a newcomer is told and given: README.md, .env.example, the wheel, and the workflows."""

from __future__ import annotations

import inspect
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import MODULES, is_wine, run_python
from phone import Phone, twilio_error

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


def test_env_example_is_what_the_command_writes_with_a_topic_that_is_nobodys(
    tmp_path: Path,
) -> None:
    written = run_python(tmp_path, "-m", "textmyself", "--env", "new.env", "--init")
    assert (written.returncode, written.stderr) == (0, "")
    text = (tmp_path / "new.env").read_text(encoding="utf-8")
    text, topics = re.subn(r"ntfy-[0-9a-f]{24}@", "ntfy-mytopic@", text)
    assert topics == 1
    assert text == (ROOT / ".env.example").read_text(encoding="utf-8")


# Which are others' settings, and the one that is in no `.env`.
VARIABLES = {"HTTPS_PROXY", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "TEXTMYSELF_ENV"}


def test_readme_names_no_setting_that_there_is_not_and_shows_where_all_are() -> None:
    named = set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", README))
    assert named - {*module.NAMES} == VARIABLES
    assert {"MY_PHONE_NUMBER", "MY_CARRIER", "MY_GATEWAY", "TWILIO_ACCOUNT_SID"} <= named
    assert "[.env.example](.env.example)" in README


def test_readme_gives_the_two_commands() -> None:
    assert "`pip install uv && uv run tests/phone.py`" in README
    assert "`pip install uv && uv run pytest`" in README


def test_readme_has_the_signature_and_its_defaults() -> None:
    parameters = inspect.signature(module.textmyself).parameters.values()
    shown = [
        f"{it.name}={it.default}" if it.default is not it.empty else it.name for it in parameters
    ]
    assert f"textmyself(message, *, {', '.join(shown[1:])}) -> Receipt" in README


def test_readme_shows_the_help_of_the_command(tmp_path: Path) -> None:
    shown = run_python(tmp_path, "-m", "textmyself", "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert f"```\n{shown.stdout}```\n" in README


def test_readme_shows_the_bubble_of_the_phone(tmp_path: Path) -> None:
    settings = {"PYTHONIOENCODING": "utf-8"}
    shown = run_python(tmp_path, ROOT / "tests" / "phone.py", settings=settings)
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = [line.strip() for line in shown.stdout.splitlines()]
    bubble = README.split("```")[3].strip().splitlines()
    assert lines[lines.index(bubble[0]) :][: len(bubble)] == bubble
    assert shown.stdout.count("sent=True") == 3


def test_the_error_that_readme_shows_is_the_codes_own(
    set_up: Callable[..., Phone], caplog: pytest.LogCaptureFixture
) -> None:
    shown = next(block for block in README.split("```") if "\nnot sent:" in block)
    phone = set_up("twilio", "gateway", MY_CARRIER="AT&T")
    phone.script = [twilio_error(400, 572006, "Trial accounts send samples only")]
    module.textmyself("The boring task is finished.")
    [record] = caplog.records
    first, *others = record.getMessage().splitlines()
    assert [first, *sorted(others)] == shown.strip().splitlines()


@pytest.mark.parametrize(
    "limit",
    [f"up to {module.PICTURE_BYTES:,} bytes", f"{module.TWILIO_LIMIT:,} "],
)
def test_readme_has_the_limits_of_the_code(limit: str) -> None:
    assert limit in README


@pytest.mark.parametrize(
    ("name", "last_day"),
    [
        ("Verizon", "2027-03-31"),
        ("AT&T", "2025-06-17"),
        ("Bell", "2025-12-31"),
        ("Rogers", "2023-07-01"),
        ("Freedom Mobile", "2024-12-01"),
    ],
)
def test_readme_and_the_phone_book_agree_on_when_a_gateway_closes(name: str, last_day: str) -> None:
    row = carriers.find_gateway(name, date(2023, 1, 1))
    assert row.last_day == last_day
    line = next(line for line in README.splitlines() if name.removesuffix(" Mobile") in line)
    assert last_day[:4] in line


def test_readme_is_as_new_as_the_phone_book() -> None:
    assert f"As of {max(row.checked for row in carriers.GATEWAYS)}." in README


@pytest.mark.skipif(
    is_wine() and sys.version_info >= (3, 12),
    reason="wine 8 has no CopyFile2, by which it is built",
)
def test_the_wheel_holds_both_modules_and_nothing_else(tmp_path: Path) -> None:
    for name in ("textmyself.py", "carriers.py"):
        shutil.copy(MODULES / name, tmp_path)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    built = run_python(tmp_path, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist")
    assert built.returncode == 0, built.stderr
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
        "uv run --isolated --group engines pytest --no-cov tests/test_engines.py",
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


def test_to_import_it_is_to_import_next_to_nothing_else(tmp_path: Path) -> None:
    code = "import sys; before = {*sys.modules}; import textmyself; print({*sys.modules} - before)"
    loaded = run_python(tmp_path, "-S", "-c", code).stdout
    assert "'textmyself'" in loaded
    for heavy in ("twilio", "dotenv", "carriers", "smtplib", "email", "logging", "typing", "re"):
        assert f"'{heavy}'" not in loaded
