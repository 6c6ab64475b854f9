"""Static files: compressed, and kept for ever only where the address is stamped."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from eventsys.static import StaticFiles, compressed

STYLE = "body { color: #12284c; }\n" * 100


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source" / "css"
    folder.mkdir(parents=True)
    (folder / "page.css").write_text(STYLE)
    return tmp_path / "source"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    (tmp_path / "cache").mkdir()
    return tmp_path / "cache"


@pytest.fixture
def client(source: Path, cache: Path) -> Client:
    return Client(StaticFiles(Response("the application"), compressed(source, cache)))  # type: ignore[arg-type]


def test_a_stamped_address_is_kept_for_ever(client: Client) -> None:
    answer = client.get("/static/css/page.css?v=1f")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, STYLE, "text/css")
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"


def test_another_address_is_asked_for_anew(client: Client) -> None:
    answer = client.get("/static/css/page.css")
    assert answer.headers["Cache-Control"] == "max-age=0, public"
    again = client.get("/static/css/page.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_texts_are_compressed(client: Client) -> None:
    answer = client.get("/static/css/page.css?v=1f", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data).decode() == STYLE
    assert len(answer.data) < len(STYLE) / 10


def test_everything_else_is_the_applications(client: Client) -> None:
    assert client.get("/static/css/none.css").text == "the application"
    assert client.get("/static/../secret.key").text == "the application"
    assert client.get("/").text == "the application"


def test_the_copy_is_made_once_and_anew_after_a_change(source: Path, cache: Path) -> None:
    first = compressed(source, cache)
    assert compressed(source, cache) == first
    (source / "css" / "more.css").write_text(STYLE)
    second = compressed(source, cache)
    assert second != first
    assert [path.name for path in cache.iterdir()] == [second.name]
