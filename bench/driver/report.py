"""Turns measurements into Markdown."""

import statistics

def marks(isa):
    """Between which lines of the page the tables for an instruction set stand."""
    return f"<!-- bench-peers {isa}: begin -->", f"<!-- bench-peers {isa}: end -->"


ONE_CORE = "dnn on one core"


def figures(row):
    """The peers of a row, each at its better number of threads: {name: (median, threads, ratios)}."""
    found = {}
    for t in row["tasks"]:
        if t["label"] not in row["pairs"]:
            continue
        ratios = [b / a for a, b in row["pairs"][t["label"]]]
        name = ONE_CORE if t["peer"] == "dnn" else t["name"]
        if name not in found or t["median"] < found[name][0]:
            found[name] = (t["median"], t["threads"], ratios)
    return found


def shares(row):
    """What part of each limit dnn reaches, pair by pair; "binding" is the limit that allows least."""
    found = {name: [l["work"] * b / a for a, b in l["pairs"]] for name, l in row["limits"].items()}
    if found:
        found["binding"] = max(found.values(), key=statistics.median)
    return found


def best(found):
    return min(found, key=lambda n: found[n][0]) if found else None


def bars(row, spec):
    """The bars of a row: [(what, bar, reached, list of ratios)]."""
    if "dnn" not in row:
        return []
    found, reached, list_ = figures(row), shares(row), []
    for bar in spec.get("bars", []):
        if "memory" in bar:
            peers = [t["memory"] for t in row["tasks"] if t["name"].startswith(tuple(bar["memory"])) and t["memory"] > 0]
            ratios = [min(peers) / row["dnn"]["memory"]] if peers else None
        elif "limit" in bar:
            ratios = reached.get(bar["limit"])
        else:
            than = bar["than"]
            fits = {n: f for n, f in found.items() if than == "best" or n.startswith(tuple(than))}
            ratios = fits[best(fits)][2] if fits else None
        list_.append((bar["what"], bar["at_least"], ratios))
    return list_


def seconds(s):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if s >= size:
            break
    return f"{s / size:.3g} {unit}"


def spread(ratios, percent=False):
    f = (lambda x: f"{100 * x:.0f} %") if percent else (lambda x: f"{x:.3g}")
    return f"{f(statistics.median(ratios))} ({f(min(ratios))} – {f(max(ratios))})"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(r) + " |" for r in rows])


def markdown(run):
    rows = [(r, s) for r, s in zip(run["rows"], run["specs"])]
    return "\n\n".join(filter(None, [
        trial(run), "### Times", times(rows),
        "### How many times as fast dnn is", "Median of the ratios pair by pair (smallest – largest).", ratios(rows),
        "### Bars", bar_table(rows), memory(rows), limits(rows), notes(rows), about(run),
    ]))


def trial(run):
    if run["trial"]:
        return "**A trial: too short, or on a machine that others used. No result.**"


def times(rows):
    names = []
    for r, _ in rows:
        names += [n for n in figures(r) if n not in names and n != ONE_CORE]
    body = []
    for r, _ in rows:
        if "dnn" not in r:
            continue
        f = figures(r)
        cell = lambda n: f"{seconds(f[n][0])} ({f[n][1]})" if n in f else ""
        body.append([r["label"], f"**{seconds(r['dnn']['median'])}** ({r['dnn']['threads']})"] + [cell(n) for n in names])
    return "Medians, in brackets the number of threads (of those tried, the better).\n\n" + table(["workload", "dnn"] + names, body)


def ratios(rows):
    body = []
    for r, _ in rows:
        f = figures(r)
        if not f:
            continue
        b = best(f)
        others = ", ".join(f"{n} {statistics.median(f[n][2]):.3g}" for n in sorted(f, key=lambda n: f[n][0]) if n != b)
        body.append([r["label"], b, spread(f[b][2]), others])
    return table(["workload", "best peer", "times as fast as the best", "as the others"], body)


def bar_table(rows):
    body = []
    for r, s in rows:
        for what, bar, reached in bars(r, s):
            if reached is None:
                body.append([r["label"], what, f"{bar:g}", "not measured", ""])
                continue
            body.append([r["label"], what, f"{bar:g}", spread(reached), "yes" if statistics.median(reached) >= bar else "**no**"])
    return table(["workload", "what", "bar", "reached", "met"], body)


def memory(rows):
    """By how much the processes grew at most, where a row asks for it."""
    lines = []
    for r, s in rows:
        if s.get("memory") and "dnn" in r:
            of = ", ".join(f"{t['name']} {t['memory'] / 1e6:.0f} MB ({t['threads']})" for t in r["tasks"] if t["memory"] > 0 and (t["peer"] != "dnn" or t is r["dnn"]))
            lines.append(f"- {r['label']}: {of}")
    if lines:
        return "### Memory\n\nThe growth of the process's peak resident memory from before the net is made to after its first steps, libraries loaded before; in brackets the threads.\n\n" + "\n".join(lines)


def limits(rows):
    """The limits themselves, and which of them binds."""
    body, peaks = [], {}
    for r, s in rows:
        for name, l in r["limits"].items():
            if name == "peak":
                threads = r["dnn"]["threads"]
                peaks.setdefault(threads, []).extend(s["flops"] / (l["work"] * b) for _, b in l["pairs"])
        if len(r["limits"]) > 1:
            reached = shares(r)
            binding = "the FMA units" if reached["binding"] == reached.get("peak") else "memory (a copy of the same size)" if "copy" in reached else "memory (reading the matrix once)"
            body.append(f"- {r['label']}: what binds is {binding}; of the FMA units' limit it reaches {spread(reached['peak'], True)}, of memory's {spread(reached.get('copy') or reached['read'], True)}.")
    for threads, list_ in sorted(peaks.items()):
        body.insert(0, f"- Measured peak with {threads} thread{'s' * (threads > 1)}: {statistics.median(list_) / 1e9:.0f} GFLOP/s ({min(list_) / 1e9:.0f} – {max(list_) / 1e9:.0f}).")
    if body:
        return "### Limits\n\n" + "\n".join(body)


def notes(rows):
    lines = [f"- {r['label']}: {n}" for r, _ in rows for n in r["notes"]]
    busy = [f"{r['label']}: {100 * r['load']['others']:.0f} % and {100 * r['load']['stolen']:.0f} %" for r, _ in rows if "load" in r and max(r["load"].values()) > 0.02]
    if busy:
        lines.append("- The machine was not ours alone. Of its processors' time others used, and the host withheld: " + "; ".join(busy) + ".")
    if lines:
        return "### Notes\n\n" + "\n".join(lines)


def about(run):
    m = run["machine"]
    lines = [f"- {k}: {v}" for k, v in m.items()]
    lines += ["- all held to AVX2, and seen to keep to it by their own reports"] * (run["isa"] == "avx2")
    lines += [f"- {a['name']}: {a['version']}" + (f"; {a['isa']}" if a.get("isa") else "") for a in run["peers"]]
    lines += [f"- not to be had: {p}" for p in run["missing"]]
    lines.append(f"- {run['rounds']} rounds ({run['job_rounds']} of whole jobs), {run['date']}, commit {run['commit']}, {run['minutes']:.0f} minutes")
    return "### Machine and versions\n\n" + "\n".join(lines)


def insert(path, isa, text):
    """Puts text between the markers of a file."""
    page, (begin, end) = open(path).read(), marks(isa)
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    open(path, "w").write(f"{before}{begin}\n\n{text}\n\n{end}{after}")
