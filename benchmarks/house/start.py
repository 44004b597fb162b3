"""How much it takes to start: a server on an existing home, and a command that asks it. Whole processes, through the launcher.

  python3 benchmarks/house/start.py [ROUNDS]

Prints medians: processor time (user and system) of the server when it says that it serves, wall time, resident memory after a
second of idling; processor and wall time of `plimsoll status`, the launcher's shell included.
"""
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time

PLIMSOLL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "plimsoll")
TICKS = os.sysconf("SC_CLK_TCK")


def serve(home):
    """Starts a server; answers it with the processor and wall seconds until it was ready."""
    begun = time.time()
    server = subprocess.Popen([PLIMSOLL, "up", "--home", home, "--port", "0"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # the launcher's shell becomes the JVM
    server.stdout.readline()
    wall = time.time() - begun
    with open(f"/proc/{server.pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return server, (int(fields[11]) + int(fields[12])) / TICKS, wall


def ask(home):
    """Runs a command; answers its processor and wall seconds."""
    begun = time.time()
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    pid = os.posix_spawn(PLIMSOLL, [PLIMSOLL, "status", "--home", home], os.environ, file_actions=quiet)
    _, status, used = os.wait4(pid, 0)
    if status != 0:
        raise SystemExit(f"plimsoll status ended with {status}")
    return used.ru_utime + used.ru_stime, time.time() - begun


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    measured = {"ready, CPU s": [], "ready, wall s": [], "idle, MB": [], "command, CPU s": [], "command, wall s": []}
    with tempfile.TemporaryDirectory() as folder:
        home = os.path.join(folder, "home")
        for round in range(rounds + 1):  # the first one founds the home, and is not counted
            server, cpu, wall = serve(home)
            time.sleep(1)
            memory = resident(server.pid)
            asked = [ask(home) for _ in range(3)]
            server.send_signal(signal.SIGTERM)
            server.wait()
            if round > 0:
                for name, value in zip(measured, (cpu, wall, memory,
                                                  statistics.median(each[0] for each in asked),
                                                  statistics.median(each[1] for each in asked))):
                    measured[name].append(value)
    for name, values in measured.items():
        print(f"{name:16} median {statistics.median(values):7.2f}   least {min(values):7.2f}")


if __name__ == "__main__":
    main()
