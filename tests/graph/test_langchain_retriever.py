"""The retriever of LangChain, over a real graph and index, alone and in a chain."""

from __future__ import annotations

from dataclasses import replace

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough

from kg_videorag import VideoRAG
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.errors import AskError
from kg_videorag.graph.write import write_video
from kg_videorag.langchain import KgVideoRagRetriever

TEXTS = [
    ("Neil Armstrong was born in Ohio.", ["Neil Armstrong"]),
    ("Margaret Hamilton led the software team.", ["Margaret Hamilton"]),
    ("The rocket left Kennedy Space Center.", []),
]


@pytest.fixture
def rag(graph, tmp_path, video_graph):
    """A library of two videos with the vectors of its own embedder."""
    address = graph.address
    with VideoRAG(home=tmp_path, neo4j_uri=address.uri, neo4j_password=address.password) as rag:
        embedder = MiniLMEmbedder(cache_dir=rag.settings.cache_dir)
        for name in ("first", "second"):
            made = video_graph(name, TEXTS)
            vectors = embedder.embed([text for text, _ in TEXTS])
            embeddings = tuple(
                replace(e, model=embedder.model, vector=v)
                for e, v in zip(made.embeddings, vectors, strict=True)
            )
            write_video(graph, replace(made, embeddings=embeddings))
        yield rag


def test_segments_come_as_documents_best_first(rag):
    documents = KgVideoRagRetriever(rag=rag, top_k=3).invoke("Where was Neil Armstrong born?")
    hits = rag.search("Where was Neil Armstrong born?", top_k=3)
    assert [d.metadata["segment_id"] for d in documents] == [hit.segment_id for hit in hits]
    best = documents[0]
    assert best.page_content == TEXTS[0][0]
    assert best.id == best.metadata["segment_id"]
    assert best.metadata == {
        "video_id": hits[0].video_id,
        "video": hits[0].video,
        "start_ms": 0,
        "end_ms": 10_000,
        "timecode": "00:00:00",
        "segment_id": hits[0].segment_id,
        "score": hits[0].score,
        "via": list(hits[0].via),
    }


def test_it_keeps_to_its_videos_and_its_number(rag):
    retriever = KgVideoRagRetriever(rag=rag, videos=("second",), top_k=2)
    documents = retriever.invoke("software")
    assert len(documents) == 2
    assert {d.metadata["video"] for d in documents} == {"second.mp4"}


def test_a_follow_up_is_searched_for_as_it_is_meant(rag):
    history = (("Where was Neil Armstrong born?", "Neil Armstrong was born in Ohio."),)
    retriever = KgVideoRagRetriever(rag=rag, top_k=1, history=history)
    leaning, whole = map(
        retriever.invoke, ("and when was he born?", "When was Neil Armstrong born?")
    )
    assert leaning == whole
    assert leaning[0].page_content == TEXTS[0][0]


def test_it_is_a_part_of_a_chain(rag):
    told = []

    def joined(documents):
        told.extend(documents)
        return "\n".join(document.page_content for document in documents)

    prompt = ChatPromptTemplate.from_template("{evidence}\n\n{question}")
    model = GenericFakeChatModel(messages=iter([AIMessage("In Ohio.")]))
    chain = (
        {
            "evidence": KgVideoRagRetriever(rag=rag, top_k=1) | joined,
            "question": RunnablePassthrough(),
        }
        | prompt
        | model
        | StrOutputParser()
    )
    assert chain.invoke("Where was Neil Armstrong born?") == "In Ohio."
    assert [d.page_content for d in told] == [TEXTS[0][0]]


def test_what_the_library_refuses_is_raised(rag):
    with pytest.raises(AskError, match="the question has no words"):
        KgVideoRagRetriever(rag=rag).invoke("?")
