"""data/config/expected.jsonl: what fedmsg-config prints for whole directories of configuration.

The vectors were made from Python files; TWINS says the same in YAML. Values must be equal, key order means nothing.
"""
import json
import os
import shutil
import socket
import unittest

from bus import BusTest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.environ.get("FEDMSG_HUB_TEST_DATA") or os.path.join(os.path.dirname(ROOT), "shared", "data")

LITERALS = r'''
# a comment, and every kind of value
s1: single
s2: "double"
s3: "triple\nline"
s4: a "quoted" b
s5: "esc \n \t \\ ' A \u00e9 \U0001F600 A"
s6: raw \n \d+
s7: unicode
s8: concatenated
i1: 0
i2: -17
i3: 0x1F
i4: 0o17
i5: 5
i6: 1000000
i7: 123456789012345678901234567890
f1: 1.5
f2: 1e3
f3: -0.5
f4: .5
f5: 3.
t: true
f: false
n: ~
l: [1, two, [3, []]]
tu: [1, 2]
e1: []
e2: {}
e3: []
one: [5]
d: {k: {n: 1}, quoted.key: 2, 3: int key}
endpoints:
  svc.host: tcp://127.0.0.1:3000
  many:
    - tcp://127.0.0.1:3001
    - tcp://127.0.0.1:3002
'''

BASE = '''
environment: prod
cache: {expiry: 7200, size: 12, half: 3, frac: 0.25, neg: -3, power: 1024, rem: 3}
endpoints:
  bodhi.${host}: [tcp://127.0.0.1:3001]
  askbot.ask01: [tcp://ask01.phx2.example.org:3000, tcp://ask01.phx2.example.org:3001, tcp://ask01.phx2.example.org:3002]
  fas.${host}: [tcp://fas01.phx2.example.org:3000]
  plus.${host}: [tcp://a.phx2.example.org:1, tcp://b.phx2.example.org:2]
  late: tcp://127.0.0.1:7
certnames:
  shell.${host}: shell-x01.phx2.example.org
  bodhi.app01: bodhi-app01.phx2.example.org
sep: a/b
joined: /etc/pki/fedmsg
fmt: "[%(asctime)s][%(name)10s %(levelname)7s] %(message)s"
dotted.key: true
moksha.workers_per_consumer: 2
moksha.monitoring.socket: ipc:///var/run/fedmsg/monitoring-fedmsg-hub.socket
moksha.monitoring.socket.mode: "770"
'''

MORE = '''
updated: true
in_if: "yes"
imported: false
loop1: 1
loop2: 2
text: stripped
upper: ABC
cond: a
fstring: 2-x
comp: {a: 1, b: 2}
slice: bc
in: true
boolop: fallback
'''

# case -> file below its directory -> content
TWINS = {
    "literals": {"fedmsg.d/a.yaml": LITERALS},
    "merge": {
        "fedmsg-config.yaml": "cwd_single: true\nd: {x: {a: 1000}}\n",
        "fedmsg.d/10.yaml": "who: cwd10\nendpoints: {c: 'tcp://127.0.0.1:2', h: ['tcp://127.0.0.1:9']}\n"
                            "d: {x: {b: 20, c: 30}, y: [9]}\n",
        "fedmsg.d/9.yaml": "who: cwd9\nd: {z: 5, x: {c: 31}}\nscalar_then_dict: 1\ndict_then_scalar: {a: 1}\n",
        "fedmsg.d/B.yaml": "who: B\nscalar_then_dict: {q: 1}\ndict_then_scalar: 7\n",
        "fedmsg.d/a.yaml": "who: a\norder: 'a after B: upper case sorts first'\n",
        "fedmsg.d/c.yaml.bak": "who: ignored\n",
        "fedmsg.d/ignored.txt": "who: ignored\n",
        "fedmsg.d/sub/z.yaml": "who: ignored\n",
        "home/.fedmsg-config.yaml": "home_single: true\nd: {x: {a: 100}}\n",
        "home/.fedmsg.d/a.yaml": "who: home\nhome_only: 1\nendpoints: {h: ['tcp://127.0.0.1:1']}\n"
                                 "d: {x: {a: 1, b: 2}, y: [1, 2, 3]}\n"},
    "logging-replaces-defaults": {
        "fedmsg.d/a.yaml": "endpoints: {}\nlogging: {version: 1, loggers: {mine: {level: DEBUG}}}\n",
        "fedmsg.d/b.yaml": "logging: {loggers: {other: {level: INFO}}}\n"},
    "real-world": {"fedmsg.d/base.yaml": BASE, "fedmsg.d/more.yaml": MORE},
    "no-endpoints": {"fedmsg.d/a.yaml": "environment: dev\n"},
    "endpoints-not-a-dict": {"fedmsg.d/a.yaml": "endpoints: ['tcp://127.0.0.1:1']\n"},
    "no-config-variable": {"fedmsg.d/a.yaml": "- not a map\n"},
    "syntax-error": {"fedmsg.d/a.yaml": "endpoints: {\n"},
    "prefix-re": {"fedmsg.d/a.yaml": "endpoints: {}\ntopic_prefix: com.example.bus\n"},
    "prefix-re-given": {"fedmsg.d/a.yaml": "endpoints: {}\ntopic_prefix: com.example\ntopic_prefix_re: ^com.*\n"},
    "virtualenv": {"fedmsg.d/a.yaml": "endpoints: {}\nwho: cwd\n", "venv/etc/fedmsg.d/v.yaml": "who: venv\nv: 1\n"},
    "single-file": {"fedmsg.d/a.yaml": "endpoints: {}\nwho: cwd\n",
                    "other.conf": "endpoints: {x: 'tcp://127.0.0.1:5'}\nwho: single\n"},
    "single-file-no-defaults": {"fedmsg.d/a.yaml": "endpoints: {}\nwho: cwd\n", "other.conf": "who: single\n"},
}


class ConfigVectors(BusTest):
    def agrees(self, line):
        for name, content in TWINS[line["case"]].items():
            self.write(name, content)
        environment = dict(setting.split("=", 1) for setting in line["env"])
        environment["HOME"] = self.path("home")
        shown = self.run_program("fedmsg-config", *line["args"], env=environment)
        self.assertEqual(shown.popen.returncode, line["exit"], shown.all_output())
        if "config" in line:
            expected = json.dumps(line["config"]).replace("@HOSTNAME@", socket.gethostname().split(".")[0])
            self.assertEqual(json.loads(shown.out()), json.loads(expected))
        else:
            self.assertNotEqual(shown.err(), "")
        for name in os.listdir(self.directory):
            path = self.path(name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

    def test_all_agree(self):
        path = os.path.join(DATA, "config", "expected.jsonl")
        if not os.path.isdir(DATA):
            self.skipTest("no vectors here")
        self.assertFalse(os.path.exists("/etc/fedmsg.d"), "an installed configuration would be read as well")
        with open(path) as f:
            lines = [json.loads(line) for line in f if line.strip()]
        passed = 0
        for line in lines:
            with self.subTest(line["case"]):
                self.agrees(line)
                passed += 1
        report = os.environ.get("FEDMSG_HUB_VECTOR_REPORT")
        if report:
            with open(report, "a") as f:
                f.write(f"config: {passed}/{len(lines)}\n")
        self.assertEqual(passed, len(lines))


if __name__ == "__main__":
    unittest.main()
