"""A server on loopback that answers as the Hugging Face hub does, for the hub's own library.

Small files are served where they are asked for, after a relative redirect; large ones redirect to
another host, as the hub's do. Downloads can be cut short. What was asked is kept in `requests`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

LARGE = 10_000
"""Files of this many bytes stand on another host, as files in LFS do."""


class Repository(NamedTuple):
    commit: str
    files: dict[str, bytes]


class HubServer:
    """Repositories by `models/owner/name` or `datasets/owner/name`."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.requests: list[str] = []
        self.tag = ""
        """Another name of each repository's commit."""
        self.cuts = 0
        """How many of the next downloads from the other host break off in the middle."""
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self.other_host = f"http://localhost:{self._server.server_port}"

    def add(self, name: str, files: dict[str, bytes], kind: str = "models") -> str:
        """Publishes a repository; returns its commit."""
        contents = "".join(f"{path}{hashlib.sha256(b).hexdigest()}" for path, b in files.items())
        commit = hashlib.sha1(contents.encode()).hexdigest()
        self.repositories[f"{kind}/{name}"] = Repository(commit, files)
        return commit

    def add_folder(self, name: str, folder: Path) -> str:
        """Publishes all files of a folder as a model."""
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return self.add(name, {p.relative_to(folder).as_posix(): p.read_bytes() for p in files})

    def asked(self, part: str) -> list[str]:
        """The requests that contain a text."""
        return [request for request in self.requests if part in request]

    @contextlib.contextmanager
    def running(self) -> Iterator[HubServer]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    hub: HubServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        """Nothing is printed."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer()

    def _answer(self) -> None:
        self.hub.requests.append(f"{self.command} {self.path}")
        url = urlsplit(self.path)
        parts = [unquote(part) for part in url.path.strip("/").split("/")]
        if parts[0] == "cdn":
            return self._send_stored(parts[1])
        if parts[:2] == ["api", "resolve-cache"]:
            kind, owner, name, revision = parts[2:6]
            found = self._repository(kind, f"{owner}/{name}", revision)
            return found and self._send_file(found, "/".join(parts[6:]), redirect=False)
        if parts[0] == "api":
            kind, owner, name, *rest = parts[1:]
            revision = rest[1] if len(rest) > 1 else "main"
            found = self._repository(kind, f"{owner}/{name}", revision)
            return found and self._send_api(found, f"{owner}/{name}", rest, parse_qs(url.query))
        kind = parts.pop(0) if parts[0] == "datasets" else "models"
        owner, name, _, revision, *path = parts
        found = self._repository(kind, f"{owner}/{name}", revision)
        if found:
            self.kind, self.name = kind, f"{owner}/{name}"
            self._send_file(found, "/".join(path), redirect=True)
        return None

    def _repository(self, kind: str, name: str, revision: str) -> Repository | None:
        found = self.hub.repositories.get(f"{kind}/{name}")
        if found is None:  # as the hub says it to someone who is not logged in
            self._refuse(401, "RepoNotFound", "Repository not found")
        elif revision not in ("main", self.hub.tag, found.commit, found.commit[:8]):
            self._refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
            return None
        return found

    def _refuse(self, status: int, code: str, message: str, commit: str | None = None) -> None:
        headers = {"X-Error-Code": code, "X-Error-Message": message}
        if commit:
            headers["X-Repo-Commit"] = commit
        self._send(status, json.dumps({"error": message}).encode(), headers)

    def _send_file(self, found: Repository, path: str, redirect: bool) -> None:
        if path not in found.files:
            return self._refuse(404, "EntryNotFound", "Entry not found", found.commit)
        content = found.files[path]
        headers = {"X-Repo-Commit": found.commit, "Accept-Ranges": "bytes"}
        if len(content) >= LARGE:
            sha = hashlib.sha256(content).hexdigest()
            headers |= {"X-Linked-Etag": f'"{sha}"', "X-Linked-Size": str(len(content))}
            headers |= {"Location": f"{self.hub.other_host}/cdn/{sha}", "ETag": f'"{sha[:32]}"'}
            return self._send(302, b"", headers)
        etag = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        headers["ETag"] = f'"{etag}"'
        if redirect:
            place = f"/api/resolve-cache/{self.kind}/{self.name}/{found.commit}/{path}"
            return self._send(307, b"", headers | {"Location": place})
        return self._send(200, content, headers)

    def _send_stored(self, sha: str) -> None:
        """A large file on the other host: it knows no repositories, and goes on from a byte."""
        files = (b for found in self.hub.repositories.values() for b in found.files.values())
        content = next(b for b in files if hashlib.sha256(b).hexdigest() == sha)
        start = int(self.headers.get("Range", "bytes=0-").split("=")[1].split("-")[0])
        headers = {"ETag": f'"{sha}"'}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        cut = self.command == "GET" and self.hub.cuts > 0
        self.hub.cuts -= cut
        self._send(206 if start else 200, content[start:], headers, cut=cut)

    def _send_api(
        self, found: Repository, name: str, rest: list[str], query: dict[str, list[str]]
    ) -> None:
        if rest[:1] == ["tree"]:
            return self._send_tree(found, "/".join(rest[2:]), query)
        if rest[:1] == ["paths-info"]:
            wanted = parse_qs(self.body.decode()).get("paths", [])
            if self.headers.get("Content-Type", "").startswith("application/json"):
                wanted = json.loads(self.body)["paths"]
            return self._send_json([e for path in wanted for e in entries(found, path)])
        blobs = "blobs" in query
        siblings = [
            {"rfilename": path} | ({"size": len(content)} if blobs else {})
            for path, content in sorted(found.files.items())
        ]
        about = {"id": name, "sha": found.commit, "siblings": siblings, "private": False}
        return self._send_json(about | {"gated": False, "tags": [], "downloads": 0})

    def _send_tree(self, found: Repository, under: str, query: dict[str, list[str]]) -> None:
        """One file a page, so that whoever lists has to follow `Link`."""
        listed = [e for path in sorted(found.files) for e in entries(found, path)]
        listed = [entry for entry in listed if entry["path"].startswith(under)]
        page = int(query.get("cursor", ["0"])[0])
        headers = {}
        if page + 1 < len(listed):
            path = urlsplit(self.path).path
            address = f"{self.hub.endpoint}{path}?recursive=true&cursor={page + 1}"
            headers["Link"] = f'<{address}>; rel="next"'
        self._send_json(listed[page : page + 1], headers)

    def _send_json(self, value: object, headers: dict[str, str] | None = None) -> None:
        kind = {"Content-Type": "application/json"}
        self._send(200, json.dumps(value).encode(), kind | (headers or {}))

    def _send(
        self, status: int, content: bytes, headers: dict[str, str], cut: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[: len(content) // 2] if cut else content)
        if cut:
            self.close_connection = True


def entries(found: Repository, path: str) -> list[dict[str, object]]:
    """What the hub's tree says about a file, or a folder."""
    if path not in found.files:
        inside = any(other.startswith(f"{path}/") for other in found.files)
        return [{"type": "directory", "path": path, "oid": "0" * 40, "size": 0}] if inside else []
    content = found.files[path]
    oid = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    return [{"type": "file", "path": path, "oid": oid, "size": len(content)}]
