"""Classes of LangChain, found by name and given our options under their own names."""

from __future__ import annotations

import socket
import subprocess
import sys
import warnings

import pytest

from kg_videorag.engines.langchain_chat import LangChainGenerator
from kg_videorag.engines.langchain_classes import arguments, find_class
from kg_videorag.errors import ConfigError, EngineError, EngineUnavailable
from kg_videorag.ports import GeneratorOptions

QUESTION = "Where was Neil Armstrong born?"
SAID = "Neil Armstrong was born in Ohio. [1]"
OF_THE_TESTS = """
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult

class Model(BaseChatModel):
    model_name: str = "built-in"
    temperature: float = 1.0
    max_tokens: int = 1
    raises: str = ""

    @property
    def _llm_type(self):
        return "test"

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        if self.model_name == "down":
            raise ConnectionRefusedError("refused\\nindeed")
        if self.model_name == "slow":
            raise type("ReadTimeout", (Exception,), {})("slow")
        if self.model_name == "broken":
            raise KeyError("choices")
        roles = "/".join(message.type for message in messages)
        parts = [{"type": "text", "text": f"{roles} {self.temperature} {self.max_tokens} [1]. An"}]
        reply = AIMessage(parts, response_metadata={"finish_reason": "length"})
        return ChatResult(generations=[ChatGeneration(message=reply)])

class Needy(Model):
    region: str

no_class = 1
"""


@pytest.fixture
def new(tmp_path):
    def new(**options):
        return LangChainGenerator(None, options=GeneratorOptions(tmp_path, **options))

    return new


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A package with a chat model of its own, as installed."""
    (tmp_path / "acme_chat.py").write_text(OF_THE_TESTS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield "acme_chat"
    sys.modules.pop("acme_chat", None)


def test_a_chat_model_gets_messages_and_our_options(new, module, library, caplog):
    generator = new(chat_class=f"{module}:Model", model="named", temperature=0.25, max_tokens=77)
    assert generator.check().ready
    assert generator.generate(QUESTION, library) == "system/human 0.25 77 [1]."
    assert generator.model == f"{module}:Model/named"
    assert "cut at 77 tokens" in caplog.text


def test_a_model_that_is_not_named_is_the_class_s_own(new, module, library):
    generator = new(chat_class=f"{module}:Model")
    generator.generate(QUESTION, library)
    assert generator.model == f"{module}:Model/built-in"


@pytest.mark.parametrize(
    ("model", "error", "message", "hint"),
    [
        ("down", EngineUnavailable, "its server does not answer", "KGV_LLM_URL"),
        ("slow", EngineError, "did not answer within 120 s", "KGV_LLM_TIMEOUT_S"),
        ("broken", EngineError, "Model/broken failed: 'choices'", ""),
    ],
)
def test_what_a_model_raises_is_told(model, error, message, hint, new, module, library):
    with pytest.raises(error, match=message) as caught:
        new(chat_class=f"{module}:Model", model=model).generate(QUESTION, library)
    assert hint in caught.value.hint
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("", ConfigError, "names no class"),
        ("NoSuchModel", ConfigError, "have no NoSuchModel"),
        ("acme_chat:NoSuchModel", ConfigError, "acme_chat have no NoSuchModel"),
        ("acme_chat:no_class", ConfigError, "is no language model"),
        ("pathlib:Path", ConfigError, "is no language model"),
        ("no_such_package:Model", EngineUnavailable, "no_such_package cannot be imported"),
        ("acme_chat:Needy", ConfigError, "cannot be built.*region"),
        ("ChatLlamaCpp", (ConfigError, EngineUnavailable), "ChatLlamaCpp"),
    ],
)
def test_a_class_that_cannot_be_had_is_told(name, error, message, new, module, library):
    generator = new(chat_class=name)
    if "Needy" not in name and name != "ChatLlamaCpp":
        assert not generator.check().ready
        assert generator.check().hint
    with pytest.raises(error, match=message) as caught:
        generator.generate(QUESTION, library)
    assert "\n" not in caught.value.message


def test_ollama_is_spoken_to_in_its_own_protocol(new, server, library):
    """The address of OpenAI's protocol is told; Ollama's own has its root before it."""
    generator = new(chat_class="Ollama", model="tiny", url=server.url, temperature=0.25)
    assert generator.generate(QUESTION, library) == SAID
    path, _, body = server.requests[0]
    assert path == "/api/generate"
    assert body["model"] == "tiny"
    assert {"temperature": 0.25, "num_predict": 200, "num_ctx": 4096}.items() <= body[
        "options"
    ].items()


def test_a_server_that_is_away_is_told(new, library):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    generator = new(chat_class="Ollama", model="tiny", url=f"http://127.0.0.1:{port}/v1")
    with pytest.raises(EngineUnavailable, match="Ollama/tiny: its server does not answer"):
        generator.generate(QUESTION, library)


def test_a_pipeline_takes_its_tokens_once(new, tiny_llama, library):
    """The chat template writes the first token; the tokenizer must not add another."""
    generator = new(
        chat_class="HuggingFacePipeline", model=str(tiny_llama), device="cpu", temperature=0.0
    )
    assert generator.generate(QUESTION, library) == SAID
    assert generator.model == "HuggingFacePipeline/tiny-llama"
    assert generator._llm.pipeline_kwargs["add_special_tokens"] is False


def test_llama_cpp_is_given_room_for_the_evidence(new, tmp_path):
    """Its own are 512 tokens of context, read 8 at a time, and a log on stderr."""
    options = GeneratorOptions(tmp_path, model="~/m.gguf", temperature=0.5, max_tokens=99)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        given = arguments(find_class("ChatLlamaCpp"), options)
    assert given["model_path"].endswith("/m.gguf")
    assert not given["model_path"].startswith("~")
    expected = {"n_ctx": 4096, "n_batch": 512, "verbose": False, "max_tokens": 99}
    assert expected.items() <= given.items()


def test_warnings_of_the_library_are_not_the_users():
    program = """
from pathlib import Path
from kg_videorag.engines.langchain_chat import LangChainGenerator
from kg_videorag.ports import GeneratorOptions
options = GeneratorOptions(Path("."), chat_class="HuggingFacePipeline", model="none")
assert LangChainGenerator(None, options=options).check().ready
import sys
print(*sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert "langchain_community" in done.stdout
    assert not {"torch", "transformers"} & set(done.stdout.split())


def test_classes_of_both_kinds_are_found():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert find_class("ChatLlamaCpp").__module__.endswith("chat_models.llamacpp")
        assert find_class("HuggingFacePipeline").__module__.endswith("huggingface_pipeline")
