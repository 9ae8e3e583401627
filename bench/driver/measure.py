"""Measures the rows of the table: for each, all peers in turn, each turn beside one of dnn's."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

from . import machine
from .client import Failure, Task

TOLERANCE = 1e-3  # by how much the check figures of those who do the same work may differ, as a fraction


def row(spec, crew, options):
    """Measures one workload of a file in workloads/. crew lists the workers, dnn's first."""
    load = machine.Load(crew.seconds_used())
    result = {"label": spec["label"], "kind": spec["kind"], "notes": [], "tasks": [], "pairs": {}, "limits": {}}
    own = tasks(spec, crew.of("dnn"), spec.get("dnn_threads", spec.get("threads")), options, result)
    peers = tasks(spec, crew.peers(spec.get("peers")), spec.get("threads"), options, result)
    if spec.get("against_one_core"):
        peers += tasks(spec, crew.of("dnn"), ["one"], options, result)
    agree(own + peers, result)
    limits = [(name, limit(name, spec, worker, options)) for name in spec.get("limits", []) for worker in crew.of("dnn") if worker in [t.worker for t in own]]
    pairs = turns(own, peers + [t for _, t in limits], options.rounds, result)
    held(spec, options, limits, peers, result)
    peers = [t for t in peers if t.times]
    for t in own + peers:
        result["tasks"].append({"name": t.name, "peer": t.worker.peer, "label": t.label, "threads": t.worker.threads, "median": statistics.median(t.times), "times": t.times, "memory": t.memory})
    best = min(own, key=lambda t: statistics.median(t.times))
    result["dnn"] = next(d for d, t in zip(result["tasks"], own + peers) if t is best)
    result["pairs"] = {t.label: pairs[id(best), id(t)] for t in peers}
    for name, t in limits:
        if t.worker is best.worker:
            result["limits"][name] = {"pairs": pairs[id(best), id(t)], "work": spec["flops"] / t.flops if name == "peak" else 1}
    result["load"] = load.since(crew.seconds_used())
    crew.drop()
    return result


def turns(own, others, rounds, result):
    """Lets dnn and the others take turns: dnn, A, dnn, B, … and so on again. The times are kept in pairs."""
    pairs, failed = {}, set()
    for _ in range(rounds):
        for other in others:
            for mine in own:
                if other in failed or other.mode == "limit" and other.worker is not mine.worker:
                    continue
                try:
                    pairs.setdefault((id(mine), id(other)), []).append((mine.take_turn(), other.take_turn()))
                except Failure as failure:
                    failed.add(other)
                    other.times.clear()
                    result["notes"].append(f"{other.label}: {failure}")
    return pairs


def held(spec, options, limits, peers, result):
    """Leaves out who multiplies faster than the units of the instruction set that all are held to can."""
    peaks = [t.flops / statistics.median(t.times) for name, t in limits if name == "peak" and t.times]
    if options.isa == "native" or spec["kind"] != "gemm" or not peaks:
        return
    for t in peers:
        if t.times and (rate := spec["flops"] / statistics.median(t.times)) > 1.1 * max(peaks):
            result["notes"].append(f"left out: {t.label} reaches {rate / 1e9:.0f} GFLOP/s, so it does not keep to {options.isa}")
            t.times.clear()


def tasks(spec, workers, threads, options, result):
    """Loads the workload into each worker that can do it, in every mode that it has."""
    list_ = []
    for w in workers:
        if threads and w.size not in threads:
            continue
        try:
            for mode in w.modes(spec["kind"]):
                try:
                    list_.append(Task(w, mode, spec["kind"], spec["args"], options.turn))
                except Failure as failure:
                    if not str(failure).startswith("NotFor:"):
                        result["notes"].append(f"{w.peer} {mode}: {str(failure).splitlines()[0]}")
        except Failure as failure:
            result["notes"].append(f"{w.peer}: {str(failure).splitlines()[0]}")
    return list_


def limit(name, spec, worker, options):
    kind, args = ("peak", {}) if name == "peak" else ("map", {**spec["args"], "fn": name})
    if name == "read":
        args = {"fn": name, "rows": spec["args"]["K"], "cols": spec["args"]["N"]}
    task = Task(worker, "", kind, args, options.turn)
    task.mode = "limit"
    return task


def agree(tasks, result):
    """Notes who does not come to dnn's figure: then it is not the same work."""
    result["check"] = want = tasks[0].check
    for t in tasks[1:]:
        if not abs(t.check - want) <= TOLERANCE * abs(want):
            result["notes"].append(f"NOT THE SAME WORK: {t.label} comes to {t.check}, dnn to {want}")


def job(spec, crew, options):
    """Measures whole programs from start to end, in pairs."""
    result = {"label": spec["label"], "kind": "job", "notes": [], "tasks": [], "pairs": {}, "limits": {}}
    path = os.path.join(options.specs, spec["spec"])
    if not os.path.exists(path):
        result["notes"].append(f"left out: there is no {spec['spec']} (--specs)")
        return result
    load = machine.Load(crew.seconds_used())
    all_ = len(machine.cores())
    length = 20 if options.trial else spec.get("length")
    fill = {"dnn": options.dnn, "torch_python": options.torch_python, "spec": os.path.abspath(path), "epochs": options.epochs, "length": length}
    own = Program("dnn", spec["commands"]["dnn"], all_, fill)
    peers = [Program(n, c, t, fill) for n, c in spec["commands"].items() if n != "dnn" and "None" not in c for t in sorted({all_} if spec.get("threads") == ["all"] else {1, all_})]
    pairs = {p.label: [] for p in peers}
    rounds = min(spec.get("rounds", options.job_rounds), options.job_rounds)
    for program in [own] + peers if rounds > 2 else []:
        program.run()  # warms the files
        program.times.clear()
    for _ in range(rounds):
        for p in peers:
            pairs[p.label].append((own.run(), p.run()))
    for p in [own] + peers:
        result["tasks"].append({"name": p.name, "peer": p.name.split()[0], "label": p.label, "threads": p.threads, "median": statistics.median(p.times), "times": p.times})
        split, figure = spec.get("figure", ["test", "accuracy"])
        result["notes"].append(f"{p.label}: {split} {figure} {p.result[split][figure]:.4f}" + (f", of its time {p.result['import_seconds']:.1f} s to import the library" if "import_seconds" in p.result else ""))
    result["dnn"], result["pairs"] = result["tasks"][0], pairs
    result["load"] = load.since(crew.seconds_used())
    return result


class Program:
    def __init__(self, name, command, threads, fill):
        self.name, self.command, self.threads, self.fill, self.times = name, command, threads, fill, []
        self.label = f"{name}, {threads} thread" + "s" * (threads > 1)

    def run(self):
        """Runs once in a new folder and returns the seconds it took."""
        out = tempfile.mkdtemp()
        try:
            command = [str(a).format(**self.fill, out=os.path.join(out, "run"), threads=self.threads) for a in self.command]
            start = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True)
            took = time.perf_counter() - start
            if done.returncode:
                raise SystemExit(f"{self.label} failed:\n{done.stderr}")
            self.result = json.loads(done.stdout)
        finally:
            shutil.rmtree(out)
        self.times.append(took)
        return took
