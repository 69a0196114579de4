"""Small faults put into a module or a model, one at a time: what a test that promises anything must notice.

Belongs here: making mutants of Python (by its syntax tree) and of compiled SQL (by its text). Does not belong here: running tests (``mutating.py``).
Left alone: documents, annotations, decorators, messages of errors, texts.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where it stands and what it does; ``source`` gives the whole changed text.

    ``owner`` is the line of the outermost function that holds it, 0 for a constant of the module or of a class.
    """

    target: str
    line: int
    change: str
    source: Callable[[], str]
    owner: int = 0

    def __str__(self) -> str:
        return f"{self.target}:{self.line}  {self.change}"


OTHERS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Add,),
    ast.Div: (ast.Mult,), ast.Pow: (ast.Mult,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,), ast.And: (ast.Or,), ast.Or: (ast.And,),
}  # fmt: skip
TWINS = dict(
    pair
    for one, other in (("minimum", "maximum"), ("nanmin", "nanmax"), ("min", "max"), ("any", "all"), ("floor", "ceil"), ("argmin", "argmax"))
    for pair in ((one, other), (other, one))
)
SYMBOLS = {
    "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!=", "Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in", "Add": "+",
    "Sub": "-", "Mult": "*", "Div": "/", "Pow": "**", "BitAnd": "&", "BitOr": "|", "And": "and", "Or": "or",
}  # fmt: skip
SILENT_FIELDS = {"annotation", "returns", "decorator_list", "type_comment"}


def python_mutants(target: str, source: str) -> Iterator[Mutant]:
    """Give every mutant of a module, in the order of its text."""
    tree = ast.parse(source)
    for path, owner in _places(tree, (), 0):
        node = _at(tree, path)
        line = getattr(node, "lineno", 0) or getattr(_at(tree, path[:-1]), "lineno", 0)
        for change, replacement in _changes(node):
            yield Mutant(target, line, change, partial(_changed, source, path, replacement), owner)


Path = tuple[tuple[str, int | None], ...]


def _places(node: ast.AST, path: Path, owner: int) -> Iterator[tuple[Path, int]]:
    """Paths of all nodes that may change, with the outermost function of each."""
    for name, value in ast.iter_fields(node):
        if name in SILENT_FIELDS:
            continue
        children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for at, child in children:
            if not isinstance(child, ast.AST) or isinstance(child, ast.Raise | ast.JoinedStr) or _is_document(child):
                continue
            here = owner
            if isinstance(child, ast.FunctionDef) and not owner:
                here = min([child.lineno, *(d.lineno for d in child.decorator_list)])
            step: Path = (*path, (name, at))
            yield step, here
            yield from _places(child, step, here)


def _changed(source: str, path: Path, replacement: ast.AST) -> str:
    tree = ast.parse(source)
    _put(tree, path, replacement)
    return ast.unparse(ast.fix_missing_locations(tree))


def _is_document(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _at(tree: ast.AST, path: Path) -> ast.AST:
    for name, at in path:
        found = getattr(tree, name)
        tree = found if at is None else found[at]
    return tree


def _put(tree: ast.AST, path: Path, replacement: ast.AST) -> None:
    parent, (name, at) = _at(tree, path[:-1]), path[-1]
    if at is None:
        setattr(parent, name, replacement)
    else:
        getattr(parent, name)[at] = replacement


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for other in OTHERS.get(type(node), ()):
        yield f"{SYMBOLS[type(node).__name__]} -> {SYMBOLS[other.__name__]}", other()
    match node:
        case ast.Constant(value=bool(value)):
            yield f"{value} -> {not value}", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield f"{value} -> {value + 1}", ast.Constant(value + 1)
        case ast.Constant(value=float(value)):
            other_value = value * 1.05 if value else 1.0
            yield f"{value} -> {other_value:g}", ast.Constant(other_value)
        case ast.UnaryOp(op=ast.Invert() | ast.Not() | ast.USub(), operand=operand):
            yield f"{ast.unparse(node)} -> {ast.unparse(operand)}", operand
        case ast.Attribute(value=inner, attr=name, ctx=ast.Load()) if name in TWINS:
            yield f"{name} -> {TWINS[name]}", ast.Attribute(inner, TWINS[name], ast.Load())
        case ast.If(test=ast.Name() | ast.Attribute() | ast.Call() as test):
            yield f"if {ast.unparse(test)} -> if not", ast.If(ast.UnaryOp(ast.Not(), test), node.body, node.orelse)
        case ast.IfExp(test=ast.Name() | ast.Attribute() | ast.Call() as test):
            yield f"if {ast.unparse(test)} -> if not", ast.IfExp(ast.UnaryOp(ast.Not(), test), node.body, node.orelse)
        case _:
            return


SQL_CHANGES: tuple[tuple[str, str], ...] = (
    (r"<=", "<"), (r">=", ">"), (r"<>", "="), (r"(?<![<>=!])<(?![=>])", "<="), (r"(?<![<>=!])>(?![=])", ">="), (r"(?<![<>=!])=(?!=)", "<>"),
    (r"\band\b", "or"), (r"\bor\b", "and"), (r" \+ ", " - "), (r" - ", " + "), (r"(?<!select) \* ", " / "), (r" / ", " * "), (r"\bleft join\b", "inner join"),
    (r"\basc\b", "desc"), (r"\bdesc\b", "asc"), (r"\bis not null\b", "is null"), (r"\bis null\b", "is not null"), (r"\bmin\(", "max("),
    (r"\bmax\(", "min("), (r"\bunion all\b", "union"), (r"\bnot in\b", "in"), (r"\bdistinct\b", ""), (r"\bgreatest\(", "least("), (r"\bleast\(", "greatest("),
    (r"(?<![\w.'])(\d+)(?![\w.'])", "+1"),
)  # fmt: skip


def sql_mutants(target: str, sql: str) -> Iterator[Mutant]:
    """Give every mutant of a compiled model; comments, texts and names in quotes stay."""
    covered = re.sub(r"--[^\n]*|'(?:[^']|'')*'|\"[^\"]*\"", lambda m: re.sub(r"[^\n]", "\0", m[0]), sql)
    for pattern, put in SQL_CHANGES:
        for match in re.finditer(pattern, covered):
            new = str(int(match[0]) + 1) if put == "+1" else put
            line = sql.count("\n", 0, match.start()) + 1
            around = " ".join(sql[max(0, match.start() - 30) : match.end() + 20].split())
            yield Mutant(target, line, f"{match[0].strip()} -> {new.strip() or 'nothing'}  in  {around}", partial(_with, sql, match.span(), new))


def _with(text: str, span: tuple[int, int], new: str) -> str:
    return text[: span[0]] + new + text[span[1] :]
