"""The job is never hurt: it computes, texts in the middle and saves, whatever goes wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import run_python
from phone import DRIPPING, SILENT, Answer, Phone, stranger, twilio_error

# A step that stalls takes half of it. So does one that does not, where the machine is slow, and
# the job is not hurt by either.
STALL = 2
JOB = """
import sys
from textmyself import textmyself
{trouble}
result = sum(range(1000))
receipt = textmyself(f"half way: {{result}}", confirm=0, timeout={timeout})
{end}
with open(sys.argv[1], "w") as file:
    file.write(f"{{result}}, {{receipt.status}}")
"""


def do_job(
    folder: Path,
    settings: Mapping[str, str],
    trouble: str = "",
    end: str = "",
    shell: str = "",
    timeout: float = 60,
) -> str:
    """Run the job, and return what it saved: its result and the receipt's status."""
    script, saved = folder / "job.py", folder / "saved"
    script.write_text(JOB.format(trouble=trouble, end=end, timeout=timeout))
    done = run_python(folder, script, saved, settings=settings, shell=shell)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    return saved.read_text()


def test_a_job_without_trouble_texts_and_saves(phone: Phone, tmp_path: Path) -> None:
    assert do_job(tmp_path, phone.settings("twilio")) == "499500, queued"
    assert [text.body for text in phone.texts] == ["half way: 499500"]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"TWILIO_ACCOUNT_SID": "none"},
        {"MY_CARRIER": "none", "SMTP_USER": "you", "SMTP_PASSWORD": "none"},
        {"TEXTMYSELF_ENV": "/no/such/file"},
    ],
    ids=["none", "wrong", "half", "no file"],
)
def test_settings_that_are_wrong_do_not_hurt_it(tmp_path: Path, settings: dict[str, str]) -> None:
    assert do_job(tmp_path, settings) == "499500, not sent"


@pytest.mark.parametrize("then", [SILENT, DRIPPING, ""], ids=["silent", "dripping", "gone"])
@pytest.mark.parametrize("route", ["twilio", "gateway"])
def test_a_server_that_is_wrong_does_not_hurt_it(
    phone: Phone, tmp_path: Path, route: str, then: str
) -> None:
    with stranger(b"", then) as port:
        servers = {"HTTPS_PROXY": f"http://127.0.0.1:{port}", "SMTP_PORT": str(port)}
        settings = phone.settings(route) | servers
        assert do_job(tmp_path, settings, timeout=STALL) == "499500, not sent"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500),
        Answer(drop=True),
        Answer(silent=True),
        Answer(endless=True),
        Answer(200, "<html>"),
        twilio_error(400, 21610, "STOP"),
    ],
    ids=["500", "gone", "silent", "endless", "a web page", "refused"],
)
def test_a_twilio_that_is_wrong_does_not_hurt_it(
    phone: Phone, tmp_path: Path, answer: Answer
) -> None:
    phone.script = [answer] * 9
    assert do_job(tmp_path, phone.settings("twilio"), timeout=STALL).startswith("499500, ")
    assert phone.texts == []


@pytest.mark.parametrize("reply", ["", SILENT, "554 5.7.1 spam", "nonsense"])
def test_a_mail_server_that_is_wrong_does_not_hurt_it(
    phone: Phone, tmp_path: Path, reply: str
) -> None:
    phone.smtp_replies = {".": reply}
    assert do_job(tmp_path, phone.settings("gateway"), timeout=STALL).startswith("499500, ")
    assert len(phone.texts) <= 1


# Where not even root makes a folder.
READ_ONLY = "/proc"
# What is run before the text, and after it.
TROUBLES = {
    "a home that cannot be written": ("", ""),
    "a disk that is full": (
        "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (0, r.RLIM_INFINITY))",
        "r.setrlimit(r.RLIMIT_FSIZE, (r.RLIM_INFINITY, r.RLIM_INFINITY))",
    ),
    "a logging set-up that raises": (
        "import logging; logging.basicConfig(level='INFO', handlers=[logging.Handler()])",
        "",
    ),
    "a current folder that is gone": (
        "import os; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')",
        "",
    ),
    "a stack that is nearly full": (
        "sys.setrecursionlimit(60); inner = textmyself\n"
        "def textmyself(*a, **k): return inner(*a, **k)",
        "",
    ),
}


@pytest.mark.skipif(os.name != "posix", reason="these are POSIX's troubles")
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_machine_that_is_wrong_does_not_hurt_it(
    phone: Phone, tmp_path: Path, trouble: str
) -> None:
    settings = phone.settings("twilio")
    if trouble == "a home that cannot be written":
        settings["HOME"] = READ_ONLY
    saved = do_job(tmp_path, settings, *TROUBLES[trouble])
    if trouble != "a stack that is nearly full":
        assert saved == "499500, queued"
        assert len(phone.texts) == 1
    assert saved.startswith("499500, ")


def test_a_logging_set_up_that_makes_every_package_raise_does_not_hurt_it(tmp_path: Path) -> None:
    trouble = "import logging; logging.basicConfig(level='DEBUG', handlers=[logging.Handler()])"
    assert do_job(tmp_path, {}, trouble) == "499500, not sent"


def test_no_home_at_all_does_not_hurt_it(phone: Phone, tmp_path: Path) -> None:
    settings = {**phone.settings("twilio"), "HOME": ""}
    assert do_job(tmp_path, settings) == "499500, queued"


@pytest.mark.skipif(os.name != "posix", reason="there is no sh")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_outputs_do_not_hurt_it(phone: Phone, tmp_path: Path, closed: str) -> None:
    shell = f'exec "$@" {closed}'
    assert do_job(tmp_path, phone.settings("twilio"), shell=shell) == "499500, queued"
    assert do_job(tmp_path, {}, shell=shell) == "499500, not sent"


# A full disk, and a pipe that nobody reads any more; and the end of that, as Python itself would
# mind at its exit what it could not write.
UNWRITABLE = {
    "full": "import os; os.dup2(os.open('/dev/full', os.O_WRONLY), 2)",
    "a broken pipe": "import os; end, start = os.pipe(); os.close(end); os.dup2(start, 2)",
}
WRITABLE = "os.dup2(os.open(os.devnull, os.O_WRONLY), 2)"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/full")
@pytest.mark.parametrize("disabled", [True, False], ids=["no logger", "a logger"])
@pytest.mark.parametrize("stderr", UNWRITABLE)
def test_a_stderr_that_takes_nothing_does_not_hurt_it(
    tmp_path: Path, stderr: str, disabled: bool
) -> None:
    trouble = f"import logging; logging.getLogger('textmyself').disabled = {disabled}\n"
    trouble += UNWRITABLE[stderr]
    assert do_job(tmp_path, {}, trouble, WRITABLE) == "499500, not sent"


@pytest.mark.parametrize("stderr", ["None", "sys.stdout.close() or sys.stdout", "object()"])
def test_a_stderr_that_is_none_does_not_hurt_it(tmp_path: Path, stderr: str) -> None:
    trouble = "import logging; logging.getLogger('textmyself').disabled = True; "
    trouble += f"sys.stderr = {stderr}"
    assert do_job(tmp_path, {}, trouble, "sys.stderr = sys.__stderr__") == "499500, not sent"


def test_a_logging_py_of_the_users_does_not_hurt_it(phone: Phone, tmp_path: Path) -> None:
    (tmp_path / "logging.py").write_text("x = 1\n")
    assert do_job(tmp_path, {}, "import logging; logging.x") == "499500, not sent"
    assert do_job(tmp_path, phone.settings("gateway"), "import logging") == "499500, accepted"
