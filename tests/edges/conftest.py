"""A real server on loopback that answers as each test tells it to, byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Script = Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Origin:
    """A running server: where it is, what it was asked, how many exchanges ran at once."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    scripts: dict[str, bytes | Script] = field(default_factory=dict)
    running: int = 0
    most: int = 0

    @property
    def host(self) -> str:
        """`host:port` for the allow list."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """Give the address of a path."""
        return f"http://{self.host}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                method, path, _ = lines[0].split(" ")
                headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:] if line)}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                asked = Asked(method, path, headers, body)
                self.asked.append(asked)
                self.running += 1
                self.most = max(self.most, self.running)
                try:
                    script = self.scripts.get(path, reply(b"", "404 Not Found"))
                    if isinstance(script, bytes):
                        writer.write(script)
                    else:
                        await script(asked, writer)
                    await writer.drain()
                finally:
                    self.running -= 1
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()


def reply(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """Give a whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@asynccontextmanager
async def origin(**scripts: bytes | Script) -> AsyncIterator[Origin]:
    """Run a server whose path `/name` answers with the script of that name."""
    here = Origin(scripts={"/" + name: script for name, script in scripts.items()})
    server = await asyncio.start_server(here.serve, "127.0.0.1", 0)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        server.close()
