"""The rows of `make bench`: what is run against whom. How it is measured: measure.py; why each peer is fair: README.md."""

import json
import os
import random
import shutil
import statistics
import struct

from measure import Busy, Row, Spread, in_turns, rss_samples, run, run_together

RUNS = int(os.environ.get("BIOCTL_BENCH_RUNS", "7"))
MANY = int(os.environ.get("BIOCTL_BENCH_PHOTOS", "640"))  # for the growth of memory; 10000 takes a while
VGA, LARGE = 1024, 64  # enough for what is done once for a run to weigh little, as with the thousands of a school
PEER_VGA, PEER_LARGE, PEER_SHRUNK = 64, 2, 4  # of them for the peer, whose time for a photo is long beside its fixed costs
REFERENCE_BLAS = ["/usr/lib/x86_64-linux-gnu/blas", "/usr/lib/x86_64-linux-gnu/lapack"]
MODULE = "lib/face/npm/node_modules/@vladmandic/face-api"


class Bench:
    """Programs, photos and environments. `notes` are lines to print below the table."""

    def __init__(self, build, scratch):
        self.bioctl, self.tools, self.scratch = f"{build}/bioctl", f"{build}/tests/bench", scratch
        self.demo, self.models = f"{MODULE}/demo", f"{MODULE}/model"
        self.weights = [f"{self.models}/face_recognition_model-weights_manifest.json", f"{self.models}/face_recognition_model.bin"]
        self.dat = f"{scratch}/resnet.dat"
        self.notes = []
        base = {key: value for key, value in os.environ.items() if not key.startswith(("BIOCTL_", "OPENBLAS_"))}
        # `make deps` gives bioctl the reference BLAS; OpenBLAS, which is here for the peer, would be loaded at every start.
        self.env = base | {"BIOCTL_DATA_DIR": f"{scratch}/data", "BIOCTL_CONFIG": f"{scratch}/bioctl.toml",
                           "LD_LIBRARY_PATH": ":".join(filter(os.path.isdir, REFERENCE_BLAS))}
        self.peer_env = base | {"OPENBLAS_NUM_THREADS": "1"}
        open(f"{scratch}/bioctl.toml", "w", encoding="utf-8").close()
        self.has_peer = os.path.exists(f"{self.tools}/peer_dlib")
        if self.has_peer:
            self.prepare_peer()
        else:
            self.notes.append("no peer of the face verbs: libopenblas0-pthread or libdlib-data was missing when CMake ran")

    def prepare_peer(self):
        self.peer("write-dat", *self.weights, self.dat)
        # OpenBLAS does not always choose the kernel that is the fastest for this network; the peer gets the better one.
        times = {kernel: statistics.median(map(float, self.peer("forward", self.dat, "7", "1", kernel=kernel).output.split()))
                 for kernel in ("", "Haswell")}
        best = min(times, key=times.get)
        if best:
            self.peer_env["OPENBLAS_CORETYPE"] = best
        self.notes.append("dlib's forward, one chip: " + ", ".join(f"{ms:.1f} ms with OpenBLAS's {kernel or 'own'} choice"
                                                                   for kernel, ms in times.items()) + "; the faster one is the peer")

    def peer(self, *words, kernel=""):
        return run([f"{self.tools}/peer_dlib", *words], self.peer_env | ({"OPENBLAS_CORETYPE": kernel} if kernel else {}))

    def ours(self, *words, expect=(0,)):
        return run([self.bioctl, *words], self.env, expect)

    def tool(self, name, *words):
        return run([f"{self.tools}/{name}", *words], self.env).output


def walls(runs):
    return Spread.of([r.wall * 1e3 for r in runs])


def cpu_ms(runs, items=1):
    return statistics.median(r.cpu for r in runs) * 1e3 / items


def start_up(bench):
    thousand_people(bench)
    for words in (["version"], ["--help"], ["people", "list"]):
        (runs,) = in_turns(RUNS, lambda words=words: bench.ours(*words))
        name = " ".join(words) + (", 1,000 people" if words[0] == "people" else "")
        yield Row(f"cold `{name}`", "ms", walls(runs), ours_cpu_ms=cpu_ms(runs))


def thousand_people(bench):
    """999 people of random vectors and one real one, for bioctl in its store, for the peer as rows of 128 float32."""
    random.seed(1)
    people = [[random.uniform(-.22, .22) for _ in range(128)] for _ in range(999)]
    with open(f"{bench.scratch}/people.ndjson", "w", encoding="utf-8") as file:
        for number, vector in enumerate(people):
            record = {"type": "person", "person_id": f"p{number:04}", "space": "dlib-resnet-v1", "templates": [{"vector": vector}]}
            file.write(json.dumps(record, separators=(",", ":")) + "\n")
    bench.ours("-q", "people", "import", f"{bench.scratch}/people.ndjson")
    bench.tool("vga_photo", f"{bench.demo}/sample1.jpg", "1240", "70", "640", f"{bench.scratch}/known.jpg")
    bench.tool("vga_photo", f"{bench.demo}/sample3.jpg", "820", "160", "640", f"{bench.scratch}/gate.jpg")
    bench.ours("-q", "enroll", "--id", "tala", f"{bench.scratch}/known.jpg")
    if not bench.has_peer:
        return
    with open(f"{bench.scratch}/known.list", "w", encoding="utf-8") as file:
        file.write(f"{bench.scratch}/known.jpg\n")
    bench.peer("bulk", bench.dat, f"{bench.scratch}/known.list", "--vectors", f"{bench.scratch}/known.vectors")
    with open(f"{bench.scratch}/gallery", "wb") as file, open(f"{bench.scratch}/known.vectors", "rb") as known:
        for vector in people:
            file.write(struct.pack("<128f", *vector))
        file.write(known.read(128 * 4))


def recognize(bench):
    gate, gallery = f"{bench.scratch}/gate.jpg", f"{bench.scratch}/gallery"
    actions = [lambda: bench.ours("recognize", gate)]
    if bench.has_peer:
        actions.append(lambda: bench.peer("once", bench.dat, gate, gallery))
    ours, *peer = in_turns(RUNS, *actions)
    split = run(["sh", "-c", f"exec '{bench.bioctl}' recognize -v '{gate}' 2>&1 >/dev/null"], bench.env).output
    bench.notes += [line.replace("bioctl: timing", "cold recognize, bioctl: timing") for line in split.splitlines() if "timing" in line]
    row = Row("cold `recognize`, 640x480, 1,000 people", "ms", walls(ours), ours_cpu_ms=cpu_ms(ours))
    if peer:
        who, distance, parts = peer[0][-1].output.strip().split("\t")
        bench.notes.append(f"cold recognize, peer: ms: {parts}")
        answers = f"bioctl says {ours[-1].output.split(chr(9))[2]}, the peer row {who} at {distance} (999 = the same person)"
        bench.notes.append(f"cold recognize, the answers: {answers}")
        row.peer, row.peer_name, row.peer_cpu_ms = walls(peer[0]), "dlib, loads and answers once", cpu_ms(peer[0])
    yield row


class Photos:
    """A folder of people for bioctl, lists of the same files for the peer."""

    def __init__(self, bench, kind, count):
        self.bench, self.kind, self.count = bench, kind, count
        self.folder = f"{bench.scratch}/{kind}"
        self.files = sorted(f"{self.folder}/{id}/photo.jpg" for id in os.listdir(self.folder))

    def enroll(self, jobs):
        shutil.rmtree(f"{self.bench.scratch}/data", ignore_errors=True)
        return self.bench.ours("-q", "bulk-enroll", "-j", str(jobs), "--on-duplicate", "allow", self.folder)

    def peer_bulk(self, count, processes=1, shrink=0):
        """The same photos for each number of processes, evenly spread over the folder. Time without loading the models."""
        files = self.files[::self.count // count][:count]
        commands = []
        for part in range(processes):
            path = f"{self.bench.scratch}/{self.kind}.{part}"
            with open(path, "w", encoding="utf-8") as file:
                file.write("".join(f"{name}\n" for name in files[part::processes]))
            commands.append([f"{self.bench.tools}/peer_dlib", "bulk", self.bench.dat, path, *(["--shrink", str(shrink)] if shrink else [])])
        result = run_together(commands, self.bench.peer_env)
        parts = [json.loads(line) for line in result.output.splitlines()]
        result.faces = sum(part["faces"] for part in parts)
        result.wall = max(part["work_ms"] for part in parts) / 1e3
        result.cpu = sum(part["cpu_ms"] for part in parts) / 1e3
        return result

    def row(self, work, ours, peer=None, peer_name="", peer_count=1):
        row = Row(work, "photos/s", Spread.of([self.count / r.wall for r in ours]), ours_cpu_ms=cpu_ms(ours, self.count))
        if peer:
            row.peer, row.peer_name = Spread.of([peer_count / r.wall for r in peer]), peer_name
            row.peer_cpu_ms = cpu_ms(peer, peer_count)
        return row


def scaling(work, one, two, peer_one=None, peer_two=None):
    of = lambda a, b: Spread.of([x.wall / y.wall for x, y in zip(a, b)])
    row = Row(work, "x", of(one, two), limit_share=of(one, two).median / 2, limit="2 workers")
    if peer_one:
        row.peer, row.peer_name = of(peer_one, peer_two), "dlib, two processes over one"
    return row


def bulk_vga(bench):
    photos = Photos(bench, "vga", VGA)
    actions = [lambda: photos.enroll(1), lambda: photos.enroll(2)]
    if bench.has_peer:
        actions[1:1] = [lambda: photos.peer_bulk(PEER_VGA)]
        actions.append(lambda: photos.peer_bulk(PEER_VGA, processes=2))
    results = in_turns(RUNS, *actions)
    one, two = results[0], results[-2] if bench.has_peer else results[1]
    peer_one, peer_two = (results[1], results[3]) if bench.has_peer else (None, None)
    if peer_one:
        bench.notes.append(f"640x480: of {VGA} photos bioctl enrolled {VGA}; of {PEER_VGA} the peer found {peer_one[0].faces} faces")
    yield photos.row("bulk-enroll -j1, 640x480", one, peer_one, "dlib, one process", PEER_VGA)
    yield photos.row("bulk-enroll -j2, 640x480", two, peer_two, "dlib, two processes", PEER_VGA)
    yield scaling("two workers over one, 640x480", one, two, peer_one, peer_two)


def bulk_large(bench):
    photos = Photos(bench, "large", LARGE)
    actions = [lambda: photos.enroll(1), lambda: photos.enroll(2)]
    if bench.has_peer:
        actions += [lambda: photos.peer_bulk(PEER_LARGE), lambda: photos.peer_bulk(PEER_SHRUNK, shrink=1600)]
    one, two, *peers = in_turns(RUNS, *actions)
    full, shrunk = peers or (None, None)
    yield photos.row("bulk-enroll -j1, 12 MP", one, full, "dlib, as face_recognition's library", PEER_LARGE)
    yield photos.row("bulk-enroll -j1, 12 MP", one, shrunk, "dlib, shrunk to 1600 px first", PEER_SHRUNK)
    yield photos.row("bulk-enroll -j2, 12 MP", two)
    yield scaling("two workers over one, 12 MP", one, two)
    memory = Row("peak memory, bulk-enroll -j2, 12 MP", "MB", Spread.of([r.peak_mb for r in two]))
    if full:
        memory.peer, memory.peer_name = Spread.of([r.peak_mb for r in full]), "dlib, one process, as the library"
    yield memory


def fair_share(bench):
    """With j threads of ours and one of somebody else's on p processors, fair is p * j / (j + 1) processors of the p that j = p had."""
    photos = Photos(bench, "vga", VGA)
    processors = len(os.sched_getaffinity(0))

    def beside_another():
        with Busy():
            return photos.enroll(processors)
    alone, beside = in_turns(RUNS, lambda: photos.enroll(processors), beside_another)
    share = processors / (processors + 1)
    row = photos.row(f"bulk-enroll -j{processors}, 640x480, beside a busy process", beside)
    row.peer, row.peer_name = Spread.of([share * VGA / r.wall for r in alone]), f"its fair share, {share:.0%} of its speed alone"
    yield row


def growth(bench):
    """One run over MANY photos: copies of the small ones, each with bytes of its own behind the end of the picture."""
    source = Photos(bench, "vga", VGA)
    folder = f"{bench.scratch}/many"
    for number in range(MANY):
        os.makedirs(f"{folder}/m{number:05}")
        with open(source.files[number % VGA], "rb") as original, open(f"{folder}/m{number:05}/photo.jpg", "wb") as copy:
            copy.write(original.read() + b"%d" % number)
    shutil.rmtree(f"{bench.scratch}/data", ignore_errors=True)
    _, samples = rss_samples([bench.bioctl, "-q", "bulk-enroll", "-j", "2", "--on-duplicate", "allow", folder], bench.env)
    shutil.rmtree(folder)
    tenth = max(1, len(samples) // 10)
    early, late = samples[tenth:2 * tenth] or samples, samples[-tenth:]
    yield Row(f"growth of memory over {MANY} photos, bulk-enroll -j2", "MB",
              Spread(statistics.median(late) - statistics.median(early), min(late) - max(early), max(late) - min(early), 1))


def sweep(bench):
    if not run(["sh", "-c", f"'{bench.bioctl}' ping-onts -q 127.0.0.1 && echo may"], bench.env, expect=range(256)).output:
        bench.notes.append("no sweep: this user may not send ICMP")
        return
    actions = [lambda: bench.ours("ping-onts", "-g", "127.0.0.0/16", "--rate", "0", "-r", "0", "-a", "-q", expect=(0, 1)),
               lambda: run(["fping", "-g", "127.0.0.0/16", "-i", "0", "-r", "0", "-a", "-q"], bench.env, expect=(0, 1)),
               lambda: run([f"{bench.tools}/packet_rate", "65534"], bench.env)]
    ours, fping, bare = in_turns(RUNS, *actions)
    least = statistics.median(float(r.output) for r in bare)
    yield Row("sweep of 65,534 hosts that answer", "ms", walls(ours), walls(fping), "fping", cpu_ms(ours), cpu_ms(fping),
              least / walls(ours).median, "packet rate")


def from_program(bench, program, *words, peer_name="", limit="", env=None):
    """Rows of a program that measures by itself, one thread each: work, ours, peer (median, least, most), share of the limit, by
    tabs, - for what there is not. Other lines, and those of stderr, are notes."""
    for line in run([program, *words], env or bench.env, merge_stderr=True).output.splitlines():
        fields = line.split("\t")
        if len(fields) != 8:
            bench.notes.append(line)
            continue
        figures = [None if field == "-" else float(field) for field in fields[1:]]
        row = Row(fields[0], "ms", Spread(*figures[:3]), limit_share=figures[6], limit=limit if figures[6] else "")
        if figures[3] is not None:
            row.peer, row.peer_name = Spread(*figures[3:6]), peer_name
        yield row


def forward(bench):
    if bench.has_peer:
        rows = list(from_program(bench, f"{bench.tools}/bench_embed", *bench.weights, bench.dat, bench.demo, str(max(RUNS, 7)),
                                 peer_name="dlib's forward, OpenBLAS", limit="FMA peak", env=bench.peer_env))
        yield from rows
        yield from plain_blas_rows(bench, rows)


def plain_blas_rows(bench, rows):
    """The same against the BLAS that `apt install libdlib-dev` brings along, which is what dlib runs on until somebody adds OpenBLAS."""
    plain = f"{REFERENCE_BLAS[0]}/libblas.so.3"
    if not os.path.exists(plain):
        return
    for batch in (1, 8):
        ours = next((row for row in rows if f"batch {batch}," in row.work), None)
        if ours:
            times = run([f"{bench.tools}/peer_dlib", "forward", bench.dat, "7", str(batch)], bench.peer_env | {"LD_PRELOAD": plain}).output
            yield Row(ours.work, ours.unit, ours.ours, Spread.of([float(ms) for ms in times.split()]), "dlib's forward, Debian's default BLAS")


def search(bench):
    program = f"{bench.tools}/search_bench"
    if os.path.exists(program):
        yield from from_program(bench, program, peer_name="faiss IndexFlatL2", limit="memory bandwidth", env=bench.peer_env)


def photos(bench):
    made = bench.tool("bench_photos", bench.demo, bench.models, bench.scratch, str(VGA), str(LARGE))
    bench.notes += made.splitlines()
    return iter(())


SECTIONS = [photos, start_up, recognize, bulk_vga, bulk_large, fair_share, growth, forward, search, sweep]
