"""The first start: what it asks of the machine, and what it leaves when it is cut short."""

import importlib.util
import io
import json
import re
import resource
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("packaging", "pip", "setuptools", "swig", "wheel")
LOCK = "".join(f"{name}==1.0 \\\n    --hash=sha256:00\n" for name in (*TOOLS, "yamada"))


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "installer/bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bootstrap"] = module
    spec.loader.exec_module(module)
    return module


bootstrap = _load()


class Machine:
    """Stands for the programs of a machine; `fails` is a word of the one that fails."""

    def __init__(self, venv: Path, *, fails: str = "", says: str = "") -> None:
        self._venv = venv
        self._fails = fails
        self._says = says
        self.ran: list[str] = []

    def __call__(self, argv, log, step, environ, keep):
        line = " ".join(argv)
        self.ran.append(line)
        self.path = environ["PATH"]
        if "-r" in argv:
            self.ran[-1] += " << " + Path(argv[argv.index("-r") + 1]).read_text("utf-8")
        if self._fails and self._fails in line:
            log.write(self._says)
            log.flush()
            return 1
        if "--clear" in argv:
            shutil.rmtree(self._venv, ignore_errors=True)
            (self._venv / "bin").mkdir(parents=True)
            python = self._venv / "bin" / "python"
            python.write_text("#!/bin/sh\n")
            python.chmod(0o755)
        return 0


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "installer").mkdir()
    (tmp_path / "requirements.lock").write_text(LOCK)
    (tmp_path / "installer" / "packages.toml").write_text(
        '[python]\npython3-venv = ""\n[run]\ngcc = ""\n"libegl1" = ""\n[test]\nxvfb = ""\n'
    )
    return tmp_path


@pytest.fixture
def log(tmp_path: Path) -> Iterator[io.TextIOWrapper]:
    with (tmp_path / "set-up.log").open("w", encoding="utf-8") as file:
        yield file


def _setup(tree: Path, log, machine: Machine, *, uid: int = 0, dpkg: str | None = None):
    everything = "".join(
        f"installed\t{name}\t\n" for name in ("python3-venv", "gcc", "libegl1", "xvfb")
    )
    return bootstrap.Setup(
        tree,
        ("run", "test"),
        log,
        uid=uid,
        runner=machine,
        dpkg_answer=everything if dpkg is None else dpkg,
    )


def test_without_root_the_one_line_names_exactly_what_is_missing(tree, log):
    machine = Machine(tree / ".venv")
    here = "installed\tpython3-venv\t\ninstalled\tgcc\t\nconfig-files\txvfb\t\n"
    with pytest.raises(bootstrap.SetupError) as caught:
        _setup(tree, log, machine, uid=1000, dpkg=here).prepare()
    assert caught.value.facts == {"packages": ["libegl1", "xvfb"]}
    assert str(caught.value).endswith("apt-get install --no-install-recommends libegl1 xvfb")
    assert "\n" not in str(caught.value)
    assert machine.ran == []


def test_root_installs_exactly_what_is_missing(tree, log):
    machine = Machine(tree / ".venv")
    here = "installed\tpython3-venv\t\ninstalled\tgcc\t\ninstalled\txvfb\t\n"
    _setup(tree, log, machine, dpkg=here).prepare()
    update, install, *rest = machine.ran
    assert update.startswith("apt-get")
    assert update.endswith(" update")
    assert install.startswith("apt-get install --no-install-recommends")
    assert install.endswith("Acquire::Retries=3 libegl1")
    assert not any("apt-get" in line for line in rest)


def test_a_package_that_another_one_provides_is_not_missing():
    answer = "installed\tlibglib2.0-0t64\tlibglib2.0-0 (= 2.84), other\n"
    assert bootstrap.missing(["libglib2.0-0", "other", "gcc"], answer) == ["gcc"]


def test_a_python_of_its_own_needs_no_headers_of_debian():
    toml = (ROOT / "installer" / "packages.toml").read_text("utf-8")
    assert "python3-dev" in bootstrap.wanted(toml, ["run"], debian_python=True)
    assert "python3-dev" not in bootstrap.wanted(toml, ["run"], debian_python=False)


def test_every_package_has_a_reason_and_a_name_that_debian_could_use():
    table = tomllib.loads((ROOT / "installer" / "packages.toml").read_text("utf-8"))
    assert set(table) == {"python", *bootstrap.GROUPS}
    for group in table.values():
        for name, reason in group.items():
            # A dot in a bare key would make a table of it.
            assert isinstance(reason, str), name
            assert reason, name
            assert re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", name)


def test_the_tools_of_the_build_come_first_and_everything_is_checked_by_hash(tree, log):
    machine = Machine(tree / ".venv")
    _setup(tree, log, machine).prepare()
    venv, tools, everything, proof = machine.ran
    assert "-m venv --clear" in venv
    assert tools.count("--hash=") == len(TOOLS)
    assert "yamada" not in tools
    assert everything.endswith(LOCK)
    assert "--no-build-isolation" in everything
    assert "--require-hashes" in tools
    assert "--require-hashes" in everything
    assert "import PySide6" in proof
    assert machine.path.startswith(str(tree / ".venv" / "bin") + ":")


def test_the_real_lock_file_holds_every_tool_of_the_build_with_hashes():
    blocks = bootstrap.build_tools((ROOT / "requirements.lock").read_text("utf-8"))
    names = re.findall(r"^([\w-]+)==", blocks, re.MULTILINE)
    assert sorted(names) == sorted(bootstrap.BUILD_TOOLS)
    assert blocks.count("--hash=sha256:") >= len(names)


def test_the_lock_file_carries_no_address_and_no_part_without_a_hash():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert not re.search(r"^\s*-(?!-hash)|index-url|find-links", lock, re.MULTILINE)
    for block in re.findall(r"^[^\s#].*(?:\n[ \t].*)*", lock, re.MULTILINE):
        assert "--hash=sha256:" in block, block[:40]


def test_a_half_built_venv_is_rebuilt(tree, log):
    machine = Machine(tree / ".venv", fails="--no-build-isolation", says="Network is unreachable")
    with pytest.raises(bootstrap.SetupError):
        _setup(tree, log, machine).prepare()
    assert (tree / ".venv" / "bin" / "python").exists()
    assert not (tree / ".venv" / ".ready").exists()
    (tree / ".venv" / "half").touch()
    _setup(tree, log, Machine(tree / ".venv")).prepare()
    assert not (tree / ".venv" / "half").exists()
    assert (tree / ".venv" / ".ready").read_text() == LOCK


def test_a_rebuild_that_is_cut_short_does_not_leave_the_old_mark(tree, log):
    _setup(tree, log, Machine(tree / ".venv")).prepare()
    (tree / "requirements.lock").write_text(LOCK + "tanaka==2.0 \\\n    --hash=sha256:00\n")
    with pytest.raises(bootstrap.SetupError):
        _setup(tree, log, Machine(tree / ".venv", fails="-m venv")).prepare()
    (tree / "requirements.lock").write_text(LOCK)
    assert not _setup(tree, log, Machine(tree / ".venv")).venv_ready()


def test_what_is_finished_is_not_done_again(tree, log):
    _setup(tree, log, Machine(tree / ".venv")).prepare()
    second = Machine(tree / ".venv")
    _setup(tree, log, second, uid=1000, dpkg="").prepare()
    assert second.ran == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("E: Could not resolve 'mirror'", "no network"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "hash differs"),
        ("Collecting x\nERROR: Failed building wheel for pyscard", "Failed building wheel"),
    ],
)
def test_a_failure_is_one_line_with_the_cause_and_the_log(tree, log, said, told):
    machine = Machine(tree / ".venv", fails="--no-build-isolation", says=said)
    with pytest.raises(bootstrap.SetupError) as caught:
        _setup(tree, log, machine).prepare()
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(log.name)


def test_a_second_set_up_waits_for_the_first(tree):
    again = (
        "import sys; sys.path.insert(0, sys.argv[1]); import bootstrap, pathlib\n"
        "with bootstrap.only_one(pathlib.Path(sys.argv[2])): print('mine')"
    )
    command = [sys.executable, "-c", again, str(ROOT / "installer"), str(tree / "installer")]
    with bootstrap.only_one(tree / "installer"):
        second = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        with second:
            assert second.stderr is not None
            assert "waiting" in second.stderr.readline()
            assert second.poll() is None
            second.kill()
    after = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
    assert after.stdout == "mine\n"
    assert after.stderr == ""


# --- the launcher -----------------------------------------------------------------


@pytest.fixture
def clone(tree: Path) -> Path:
    """A tree that is prepared, whose `kiosk` says what it was given."""
    shutil.copy2(ROOT / "kakanai", tree / "kakanai")
    (tree / "kiosk").mkdir()
    (tree / "kiosk" / "__init__.py").touch()
    (tree / "kiosk" / "__main__.py").write_text(
        "import json, os, sys\nprint(json.dumps([os.getcwd(), sys.argv[1:]]))\n"
    )
    (tree / "installer" / "bootstrap.py").write_text(
        "import sys\nprint('set-up', *sys.argv[1:], file=sys.stderr)\nsys.exit(2)\n"
    )
    (tree / ".venv" / "bin").mkdir(parents=True)
    (tree / ".venv" / "bin" / "python").symlink_to(sys.executable)
    shutil.copy(tree / "requirements.lock", tree / ".venv" / ".ready")
    shutil.copy(tree / "installer" / "packages.toml", tree / ".venv" / ".packages-run")
    return tree


def _start(program: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(program), *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_users_own_folder_stays_and_nothing_in_it_is_imported(clone, tmp_path):
    elsewhere = tmp_path / "よその 場所"
    elsewhere.mkdir()
    (elsewhere / "json.py").write_text("raise SystemExit('imported from the user')")
    (tmp_path / "bin").mkdir()
    link = tmp_path / "bin" / "k"
    link.symlink_to("../kakanai")
    for program in (clone / "kakanai", link):
        ended = _start(program, "demo", "--out", "a b", "", cwd=elsewhere)
        assert json.loads(ended.stdout) == [str(elsewhere), ["demo", "--out", "a b", ""]]
        assert ended.stderr == ""


def test_only_the_test_commands_ask_for_the_test_packages(clone):
    assert _start(clone / "kakanai", "doctor", cwd=clone).returncode == 0
    ended = _start(clone / "kakanai", "test", cwd=clone)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", "set-up run site test\n")
    ended = _start(clone / "kakanai", "prefill", "build", cwd=clone)
    assert ended.stderr == "set-up run site\n"


def test_a_changed_lock_file_sets_up_again_and_a_failed_set_up_starts_nothing(clone):
    (clone / "requirements.lock").write_text(LOCK + "\n")
    ended = _start(clone / "kakanai", "card", "--json", cwd=clone)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", "set-up --json run\n")


def test_a_failed_set_up_is_said_as_json_to_those_who_asked_for_json(tree):
    shutil.copy2(ROOT / "kakanai", tree / "kakanai")
    shutil.copy2(ROOT / "installer" / "bootstrap.py", tree / "installer" / "bootstrap.py")
    (tree / "installer" / "packages.toml").unlink()
    ended = _start(tree / "kakanai", "card", "--json", cwd=tree)
    assert ended.returncode == 2
    assert json.loads(ended.stdout)["error"]["code"] == "not-prepared"
    assert len(ended.stderr.splitlines()) == 1


def test_the_second_start_is_quick(clone):
    """The launcher costs a few starts of a shell on top of what Python itself costs.

    In time of the processor: whatever else the machine does meanwhile is not the launcher's.
    """

    def used() -> float:
        told = resource.getrusage(resource.RUSAGE_CHILDREN)
        return told.ru_utime + told.ru_stime

    def took(*command: str) -> float:
        before = used()
        subprocess.run(command, cwd=clone, capture_output=True, check=True)
        return used() - before

    python = str(clone / ".venv" / "bin" / "python")
    rounds = [
        (
            took(str(clone / "kakanai"), "doctor"),
            took(python, "-m", "kiosk", "doctor"),
            took("sh", "-c", "true"),
        )
        for _ in range(9)
    ]
    ours, bare, shell = (min(column) for column in zip(*rounds, strict=True))
    assert ours - bare < 10 * shell, (ours, bare, shell)
