"""The blocks of a Markdown file as a tree. What stands inside a line stays flat: it may nest as deep as it likes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token


@dataclass(slots=True)
class Node:
    """One block: its kind, the token that opens it, all its tokens, and the blocks inside it."""

    type: str  # as markdown-it names it, without _open
    token: Token
    line: int  # in the file, from 1
    tokens: list[Token] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def last_line(self) -> int:
        """The last line of the file that belongs to this block, from 1."""
        return int(self.token.map[1]) if self.token.map else self.line

    @property
    def words(self) -> Token | None:
        """The inline token of a heading or paragraph."""
        return next((child.token for child in self.children if child.type == "inline"), None)

    @property
    def content(self) -> str:
        """The text of a heading or paragraph as it was written."""
        return self.words.content if self.words else ""

    def walk(self) -> Iterator["Node"]:
        """Yield this block and all inside it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def tree(tokens: Sequence[Token]) -> list[Node]:
    """Return the outermost blocks."""
    roots: list[Node] = []
    open_nodes: list[Node] = []
    for token in tokens:
        for node in open_nodes:
            node.tokens.append(token)
        if token.nesting < 0:
            open_nodes.pop()
            continue
        line = token.map[0] + 1 if token.map else (open_nodes[-1].line if open_nodes else 1)
        node = Node(token.type.removesuffix("_open"), token, line, [token])
        (open_nodes[-1].children if open_nodes else roots).append(node)
        if token.nesting > 0:
            open_nodes.append(node)
    return roots
