"""The library as a retriever of LangChain: `KgVideoRagRetriever`.

Example:
    from langchain_core.prompts import ChatPromptTemplate
    from kg_videorag import VideoRAG
    from kg_videorag.langchain import KgVideoRagRetriever

    with VideoRAG() as rag:
        retriever = KgVideoRagRetriever(rag=rag, top_k=4)
        for document in retriever.invoke("Who discovered radium?"):
            print(document.metadata["video"], document.metadata["timecode"], document.page_content)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
except ImportError as error:
    raise ImportError(
        "kg_videorag.langchain needs langchain-core: run `pip install 'kg-videorag[langchain]'`"
    ) from error

from kg_videorag.ask.session import Turn, stand_alone
from kg_videorag.model import timecode

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun

    from kg_videorag.model import Evidence


class KgVideoRagRetriever(BaseRetriever):  # type: ignore[misc]  # LangChain is not typed for us
    """Segments of the library's videos for a query, best first.

    Each Document holds what is said and shown in one segment; its metadata are `video_id`,
    `video`, `start_ms`, `end_ms`, `timecode`, `segment_id`, `score` and `via`, as `search --json`
    prints them. Several threads may use one retriever.

    Args:
        rag: A `VideoRAG`, open as long as the retriever is used.
        videos: Only from these: ids, id prefixes, paths, titles or file names; empty for all.
        tags: Only from videos that carry any of these.
        time: Only what overlaps this stretch of each video: "00:10:00-00:20:00"; "" for all.
        speaker: Only what this one says; "" for all.
        modalities: Only what was perceived in any of these: "speech", "screen" ...
        top_k: How many at most; the library's setting if not given.
        emotional_context: A mood, such as "aggressive", that orders what is found.
        history: Questions with their answers, the last at the end: a follow-up, "and where did
            she study?", is searched for as it is meant.
    """

    rag: Any
    videos: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    time: str = ""
    speaker: str = ""
    modalities: tuple[str, ...] = ()
    top_k: int | None = None
    emotional_context: str | None = None
    history: tuple[tuple[str, str], ...] = ()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        """Search; LangChain calls it from `invoke`.

        Raises:
            AskError: If the query is empty or too long, or a filter names what is not there.
        """
        del run_manager
        turns = [Turn(asked, asked, told, answered=bool(told)) for asked, told in self.history]
        hits = self.rag.search(
            stand_alone(query, turns).question,
            emotional_context=self.emotional_context,
            videos=self.videos,
            tags=self.tags,
            time=self.time or None,
            speaker=self.speaker or None,
            modalities=self.modalities,
            top_k=self.top_k,
        )
        return [_document(hit) for hit in hits]


def _document(hit: Evidence) -> Document:
    return Document(
        id=hit.segment_id,
        page_content=hit.text,
        metadata={
            "video_id": hit.video_id,
            "video": hit.video,
            "start_ms": hit.span.start_ms,
            "end_ms": hit.span.end_ms,
            "timecode": timecode(hit.span.start_ms),
            "segment_id": hit.segment_id,
            "score": hit.score,
            "via": list(hit.via),
        },
    )
