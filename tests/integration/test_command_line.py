"""The command line as a stranger uses it, and what survives a kill."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT, run_citybench
from tests.factories import good_row, make_csv

SAMPLE = ROOT / "data_contracts" / "samples" / "KOR" / "kor_residents_2020.xlsx"


def test_check_needs_no_database_and_says_states(tmp_path: Path) -> None:
    done = run_citybench("check", str(SAMPLE), "--member", "KOR", "--json", data_dir=tmp_path / "none")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["receipt"]["verdict"] == "acceptable"
    states = {r["rule_id"]: (r["state"], r["reason_code"]) for r in report["receipt"]["rules"]}
    assert set(states.values()) == {("passed", ""), ("not_run", "nothing_to_compare")}
    assert states["rate_matches_fraction"] == ("not_run", "nothing_to_compare")
    assert report["findings"] == []
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("good.csv", make_csv(good_row()), 0), ("bad.csv", make_csv(good_row(value="abc")), 1), ("cut.xlsx", b"PK\x03\x04", 2), ("empty.csv", b"", 2)],
)
def test_exit_codes_are_fine_findings_unusable(tmp_path: Path, name: str, content: bytes, code: int) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    done = run_citybench("check", str(path), "--member", "KOR", "--json", data_dir=tmp_path)
    assert done.returncode == code
    assert json.loads(done.stdout)["receipt"]["rules"]


def test_what_needs_an_explanation_ends_with_one_says_how_to_answer_and_is_sent_with_the_answer(tmp_path: Path) -> None:
    path, answers, cause = tmp_path / "low.csv", tmp_path / "answers.json", "value_is_plausible: iso37120:2018/8.1"
    path.write_bytes(make_csv(good_row(value="0.2"), good_row(city="Busan", value="0.3")))
    checked = run_citybench("check", str(path), "--member", "KOR", data_dir=tmp_path)
    assert checked.returncode == 1
    assert "needs_explanation" in checked.stdout.splitlines()[0]
    assert "not run (nothing to compare with)" in checked.stdout
    template = next(line for line in checked.stdout.splitlines() if line.startswith('{"explanations"'))
    refused = run_citybench("submit", str(path), "--member", "KOR", "--json", data_dir=tmp_path)
    assert (refused.returncode, json.loads(refused.stdout)["receipt"]["verdict"]) == (1, "needs_explanation")
    answers.write_text(template.replace('""', '"sea air"'))
    sent = run_citybench("submit", str(path), "--member", "KOR", "--answers", str(answers), "--json", data_dir=tmp_path)
    receipt = json.loads(sent.stdout)["receipt"]
    assert (sent.returncode, receipt["verdict"]) == (0, "accepted")
    assert receipt["explanations"] == [{"cause": cause, "words": "sea air", "n_found": 2}]


def test_wrong_use_ends_with_two_and_a_reason(tmp_path: Path) -> None:
    for arguments in (["check", "missing.csv", "--member", "KOR"], ["check", str(SAMPLE), "--member", "XXX"], ["edition", "--path"], ["check", str(SAMPLE)]):
        done = run_citybench(*arguments, data_dir=tmp_path)
        assert done.returncode == 2, arguments
        assert done.stderr.strip()


def test_submit_accepts_once_and_verify_proves_it(tmp_path: Path) -> None:
    first = json.loads(run_citybench("submit", str(SAMPLE), "--member", "KOR", "--json", data_dir=tmp_path).stdout)["receipt"]
    again = json.loads(run_citybench("submit", str(SAMPLE), "--member", "KOR", "--json", data_dir=tmp_path).stdout)["receipt"]
    assert (first["verdict"], first["is_repeat"], again["is_repeat"]) == ("accepted", False, True)
    assert first["ledger_hash"] == again["ledger_hash"]
    assert "2 landed files" in run_citybench("verify", data_dir=tmp_path).stdout


@pytest.fixture(scope="module")
def own_data_dir(sample_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample edition, copied: it is built again, damaged and served here."""
    folder = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(sample_data_dir, folder)
    return folder


def test_a_second_build_reuses_what_is_built(own_data_dir: Path) -> None:
    done = run_citybench("build", "--sample", data_dir=own_data_dir)
    assert done.returncode == 0
    assert "is up to date" in done.stderr


def test_a_rebuild_gives_the_same_edition_byte_by_byte(own_data_dir: Path) -> None:
    before = run_citybench("edition", "--path", data_dir=own_data_dir).stdout
    done = run_citybench("build", "--force", data_dir=own_data_dir)
    assert done.returncode == 0, done.stderr
    assert run_citybench("edition", "--path", data_dir=own_data_dir).stdout == before
    assert "editions as published" in run_citybench("verify", data_dir=own_data_dir).stdout


def test_a_damaged_edition_is_found_and_named(own_data_dir: Path) -> None:
    path = Path(run_citybench("edition", "--path", data_dir=own_data_dir).stdout.strip()) / "mart_cities.parquet"
    content = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(content[:-40] + bytes([content[-40] ^ 1]) + content[-39:])
    done = run_citybench("verify", data_dir=own_data_dir)
    path.write_bytes(content)
    path.chmod(0o444)
    assert done.returncode == 1
    assert "mart_cities.parquet" in done.stderr
    assert run_citybench("verify", data_dir=own_data_dir).returncode == 0


def test_kills_at_any_moment_lose_nothing(tmp_path: Path) -> None:
    """Kill submissions at spread moments; what was told accepted is there, and the next try goes through."""
    environment = {**os.environ, "CITYBENCH_DATA_DIR": str(tmp_path)}
    told = []
    for number in range(12):
        path = tmp_path / f"file_{number}.csv"
        path.write_bytes(make_csv(good_row(value=f"{20 + number}.5")))
        command = [str(BIN / "citybench"), "submit", str(path), "--member", "KOR", "--json"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        time.sleep(0.5 + number * 0.15)
        process.kill()
        said = process.communicate()[0]
        if said.strip().endswith("}"):
            told.append(json.loads(said)["receipt"]["submission_id"])
    assert run_citybench("verify", data_dir=tmp_path).returncode == 0
    for number in range(12):
        done = run_citybench("submit", str(tmp_path / f"file_{number}.csv"), "--member", "KOR", "--json", data_dir=tmp_path)
        receipt = json.loads(done.stdout)["receipt"]
        assert receipt["verdict"] == "accepted"
        assert receipt["is_repeat"] or receipt["submission_id"] not in told
    assert run_citybench("verify", data_dir=tmp_path).returncode == 0


def free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return int(first.getsockname()[1]), int(second.getsockname()[1])


def serve(data_dir: Path, app_port: int, page_port: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "CITYBENCH_DATA_DIR": str(data_dir), "CITYBENCH_APP_PORT": str(app_port), "CITYBENCH_ORCHESTRATOR_PORT": str(page_port)}
    return subprocess.Popen([str(BIN / "citybench"), "serve"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def wait_for(port: int, path: str) -> bytes:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
                return bytes(answer.read())
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"port {port} does not answer")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_both_are_served_end_cleanly_and_recover_from_a_kill(own_data_dir: Path) -> None:
    app_port, page_port = free_ports()
    first = serve(own_data_dir, app_port, page_port)
    assert wait_for(app_port, "/_stcore/health") == b"ok"
    assert b"dagster" in wait_for(page_port, "/server_info")
    busy = serve(own_data_dir, app_port, page_port)
    assert f"Port {app_port} is busy" in busy.communicate(timeout=60)[0]
    assert busy.returncode == 2
    first.kill()
    first.communicate(timeout=60)
    deadline = time.monotonic() + 60
    while not (is_free(app_port) and is_free(page_port)) and time.monotonic() < deadline:
        time.sleep(0.3)
    second = serve(own_data_dir, app_port, page_port)
    assert wait_for(app_port, "/_stcore/health") == b"ok"
    wait_for(page_port, "/server_info")
    second.send_signal(signal.SIGINT)
    said = second.communicate(timeout=90)[0]
    assert second.returncode == 0, said
    assert "ending" in said
    assert is_free(app_port)
    assert is_free(page_port)
