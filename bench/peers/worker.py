"""The Python side of the protocol between the driver and those who are measured; worker/worker.go says what is said.

A peer is a folder of this one. Its __init__ gives about(); each other file is a kind of workload, named like the file:
MODES, and make(args, threads, mode), which returns a Work.
"""

import ctypes
import gc
import importlib
import json
import sys
import time
import traceback


class Work:
    """A workload made ready: run(n) does it n times and waits for the end, reset() brings its first state back."""

    def __init__(self, run, check, reset=None, steps=0):
        self.run, self.check, self.reset, self.steps = run, check, reset, steps


def answer(peer, request, threads, works):
    do = request["do"]
    if do == "about":
        return importlib.import_module(peer).about()
    if do in ("modes", "load"):
        try:
            kind = importlib.import_module(f"{peer}.{request['kind']}")
        except ModuleNotFoundError as missing:
            if missing.name != f"{peer}.{request['kind']}":
                raise
            return {"modes": []}
        if do == "modes":
            return {"modes": kind.MODES}
        before = resident()
        work = kind.make(request["args"], threads, request.get("mode", ""))
        works.append(work)
        return {"id": len(works) - 1, "check": work.check, "steps": work.steps, "flops": 0, "memory": status("VmHWM") - before}
    if do == "time":
        work, n, seconds = works[request["id"]], request["n"], []
        for _ in range(request["groups"]):
            if work.reset:
                work.reset()
            start = time.perf_counter()
            work.run(n)
            seconds.append((time.perf_counter() - start) / n)
        return {"seconds": seconds}
    if do == "drop":
        works.clear()
        return {}
    raise ValueError(do)


def resident():
    """Bytes of resident memory, from which on its peak is counted anew."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as f:
        f.write("5")
    return status("VmRSS")


def status(key):
    for line in open("/proc/self/status"):
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    return 0


def serve(peer, threads):
    works, out = [], sys.stdout
    sys.stdout = sys.stderr  # what libraries print is no answer
    for line in sys.stdin:
        try:
            reply = answer(peer, json.loads(line), threads, works)
        except Exception as failure:
            reply = {"error": f"{type(failure).__name__}: {failure}", "trace": traceback.format_exc()}
        out.write(json.dumps(reply) + "\n")
        out.flush()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
