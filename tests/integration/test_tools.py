"""The command line tools as their users meet them: pipes, wrong input, configuration files."""
import ctypes
import itertools
import json
import os
import subprocess
import time
import unittest

import zmq

from bus import BIN, BUILD, PLUGINS, BusTest, body, free_port, wait_for

PROGRAMS = ("fedmsg-hub", "fedmsg-relay", "fedmsg-gateway", "fedmsg-logger", "fedmsg-tail", "fedmsg-config")

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2


def read_only_what_is_allowed():
    """In a child before exec: takes root's power to read any file from it. Others have no such power; the calls then fail."""
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


class ToolTest(BusTest):
    def stand_in_relay(self):
        """A collector where the relay listens; returns it and the configuration of the tools."""
        inbound = f"tcp://127.0.0.1:{free_port()}"
        return self.collector(inbound), self.config("tools.yaml", endpoints={}, relay_inbound=[inbound])

    def log(self, config, *argv, text=None):
        return self.run_program("fedmsg-logger", "--config-filename", config, *argv, input=text)

    def received(self, relay, count):
        """The payloads of all messages so far, which must become `count`."""
        wait_for(lambda: len(relay.messages) >= count, lambda: f"{count} messages, there are {len(relay.messages)}")
        self.assertEqual(len(relay.messages), count)
        return [json.loads(frames[1])["msg"] for frames in relay.messages]


class KnownFailuresOfTheCommandLine(ToolTest):
    def test_KF_073_wrong_input_publishes_nothing_and_says_where(self):
        """Without --json-input lines are stripped and blank ones are sent: the index of the specifications settles the
        clash with the item so."""
        relay, config = self.stand_in_relay()
        for text, place in (('{"a":', "line 1"), ("", "line 1"), ('{\n"a" 1}', "line 2")):
            with self.subTest(text):
                logger = self.log(config, "--json-input", text=text)
                self.assertEqual(logger.popen.returncode, 1)
                self.assertIn(place, logger.err())
        bad = self.log(config, text=b"good\n\xff\n")
        self.assertEqual(bad.popen.returncode, 1)
        self.assertIn("line 2 is not UTF-8", bad.err())
        self.assertEqual(self.received(relay, 1), [{"log": "good"}])
        self.assertEqual(self.log(config, text="").popen.returncode, 0)
        self.assertEqual(self.log(config, "--json-input", text="[1]").popen.returncode, 0)
        self.assertEqual(self.log(config, text="  indented\n\nlast").popen.returncode, 0)
        self.assertEqual(self.log(config, text="x" * 3_000_000 + "\n").popen.returncode, 0)
        messages = self.received(relay, 6)[1:]
        self.assertEqual(messages[:4], [[1], {"log": "indented"}, {"log": ""}, {"log": "last"}])
        self.assertEqual(len(messages[4]["log"]), 3_000_000)
        long = self.log(config, text="x" * 9_000_000 + "\n")
        self.assertEqual(long.popen.returncode, 1)
        self.assertIn("8", long.err())
        self.assertEqual(len(self.received(relay, 6)), 6)

    def start_tail(self, *argv, **keys):
        publisher = self.publisher()
        config = self.config("tail.yaml", endpoints={"test": [publisher.address]}, **keys)
        tail = self.start("fedmsg-tail", "--config-filename", config, *argv)
        publisher.wait_for_subscription()
        return publisher, tail

    def test_KF_074_standard_output_holds_messages_and_nothing_else(self):
        """In the new mode --json, as the index of the specifications settles; with debug logging on."""
        logging = {"version": 1, "handlers": {"console": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout"}},
                   "loggers": {"fedmsg": {"level": "DEBUG", "handlers": ["console"]}}}
        publisher, tail = self.start_tail("--json", logging=logging)
        for i in range(50):
            publisher.send("org.example.dev.a", body(i))
            publisher.send("org.example.dev.bad", "{")
        wait_for(lambda: tail.out().count("\n") >= 50 and tail.err().count("cannot be shown") >= 50, tail.all_output)
        self.assertEqual([json.loads(line)["i"] for line in tail.out().splitlines()], list(range(50)))

    def test_KF_075_a_line_is_seen_in_a_pipe_within_a_second(self):
        """And at 20,000 messages/s the throughput is still fine: as many arrive in the time that sending takes, and two
        seconds."""
        publisher = self.publisher()
        config = self.config("tail.yaml", endpoints={"test": [publisher.address]}, high_water_mark="unlimited")
        tail = subprocess.Popen([os.path.join(BIN, "fedmsg-tail"), "--json", "--config-filename", config],
                                stdout=subprocess.PIPE, env={**os.environ, "HOME": self.directory})
        self.addCleanup(tail.stdout.close)
        self.addCleanup(tail.wait)
        self.addCleanup(tail.kill)
        publisher.wait_for_subscription()
        for i in range(3):
            start = time.monotonic()
            publisher.send("org.example.dev.a", body(i))
            self.assertEqual(json.loads(tail.stdout.readline())["i"], i)
            self.assertLess(time.monotonic() - start, 1)
        count = 20000
        start = time.monotonic()
        for i in range(count):
            publisher.send("org.example.dev.a", body(i))
        sending = time.monotonic() - start
        for i in range(count):
            self.assertEqual(json.loads(tail.stdout.readline())["i"], i)
        self.assertLess(time.monotonic() - start, max(sending, 1) + 2)

    def test_KF_076_each_option_works_alone_and_with_each_other(self):
        """Each option of each tool alone, and each pair, with and without configuration file; what they set is shown by
        --print-config, the rest has its documented default. --help is made from the same table."""
        common = [("--io-threads", "2", "io_threads", 2), ("--topic-prefix", "org.x", "topic_prefix", "org.x"),
                  ("--post-init-sleep", "0.25", "post_init_sleep", 0.25), ("--high-water-mark", "7", "high_water_mark", 7),
                  ("--linger", "5", "zmq_linger", 5), ("--timeout", "3.5", "timeout", 3.5)]
        own = {"fedmsg-logger": [("--json-input", None, "json_input", True), ("--topic", "t", "topic", "t"),
                                 ("--modname", "m", "modname", "m"), ("--cert-prefix", "p", "cert_prefix", "p")],
               "fedmsg-tail": [("--query", "i", "query", "i"), ("--pretty", None, "pretty", True),
                               ("--really-pretty", None, "really_pretty", True), ("--terse", None, "terse", True),
                               ("--exclude", "x", "exclusive_regexp", "x"), ("--users", "ann", "users", "ann")]}
        config = self.config("c.yaml", endpoints={})
        for program, options in own.items():
            help_text = self.run_program(program, "--help").out()
            options = common + options
            for name, *_ in options:
                self.assertIn(name, help_text)
            for chosen in itertools.chain([(one,) for one in options], itertools.combinations(options, 2)):
                argv = [word for name, value, _, _ in chosen for word in ((name,) if value is None else (name, value))]
                for files in ([], ["--config-filename", config]) if len(chosen) == 1 else (["--config-filename", config],):
                    shown = subprocess.run([os.path.join(BIN, program), "--print-config", *files, *argv],
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.directory,
                                           env={"HOME": self.directory}, timeout=20)
                    self.assertEqual(shown.returncode, 0, (argv, shown.stderr))
                    values = json.loads(shown.stdout)
                    for _, _, key, value in chosen:
                        self.assertEqual(values[key], value, argv)
                    if "--linger" not in argv:
                        self.assertEqual(values["zmq_linger"], 1000)


class KnownFailuresOfConfiguration(ToolTest):
    def printed(self, *argv, program="fedmsg-config", **options):
        shown = self.run_program(program, *argv, **options)
        self.assertEqual(shown.popen.returncode, 0, shown.all_output())
        return json.loads(shown.out())

    def test_KF_027_the_later_name_in_byte_order_wins_on_every_file_system(self):
        """Created in reverse order on a disk and on tmpfs: 20-b wins over 10-a, 9-z over both, the rest is skipped."""
        import shutil
        import tempfile
        places = [self.directory] + (["/dev/shm"] if os.access("/dev/shm", os.W_OK) else [])
        for place in places:
            directory = tempfile.mkdtemp(prefix="fedmsg-kf27-", dir=place)
            self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
            files = {"20-b.yaml": "environment: b\nb: 1\n", "10-a.yaml": "environment: a\na: 1\n",
                     ".hidden.yaml": "environment: hidden\n", "x.yaml.bak": "environment: bak\n",
                     "y.yaml.rpmsave": "environment: save\n", "z.txt": "environment: txt\n"}
            os.mkdir(os.path.join(directory, "30-c.yaml"))
            for name in sorted(files, reverse=True):
                with open(os.path.join(directory, name), "w") as f:
                    f.write(files[name])
            values = self.printed("--config-filename", directory, "--disable-defaults")
            self.assertEqual(values, {"environment": "b", "a": 1, "b": 1})
            with open(os.path.join(directory, "9-z.yaml"), "w") as f:
                f.write("environment: z\n")
            self.assertEqual(self.printed("--config-filename", directory, "--disable-defaults")["environment"], "z")

    def test_KF_028_maps_of_several_files_merge(self):
        """A, b (new), c; rules kept; lists replaced, not appended; the tool says which file each value came from."""
        first = self.write("conf/1.yaml", "endpoints: {a: ['tcp://127.0.0.1:1'], b: ['tcp://127.0.0.1:2', "
                                          "'tcp://127.0.0.1:3']}\nrouting_policy: {org.example.a: [x]}\n")
        second = self.write("conf/2.yaml", "endpoints:\n  c: ['tcp://127.0.0.1:4']\n  b: ['tcp://127.0.0.1:5']\n")
        values = self.printed("--config-filename", self.path("conf"))
        self.assertEqual(values["endpoints"], {"a": ["tcp://127.0.0.1:1"], "b": ["tcp://127.0.0.1:5"],
                                               "c": ["tcp://127.0.0.1:4"]})
        self.assertEqual(values["routing_policy"], {"org.example.a": ["x"]})
        origin = self.run_program("fedmsg-config", "--config-filename", self.path("conf"), "--origin").out()
        self.assertIn(f"{first}:1", origin)
        self.assertIn(f"{second}:3", origin)

    def test_KF_030_config_filename_is_obeyed_by_every_program(self):
        """The file sets another relay port than the directory does; a missing and an unreadable file are errors with the
        system's reason, not a fall-back."""
        named = self.config("named.yaml", endpoints={"relay_outbound": ["tcp://127.0.0.1:4567"]},
                            relay_inbound=["tcp://127.0.0.1:4568"])
        self.write("fedmsg.d/other.yaml", "relay_inbound: ['tcp://127.0.0.1:1111']\n")
        secret = self.write("secret.yaml", "endpoints: {}\n", mode=0)
        for program in PROGRAMS:
            with self.subTest(program):
                argv = [] if program == "fedmsg-config" else ["--print-config"]
                values = self.printed("--config-filename", named, *argv, program=program)
                self.assertEqual(values["relay_inbound"], ["tcp://127.0.0.1:4568"])
                missing = self.run_program(program, "--config-filename", self.path("missing.yaml"), *argv)
                self.assertNotEqual(missing.popen.returncode, 0)
                self.assertIn(f"'{self.path('missing.yaml')}' is not a file", missing.err())
                unreadable = self.run_program(program, "--config-filename", secret, *argv, preexec=read_only_what_is_allowed)
                self.assertNotEqual(unreadable.popen.returncode, 0)
                self.assertIn("Permission denied", unreadable.err())

    def test_KF_031_broken_files_are_refused_in_bounded_time_and_memory(self):
        """A plain multi-line scalar with an unbalanced quote inside parentheses, 10 MB of '[', an alias bomb of 9 levels by
        9: an error with file and line, in under 1 s and below 200 MB. The rule files of badges come with badges."""
        bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"a{n}: &a{n} [{','.join(['*a' + str(n - 1)] * 9)}]\n" for n in range(1, 9))
        inputs = {"scalar": "condition: evt.type = open and (\n  proc.name contains \"it's\n  or x)\nb: [1\n",
                  "brackets": "a: " + "[" * 10_000_000, "bomb": bomb}
        for (name, text), program in itertools.product(inputs.items(), ("fedmsg-config", "fedmsg-hub")):
            with self.subTest(f"{name} {program}"):
                path = self.write(f"{name}.yaml", text)
                start = time.monotonic()
                process = subprocess.Popen([os.path.join(BIN, program), "--config-filename", path],
                                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                error = process.stderr.read().decode()
                process.stderr.close()
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                self.assertLess(time.monotonic() - start, 1)
                self.assertLess(usage.ru_maxrss, 200 * 1024)
                self.assertEqual(process.returncode, 78 if program == "fedmsg-hub" else 1, error)
                self.assertIn(path, error)

    def test_KF_032_publishing_without_an_endpoint_names_the_key_to_add(self):
        """The hello world of the manual on a fresh installation, without any configuration."""
        logger = self.run_program("fedmsg-logger", "--message", "Hello World.", "--config-filename",
                                  self.write("empty.yaml", "endpoints: {}\n"))
        self.assertEqual(logger.popen.returncode, 1)
        self.assertEqual(len(logger.err().strip().splitlines()), 1, logger.err())
        self.assertIn("relay_inbound", logger.err())

    def test_KF_033_one_publisher_too_many_is_told_which_addresses_are_taken(self):
        """Two ports configured, three publishers: the third fails in under 1 s and names what it tried; when one of the
        first ends, a retry works."""
        fixtures = os.path.join(BUILD, "tests", "fixtures", "consumers")
        ports = [f"tcp://127.0.0.1:{free_port()}" for _ in range(2)]

        def config(n):
            return self.config(f"hub{n}.yaml", endpoints={"hub": ports}, hub_publisher={"name": "hub"},
                               plugin_dirs=[fixtures], forwarder__enabled=True, state_dir=self.path(f"state{n}"))
        first, _ = (self.start_hub(config(n)) for n in range(2))
        start = time.monotonic()
        third = self.run_program("fedmsg-hub", "--config", config(2))
        self.assertLess(time.monotonic() - start, 1)
        self.assertEqual(third.popen.returncode, 1, third.all_output())
        for port in ports:
            self.assertIn(port.rsplit(":", 1)[1], third.err())
        self.assertIn("in use", third.err())
        self.assertEqual(first.stop(), 0)
        self.start_hub(config(2))


class KnownFailuresOfJson(ToolTest):
    def printing_hub(self):
        publisher = self.publisher()
        hub = self.start_hub(self.config(endpoints={"test": [publisher.address]}, plugin_dirs=[PLUGINS],
                                         printer__enabled=True, printer__format="line", printer__file=self.path("printed")))
        publisher.wait_for_subscription()
        return publisher, hub

    def printed(self, count):
        wait_for(lambda: len(self.lines_of("printed")) >= count, lambda: self.processes[0].all_output())
        return [line.split(" ", 1)[1] for line in self.lines_of("printed")]

    def test_KF_046_a_nul_inside_a_string_is_carried(self):
        """Through hub and printer, and through tail. Signatures and the store belong to their issues."""
        publisher, _ = self.printing_hub()
        tail = self.start("fedmsg-tail", "--json", "--config-filename",
                          self.config("tail.yaml", endpoints={"test": [publisher.address]}))
        publisher.wait_for_subscription()
        text = '{"msg":{"log":"a\\u0000b"},"topic":"org.example.dev.a"}'
        publisher.send("org.example.dev.a", text)
        self.assertEqual(self.printed(1), [text])
        wait_for(lambda: tail.out() == text + "\n", tail.all_output)

    def test_KF_048_large_messages_pass_up_to_the_limit_and_are_counted_above_it(self):
        """20,000 names (1.5 MB) and one string of 5 MB are handed over whole; above 8 MiB a counted refusal. Store,
        renderer and notifications belong to their issues."""
        publisher, hub = self.printing_hub()
        names = body(1, msg={"packages": [f"package-{n:020d}-with-a-long-name-to-fill-the-body-up-{n:020d}"
                                          for n in range(20000)]})
        string = body(2, msg={"text": "x" * 5_000_000})
        for text in (names, string, body(3, msg={"text": "x" * 9_000_000}), body(4)):
            publisher.send("org.example.dev.a", text)
        self.assertEqual(self.printed(3), [names, string, body(4)])
        self.assertIn("it is larger than 8 MiB", hub.out() + hub.err())

    def test_KF_049_of_duplicate_keys_the_last_wins_everywhere(self):
        """In the hub's parse and canonical form, and in tail; the relay's form is tested with the relay. Validation,
        storage and rendering belong to their issues."""
        publisher, _ = self.printing_hub()
        tail = self.start("fedmsg-tail", "--json", "--config-filename",
                          self.config("tail.yaml", endpoints={"test": [publisher.address]}))
        publisher.wait_for_subscription()
        publisher.send("org.example.dev.b", '{"topic":"org.example.dev.a","topic":"org.example.dev.b","msg":{"k":1,"k":2}}')
        last = '{"msg":{"k":2},"topic":"org.example.dev.b"}'
        self.assertEqual(self.printed(1), [last])
        wait_for(lambda: tail.out() == last + "\n", tail.all_output)


if __name__ == "__main__":
    unittest.main()
