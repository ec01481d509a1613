"""Settings: who wins, which names are understood, and how a wrong value is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from kg_videorag.cli import app
from kg_videorag.config import NONE, TOML_NAME, load_settings
from kg_videorag.errors import ConfigError

PLAIN_NAMES = {  # and what they set
    "ASR_ENGINE": "asr_engine",
    "TOP_K_RESULTS": "top_k",
    "MAX_TOKENS": "max_tokens",
    "EMBEDDING_DIM": "embedding_dim",
    "MAX_MEMORY_LIMIT": "max_memory_limit",
    "CUDA_MEMORY_LIMIT": "cuda_memory_limit",
}


@pytest.fixture(autouse=True)
def clean(tmp_path, monkeypatch):
    """An empty working directory and data directory, and an environment without ours."""
    for name in os.environ:
        if name.startswith("KGV_") or name in PLAIN_NAMES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("KGV_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def say(tmp_path, monkeypatch):
    """Gives a setting its value in one of the sources."""

    def say(source, value, name="top_k"):
        line = f"{name} = {value}\n"
        match source:
            case "argument":
                return {name: value}
            case "environment":
                monkeypatch.setenv(f"KGV_{name.upper()}", str(value))
            case ".env":
                Path(".env").write_text(f"KGV_{name.upper()}={value}\n", encoding="utf-8")
            case "toml here":
                Path(TOML_NAME).write_text(line, encoding="utf-8")
            case "toml at home":
                (tmp_path / "home" / TOML_NAME).write_text(line, encoding="utf-8")
        return {}

    return say


SOURCES = ("argument", "environment", ".env", "toml here", "toml at home")


@pytest.mark.parametrize("strongest", range(len(SOURCES)))
def test_a_stronger_source_wins_over_all_weaker_ones(strongest, say):
    overrides = {}
    for place, source in enumerate(SOURCES[strongest:], start=strongest):
        overrides |= say(source, 10 + place)
    assert load_settings(**overrides).top_k == 10 + strongest


def test_sources_are_joined_setting_by_setting(say):
    say("toml here", 33, "max_tokens")
    say("environment", 5, "top_k")
    settings = load_settings()
    assert (settings.max_tokens, settings.top_k, settings.evidence_tokens) == (33, 5, 2000)


def test_without_any_source_the_defaults_hold(tmp_path):
    settings = load_settings()
    assert settings.home == tmp_path / "home"
    assert (settings.top_k, settings.max_tokens) == (8, 200)
    assert (settings.segment_min_s, settings.segment_max_s) == (10.0, 30.0)
    assert settings.neo4j_uri is None


def test_an_argument_that_is_none_was_not_given(say):
    say("environment", 5)
    assert load_settings(top_k=None).top_k == 5


@pytest.mark.parametrize("prefix", ["", "KGV_"])
@pytest.mark.parametrize(
    ("name", "text", "understood"),
    [
        ("ASR_ENGINE", "Faster_Whisper", {"asr_engine": "faster-whisper"}),
        ("ASR_ENGINE", "whisper_HF", {"asr_engine": "whisper-hf"}),
        ("CUDA_MEMORY_LIMIT", "6GiB", {"cuda_memory_limit": 6 << 30}),
        ("TOP_K_RESULTS", "5", {"top_k": 5}),
        ("MAX_TOKENS", "90", {"max_tokens": 90}),
        ("EMBEDDING_DIM", "384", {"embedding_dim": 384}),
        ("MAX_MEMORY_LIMIT", "2GiB", {"max_memory_limit": 2 << 30}),
        ("MAX_MEMORY_LIMIT", "2GB", {"max_memory_limit": 2_000_000_000}),
    ],
)
@pytest.mark.parametrize("source", ["environment", ".env"])
def test_older_names_are_understood(source, prefix, name, text, understood, monkeypatch):
    if source == "environment":
        monkeypatch.setenv(prefix + name, text)
    else:
        Path(".env").write_text(f"{prefix}{name}={text}\n", encoding="utf-8")
    assert load_settings().model_dump(include=set(understood)) == understood


@pytest.mark.parametrize(
    ("kgv", "plain"), [("KGV_TOP_K", "TOP_K_RESULTS"), ("KGV_MAX_TOKENS", "MAX_TOKENS")]
)
def test_our_own_name_wins_over_the_older_one(kgv, plain, monkeypatch):
    monkeypatch.setenv(kgv, "20")
    monkeypatch.setenv(plain, "30")
    assert getattr(load_settings(), kgv.removeprefix("KGV_").lower()) == 20


@pytest.mark.parametrize(
    ("source", "weaker"),
    [
        ("environment", ".env"),
        ("environment", "toml here"),
        ("environment", "toml at home"),
        (".env", "toml here"),
        (".env", "toml at home"),
    ],
)
@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_an_older_name_wins_over_our_own_in_a_weaker_source(name, source, weaker, say, monkeypatch):
    value = "900000000" if name == "MAX_MEMORY_LIMIT" else "90"
    say(weaker, 33, PLAIN_NAMES[name])
    if source == "environment":
        monkeypatch.setenv(name, value)
    else:
        Path(".env").write_text(f"{name}={value}\n", encoding="utf-8")
    assert str(getattr(load_settings(), PLAIN_NAMES[name])) == value


@pytest.mark.parametrize(
    "name", ["KGV_HOME", "KGV_CACHE_DIR", "KGV_NEO4J_URI", "KGV_ASR_ENGINE", "MAX_TOKENS"]
)
def test_an_empty_value_was_not_given(name, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv(name, raising=False)
    unset = load_settings()
    monkeypatch.setenv(name, "")
    assert load_settings() == unset


@pytest.mark.parametrize("field", ["asr_engine", "segmenter", "extractor", "embedder", "generator"])
@pytest.mark.parametrize("spelling", ["My-Engine", "my_engine", "MY_ENGINE", " my-engine "])
def test_engine_names_are_read_without_regard_to_case_or_dash(field, spelling, monkeypatch):
    monkeypatch.setenv(f"KGV_{field.upper()}", spelling)
    assert getattr(load_settings(), field) == "my-engine"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("KGV_TOP_K", "many"),
        ("KGV_TOP_K", "0"),
        ("KGV_TOP_K", "101"),
        ("KGV_MAX_TOKENS", "1"),
        ("KGV_EMBEDDING_DIM", "wide"),
        ("KGV_EMBEDDING_DIM", "0"),
        ("KGV_EMBEDDING_DIM", "-1"),
        ("KGV_MAX_MEMORY_LIMIT", "lots"),
        ("KGV_SEGMENT_MIN_S", "0"),
        ("KGV_SEGMENT_MAX_S", "-1"),
        ("KGV_SEGMENT_MAX_S", "inf"),
        ("KGV_SEGMENT_MAX_S", "nan"),
        ("KGV_NEO4J_IDLE_MINUTES", "0"),
        ("KGV_ASR_THREADS", "-1"),
        ("KGV_PROFILE", "fastest"),
    ],
)
def test_a_wrong_value_is_told_by_the_name_of_its_setting(name, text, monkeypatch):
    monkeypatch.setenv(name, text)
    with pytest.raises(ConfigError, match=name) as caught:
        load_settings()
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_a_wrong_value_under_an_older_name_is_told_too(monkeypatch):
    monkeypatch.setenv("TOP_K_RESULTS", "many")
    with pytest.raises(ConfigError, match="TOP_K"):
        load_settings()


def test_lengths_that_cannot_tile_a_video_are_refused():
    with pytest.raises(ConfigError, match="KGV_SEGMENT_MAX_S must be at least twice") as caught:
        load_settings(segment_min_s=20, segment_max_s=30)
    assert "KGV_SETTINGS" not in caught.value.message  # there is no such setting


@pytest.mark.parametrize("content", [b"top_k = ", b"[", b"top_k = 5\xff"])
def test_a_malformed_toml_is_told_by_name(content):
    Path(TOML_NAME).write_bytes(content)
    with pytest.raises(ConfigError, match=TOML_NAME):
        load_settings()


def test_a_dotenv_that_is_no_utf8_is_told_by_name():
    Path(".env").write_bytes(b"KGV_TOP_K=\xff\n")
    with pytest.raises(ConfigError, match=r"\.env cannot be read"):
        load_settings()


@pytest.mark.parametrize("source", ["argument", "toml here", "toml at home"])
def test_a_setting_that_does_not_exist_is_told(source, say):
    overrides = say(source, 3, "tpo_k")
    with pytest.raises(ConfigError, match="no setting named 'tpo_k'") as caught:
        load_settings(**overrides)
    assert caught.value.hint


def test_a_wrong_value_in_toml_is_told_by_name():
    Path(TOML_NAME).write_text('top_k = "many"', encoding="utf-8")
    with pytest.raises(ConfigError, match="KGV_TOP_K"):
        load_settings()


@pytest.mark.parametrize("name", ["neo4j_password", "llm_api_key", "hub_token"])
@pytest.mark.parametrize("source", ["environment", ".env", "toml here"])
def test_a_secret_is_never_shown(source, name, say, monkeypatch):
    say(source, '"sesame"', name)
    if source == "environment":
        monkeypatch.setenv(f"KGV_{name.upper()}", "sesame")
    settings = load_settings()
    assert getattr(settings, name).get_secret_value() == "sesame"
    shown = [CliRunner().invoke(app, ["config", "show", *json]) for json in ([], ["--json"])]
    assert [done.exit_code for done in shown] == [0, 0]
    assert name in shown[0].stdout.lower()
    for text in (repr(settings), str(settings), *(done.output for done in shown)):
        assert "sesame" not in text


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().top_k = 3


@pytest.mark.parametrize(
    ("given", "expected"),
    [("library", Path("here/library")), ("../elsewhere", Path("here/../elsewhere"))],
)
@pytest.mark.parametrize("field", ["home", "cache_dir"])
def test_paths_become_absolute(field, given, expected, tmp_path):
    assert getattr(load_settings(**{field: given}), field) == tmp_path / expected


def test_a_tilde_is_the_users_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings(home="~/library").home == tmp_path / "library"


def test_what_others_keep_in_a_dotenv_is_ignored():
    Path(".env").write_text("AWS_SECRET=x\nDEBUG=1\n", encoding="utf-8")
    assert load_settings().top_k == 8


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("http://127.0.0.1:7474", "must begin with bolt://"),
        ("nonsense", "must begin with bolt://"),
        ("bolt://", "must begin with bolt://"),
        ("neo4j://me:hunter2@127.0.0.1:7687", "must not hold a login"),
    ],
)
def test_an_address_that_no_driver_takes_is_refused_without_its_password(uri, message):
    with pytest.raises(ConfigError, match=message) as caught:
        load_settings(neo4j_uri=uri)
    assert "hunter2" not in caught.value.message


def test_less_memory_than_neo4j_needs_is_refused():
    with pytest.raises(ConfigError, match="KGV_MAX_MEMORY_LIMIT"):
        load_settings(max_memory_limit="300MB")


def test_a_profile_fills_in_what_is_not_named(say):
    assert load_settings().asr_engine == "faster-whisper"
    say("environment", "full", "profile")
    full = load_settings(generator="extractive")
    assert (full.asr_engine, full.embedder) == ("whisperx", "sentence-transformers")
    assert full.generator == "extractive"


def test_a_checkpoint_turns_imagebind_on(tmp_path):
    assert load_settings().media_embedder == NONE
    assert load_settings(imagebind_checkpoint=tmp_path / "i.pth").media_embedder == "imagebind"
