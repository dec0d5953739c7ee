#!/usr/bin/env python3
"""Side-by-side bench of gateways on loopback; started by ../run.sh. Python's standard library only; see ../README.md.

Exits 0 whatever the timings are; 2 when it cannot measure at all (no load generator, no upstream).
"""
import argparse
import json
import os
import platform
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bodies
import report
from targets import PRESET, Target, all_targets, call, free_ports

# Sizes of the two runs. Requests a turn are chosen so that a turn takes some milliseconds at every body size.
FULL = {"lat": {"1 KB": (100, 100, 3000), "200 KB": (30, 100, 600), "2 MB": (8, 60, 60)},  # requests a turn, rounds, warm-up
        "sse rounds": 7, "cpu rounds": 3, "cpu seconds": 2, "cold rounds": 15, "many rounds": 3, "many events": 100}
QUICK = {"lat": {"1 KB": (60, 30, 3000), "200 KB": (15, 30, 600), "2 MB": (4, 15, 30)},
         "sse rounds": 3, "cpu rounds": 1, "cpu seconds": 1, "cold rounds": 7, "many rounds": 1, "many events": 30}
STREAMS, EVENTS, EVENT_US = 1000, 60, 4000
CONNECTIONS = {"1 KB": 32, "200 KB": 16, "2 MB": 8}


class Bench:
    def __init__(self, options, folder):
        self.size = QUICK if options.quick else FULL
        self.folder, self.tools, self.notes, self.results = folder, Path(options.tools), [], {}
        self.body = bodies.write_all(folder)
        self.random = random.Random(11)
        upstream = free_ports(1)[0]
        self.upstream = Target("upstream", upstream, [str(self.tools / "fakeup"), str(upstream)])
        self.targets = all_targets(folder, options.gateway, Path(options.yarp), options.target, upstream)
        for target in self.targets:
            self.results[target.name] = {}

    def small(self):
        return self.body["1 KB", False].read_bytes()

    def gateways(self):
        """All but direct and, where told so, in a new random order each time."""
        found = [t for t in self.targets if t.command]
        self.random.shuffle(found)
        return found

    def shuffled(self):
        found = list(self.targets)
        self.random.shuffle(found)
        return found

    def lgen(self, mode, body, targets, *options):
        words = [str(self.tools / "lgen"), mode, "-b", str(body), *map(str, options), *(t.address for t in targets)]
        output = subprocess.run(words, capture_output=True, text=True, timeout=900, check=True).stdout
        return [json.loads(line) for line in output.splitlines()]

    def pace(self, events, microseconds):
        call(self.upstream.port, "GET", f"/ctl?n={events}&us={microseconds}&pad=24")

    def put(self, target, stage, **values):
        self.results[target.name].setdefault(stage, {}).update(values)

    def say(self, text):
        print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)

    # ---- the stages, in the order in which they run ----

    def start(self):
        """Starts every gateway; one that does not answer is left out, with the end of its log as the reason."""
        for target in [t for t in self.targets if t.command]:
            target.start(self.folder)
            if not target.answers(self.small()):
                log = (self.folder / f"{target.name}.log").read_text(errors="replace").strip()[-400:]
                self.notes.append(f"{target.name} did not answer and was left out. Its log ends: {log or '(empty)'}")
                self.remove(target)

    def remove(self, target):
        target.stop()
        self.targets.remove(target)
        del self.results[target.name]

    def cold_start(self):
        """From fork to the first answered request, gateways in turn; the program is in the page cache."""
        taken = {}
        for _ in range(self.size["cold rounds"]):
            for target in self.gateways():
                begin = time.perf_counter()
                target.start(self.folder)
                if target.answers(self.small()):
                    taken.setdefault(target, []).append((time.perf_counter() - begin) * 1000)
                target.stop()
        for target, values in taken.items():
            self.put(target, "cold start", p50=round(statistics.median(values), 1), min=round(min(values), 1), rounds=len(values))

    def idle_memory(self):
        """RSS of a fresh process that has answered one request, two quiet seconds later."""
        time.sleep(2)
        for target in self.gateways():
            self.put(target, "memory", **{"idle MB": target.megabytes()})

    def check_what_arrives(self):
        """The plain relays must pass the bytes as they are and the edited one must edit, or its figures mean nothing."""
        sent = self.body["200 KB", False].read_bytes()
        for target in list(self.targets):
            call(self.upstream.port, "GET", "/ctl?keep=1")
            answer = call(target.port, "POST", target.path, sent)
            arrived = call(self.upstream.port, "GET", "/body").partition(b"\r\n\r\n")[2]
            self.pace(EVENTS, EVENT_US)
            edited = target.name.endswith("+edits")
            fault = wrong_edit(sent, arrived) if edited else None if arrived == sent else "the body was changed on its way"
            if b" 200 " not in answer[:16] or fault:
                self.notes.append(f"{target.name} was left out: {fault or answer[:300].decode(errors='replace')}")
                self.remove(target)
            elif edited:
                head = answer.partition(b"\r\n\r\n")[0].decode()
                found = re.search(r"(?im)^x-tuppence-edits:\s*(.+?)\r?$", head)
                self.notes.append(f"{target.name} says it edited: {found[1] if found else '(no header)'}; "
                                  f"{len(sent):,} bytes became {len(arrived):,}, checked at the upstream.")

    def latency(self):
        for size, (requests, rounds, warm_up) in self.size["lat"].items():
            for found in self.lgen("lat", self.body[size, False], self.targets, "-n", requests, "-r", rounds, "-w", warm_up):
                self.put(self.named(found["name"]), f"latency {size}", turns=found["turns"], errors=found["errors"], **found["us"])

    def cpu(self):
        """CPU time of the gateway a request, many connections at a time; the load generator's own is not in it."""
        for size, connections in CONNECTIONS.items():
            spent = {}
            for _ in range(self.size["cpu rounds"]):
                for target in self.gateways():
                    before = target.cpu_seconds()
                    found = self.lgen("rps", self.body[size, False], [target], "-c", connections, "-d", self.size["cpu seconds"])[0]
                    used = target.cpu_seconds() - before
                    spent.setdefault(target, []).append(used / max(1, found["requests"]) * 1e6)
                    errors = self.results[target.name].get("cpu", {}).get("errors", 0)
                    self.put(target, "cpu", errors=errors + found["errors"])
            for target, values in spent.items():
                self.put(target, "cpu", **{size: round(statistics.median(values), 1)})
        for target in self.gateways():
            self.put(target, "memory", **{"after load MB": target.megabytes()})

    def streaming(self):
        """One stream at a time: first byte at 1 KB and 200 KB, delay of each event at 1 KB."""
        self.pace(EVENTS, EVENT_US)
        for size in "1 KB", "200 KB":
            rounds = {}
            for _ in range(self.size["sse rounds"]):
                for target in self.shuffled():
                    found = self.lgen("sse", self.body[size, True], [target], "-c", 1, "-r", 8, "-e", EVENTS)[0]
                    rounds.setdefault(target, []).append(found)
            for target, found in rounds.items():
                self.put(target, f"first byte {size}", **merged(found, "first_byte_us"))
                if size == "1 KB":
                    self.put(target, "event delay", lost=sum(r["lost"] + r["errors"] for r in found),
                             disordered=sum(r["disordered"] for r in found), **merged(found, "delay_us"))

    def many_streams(self):
        """1,000 streams of ten events a second, opened at once, each round on a fresh process; peak is the kernel's VmHWM."""
        events = self.size["many events"]
        self.pace(events, 100_000)
        rounds = {}
        for _ in range(self.size["many rounds"]):
            for target in self.gateways():
                if target.name.endswith("+edits"):
                    continue
                target.stop()
                target.start(self.folder)
                if not target.answers(self.small()):
                    continue
                before, cpu = target.megabytes(), target.cpu_seconds()
                found = self.lgen("sse", self.body["1 KB", True], [target], "-c", STREAMS, "-r", 1, "-e", events)[0]
                peak, used = target.megabytes("VmHWM"), target.cpu_seconds() - cpu
                rounds.setdefault(target, []).append({
                    "before MB": before, "peak MB": peak, "KB a stream": (peak - before) * 1024 / STREAMS,
                    "cpu us": used / max(1, found["events"]) * 1e6, "first byte p50": found["first_byte_us"]["p50"] / 1000,
                    "first byte p99": found["first_byte_us"]["p99"] / 1000, "errors": found["errors"], "lost": found["lost"]})
        for target, found in rounds.items():
            middle = {key: round(statistics.median(r[key] for r in found), 1) for key in found[0]}
            self.put(target, "1,000 streams", **middle | {k: sum(r[k] for r in found) for k in ("errors", "lost")})

    def named(self, name):
        return next(t for t in self.targets if t.name == name)

    def run(self, gateway):
        self.upstream.start(self.folder)
        if not self.upstream.answers(self.small(), 5):
            sys.exit("bench: the fake upstream does not answer")
        try:
            for target in self.gateways():
                if gateway and target.command[0] == str(gateway):
                    self.put(target, "file", MB=round(gateway.stat().st_size / 1e6, 1))
            self.start()
            if os.getloadavg()[0] > 0.5 * len(os.sched_getaffinity(0)):
                self.notes.append("the machine was busy with other work when this began: trust p10 and memory, not p50.")
            self.say("measuring " + ", ".join(t.name for t in self.targets))
            self.idle_memory()
            self.check_what_arrives()
            for stage in self.latency, self.cpu, self.streaming, self.many_streams:
                self.say(stage.__name__.replace("_", " "))
                stage()
            for target in self.gateways():
                target.stop()
            self.say("cold start")
            self.cold_start()
        finally:
            for target in [*self.targets, self.upstream]:
                target.stop()


def merged(rounds, key):
    """Rounds of one target as one stage: the median of their percentiles, and their medians to be paired."""
    return {"turns": [r[key]["p50"] for r in rounds], **{p: statistics.median(r[key][p] for r in rounds) for p in ("p10", "p50", "p90")}}


def wrong_edit(sent, arrived):
    """What is wrong with an edited 200 KB body, or None: preset in, one of the two samplers out, no ttl, all else as it was."""
    try:
        before, after = json.loads(sent), json.loads(arrived)
    except ValueError:
        return "the upstream did not get JSON"
    if PRESET not in json.dumps(after.get("system"), ensure_ascii=False):
        return "the preset's system text did not arrive"
    if "temperature" in after and "top_p" in after:
        return "the sampling filter left both temperature and top_p"
    if b'"ttl"' in arrived:
        return "a ttl was left in cache_control"
    for message in before["messages"]:
        for block in message["content"]:
            block.get("cache_control", {}).pop("ttl", None)
    return None if before["messages"] == after["messages"] else "the messages were changed beyond the ttl"


def machine():
    def first(pattern, text):
        found = re.search(pattern, text)
        return found[1].strip() if found else "?"

    def version(*command):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            return first(r"(\d+\.\d+[\w.\-]*)", done.stdout + done.stderr)
        except OSError:
            return "none"

    return {"CPU": first(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text()), "cores": len(os.sched_getaffinity(0)),
            "memory": first(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[:-6] + " GB",
            "system": first(r'PRETTY_NAME="([^"]+)', Path("/etc/os-release").read_text()), "kernel": platform.release(),
            "nginx": version(shutil.which("nginx") or "/usr/sbin/nginx", "-v"), ".NET SDK": version("dotnet", "--version"),
            "gcc": version("gcc", "-dumpfullversion")}


def keep(text):
    """Replaces what stands between the two marks in RESULTS.md."""
    path = Path(__file__).resolve().parent.parent / "RESULTS.md"
    before, begin, rest = path.read_text().partition("<!-- figures: begin -->\n")
    _, end, after = rest.partition("<!-- figures: end -->")
    if not begin or not end:
        sys.exit(f"bench: the marks are gone from {path}; nothing was kept")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, about a minute and a half (full: five to eight)")
    parser.add_argument("--full", action="store_true", help="the default")
    parser.add_argument("--gateway", type=Path, help="the native tuppence program, or the folder that holds it")
    parser.add_argument("--target", action="append", default=[], metavar="NAME=COMMAND",
                        help="a further gateway; {port}, {upstream} and {dir} in its command are filled in")
    parser.add_argument("--tools", required=True, help="folder of the compiled lgen and fakeup")
    parser.add_argument("--yarp", required=True, help="YarpHost.dll, left out where it does not exist")
    parser.add_argument("--out", required=True, type=Path, help="folder of the results")
    parser.add_argument("--keep", action="store_true", help="put the tables into bench/RESULTS.md in the place of those there")
    options = parser.parse_args()
    if options.gateway and options.gateway.is_dir():
        options.gateway = options.gateway / "tuppence"
    options.gateway = options.gateway.resolve() if options.gateway else None
    if options.gateway and not options.gateway.exists():
        print(f"bench: no gateway at {options.gateway}; measuring the others", file=sys.stderr)
        options.gateway = None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the finally clauses stop what was started
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder:
        load = os.getloadavg()[0]
        bench = Bench(options, Path(folder))
        bench.run(options.gateway)
    run = {"time": time.strftime("%Y-%m-%d %H:%M"), "mode": "quick" if options.quick else "full", "machine": machine(),
           "load before": round(load, 2), "load after": round(os.getloadavg()[0], 2), "notes": bench.notes, "results": bench.results}
    run["bars"] = [{"what": what, "at most": bar, "value": values and values[0], "mark": report.mark(values, bar).strip("*")}
                   for what, bar, values, _ in report.bars(bench.results)]
    text = report.markdown(run)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "gateway.json").write_text(json.dumps(run, indent=1))
    (options.out / "gateway.md").write_text(text)
    if options.keep:
        keep(text)
    print(text)
    print(f"Written to {options.out}/gateway.json and gateway.md", file=sys.stderr)


if __name__ == "__main__":
    main()
