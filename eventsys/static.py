"""Static files: compressed once, and kept by browsers for ever where the address is stamped."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
STAMP = "v="


class StaticFiles:
    """Serves `/static/`. An address with the stamp of its file (`?v=…`) never changes; any other is asked for anew."""

    def __init__(self, application: Wsgi, folder: Path) -> None:
        def server(**options: Any) -> WhiteNoise:
            return WhiteNoise(application, root=str(folder), prefix="static/", allow_all_origins=False, **options)

        self._stamped: Wsgi = server(immutable_file_test=lambda *_: True)
        self._plain: Wsgi = server(max_age=0)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        stamped = environ.get("QUERY_STRING", "").startswith(STAMP)
        return (self._stamped if stamped else self._plain)(environ, start_response)


def compressed(source: Path, cache: Path) -> Path:
    """A copy of the folder in which every text has its gzipped twin; made anew when a file changed.

    Several processes may make it at once: the first one's copy is used by all.
    """
    files = [path for path in source.rglob("*") if path.is_file()]
    stamp = f"{max((path.stat().st_mtime_ns for path in files), default=0):x}-{len(files):x}"
    wanted = cache / f"static-{stamp}"
    if wanted.is_dir():
        return wanted
    draft = Path(tempfile.mkdtemp(dir=cache, prefix="static-draft-"))
    shutil.copytree(source, draft, dirs_exist_ok=True)
    compressor = Compressor(use_brotli=False, quiet=True)
    for path in draft.rglob("*"):
        if path.is_file() and compressor.should_compress(path.name):
            compressor.compress(str(path))
    try:
        draft.rename(wanted)
    except OSError:
        shutil.rmtree(draft)
    for old in cache.glob("static-*"):
        if old != wanted and not old.name.startswith("static-draft-"):
            shutil.rmtree(old, ignore_errors=True)
    return wanted
