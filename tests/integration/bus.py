"""A bus of real programs on loopback, for tests: directories, ports, processes, and raw ZeroMQ peers.

Everything a test starts is ended by pid when the test ends, and every wait has a deadline.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

import zmq

BUILD = os.environ["FEDMSG_HUB_BUILD"]
BIN = os.path.join(BUILD, "bin")
PLUGINS = os.path.join(BUILD, "plugins")
FIXTURES = os.path.join(BUILD, "tests", "fixtures", "plugins")
NIGHTLY = os.environ.get("FEDMSG_HUB_NIGHTLY") == "1"
DEADLINE = 30  # seconds


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(condition, what, limit=DEADLINE):
    """Returns the condition's first true value; fails with `what` after `limit` seconds."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.01)  # polling interval
    raise AssertionError(f"not within {limit} s: {what() if callable(what) else what}")


class Process:
    """A program with its output in files."""

    def __init__(self, directory, *argv, env=None, stdin=None, preexec=None):
        self.name = os.path.basename(argv[0])
        self.out_file = tempfile.NamedTemporaryFile("w+", dir=directory, prefix=self.name + "-out-", delete=False)
        self.err_file = tempfile.NamedTemporaryFile("w+", dir=directory, prefix=self.name + "-err-", delete=False)
        clean = {k: v for k, v in os.environ.items() if k not in ("JOURNAL_STREAM", "FEDMSG_CONFIG")}
        clean.update({"HOME": directory, "TZ": "UTC", **(env or {})})
        self.popen = subprocess.Popen(list(argv), stdin=stdin or subprocess.DEVNULL, stdout=self.out_file,
                                      stderr=self.err_file, env=clean, cwd=directory, preexec_fn=preexec)
        self.pid = self.popen.pid

    def out(self):
        with open(self.out_file.name, errors="replace") as f:
            return f.read()

    def err(self):
        with open(self.err_file.name, errors="replace") as f:
            return f.read()

    def all_output(self):
        return f"--- {self.name} stdout\n{self.out()}\n--- stderr\n{self.err()}"

    def is_running(self):
        return self.popen.poll() is None

    def wait(self, limit=DEADLINE):
        try:
            return self.popen.wait(limit)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {limit} s\n{self.all_output()}") from None

    def signal(self, number):
        self.popen.send_signal(number)

    def stop(self, limit=DEADLINE):
        """Asks it to end; returns the exit code."""
        if self.is_running():
            self.signal(signal.SIGTERM)
        return self.wait(limit)

    def wait_for_output(self, text, limit=DEADLINE):
        def seen():
            if text in self.out() or text in self.err():
                return True
            if not self.is_running():
                raise AssertionError(f"ended with {self.popen.returncode} before it said {text!r}\n{self.all_output()}")
            return False
        wait_for(seen, lambda: f"{text!r} in the output\n{self.all_output()}", limit)

    def kill(self):
        if self.is_running():
            self.popen.kill()
            self.popen.wait()

    def resident_kb(self, field="VmRSS"):
        with open(f"/proc/{self.pid}/status") as f:
            return next(int(line.split()[1]) for line in f if line.startswith(field + ":"))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.pid}/task"))


class RawPublisher:
    """An independent peer: a PUB socket that sends frames as they are."""

    def __init__(self, context, address=None):
        self.socket = context.socket(zmq.XPUB)
        self.socket.setsockopt(zmq.XPUB_VERBOSE, 1)
        self.socket.setsockopt(zmq.LINGER, 2000)
        self.socket.setsockopt(zmq.SNDHWM, 0)
        self.address = address or f"tcp://127.0.0.1:{free_port()}"
        self.socket.bind(self.address)

    def wait_for_subscription(self, prefix=b"", limit=DEADLINE):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            if self.socket.poll(100) and self.socket.recv() == b"\x01" + prefix:
                return
        raise AssertionError(f"nobody subscribed to {prefix!r}")

    def subscriptions(self, quiet_ms=500):
        """All that arrive until none has for a while."""
        seen = []
        while self.socket.poll(quiet_ms):
            seen.append(self.socket.recv())
        return seen

    def send(self, topic, body):
        body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        frames = [part.encode() if isinstance(part, str) else part for part in (topic, body)]
        self.socket.send_multipart(frames)


class RawSubscriber:
    """An independent peer: a SUB socket that receives frames as they are."""

    def __init__(self, context, address, prefix=b""):
        self.socket = context.socket(zmq.SUB)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVHWM, 0)
        self.socket.setsockopt(zmq.SUBSCRIBE, prefix)
        self.socket.connect(address)

    def receive(self, limit=DEADLINE):
        if not self.socket.poll(limit * 1000):
            raise AssertionError(f"no message within {limit} s")
        return self.socket.recv_multipart()


class Collector:
    """A SUB socket bound where publishers connect to, read by a thread of its own all the time: libzmq attends to new
    connections of a socket only while somebody uses it."""

    def __init__(self, context, address):
        self.messages = []
        self.stopping = threading.Event()
        self.socket = context.socket(zmq.SUB)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVHWM, 0)
        self.socket.subscribe(b"")
        self.socket.bind(address)
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.stopping.is_set():
            if self.socket.poll(50):
                self.messages.append(self.socket.recv_multipart())
        self.socket.close(0)

    def stop(self):
        self.stopping.set()
        self.thread.join()


class BusTest(unittest.TestCase):
    """A test with a directory, a ZeroMQ context, and programs that end with it."""

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="fedmsg-it-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.context = zmq.Context()
        self.addCleanup(self.context.destroy, 0)
        self.processes = []
        self.addCleanup(lambda: [process.kill() for process in self.processes])

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, content, mode=0o644):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(path, mode)
        return path

    def config(self, name="config.yaml", **keys):
        """A configuration file; dots in key names are written as __. JSON is YAML."""
        base = {"validate_signatures": False, "state_dir": self.path("state"), "runtime_dir": self.path("run"),
                "topic_prefix": "org.example", "environment": "dev", "zmq_reconnect_ivl": 20}
        base.update({key.replace("__", "."): value for key, value in keys.items()})
        return self.write(name, json.dumps({key: value for key, value in base.items() if value is not None}))

    def start(self, program, *argv, **options):
        path = program if os.path.isabs(program) else os.path.join(BIN, program)
        process = Process(self.directory, path, *argv, **options)
        self.processes.append(process)
        return process

    def run_program(self, program, *argv, input=None, limit=DEADLINE, **options):
        with open(self.write("stdin", input) if input is not None else os.devnull, "rb") as stdin:
            process = self.start(program, *argv, stdin=stdin, **options)
        process.wait(limit)
        return process

    def start_hub(self, config, *argv, program="fedmsg-hub", **options):
        hub = self.start(program, "--config", config, *argv, **options)
        hub.wait_for_output("Running the MokshaHub reactor")
        return hub

    def publisher(self, address=None):
        publisher = RawPublisher(self.context, address)
        self.addCleanup(publisher.socket.close, 0)
        return publisher

    def collector(self, address):
        collector = Collector(self.context, address)
        self.addCleanup(collector.stop)
        return collector

    def subscriber(self, address, prefix=b""):
        subscriber = RawSubscriber(self.context, address, prefix)
        self.addCleanup(subscriber.socket.close, 0)
        return subscriber

    def lines_of(self, name):
        try:
            with open(self.path(name), errors="replace") as f:
                return f.read().splitlines()
        except FileNotFoundError:
            return []

    def report_of(self, monitoring, limit=12):
        """The next report of a monitoring socket."""
        return json.loads(self.subscriber(monitoring).receive(limit)[0])


def body(number, topic="org.example.dev.test.event", **fields):
    """A message as a Python publisher writes it."""
    message = {"i": number, "msg": {"n": number}, "msg_id": f"2026-{number:08d}-0000-4000-8000-000000000000",
               "timestamp": 1790000000 + number, "topic": topic, "username": "ann"}
    message.update(fields)
    return json.dumps(message, sort_keys=True, separators=(",", ":"))
