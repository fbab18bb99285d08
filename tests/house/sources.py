"""Our own Python files as syntax trees, and the text files of the repository."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCT = ("image", "acquire", "verify", "casedb", "report", "workflow", "diskwitness")
AROUND = ("bench", "tools", "tests")
GENERATED = {".git", ".venv", "build", "dist", "__pycache__"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file: its path from the root, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The top-level folder."""
        return self.path.partition("/")[0]

    def functions(self) -> list[Function]:
        """Every function and method, nested ones too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    def imported(self) -> set[str]:
        """The full name of each module that is imported, `from a import b` as both `a` and `a.b`."""
        names: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
                names.update(f"{node.module}.{alias.name}" for alias in node.names)
        return names


@cache
def sources(*packages: str) -> tuple[Source, ...]:
    """The Python files of these packages."""
    paths = sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))
    return tuple(_read(path) for path in paths if not GENERATED & set(path.parts))


def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text))


@cache
def text_files() -> tuple[Path, ...]:
    """Every file of the repository that is UTF-8 text, generated folders left out."""
    inside = (path for path in sorted(ROOT.rglob("*")) if path.is_file())
    return tuple(path for path in inside if _is_ours(path) and _is_text(path))


def _is_ours(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    hidden = any(part.startswith(".") and part not in {".ci", ".gitignore"} for part in parts)
    return not hidden and not GENERATED & set(parts)


def _is_text(path: Path) -> bool:
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True
