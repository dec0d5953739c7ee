"""The bars and the tables, as Markdown. A bar that is missed is marked, never an error: timings do not decide a build."""
import statistics


def paired(numerators, denominators):
    """Median of the ratios of turns that belong together, and the middle half of them: (median, low, high)."""
    ratios = sorted(a / b for a, b in zip(numerators, denominators) if a > 0 and b > 0)
    if not ratios:
        return None
    low, high = (ratios[int(q * (len(ratios) - 1) + 0.5)] for q in (0.25, 0.75))
    return statistics.median(ratios), low, high


def turns(results, name, stage):
    return results.get(name, {}).get(stage, {}).get("turns", [])


def least(results, name, stage):
    """The 10th percentile over all turns: what is left of a timing when the machine's other work is taken away."""
    return results.get(name, {}).get(stage, {}).get("p10")


def added(results, name):
    """Latency of each turn at 1 KB less that of direct in the same round."""
    return [a - b for a, b in zip(turns(results, name, "latency 1 KB"), turns(results, "direct", "latency 1 KB"))]


def added_least(results, name):
    ours, direct = least(results, name, "latency 1 KB"), least(results, "direct", "latency 1 KB")
    return ours - direct if ours and direct else None


def bars(results):
    """The bars. Each: (what, bar, values or None, text): the values are the median and, of a ratio, its middle half."""
    def ratio(ours, nginx, our_least, nginx_least):
        found = paired(ours, nginx)
        if not found:
            return None, ""
        return found, f"{found[0]:.2f}x (middle half {found[1]:.2f} to {found[2]:.2f}; by p10 {our_least / nginx_least:.2f}x)"

    def figure(name, stage, key, unit):
        value = results.get(name, {}).get(stage, {}).get(key)
        return ((value,), f"{value:g} {unit}") if value is not None else (None, "")

    def against_nginx(name, stage):
        return ratio(turns(results, name, stage), turns(results, "nginx", stage),
                     least(results, name, stage), least(results, "nginx", stage))

    return [
        ("added latency, 1 KB, of nginx's", 1.5, *ratio(
            added(results, "tuppence"), added(results, "nginx"), added_least(results, "tuppence"), added_least(results, "nginx"))),
        ("latency, 200 KB with preset, sampling filter, ttl strip, of nginx's without", 2.0,
         *against_nginx("tuppence+edits", "latency 200 KB")),
        ("latency, 2 MB, of nginx's", 1.4, *against_nginx("tuppence", "latency 2 MB")),
        ("delay of a streamed event, of nginx's", 1.2, *against_nginx("tuppence", "event delay")),
        ("1,000 open streams, peak RSS, MB", 60, *figure("tuppence+cache", "1,000 streams", "peak MB", "MB")),
        ("idle RSS, MB", 30, *figure("tuppence+cache", "memory", "idle MB", "MB")),
        ("cold start to the first answer, ms", 40, *figure("tuppence+cache", "cold start", "p50", "ms")),
        ("native file, MB", 25, *figure("tuppence", "file", "MB", "MB")),
    ]


def mark(values, bar):
    """A ratio whose middle half lies on both sides of the bar was not measured well enough to say."""
    if values is None:
        return "not measured"
    if min(values) <= bar < max(values):
        return "unclear"
    return "pass" if values[0] <= bar else "**MISS**"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|---|" + "--:|" * (len(header) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def number(value):
    return "-" if value is None else f"{value:,.0f}" if isinstance(value, int) or abs(value) >= 100 else f"{value:.1f}"


def columns(results, stage, keys):
    """One row a target that has the stage; a stage's percentiles are joined by slashes."""
    rows = []
    for name, stages in results.items():
        if stage in stages:
            rows.append([name] + [" / ".join(number(stages[stage].get(k)) for k in key.split("/")) for key in keys])
    return rows


def times_nginx(results, name, stage):
    found = paired(turns(results, name, stage), turns(results, "nginx", stage))
    return f"{found[0]:.2f}" if found else "-"


def streaming_row(results, name):
    row = [name]
    for stage in "first byte 1 KB", "first byte 200 KB", "event delay":
        row += [" / ".join(number(results[name].get(stage, {}).get(p)) for p in ("p10", "p50", "p90")), times_nginx(results, name, stage)]
    return row + [number(results[name]["event delay"]["lost"])]


def markdown(run):
    results, machine = run["results"], run["machine"]
    parts = [f"Measured {run['time']}, {run['mode']} run; load average {run['load before']} before, {run['load after']} after.",
             "Machine: " + "; ".join(f"{k} {v}" for k, v in machine.items()) + "."]
    if run["notes"]:
        parts.append("\n".join(f"- Note: {note}" for note in run["notes"]))
    parts.append("### The bars\n\n" + table(["what", "at most", "measured", ""], [
        [what, f"{bar:g}", text or "-", mark(values, bar)] for what, bar, values, text in bars(results)]))
    for size in "1 KB", "200 KB", "2 MB":
        stage = f"latency {size}"
        rows = columns(results, stage, ["p10/p50/p90"])
        for row in rows:
            row.append(times_nginx(results, row[0], stage))
            row.append(f"{least(results, row[0], stage) / least(results, 'nginx', stage):.2f}" if "nginx" in results else "-")
            row.append(number(results[row[0]][stage]["errors"]))
        parts.append(f"### Latency, {size}, one connection, not streaming (us)\n\n" + table(
            ["", "p10 / p50 / p90", "x nginx, p50 in pairs", "x nginx, p10", "errors"], rows))
    parts.append("### Streaming, one stream (us)\n\n" + table(
        ["", "first byte, 1 KB: p10 / p50 / p90", "x nginx", "first byte, 200 KB", "x nginx", "event delay", "x nginx", "lost events"],
        [streaming_row(results, name) for name in results if "event delay" in results[name]]))
    parts.append("### 1,000 open streams\n\n" + table(
        ["", "RSS before -> peak (MB)", "KB a stream", "CPU us an event", "first byte ms: p50 / p99", "errors", "lost events"],
        [[r[0], f"{r[1]} -> {r[2]}"] + r[3:] for r in columns(results, "1,000 streams", [
            "before MB", "peak MB", "KB a stream", "cpu us", "first byte p50/first byte p99", "errors", "lost"])]))
    parts.append("### CPU of the gateway (us a request)\n\n" + table(
        ["", "1 KB", "200 KB", "2 MB", "errors"], columns(results, "cpu", ["1 KB", "200 KB", "2 MB", "errors"])))
    parts.append("### Start, memory, size\n\n" + table(
        ["", "cold start to first answer, ms: least / median", "idle RSS MB", "RSS MB after the latency and CPU stages", "file MB"],
        [[name] + [" / ".join(number(stages.get(stage, {}).get(k)) for k in keys.split("/")) for stage, keys in (
            ("cold start", "min/p50"), ("memory", "idle MB"), ("memory", "after load MB"), ("file", "MB"))]
         for name, stages in results.items() if name != "direct"]))
    return "\n\n".join(parts) + "\n"
