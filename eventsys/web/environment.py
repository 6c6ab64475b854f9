"""Templates compiled for one language: their fixed texts stand in the compiled page, and modules are made once."""

from __future__ import annotations

from typing import Any

from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer

from eventsys.core.language import catalogue


class SharedModule(Template):
    """A template whose macros are the same for every page: all of them see the environment's globals alone."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


class PageEnvironment(Environment):
    """Flask's environment; where `language` is set, `_("…")` without variables is translated when it is compiled."""

    template_class = SharedModule
    language: str | None = None

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return _FixedTexts(self.language).visit(tree) if self.language else tree


class _FixedTexts(NodeTransformer):
    """Puts the text in the place of each `_("…")`."""

    def __init__(self, language: str) -> None:
        self._texts = catalogue(language)

    def visit_Call(self, node: nodes.Call, *args: Any, **kwargs: Any) -> nodes.Node:
        if _is_fixed_text(node):
            return nodes.Const(self._texts[node.args[0].value], lineno=node.lineno)  # type: ignore[attr-defined]
        return self.generic_visit(node, *args, **kwargs)


def _is_fixed_text(node: nodes.Call) -> bool:
    """Whether a call is `_("…")` or `gettext("…")` with nothing to fill in."""
    named = isinstance(node.node, nodes.Name) and node.node.name in {"_", "gettext"}
    plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs) and len(node.args) == 1
    return named and plain and isinstance(node.args[0], nodes.Const) and isinstance(node.args[0].value, str)
