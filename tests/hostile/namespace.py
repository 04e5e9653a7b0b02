"""Runs the program in a network of its own, where every name leads somewhere forbidden and somebody listens there.

Started through `unshare --map-root-user --net --mount`. Arguments: a mode, the folder with `config.toml`, and the
commands of the program, a JSON list of lists of words. Modes: `silent` (nothing answers, not even a name service),
`mute` (a name service takes questions and never answers), `lying` (it answers with addresses inside, where
somebody listens).
Writes one JSON object: what each command said, how it ended and how long it took, and who was asked for what.
"""

from __future__ import annotations

import json
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

RUN_S = 15.0
PATIENCE_S = 60.0
PUBLIC = "93.184.216.34"
# What names lead to, in turn; each line is one answer of the name service, and `|` parts what it says the next time.
ANSWERS = """
127.0.0.1
10.0.0.5
172.16.9.1
192.168.1.1
169.254.169.254
100.64.0.1
0.0.0.0
224.0.0.1
93.184.216.34 10.0.0.5
::1
fd00::5
fe80::1
::ffff:169.254.169.254
::127.0.0.1
64:ff9b::a00:5
2002:a00:5::
2001:0:5ef5:79fb::1
93.184.216.34 fd00::5
93.184.216.34 | 127.0.0.1
93.184.216.34 | 10.0.0.5 | fd00::5
""".strip().splitlines()
# Addresses that this machine answers to, so that a request to one of them is heard.
OURS = ("10.0.0.5/32", "172.16.9.1/32", "192.168.1.1/32", "169.254.169.254/32", "100.64.0.1/32", "fd00::5/128",
        "2002:a00:5::/128", "64:ff9b::a00:5/128", f"{PUBLIC}/32")  # fmt: skip
_PORTS = (80, 443, 8080)


@dataclass
class Town:
    """The name service and the listeners, and what they heard."""

    mute: bool = False
    asked: Counter[str] = field(default_factory=Counter)
    heard: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def names(self) -> None:
        """Answer questions for names."""
        service = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        service.bind(("127.0.0.1", 53))
        while True:
            question, whence = service.recvfrom(4096)
            if not self.mute:
                service.sendto(self.answer(question), whence)

    def answer(self, question: bytes) -> bytes:
        """Write the answer to one question."""
        labels, end = [], 12
        while question[end]:
            labels.append(question[end + 1 : end + 1 + question[end]].decode("latin-1"))
            end += 1 + question[end]
        kind = struct.unpack("!H", question[end + 1 : end + 3])[0]
        name = ".".join(labels).lower()
        turns = ANSWERS[self.lines.setdefault(name, len(self.lines) % len(ANSWERS))].split("|")
        told = turns[min(self.asked[f"{name} {kind}"], len(turns) - 1)].split()
        self.asked[f"{name} {kind}"] += 1
        family = socket.AF_INET6 if kind == 28 else socket.AF_INET
        raw = [socket.inet_pton(family, one) for one in told if kind in (1, 28) and (":" in one) == (kind == 28)]
        head = question[:2] + struct.pack("!HHHHH", 0x8180, 1, len(raw), 0, 0)
        rows = (b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(one)) + one for one in raw)
        return head + question[12 : end + 5] + b"".join(rows)

    def listen(self) -> None:
        """Note every connection, and tell a secret to whoever comes."""
        doors = []
        for port in _PORTS:
            door = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(("::", port))
            door.listen(64)
            doors.append(door)
        while True:
            for door in select.select(doors, [], [])[0]:
                guest, _ = door.accept()
                self.heard.append(f"{guest.getsockname()[0].removeprefix('::ffff:')} {guest.getsockname()[1]}")
                guest.settimeout(1)
                try:
                    guest.recv(4096)
                    guest.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\nConnection: close\r\n\r\nCANARY-7f3a")
                except OSError:
                    pass
                guest.close()


def _run(folder: Path, command: list[str]) -> dict[str, object]:
    """Run one command; the daemon is told to end after a while."""
    began = time.monotonic()
    argv = [sys.executable, "-m", "watcher", "--config", str(folder / "config.toml"), *command]
    process = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder
    )
    try:
        said, log = process.communicate(timeout=RUN_S if command == ["run"] else PATIENCE_S)
    except subprocess.TimeoutExpired:
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        said, log = process.communicate(timeout=PATIENCE_S)
    return {"said": said, "log": log, "exit": process.returncode, "took_s": time.monotonic() - began}


def _settle_in(folder: Path, *, mute: bool) -> Town:
    """Give the network its addresses, its name service and its listeners."""
    town = Town(mute=mute)
    for address in OURS:
        subprocess.run(["ip", "address", "add", address, "dev", "lo", "nodad"], check=False, capture_output=True)
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n", "ascii")
    subprocess.run(["mount", "--bind", str(folder / "resolv.conf"), "/etc/resolv.conf"], check=True)
    for work in (town.names, town.listen):
        threading.Thread(target=work, daemon=True).start()
    time.sleep(0.3)
    return town


def main() -> None:
    """Do what the arguments say."""
    mode, folder, commands = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    town = Town() if mode == "silent" else _settle_in(folder, mute=mode == "mute")
    done = [_run(folder, command) for command in commands]
    sys.stdout.write(json.dumps({"done": done, "asked": dict(town.asked), "heard": town.heard}))


if __name__ == "__main__":
    main()
