"""What an inference over HTTP costs the server: one row and a hundred, JSON, with routing, prediction log and metrics on.

  python3 benchmarks/serving/infer.py [SECONDS]

Makes a home with a model of 100 trees over 20 columns, puts it into production by the commands that a person gives, and asks it with
`wrk` (github.com/wg/wrk) over 16 connections. Prints processor time of the server's process (user and system, all threads) for each
request, requests a second, and the same for a request that ends before it reaches a model: the body of one row sent to an
endpoint that nobody made, which reads it and answers 404. That is the floor that HTTP, JSON and access cost.
"""
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

PLIMSOLL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "plimsoll")
TICKS = os.sysconf("SC_CLK_TCK")
COLUMNS = [f"c{i:02}" for i in range(20)]
CONNECTIONS = 16


def plimsoll(folder, *words):
    done = subprocess.run([PLIMSOLL, *words], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"plimsoll {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def prepare(folder):
    """A home whose champion is a model of 100 trees; answers the project's folder and the endpoint's name."""
    chance = random.Random(1)
    with open(os.path.join(folder, "rows.csv"), "w") as file:
        print(",".join(COLUMNS + ["y"]), file=file)
        for _ in range(20_000):
            row = [chance.gauss(0, 1) for _ in COLUMNS]
            late = row[0] + row[1] * row[2] + 0.5 * row[3] + chance.gauss(0, 1) > 0.5
            print(",".join(f"{value:.6f}" for value in row) + f",{'yes' if late else 'no'}", file=file)
    plimsoll(folder, "init", "asked", "--data", "rows.csv", "--target", "y")
    project = os.path.join(folder, "asked")
    for words in (["run"], ["register"], ["evaluate"], ["approve", "1", "--reason", "a benchmark"], ["promote", "--yes"]):
        plimsoll(project, *words)
    return project


def body(rows):
    chance = random.Random(2)
    return json.dumps({"inputs": [
        {"name": name, "shape": [rows], "datatype": "FP64", "data": [round(chance.gauss(0, 1), 6) for _ in range(rows)]}
        for name in COLUMNS]})


def script(folder, name, content):
    path = os.path.join(folder, name + ".lua")
    with open(path, "w") as file:
        file.write('wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
                   f"wrk.body = [[{content}]]\n")
    return path


def used(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def load(pid, url, lua, seconds):
    """Answers µs of the server's processors for each request, and requests a second."""
    before, begun = used(pid), time.time()
    said = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", lua, url],
                          capture_output=True, text=True, check=True).stdout
    spent, wall = used(pid) - before, time.time() - begun
    requests = int(re.search(r"(\d+) requests in", said).group(1))
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return 1e6 * spent / requests, requests / wall, int(failed.group(1)) if failed else 0


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        project = prepare(folder)
        server = subprocess.Popen([PLIMSOLL, "up", "--port", "0"], cwd=project,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            address = re.search(r"http://[0-9.:]+", server.stdout.readline()).group(0)
            endpoint = json.loads(plimsoll(project, "endpoint", "list", "--json"))[0]
            name = endpoint["endpoint"]["name"]
            asked = f"{address}/v2/models/{name}/infer"
            one, hundred = script(folder, "one", body(1)), script(folder, "hundred", body(100))
            request = urllib.request.Request(asked, body(1).encode(), {"Content-Type": "application/json"})
            print("answers:", urllib.request.urlopen(request).read(200).decode()[:120])
            load(server.pid, asked, one, seconds)  # warm
            load(server.pid, asked, hundred, seconds)
            print(f"{'':28} {'CPU µs/request':>15} {'requests/s':>12} {'not 200':>9}")
            for what, url, lua in (("one row", asked, one), ("100 rows", asked, hundred),
                                   ("unknown endpoint, one row", f"{address}/v2/models/nobody/infer", one)):
                cpu, rate, failed = load(server.pid, url, lua, seconds)
                print(f"{what:28} {cpu:15.1f} {rate:12,.0f} {failed:9,}")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


if __name__ == "__main__":
    main()
