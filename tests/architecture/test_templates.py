"""Every template compiles, and every name it uses is one that its page is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, meta, nodes

from eventsys.web.pages import ENVIRONMENTS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
RENDERERS = {"render", "render_form", "render_plain"}
OF_EVERY_PAGE = {"actor", "switch_url", "site", "navigation", "notices_of_success", "kept_language"}
EVERY_TEMPLATE = sorted(
    path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*") if path.suffix not in {".md", ".typ"}
)


def calls() -> Iterator[tuple[str, frozenset[str], bool, str]]:
    """Every rendering in the code: template, names given, whether more come by `**`, and where."""
    for path in sorted((ROOT / "eventsys").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in RENDERERS or not isinstance(node.args[0].value, str):
                continue
            given = {keyword.arg for keyword in node.keywords if keyword.arg}
            if name == "render_form":
                given.add("form")
            open_ended = any(keyword.arg is None for keyword in node.keywords)
            yield node.args[0].value, frozenset(given), open_ended, f"{path.name}:{node.lineno}"


@pytest.fixture
def environment(app: Flask) -> Environment:
    found: Environment = app.extensions[ENVIRONMENTS]["en"]
    return found


@pytest.mark.parametrize("name", EVERY_TEMPLATE)
def test_the_template_compiles(environment: Environment, name: str) -> None:
    assert environment.get_template(name).name == name


def names_of(environment: Environment, template: str) -> set[str]:
    """The names that a template, its layouts and what it includes take from the page."""
    source = (TEMPLATES / template).read_text()
    tree = environment.parse(source)
    found = set(meta.find_undeclared_variables(tree))
    for node in tree.find_all((nodes.Extends, nodes.Include)):
        if isinstance(node.template, nodes.Const):
            found |= names_of(environment, str(node.template.value))
    return found - made_in(tree)


def made_in(tree: nodes.Template) -> set[str]:
    """The names that a template makes itself: blocks find them in the page though the parser does not see it."""
    made = {macro.name for macro in tree.find_all(nodes.Macro)}
    for imported in tree.find_all(nodes.FromImport):
        made |= {name if isinstance(name, str) else name[1] for name in imported.names}
    made |= {imported.target for imported in tree.find_all(nodes.Import)}
    for assigned in tree.find_all((nodes.Assign, nodes.AssignBlock, nodes.With, nodes.For)):
        made |= {name.name for name in assigned.find_all(nodes.Name) if name.ctx == "store"}
    return made


def test_every_page_is_given_what_its_template_uses(environment: Environment) -> None:
    lacking = []
    for template, given, open_ended, where in calls():
        wanted = names_of(environment, template) - given - OF_EVERY_PAGE - set(environment.globals) - {"self", "caller"}
        if wanted and not open_ended:
            lacking.append((where, template, sorted(wanted)))
    assert lacking == []


def test_every_template_is_used() -> None:
    used = {template for template, *_ in calls()}
    text = "".join(path.read_text() for path in TEMPLATES.rglob("*.html")) + "".join(
        path.read_text() for path in (ROOT / "eventsys").rglob("*.py")
    )
    stems = [name for name in EVERY_TEMPLATE if name not in used and f'"{name}"' not in text]
    assert [name for name in stems if not name.startswith("letters/")] == []
