"""What factories of engines are given: the settings of their kind, as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg_videorag.ports import (
    CaptionerOptions,
    ExtractorOptions,
    GeneratorOptions,
    TranscriberOptions,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr

    from kg_videorag.config import Settings
    from kg_videorag.ports import Embedder


def engine_arguments(
    kind: str, settings: Settings, embedder: Callable[[], Embedder]
) -> dict[str, Any]:
    """The keyword arguments for a kind's factories.

    Args:
        kind: As in `compose.ENGINES`.
        settings: Where they come from.
        embedder: Gives the text embedder, which generators are given.
    """
    given: dict[str, Callable[[], dict[str, Any]]] = {
        "transcriber": lambda: {"options": _transcriber_options(settings)},
        "media_embedder": lambda: {
            "cache_dir": settings.cache_dir,
            "checkpoint": settings.imagebind_checkpoint,
            "batch": settings.imagebind_batch,
            "device": settings.device,
            "dtype": settings.dtype,
        },
        "captioner": lambda: {"options": _captioner_options(settings)},
        "detector": lambda: {"weights": settings.yolox_model, "device": settings.device},
        "sound_tagger": lambda: {
            "weights": settings.yamnet_model,
            "labels": settings.yamnet_labels,
            "device": settings.device,
        },
        "extractor": lambda: {"options": _extractor_options(settings)},
        "segmenter": lambda: {
            "min_ms": round(settings.segment_min_s * 1000),
            "max_ms": round(settings.segment_max_s * 1000),
        },
        "embedder": lambda: {
            "cache_dir": settings.cache_dir,
            "model": settings.embedder_model,
            "device": settings.device,
        },
        "reranker": lambda: {
            "cache_dir": settings.cache_dir,
            "model": settings.reranker_model,
            "device": settings.device,
        },
        "generator": lambda: {
            "embedder": embedder(),
            "options": generator_options(settings),
        },
    }
    return given.get(kind, dict)()


def _transcriber_options(settings: Settings) -> TranscriberOptions:
    return TranscriberOptions(
        cache_dir=settings.cache_dir,
        model=settings.asr_model,
        language=settings.asr_language,
        threads=settings.asr_threads,
        device=settings.device,
        dtype=settings.dtype,
        hub_token=_secret(settings.hub_token),
    )


def _captioner_options(settings: Settings) -> CaptionerOptions:
    return CaptionerOptions(
        cache_dir=settings.cache_dir,
        model=settings.captioner_model,
        url=settings.captioner_url or settings.llm_url,
        api_key=_secret(settings.llm_api_key),
        timeout_s=settings.llm_timeout_s,
        retries=settings.llm_retries,
        device=settings.device,
        dtype=settings.dtype,
        hub_token=_secret(settings.hub_token),
    )


def _extractor_options(settings: Settings) -> ExtractorOptions:
    return ExtractorOptions(
        cache_dir=settings.cache_dir,
        language_model=generator_options(settings),
        generator=settings.generator,
        model=settings.extractor_model,
        gleanings=settings.extractor_gleanings,
        device=settings.device,
        hub_token=_secret(settings.hub_token),
    )


def generator_options(settings: Settings) -> GeneratorOptions:
    """What a generator is given, and whatever else asks its language model."""
    return GeneratorOptions(
        cache_dir=settings.cache_dir,
        model=settings.llm_model,
        url=settings.llm_url,
        api_key=_secret(settings.llm_api_key),
        chat_class=settings.chat_class,
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        timeout_s=settings.llm_timeout_s,
        retries=settings.llm_retries,
        device=settings.device,
        dtype=settings.dtype,
        hub_token=_secret(settings.hub_token),
    )


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""
