"""The measures of the house, held against our own source files."""

import ast
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.house.sources import AROUND, PRODUCT, ROOT, Source, sources
from workflow.station import PROGRAM_PACKAGES

LONGEST_FUNCTION = 60
USUAL_FUNCTION = 35
LONGEST_FILE = 300
LONGEST_TEST_FILE = 500

# What touches the world has one importer each.
ONE_IMPORTER = {
    "cryptography": "casedb/[kt]*.py",
    "deflate": "image/ewf/chunk_batches.py",
    "isal": "image/ewf/chunk*",
    "pkcs11": "*/token_*.py",
    "pyewf": "verify/libewf_child.py",
    "pytsk3": "verify/files/sleuthkit*",
    "reportlab": "report/pdf*",
    "rfc3161_client": "casedb/timestamp_token.py",
    "sqlite_utils": "casedb/upgrade.py",
    "subprocess": "image/tools.py",
    "urllib": "workflow/time_authority.py",
}
RAISED_AGAIN_IN_ANOTHER_THREAD = "image/lanes.py"
CATCH_ALL_NAMES = {"utils", "util", "misc", "common", "manager", "helper", "helpers", "handler", "tools_common"}


def length(function: ast.AST) -> int:
    """Lines of a function, decorators left out."""
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def test_no_function_is_too_long_to_read_at_once() -> None:
    long = [
        f"{source.path}:{function.lineno} {function.name}: {length(function)} lines"
        for source in sources(*PRODUCT, *AROUND)
        for function in source.functions()
        if length(function) > LONGEST_FUNCTION
    ]
    assert not long


def test_nine_functions_in_ten_are_short() -> None:
    lengths = sorted(length(function) for source in sources(*PRODUCT) for function in source.functions())
    assert lengths[len(lengths) * 9 // 10] <= USUAL_FUNCTION


def test_no_file_is_too_long() -> None:
    long = [
        f"{source.path}: {lines} lines"
        for source in sources(*PRODUCT, *AROUND)
        if (lines := source.text.count("\n")) > (LONGEST_TEST_FILE if source.package == "tests" else LONGEST_FILE)
    ]
    assert not long


def test_every_file_opens_with_what_it_is() -> None:
    assert not [source.path for source in sources(*PRODUCT, *AROUND) if not ast.get_docstring(source.tree)]


def test_every_public_function_and_class_says_what_it_does() -> None:
    silent = [
        f"{source.path}:{node.lineno} {node.name}"
        for source in sources(*PRODUCT)
        for node in public_definitions(source)
        if not ast.get_docstring(node)
    ]
    assert not silent


def public_definitions(source: Source) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Public functions and classes of a module and public methods of its public classes; overloads excepted."""
    found: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] = []
    bodies: list[list[ast.stmt]] = [source.tree.body]
    for body in bodies:
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if node.name.startswith("_") or any(
                isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list
            ):
                continue
            found.append(node)
            if isinstance(node, ast.ClassDef):
                bodies.append(node.body)
    return found


def test_a_package_is_its_one_sentence_and_exports_nothing() -> None:
    guard = "diskwitness/__init__.py"
    packages = [
        source for source in sources(*PRODUCT) if source.path.endswith("/__init__.py") and source.path != guard
    ]
    assert not [source.path for source in packages if source.imported()]


@pytest.mark.parametrize(("module", "home"), ONE_IMPORTER.items())
def test_what_touches_the_world_has_one_importer(module: str, home: str) -> None:
    importers = [
        source.path for source in sources(*PRODUCT) if module in {n.partition(".")[0] for n in source.imported()}
    ]
    assert not [path for path in importers if not fnmatch(path, home)]


def test_no_module_is_a_drawer_for_everything() -> None:
    stems = {source.path: Path(source.path).stem for source in sources(*PRODUCT, *AROUND)}
    assert not [path for path, stem in stems.items() if stem in CATCH_ALL_NAMES]


def test_no_module_repeats_the_name_of_its_folder() -> None:
    paths = [Path(source.path) for source in sources(*PRODUCT)]
    assert not [str(path) for path in paths if path.stem == path.parent.name]


def test_nothing_is_left_for_later() -> None:
    unfinished = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X]|NotImplementedErro[r])\b")
    left = [
        f"{source.path}:{number}"
        for source in sources(*PRODUCT, *AROUND)
        for number, line in enumerate(source.text.splitlines(), 1)
        if unfinished.search(line)
    ]
    assert not left


def test_nothing_catches_every_exception() -> None:
    broad = {"Exception", "BaseException"}
    catchers = [
        source.path
        for source in sources(*PRODUCT, *AROUND)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler) and (node.type is None or getattr(node.type, "id", "") in broad)
    ]
    assert catchers == [RAISED_AGAIN_IN_ANOTHER_THREAD]


def test_data_flows_one_way() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_guard_and_the_wheel_name_the_same_packages() -> None:
    lists = [
        ast.literal_eval(node.value)
        for path in ("diskwitness/__init__.py", "hatch_build.py")
        for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PRIVATE_PACKAGES"
    ]
    assert len(lists) == 2
    assert lists[0] == lists[1] == PRODUCT[:-1]


def test_the_digest_of_the_program_covers_every_package() -> None:
    assert set(PROGRAM_PACKAGES) == set(PRODUCT[:-1])
