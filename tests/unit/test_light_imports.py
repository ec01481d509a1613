"""Help comes at once: what is heavy is imported where it is first needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kg_videorag import __version__

HEAVY = set("numpy torch neo4j spacy av hnswlib ctranslate2 transformers pydantic".split())
TRAINING = {"torch", "spacy", "transformers", "faster_whisper", "av"}

# Runs `--help` of the program and of every command, and says what each left imported.
ASK_FOR_HELP = """
import contextlib, io, sys
import typer
from kg_videorag.cli import app

def commands(command, path):
    yield path
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, [*path, name])

for path in commands(typer.main.get_command(app), []):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            app([*path, "--help"])
        except SystemExit as stop:
            code = stop.code
    ok = code == 0 and "Usage" in said.getvalue()
    print(" ".join(path) or "-", ok, *{name.partition(".")[0] for name in sys.modules})
"""


def run(program):
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def imported_after(*modules):
    program = f"import {', '.join(modules)}\nimport sys\nprint(*sys.modules)"
    return {name.partition(".")[0] for name in run(program).split()}


def test_importing_the_package_imports_nothing():
    assert not imported_after("kg_videorag") & (HEAVY | {"typer", "rich"})


@pytest.mark.parametrize(("option", "said"), [("--help", "Usage"), ("--version", __version__)])
def test_the_program_says_what_it_is_and_imports_nothing_heavy(option, said):
    program = f"""
import sys
sys.argv = ["kg-videorag", "{option}"]
from kg_videorag.__main__ import main
try:
    main()
except SystemExit as stop:
    print("\\n", stop.code, *sys.modules)
"""
    *lines, last = run(program).splitlines()
    code, *modules = last.split()
    assert said in "".join(lines)
    assert code == "0"
    imported = {name.partition(".")[0] for name in modules}
    assert "typer" in imported
    assert not imported & HEAVY


def test_help_of_every_command_imports_nothing_heavy():
    lines = [line.partition(" True ") for line in run(ASK_FOR_HELP).splitlines()]
    helped = {path: set(modules.split()) for path, _, modules in lines}
    assert {"-", "ingest", "ask", "search", "doctor", "videos list", "cypher run"} <= helped.keys()
    for path, modules in helped.items():
        assert modules, f"{path} --help failed"
        assert not modules & HEAVY, path


@pytest.mark.parametrize(
    "modules",
    [
        ("kg_videorag.ask.pipeline",),
        ("kg_videorag.api", "kg_videorag.compose", "kg_videorag.config"),
        ("kg_videorag.vectors.hnsw_index", "kg_videorag.vectors.synchronise"),
        ("kg_videorag.engines.minilm", "kg_videorag.engines.extractive"),
        ("kg_videorag.engines.imagebind", "kg_videorag.vectors.spaces"),
    ],
    ids=" ".join,
)
def test_asking_imports_no_training_library(modules):
    assert not imported_after(*modules) & TRAINING


def test_embedding_a_question_imports_no_training_library():
    program = """
from kg_videorag.config import load_settings
from kg_videorag.engines.extractive import ExtractiveGenerator
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.ports import GeneratorOptions
embedder = MiniLMEmbedder(cache_dir=load_settings().cache_dir)
options = GeneratorOptions(load_settings().cache_dir)
ExtractiveGenerator(embedder, options=options).generate("Who walked on the Moon?", [])
assert embedder.embed(["Who walked on the Moon?"]).shape == (1, 384)
import sys
print(*sys.modules)
"""
    assert not {name.partition(".")[0] for name in run(program).split()} & TRAINING
