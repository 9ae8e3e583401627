"""What the machine is, and how busy others kept it."""

import os
import platform
import re
import subprocess


def cores():
    return sorted(os.sched_getaffinity(0))


def describe():
    cpu = open("/proc/cpuinfo").read()
    get = lambda key: (re.search(rf"^{key}\s*: (.*)$", cpu, re.M) or [None, "?"])[1]
    memory = int(re.search(r"MemTotal:\s+(\d+)", open("/proc/meminfo").read())[1]) / 2**20
    flags = [f for f in ("avx2", "fma", "avx512f", "avx512_bf16") if f in get("flags").split()]
    return {
        "processor": f"{get('model name')} (family {get('cpu family')}, model {get('model')}; {', '.join(flags)})",
        "cores": len(cores()),
        "caches": caches(),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}" + (", virtual machine" if "hypervisor" in get("flags") else ""),
        "go": subprocess.run(["go", "version"], capture_output=True, text=True).stdout.strip().removeprefix("go version "),
        "python": platform.python_version(),
    }


def caches():
    base, found = "/sys/devices/system/cpu/cpu0/cache", []
    for d in sorted(os.listdir(base)) if os.path.isdir(base) else []:
        read = lambda name: open(f"{base}/{d}/{name}").read().strip()
        if d.startswith("index") and read("type") != "Instruction":
            found.append(f"L{read('level')} {read('size').replace('K', ' KiB')}")
    return ", ".join(found) or "?"


class Load:
    """Measures how much of the processors others used since it was made, and how much the host withheld."""

    def __init__(self, own_seconds):
        self.own, (self.busy, self.stolen, self.all) = own_seconds, ticks()

    def since(self, own_seconds):
        busy, stolen, everything = (now - then for now, then in zip(ticks(), (self.busy, self.stolen, self.all)))
        mine = (own_seconds - self.own) * os.sysconf("SC_CLK_TCK")
        everything = max(everything, 1)
        return {"others": max(0.0, (busy - mine) / everything), "stolen": stolen / everything}


def ticks():
    user, nice, system, idle, wait, irq, soft, steal = map(int, open("/proc/stat").readline().split()[1:9])
    return user + nice + system, steal, user + nice + system + idle + wait + irq + soft + steal
