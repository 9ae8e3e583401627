"""python -m driver: runs the workloads with dnn and its peers, and writes the table. bench/peers.sh calls it."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import time
import tomllib

from . import isa, machine, measure, report
from .client import Worker

HERE = pathlib.Path(__file__).resolve().parent.parent


class Crew:
    """All workers: for every peer one process with one thread, and one with as many as there are cores."""

    def __init__(self, options, log):
        cores, self.missing = machine.cores(), []
        sizes = {"one": 1, "all": len(cores)} if len(cores) > 1 else {"one": 1}
        build, cwd = HERE / ".build", HERE / "peers"
        python = lambda exe, peer: [exe, "worker.py", peer]
        peers = {
            "dnn": [str(build / "dnn-steps")],
            "NumPy": python(options.python, "on_numpy"),
            "PyTorch": options.torch_python and python(options.torch_python, "on_pytorch"),
            "PyTorch of Debian": options.debian_python and python(options.debian_python, "on_pytorch"),
            "JAX": python(options.python, "on_jax"),
            "gonum": [str(build / "gonum")],
            "GoMLX": [str(build / "gomlx")],
        }
        self.workers = []
        for name, command in peers.items():
            if options.peers and name not in options.peers and name != "dnn":
                continue
            if not command or not (os.path.exists(command[0])):
                self.missing.append(name)
                continue
            for size, threads in sizes.items():
                env = {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads),
                       "TORCHINDUCTOR_CACHE_DIR": str(build / "inductor"), "TORCHINDUCTOR_COMPILE_THREADS": "1", "JAX_PLATFORMS": "cpu", **isa.ENVIRONMENT[options.isa]}
                # one thread means one core: the last, where interrupts are fewest
                w = Worker(name, size, threads, command, env, cores[-1:] if threads == 1 else cores, cwd, log, options.patience)
                if w.broken:
                    w.end()
                    self.missing.append(f"{name} ({w.broken}; see .build/log)")
                    break
                if options.isa == "avx2" and (above := isa.beyond(w.about)):
                    w.end()
                    self.missing.append(f"{name} (does not keep to AVX2: {above})")
                    break
                self.workers.append(w)

    def of(self, name):
        return [w for w in self.workers if w.peer == name]

    def peers(self, names=None):
        return [w for w in self.workers if w.peer != "dnn" and (names is None or w.peer in names)]

    def about(self):
        return list({w.peer: {**w.about, "name": w.peer} for w in self.workers}.values())

    def drop(self):
        for w in self.workers:
            if w.process.poll() is None:
                w.ask(do="drop")

    def seconds_used(self):
        return sum(w.seconds_used() for w in self.workers) + sum(os.times()[:4])  # and by the driver and whole jobs

    def end(self):
        for w in self.workers:
            w.end()


def parse():
    p = argparse.ArgumentParser(prog="peers.sh", description="Measure dnn beside its peers; see docs/performance.md.")
    p.add_argument("--only", help="workloads whose file name holds one of these words, with commas between")
    p.add_argument("--peers", type=lambda s: s.split(","), help="only these peers, for example PyTorch,JAX")
    p.add_argument("--rounds", type=int, default=7, help="turns of each pair (7)")
    p.add_argument("--job-rounds", type=int, default=5, help="turns of each pair of whole jobs (5)")
    p.add_argument("--turn", type=float, default=0.05, help="seconds of a turn, at least (0.05)")
    p.add_argument("--epochs", type=int, default=15, help="epochs of whole jobs (15)")
    p.add_argument("--specs", default=str(HERE / "../../shared/specs"), help="folder of the whole jobs' specs (../shared/specs)")
    p.add_argument("--isa", choices=list(isa.ENVIRONMENT), default="native", help="hold all to an instruction set (native: whatever each finds)")
    p.add_argument("--patience", type=float, default=60, help="seconds a peer may take to make a workload ready, compiling included (60)")
    p.add_argument("--trial", action="store_true", help="two short rounds, two epochs; the table says that it is a trial")
    p.add_argument("--json", help="also write all times to this file")
    p.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    p.add_argument("--python", default=sys.executable)
    p.add_argument("--torch-python", default=sys.executable if (HERE / ".venv/torch").exists() else None, help="a Python that has PyTorch")
    p.add_argument("--install-torch", action="store_true", help="install PyTorch into bench/.venv first (see the head of peers.sh)")
    p.add_argument("--debian-python", help="another Python that has another PyTorch")
    p.add_argument("--dnn", default=str(HERE / ".build/dnn"))
    o = p.parse_args()
    if o.trial:
        o.rounds, o.job_rounds, o.turn, o.epochs = 2, 1, 0.02, 2
    if o.trial and o.write:
        p.error("a trial is not written to the page")
    return o


def main():
    options, start = parse(), time.time()
    (HERE / "results").mkdir(exist_ok=True)
    say = lambda text: print(f"[{time.time() - start:4.0f} s] {text}", file=sys.stderr, flush=True)
    files = sorted((HERE / "workloads").glob("*.toml"))
    if options.only:
        files = [f for f in files if any(word in f.stem for word in options.only.split(","))]
    with open(HERE / ".build/log", "w") as log:
        crew = Crew(options, log)
        say("peers: " + ", ".join(f"{a['name']} {a['version']}" for a in crew.about()))
        rows, specs = [], []
        try:
            for f in files:
                spec = tomllib.loads(f.read_text())
                say(spec["label"])
                specs.append(spec)
                rows.append((measure.row if "kind" in spec else measure.job)(spec, crew, options))
        finally:
            crew.end()
    commit = subprocess.run(["git", "describe", "--always", "--dirty", "--exclude=*"], cwd=HERE, capture_output=True, text=True)
    run = {
        "trial": options.trial, "date": time.strftime("%Y-%m-%d"), "commit": commit.stdout.strip(), "minutes": (time.time() - start) / 60,
        "rounds": options.rounds, "job_rounds": options.job_rounds, "machine": machine.describe(), "peers": crew.about(),
        "isa": options.isa, "missing": crew.missing, "specs": specs, "rows": rows,
    }
    with open(options.json or HERE / "results/last.json", "w") as out:
        json.dump(run, out, indent=1)
    text = report.markdown(run)
    if options.write:
        report.insert(HERE / "../docs/performance.md", options.isa, text)
    print(text)


main()
