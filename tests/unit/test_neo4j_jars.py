"""Finding Neo4j's jars: whole, once, and with an error that helps; without a network."""

from __future__ import annotations

import hashlib
import json
import zipfile
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from kg_videorag.errors import GraphUnavailable
from kg_videorag.graph.server import jar_download, jars
from kg_videorag.graph.server.jar_download import Jar

if TYPE_CHECKING:
    from pathlib import Path

ENTRY_POINT = "META-INF/services/org.neo4j.server.startup.EntryPoint"


def make_jar(path: Path, files: dict[str, str]) -> Jar:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    data = path.read_bytes()
    return Jar(f"org.neo4j:{path.stem}:1", len(data), hashlib.sha256(data).hexdigest())


class FakeMaven:
    """Stands in for jgo at the seam: Central is a folder, and downloads are counted."""

    def __init__(self, central: Path, repository: Path) -> None:
        self.central = central
        self.repo_cache = repository
        self.downloads: list[str] = []

    def project(self, _: str, name: str) -> SimpleNamespace:
        artifact = SimpleNamespace(resolve=lambda: self._resolve(name))
        return SimpleNamespace(
            at_version=lambda _: SimpleNamespace(artifact=lambda _classifier: artifact)
        )

    def _resolve(self, name: str) -> Path:
        path = self.repo_cache / f"{name}.jar"
        if not path.exists():
            if not (self.central / path.name).exists():
                raise RuntimeError(f"Artifact {name} not found")
            self.downloads.append(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes((self.central / path.name).read_bytes())
        return path


@pytest.fixture
def maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeMaven:
    fake = FakeMaven(tmp_path / "central", tmp_path / "cache" / "neo4j" / "maven")
    jar = make_jar(fake.central / "neo4j-main.jar", {ENTRY_POINT: "org.neo4j.Main\n"})
    other = make_jar(fake.central / "another.jar", {"a.txt": "a"})
    monkeypatch.setattr(jar_download, "_contexts", lambda _: (fake, fake))
    monkeypatch.setattr(jars, "listed", lambda _: [jar, other])
    return fake


def install(tmp_path: Path, messages: list[str] | None = None) -> jars.Installation:
    said = [] if messages is None else messages
    return jars.install(tmp_path / "cache", "1.0", said.append)


def test_the_lists_of_both_releases_are_complete():
    listed = jars.listed("2026.08.1")
    assert len({jar.coordinate for jar in listed}) == 238
    assert sum(jar.size for jar in listed) == 190_865_041
    assert all(len(jar.sha256) == 64 for jar in listed)
    lts = jars.listed("5.26.31")
    assert len({jar.coordinate for jar in lts}) == 217
    assert sum(jar.size for jar in lts) == 155_395_428
    assert jars.listed("5.26.30") == []


def test_jars_are_fetched_once_and_then_only_looked_up(maven, tmp_path, monkeypatch):
    messages: list[str] = []
    first = install(tmp_path, messages)
    assert first.main_class == "org.neo4j.Main"
    assert [path.name for path in first.class_path] == ["another.jar", "neo4j-main.jar"]
    assert messages[0] == "fetching Neo4j 1.0 (2 jars, 0 MB, once)"
    monkeypatch.setattr(jar_download, "_contexts", None)
    assert install(tmp_path) == first


def test_half_a_jar_of_an_interrupted_run_is_fetched_again(maven, tmp_path):
    maven.repo_cache.mkdir(parents=True)
    (maven.repo_cache / "another.jar").write_bytes(b"PK\x03\x04 half")
    install(tmp_path)
    assert sorted(maven.downloads) == ["another", "neo4j-main"]


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_text("x")])
def test_a_jar_lost_later_is_fetched_again(maven, tmp_path, damage):
    install(tmp_path)
    damage(maven.repo_cache / "another.jar")
    install(tmp_path)
    assert sorted(maven.downloads) == ["another", "another", "neo4j-main"]


def test_a_jar_with_another_checksum_is_refused(maven, tmp_path):
    make_jar(maven.central / "another.jar", {"a.txt": "evil"})
    with pytest.raises(GraphUnavailable, match=r"another:1 does not have the checksum"):
        install(tmp_path)
    assert not (maven.repo_cache / "another.jar").exists()
    assert not (tmp_path / "cache" / "neo4j" / "1.0.json").exists()


def test_what_arrived_before_a_failure_is_kept(maven, tmp_path):
    held = (maven.central / "neo4j-main.jar").read_bytes()
    (maven.central / "neo4j-main.jar").unlink()
    with pytest.raises(GraphUnavailable, match="neo4j-main not found") as caught:
        install(tmp_path)
    assert "KGV_NEO4J_URI" in caught.value.hint
    (maven.central / "neo4j-main.jar").write_bytes(held)
    install(tmp_path)
    assert maven.downloads.count("another") == 1


def test_a_release_without_checksums_is_tested_as_archives(tmp_path):
    whole = make_jar(tmp_path / "a.jar", {"a.txt": "a" * 1000})
    bare = Jar(whole.coordinate)
    assert jar_download._is_whole(tmp_path / "a.jar", bare)
    data = bytearray((tmp_path / "a.jar").read_bytes())
    data[100] ^= 1
    (tmp_path / "a.jar").write_bytes(data)
    assert not jar_download._is_whole(tmp_path / "a.jar", bare)
    (tmp_path / "a.jar").write_bytes(data[:50])
    assert not jar_download._is_whole(tmp_path / "a.jar", bare)


@pytest.mark.parametrize("text", ["", "{}", "[]", json.dumps({"jars": {"/gone": 1}})])
def test_a_damaged_manifest_is_made_anew(maven, tmp_path, text):
    manifest = tmp_path / "cache" / "neo4j" / "1.0.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(text)
    assert install(tmp_path).main_class == "org.neo4j.Main"


def test_a_cache_that_java_cannot_be_given_is_refused(tmp_path):
    with pytest.raises(GraphUnavailable, match="colon"):
        jars.install(tmp_path / "a:b", "1.0", print)


def test_java_is_there():
    assert jars.java().is_file()
