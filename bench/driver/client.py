"""The driver's side of the protocol: processes that are measured, one for each peer and number of threads.

Only the one whose turn it is runs: the others are stopped (SIGSTOP), so that no pool of threads that still spins takes
part in another's measurement.
"""

import ctypes
import json
import os
import signal
import subprocess
import threading

libc = ctypes.CDLL(None)


def prepare(cores):
    """Binds a new process to cores, and has the system end it with the driver: one that is stopped would stay for ever."""
    libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    os.sched_setaffinity(0, cores)


class Worker:
    def __init__(self, peer, size, threads, command, env, cores, cwd, log, patience):
        self.peer, self.size, self.threads, self.broken = peer, size, threads, None
        self.patience = patience  # seconds until a process that does not answer is given up
        self.how = dict(
            args=command + [str(threads)], cwd=cwd, env={**os.environ, **env}, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=lambda: prepare(cores),
        )
        self.process = None
        try:
            self.revive()
            self.about = self.ask(do="about")
        except Failure as failure:
            self.broken, self.about = str(failure), {}

    def revive(self):
        """Starts the process, if it does not live."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(**self.how)

    def ask(self, **request):
        """Lets the process run until it has answered."""
        p = self.process
        if p.poll() is not None:
            raise Failure(f"ended with {p.returncode}")
        os.kill(p.pid, signal.SIGCONT)
        patience = threading.Timer(self.patience, p.kill)
        patience.start()
        try:
            p.stdin.write(json.dumps(request) + "\n")
            p.stdin.flush()
            while True:
                line = p.stdout.readline()
                if not line:
                    p.wait()
                    raise Failure(f"not ready within {self.patience:.0f} s" if patience.finished.is_set() else f"ended with {p.returncode}")
                if line.startswith("{"):
                    break
        except BrokenPipeError:
            raise Failure(f"ended with {p.wait()}") from None
        finally:
            patience.cancel()
            if p.poll() is None:
                os.kill(p.pid, signal.SIGSTOP)
        reply = json.loads(line)
        if "error" in reply:
            raise Failure(reply["error"])
        return reply

    def modes(self, kind):
        self.revive()
        return self.ask(do="modes", kind=kind)["modes"]

    def seconds_used(self):
        """Processor time that the process, and compilers it called, have used so far."""
        try:
            fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
            return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
        except FileNotFoundError:
            return 0.0

    def end(self):
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGCONT)
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Failure(Exception):
    pass


class Task:
    """A workload in a worker: something that can be timed."""

    def __init__(self, worker, mode, kind, args, turn):
        self.worker, self.mode, self.times = worker, mode, []
        reply = worker.ask(do="load", kind=kind, args=args, mode=mode)
        self.id, self.check, self.steps, self.flops = reply["id"], reply["check"], reply["steps"], reply["flops"]
        self.memory = reply.get("memory", 0)  # by how much the process grew at most, while it made ready and took first steps
        self.turn, self.n = turn, 1
        self.calibrate()

    @property
    def name(self):
        return " ".join(filter(None, [self.worker.peer, self.mode]))

    @property
    def label(self):
        return f"{self.name}, {self.worker.threads} thread" + "s" * (self.worker.threads > 1)

    def calibrate(self):
        """Finds how many repetitions fill a fifth of a turn, and so warms caches and compilers."""
        while True:
            took = min(self.measure(2)) * self.n
            if took >= self.turn / 5 or self.n == self.steps:
                return
            self.n = int(self.n * min(10, max(1.2, 1.2 * self.turn / 5 / max(took, 1e-9)))) + 1
            self.n = min(self.n, self.steps or self.n)

    def measure(self, groups):
        return self.worker.ask(do="time", id=self.id, n=self.n, groups=groups)["seconds"]

    def take_turn(self):
        """One turn: a group that wakes everything up, then the median of five."""
        groups = sorted(self.measure(6)[1:])
        self.times.append(groups[2])
        return groups[2]
