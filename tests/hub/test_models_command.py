"""`models`, `doctor` and `--profile` by the command line, against a real server on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from kg_videorag.cli import app

SCHEMAS = Path(__file__).parents[2] / "docs" / "json"
NAME = "acme/tiny-model"
PLUGIN = """
from kg_videorag.engines.hub import HubModel, WebFile

class Generator:
    name, version, model = "acme-llm", "1", "acme"
    hub_models = (
        HubModel("acme/gone", 1000, "MIT", ("config.json",)),
        WebFile("voice.bin", "HUB/plain/config.json", 18, "CC BY-NC 4.0"),
    )
    def __init__(self, *, embedder, options): ...
    def check(self):
        return self.hub_models[0].state()
"""


@pytest.fixture
def cli(hub, tmp_path, monkeypatch):
    """The command line with settings whose text vectors come from the hub."""
    hub.files["modules.json"] = b"[]"
    monkeypatch.chdir(tmp_path)
    settings = {
        "HOME": tmp_path / "home",
        "CACHE_DIR": tmp_path / "cache",
        "PROFILE": "local",  # which `--profile` overwrites
        "EMBEDDER": "sentence-transformers",
        "EMBEDDER_MODEL": NAME,
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"KGV_{name}", str(value))
    return Cli(hub, tmp_path)


class Cli:
    def __init__(self, hub, folder):
        self.hub, self.folder = hub, folder

    def run(self, *arguments, code=0):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == code, (done.stdout, done.stderr, done.exception)
        assert "Traceback" not in done.stderr
        return done

    def json(self, schema, *arguments, code=0):
        document = json.loads(self.run(*arguments, "--json", code=code).stdout)
        stated = json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8"))
        jsonschema.validate(document, stated)
        return document

    def start(self, *arguments):
        """A process of its own, whose library of the hub reads its environment."""
        env = os.environ | {
            "HF_ENDPOINT": self.hub.url,
            "HF_HUB_CACHE": str(self.folder / "hub"),
            "HF_HUB_DISABLE_XET": "1",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "kg_videorag", *arguments],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


@pytest.fixture
def plugin(hub, tmp_path, monkeypatch):
    """Another package whose generator wants a model of the hub and a file of the web."""
    metadata = tmp_path / "site" / "acme-1.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Name: acme\nVersion: 1\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(
        "[kg_videorag.engines]\ngenerator.acme-llm = acme_llm:Generator\n", encoding="utf-8"
    )
    program = PLUGIN.replace("HUB", hub.url)
    (tmp_path / "site" / "acme_llm.py").write_text(program, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.setenv("KGV_GENERATOR", "acme-llm")
    yield
    sys.modules.pop("acme_llm", None)


@pytest.fixture
def packaged(cli, monkeypatch):
    """The embedder that the profile names."""
    monkeypatch.delenv("KGV_EMBEDDER")
    monkeypatch.delenv("KGV_EMBEDDER_MODEL")


def test_a_model_is_missing_fetched_present_and_compared(cli, hub):
    listed = cli.json("models_list", "models", "list")
    assert [(m["name"], m["kind"], m["present"]) for m in listed["models"]] == [
        (NAME, "embedder", False)
    ]
    doctor = cli.json("doctor", "doctor", code=1)
    (fault,) = [check for check in doctor["checks"] if not check["ready"]]
    assert (fault["kind"], fault["models"][0]["name"]) == ("embedder", NAME)
    assert f"kg-videorag models fetch {NAME}" in fault["hint"]
    assert hub.asked == []  # so far nobody asked the network

    done = cli.run("models", "fetch")
    assert f"{NAME}: size unknown" in done.stderr
    assert f"{NAME}: fetched" in done.stderr
    assert cli.json("models_list", "models", "list")["models"][0]["present"]
    assert cli.json("doctor", "doctor")["ok"]
    verified = cli.json("models_verify", "models", "verify")
    assert (verified["ok"], verified["models"][0]["files"]) == (True, 3)

    hub.asked.clear()
    again = cli.json("models_fetch", "models", "fetch", NAME)["models"]
    assert [(m["name"], m["status"]) for m in again] == [(NAME, "present")]
    assert hub.asked == []

    (blob,) = (cli.folder / "hub").rglob("snapshots/*/config.json")
    blob.resolve().write_bytes(b"{}")
    damaged = cli.json("models_verify", "models", "verify", NAME, code=1)
    assert damaged["models"][0]["faults"] == ["config.json is damaged"]


@pytest.mark.usefixtures("plugin")
def test_one_that_fails_does_not_stop_the_others(cli):
    results = cli.json("models_fetch", "models", "fetch", code=1)["models"]
    assert {m["name"]: m["status"] for m in results} == {
        NAME: "fetched",
        "acme/gone": "failed",
        "voice.bin": "fetched",
    }
    (failed,) = [m for m in results if m["error"]]
    assert failed["error"]["code"] == "engine_unavailable"
    assert "no such model" in failed["error"]["message"]
    assert (cli.folder / "cache" / "models" / "voice.bin").read_bytes() == b'{"hidden_size": 8}'
    said = cli.run("models", "verify", code=1).stdout.splitlines()
    assert said == [
        f"{NAME}: 3 files as published",
        "acme/gone: is not on this machine",
        "voice.bin: complete; there are no checksums to compare",
    ]


def test_a_disk_that_cannot_hold_all_is_told_before_any_download(cli, hub, monkeypatch):
    from kg_videorag.engines import sentence_transformers

    large = replace(sentence_transformers.MULTILINGUAL_MINILM, repo=NAME, size_bytes=1 << 60)
    monkeypatch.setitem(sentence_transformers._KNOWN, NAME, large)
    error = cli.json("error", "models", "fetch", code=1)["error"]
    assert error["message"].startswith("the models: 1152921504.6 GB are to be downloaded")
    doctor = cli.json("doctor", "doctor", code=1)
    assert [c["name"] for c in doctor["checks"] if c["kind"] == "disk" and not c["ready"]] == [
        "models"
    ]
    assert hub.asked == []


def test_the_whole_failure_is_the_error_document(cli):
    error = cli.json("error", "models", "fetch", "acme/nobody", code=1)["error"]
    assert error["code"] == "config"
    assert NAME in error["hint"]


@pytest.mark.usefixtures("packaged")
def test_a_model_of_another_profile_can_be_fetched_by_name(cli, hub):
    hub.status = 503
    done = cli.run("models", "fetch", "BAAI/bge-m3", code=1)
    assert "BAAI/bge-m3: the hub answered 503" in done.stderr


@pytest.mark.usefixtures("packaged")
def test_packages_alone_want_no_hub(cli, hub):
    done = cli.run("models", "fetch")
    assert "profile local: no engine wants a model of a hub" in done.stderr
    assert hub.asked == []


@pytest.mark.usefixtures("packaged")
def test_the_full_profile_without_a_hub_names_every_missing_model(cli, hub):
    done = cli.run("--profile", "full", "doctor", code=1)
    assert "profile full" in done.stdout
    assert "missing  BAAI/bge-m3, 2.3 GB, licence MIT" in done.stdout
    assert "-> Run `kg-videorag models fetch BAAI/bge-m3` (2.3 GB)." in done.stdout
    assert "`kg-videorag --profile full models fetch` brings all of it" in done.stdout
    document = cli.json("doctor", "doctor", "--profile", "full", code=1)
    assert (document["ok"], document["profile"]) == (False, "full")
    assert document["download_bytes"] >= 2_293_000_000
    assert hub.asked == []


def test_doctor_loads_no_library_of_models(cli):
    program = """
import sys
from kg_videorag.__main__ import main
sys.argv = ["kg-videorag", "--profile", "full", "doctor"]
try:
    main()
except SystemExit as stop:
    print(stop.code, *sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    code, *modules = done.stdout.splitlines()[-1].split()
    heavy = {"torch", "transformers", "sentence_transformers", "whisperx", "imagebind", "spacy"}
    assert code == "1"
    assert not heavy & {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize(
    "arguments", [["--profile", "fast", "doctor"], ["doctor", "--profile", "fast"]]
)
def test_a_wrong_profile_is_wrong_usage(cli, arguments):
    said = cli.run(*arguments, code=2).stderr
    for word in ("fast", "local", "full"):
        assert word in said


@pytest.mark.parametrize("arguments", [["ingest", "talk.mp4"], ["ask", "Who discovered radium?"]])
def test_a_missing_model_is_told_before_anything_is_started(cli, arguments):
    error = cli.json("error", *arguments, code=1)["error"]
    assert error["code"] == "engine_unavailable"
    assert error["message"] == (f"the embedder sentence-transformers is not ready: {NAME}: missing")
    assert error["hint"] == f"Run `kg-videorag models fetch {NAME}` (size unknown)."
    assert not (cli.folder / "home" / "neo4j").exists()


@pytest.mark.usefixtures("plugin")
def test_of_several_missing_models_the_first_is_told_and_where_the_others_are(cli):
    error = cli.json("error", "ask", "Who?", code=1)["error"]
    assert error["message"].startswith("the embedder sentence-transformers is not ready")
    assert "`kg-videorag --profile local doctor`" in error["hint"]


def test_an_interrupted_fetch_ends_at_once_and_says_so(cli, hub):
    hub.slow_s = 30
    with cli.start("models", "fetch", "--json") as running:
        while not hub.gets():
            time.sleep(0.05)
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=10)
    assert running.returncode == 1
    (model,) = json.loads(out)["models"]
    assert (model["status"], model["error"]["code"]) == ("failed", "interrupted")
    assert b"run the command again" in err
    assert b"Traceback" not in err


def test_two_fetches_at_once_both_end_well(cli):
    both = [cli.start("models", "fetch") for _ in range(2)]
    for one in both:
        _, err = one.communicate(timeout=60)
        assert one.returncode == 0, err
    assert cli.json("models_verify", "models", "verify")["ok"]
