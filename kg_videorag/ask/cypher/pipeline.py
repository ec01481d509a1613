"""A question to the graph, the whole flow: sketch -> model -> guard -> rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.ask.analyse import check_question
from kg_videorag.ask.cypher.prompt import ask_again, ask_for
from kg_videorag.ask.cypher.reply import NO_QUERY, read_statement
from kg_videorag.errors import AskError, GraphError, GraphUnavailable
from kg_videorag.graph.sketch import sketch
from kg_videorag.model import GraphAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.guard.apart import ApartReader, Found
    from kg_videorag.model import Prompt
    from kg_videorag.ports import ChatModel

_REPHRASE = "Ask in other words, or take a larger KGV_LLM_MODEL."


@dataclass(frozen=True, slots=True)
class CypherAsker:
    """Answers questions by statements that a language model writes.

    Args:
        graph: What is asked.
        reader: Runs statements of strangers.
        chat: Writes them.
    """

    graph: GraphClient
    reader: ApartReader
    chat: ChatModel

    def ask(self, question: str, on_query: Callable[[str], None]) -> GraphAnswer:
        """The rows that answer a question.

        Args:
            question: In words.
            on_query: Told each statement before it is run, refused ones too.

        Raises:
            AskError: If the question is empty or too long, or the model writes no statement.
            EngineError: If the model fails.
            StatementRefusedError: If its second statement would do more than read, too.
            GraphError: If Neo4j refuses that, or it takes too long.
        """
        question = check_question(question)
        first = ask_for(question, sketch(self.graph))
        statement = self._write(first)
        on_query(statement)
        try:
            found = self.reader.read(statement)
        except GraphUnavailable:
            raise
        except GraphError as error:
            statement, found = self._again(first, statement, error, on_query)
        return GraphAnswer(question, statement, found.columns, found.rows, found.cut)

    def _again(
        self, first: Prompt, statement: str, error: GraphError, on_query: Callable[[str], None]
    ) -> tuple[str, Found]:
        fault = f"{error.message}. {error.hint}".strip()
        better = self._write(ask_again(first, statement, fault))
        on_query(better)
        try:
            return better, self.reader.read(better)
        except GraphUnavailable:
            raise
        except GraphError as second:
            second.hint = f"The model's statement cannot be used, nor could its first. {_REPHRASE}"
            raise

    def _write(self, prompt: Prompt) -> str:
        reply = self.chat.chat(prompt)
        statement = read_statement(reply.text)
        if not statement:
            said = "says that the graph cannot answer this"
            none = "wrote no Cypher"
            raise AskError(
                f"the language model {said if NO_QUERY in reply.text else none}", hint=_REPHRASE
            )
        if reply.cut:
            raise AskError(
                "the language model's statement is longer than it may be", hint=_REPHRASE
            )
        return statement
