"""What is measured: how each gateway is started, told its upstream, asked for its memory and CPU time, and stopped."""
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TICKS = os.sysconf("SC_CLK_TCK")
PLAIN, EDITED = "/v1/messages", "/v1/bench/messages"
PRESET = "Stay in character. Answer in the language of the last message, in at most four paragraphs."


class Target:
    """A gateway: command, port, path of a Messages request; its process once started."""

    def __init__(self, name, port, command, path=PLAIN):
        self.name, self.port, self.command, self.path = name, port, command, path
        self.process = None

    @property
    def address(self):
        return f"{self.name}={self.port}{self.path}"

    def start(self, folder):
        if self.command:
            with open(folder / f"{self.name}.log", "wb") as log:
                self.process = subprocess.Popen(self.command, cwd=folder, env=environment(), stdout=log, stderr=log)

    def stop(self):
        """SIGTERM, then SIGKILL after three seconds; ends only what this target started."""
        if self.process is None or self.process.poll() is not None:
            return
        family = pids(self.process.pid)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            for pid in family[1:]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        self.process = None

    def answers(self, body, seconds=15):
        """Asks until the first 200; False when none came in time or the process ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and (self.process is None or self.process.poll() is None):
            try:
                if b" 200 " in call(self.port, "POST", self.path, body)[:16]:
                    return True
            except OSError:
                pass
            time.sleep(0.0005)
        return False

    def cpu_seconds(self):
        """User and system time of the process and its children so far; resolution 10 ms."""
        total = 0
        for pid in pids(self.process.pid) if self.process else []:
            fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12]) if fields else 0
        return total / TICKS

    def megabytes(self, field="VmRSS"):
        """VmRSS or VmHWM (its peak since the start), summed over the process and its children, in MiB."""
        found = [re.search(rf"{field}:\s+(\d+)", read(f"/proc/{pid}/status")) for pid in pids(self.process.pid)]
        return round(sum(int(m[1]) for m in found if m) / 1024, 1)


def read(path):
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def pids(pid):
    """The process and all its descendants."""
    family = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in read(task).split():
            family += pids(int(child))
    return family


def environment():
    """Ours, without what would redirect or configure a gateway behind the bench's back."""
    skipped = re.compile(r"^(ANTHROPIC_|TUPPENCE_|DOTNET_gc|DOTNET_GC|ASPNETCORE_)|_proxy$", re.IGNORECASE)
    return {k: v for k, v in os.environ.items() if not skipped.search(k)}


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def call(port, method, path, body=b""):
    """One request on its own connection; the whole response, head and all."""
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        s.sendall(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nx-api-key: sk-ant-bench-0000\r\n"
                  f"anthropic-version: 2023-06-01\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                  .encode() + body)
        parts = []
        while part := s.recv(65536):
            parts.append(part)
    return b"".join(parts)


def nginx(folder, port, upstream):
    executable = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if not executable:
        return None
    text = (HERE / "nginx.conf.template").read_text()
    words = {"DIR": folder, "PORT": port, "UPSTREAM": upstream, "WORKERS": len(os.sched_getaffinity(0))}
    for word, value in words.items():
        text = text.replace(f"@{word}@", str(value))
    (folder / "nginx.conf").write_text(text)
    return [executable, "-e", str(folder / "nginx.err"), "-c", str(folder / "nginx.conf")]


def tuppence(executable, folder, port, upstream, edits, plans):
    """Tuppence with a configuration file of its own: a plain relay, with preset, sampling filter and ttl strip, or planning the cache as it does by default."""
    folder.mkdir()
    config = {"host": "127.0.0.1", "port": port, "log_level": "WARN", "auto_open_browser": False, "state_directory": str(folder / "state")}
    url = f"http://127.0.0.1:{upstream}"
    if not plans:
        config |= {"cache": {"level": "off"}}
    if edits:
        config |= {"upstream": "bench", "filter_sampling_params": "auto", "presets_directory": "presets",
                   "upstreams": {"bench": {"url": url, "strip_cache_ttl": True}}}
        (folder / "presets").mkdir()
        (folder / "presets" / "bench.json").write_text(json.dumps({"system": PRESET}))
    else:
        config |= {"upstream": url}
    (folder / "tuppence.json").write_text(json.dumps(config, indent=2))
    return [str(executable), "--config", str(folder / "tuppence.json")]


def all_targets(folder, gateway, yarp, extra, upstream):
    """direct, nginx, YARP, Tuppence three times, and what --target names (also in place of one of these); the absent are left out."""
    ports = iter(free_ports(5 + len(extra)))
    found = [Target("direct", upstream, None)]
    port = next(ports)
    if command := nginx(folder, port, upstream):
        found.append(Target("nginx", port, command))
    port = next(ports)
    if yarp.exists():
        found.append(Target("yarp", port, ["dotnet", str(yarp), str(port), f"http://127.0.0.1:{upstream}"]))
    if gateway:
        for name, edits, plans in ("tuppence", False, False), ("tuppence+edits", True, False), ("tuppence+cache", False, True):
            port = next(ports)
            command = tuppence(gateway, folder / f"config-{name}", port, upstream, edits, plans)
            found.append(Target(name, port, command, EDITED if edits else PLAIN))
    for text in extra:
        name, _, command = text.partition("=")
        found = [t for t in found if t.name != name]
        port = next(ports)
        words = shlex.split(command.format(port=port, upstream=f"http://127.0.0.1:{upstream}", dir=folder))
        found.append(Target(name, port, words))
    return found
