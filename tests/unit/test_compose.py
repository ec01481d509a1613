"""Names become engines: those of the table, those of other packages, and no others."""

from __future__ import annotations

import sys

import pytest

from kg_videorag import ports
from kg_videorag.compose import ENGINES, Composition, engine_factory
from kg_videorag.config import load_settings
from kg_videorag.errors import ConfigError, EngineUnavailable, UnknownEngineError
from kg_videorag.model import DecodeLimits

PORTS = {
    "transcriber": ports.Transcriber,
    "text_reader": ports.TextReader,
    "media_embedder": ports.MediaEmbedder,
    "detector": ports.Detector,
    "sound_tagger": ports.SoundTagger,
    "segmenter": ports.Segmenter,
    "extractor": ports.Extractor,
    "embedder": ports.Embedder,
    "reranker": ports.Reranker,
    "generator": ports.Generator,
}
OPTIONAL = {"text_reader", "media_embedder", "detector", "sound_tagger", "reranker"}
TABLE = [(kind, name) for kind, engines in ENGINES.items() for name in engines]


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Settings of an empty data directory, whoever runs the tests."""
    monkeypatch.chdir(tmp_path)

    def settings(**overrides):
        return load_settings(home=tmp_path / "home", **overrides)

    return settings


@pytest.fixture
def plugins(tmp_path, monkeypatch):
    """Another package that offers engines, as installed."""
    folder = tmp_path / "site"
    metadata = folder / "acme_engines-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Name: acme-engines\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(
        "[kg_videorag.engines]\n"
        "segmenter.acme = acme_engines:AcmeSegmenter\n"
        "segmenter.Acme_Two = acme_engines:AcmeSegmenter\n"
        "segmenter.broken = acme_engines_of_old:AcmeSegmenter\n"
        "segmenter.renamed = acme_engines:OldSegmenter\n"
        "generator.acme-llm = acme_engines:AcmeGenerator\n",
        encoding="utf-8",
    )
    (folder / "acme_engines.py").write_text(
        "class AcmeSegmenter:\n"
        "    def __init__(self, *, min_ms, max_ms):\n"
        "        self.range_ms = min_ms, max_ms\n"
        "class AcmeGenerator: ...\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(folder)
    yield
    sys.modules.pop("acme_engines", None)


@pytest.mark.parametrize(("kind", "name"), TABLE)
def test_every_name_of_the_table_has_its_factory(kind, name):
    assert callable(engine_factory(kind, name))


@pytest.mark.parametrize(
    ("setting", "kind"), [("yolox_model", "detector"), ("yamnet_model", "sound_tagger")]
)
def test_naming_weights_turns_their_engine_on(setting, kind, settings, tmp_path):
    """And a file that is not there is told before hours of work, not after."""
    parts = Composition(settings(**{setting: tmp_path / "gone.onnx"}))
    assert isinstance(parts.engine(kind), PORTS[kind])
    with pytest.raises(EngineUnavailable, match="missing") as caught:
        parts.require_engines(kind)
    assert f"KGV_{setting.upper()}" in caught.value.hint


@pytest.mark.parametrize("kind", PORTS)
def test_the_default_engines_fit_their_ports(kind, settings):
    engine = Composition(settings()).engine(kind)
    if engine is None:
        assert kind in OPTIONAL
        return
    assert isinstance(engine, PORTS[kind])
    assert engine.name in ENGINES[kind]
    assert engine.version
    state = engine.check()
    assert state.ready or state.hint


def test_the_kinds_that_doctor_looks_at_are_those_of_the_table():
    assert {*Composition.engine_kinds, "vector_index"} == set(ENGINES)


@pytest.mark.parametrize("kind", ENGINES)
def test_an_unknown_engine_is_told_with_the_known(kind):
    with pytest.raises(UnknownEngineError, match=f"no {kind} is named 'nonsense'") as caught:
        engine_factory(kind, "nonsense")
    for known in ENGINES[kind]:
        assert known in caught.value.hint


@pytest.mark.parametrize("name", ["", "sentence ", "../sentence", "segmenter.sentence"])
def test_a_name_is_taken_as_it_stands(name):
    with pytest.raises(UnknownEngineError):
        engine_factory("segmenter", name)


def test_an_unknown_name_in_the_settings_is_told_when_its_part_is_built(settings):
    parts = Composition(settings(extractor="nonsense"))
    with pytest.raises(UnknownEngineError, match="no extractor is named 'nonsense'"):
        parts.engine("extractor")


def test_settings_reach_the_engine(settings):
    segmenter = Composition(settings(segment_min_s=4.5, segment_max_s=12)).engine("segmenter")
    assert (segmenter.min_ms, segmenter.max_ms) == (4_500, 12_000)


def test_naming_a_checkpoint_turns_imagebind_on(settings, tmp_path):
    assert Composition(settings()).media_embedder is None
    named = Composition(settings(imagebind_checkpoint=tmp_path / "own.pth")).media_embedder
    assert named.name in ENGINES["media_embedder"]
    assert named.hub_models == ()
    assert str(tmp_path / "own.pth") in named.check().weights


@pytest.mark.usefixtures("plugins")
@pytest.mark.parametrize("name", ["ACME", "acme-two", "acme_two"])
def test_another_package_can_offer_an_engine(name, settings):
    segmenter = Composition(settings(segmenter=name)).engine("segmenter")
    assert type(segmenter).__module__ == "acme_engines"
    assert segmenter.range_ms == (10_000, 30_000)


@pytest.mark.usefixtures("plugins")
def test_engines_of_other_packages_are_among_the_known():
    with pytest.raises(UnknownEngineError) as caught:
        engine_factory("generator", "nonsense")
    known = ", ".join(sorted([*ENGINES["generator"], "acme-llm"]))
    assert caught.value.hint == f"Known: {known}."


@pytest.mark.usefixtures("plugins")
@pytest.mark.parametrize("name", ["broken", "renamed"])
def test_an_engine_of_another_package_that_cannot_be_imported_is_told(name):
    with pytest.raises(
        EngineUnavailable, match=f"segmenter.{name} .* cannot be imported"
    ) as caught:
        engine_factory("segmenter", name)
    assert caught.value.hint


@pytest.mark.usefixtures("plugins")
def test_an_engine_is_of_one_kind():
    with pytest.raises(UnknownEngineError):
        engine_factory("embedder", "acme")


def test_the_dimension_that_was_asked_for_must_be_the_embedders(settings):
    assert Composition(settings(embedding_dim=384)).embedder.dimension == 384
    with pytest.raises(ConfigError, match="KGV_EMBEDDING_DIM is 1024, but minilm makes 384-d"):
        _ = Composition(settings(embedding_dim=1024)).embedder


def test_a_neo4j_of_ones_own_needs_a_password(settings):
    parts = Composition(settings(neo4j_uri="bolt://localhost:7687"))
    with pytest.raises(ConfigError, match="KGV_NEO4J_PASSWORD is not"):
        _ = parts.graph


def test_closing_opens_nothing(settings):
    parts = Composition(settings())
    parts.close()
    assert "graph" not in vars(parts)


def test_files_are_read_within_the_limits_of_the_settings(settings):
    limits = Composition(
        settings(
            decode_memory_limit="1GiB",
            decode_stall_s=7,
            max_pixels=99,
            max_hours=0.5,
            max_streams=3,
        )
    ).media.limits
    assert limits == DecodeLimits(1 << 30, 7.0, 99, 1_800_000, 3)
    assert Composition(settings()).media.limits == DecodeLimits()
