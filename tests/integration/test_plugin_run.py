"""fedmsg-hub-plugin-run: a plugin in an operator's hands."""
import json
import os

from bus import BIN, BUILD, PLUGINS, BusTest, body, free_port

CONSUMERS = os.path.join(BUILD, "tests", "fixtures", "consumers")
FILE = os.path.join(CONSUMERS, "it-consumers.so")
WANTED = "org.example.dev.test.wanted"


class APluginRun(BusTest):
    def setUp(self):
        super().setUp()
        self.configuration = self.config(plugin_dirs=[CONSUMERS, PLUGINS], operated__file=self.path("notes"))

    def run_plugin(self, *argv, configuration=None, **options):
        return self.run_program("fedmsg-hub-plugin-run", "--config", configuration or self.configuration, *argv, **options)

    def messages(self, *bodies):
        return self.write("messages", "".join(line + "\n" for line in bodies))

    def test_a_command_gets_its_words_and_gives_the_exit_code(self):
        run = self.run_plugin("operated", "no", "--such", "command")
        self.assertEqual(run.popen.returncode, 2)
        self.assertEqual(run.err(), "[no][--such][command] is no command of mine\n")
        self.assertEqual(run.out(), "")

    def test_a_wrapper_names_the_plugin_and_options_may_follow(self):
        run = self.run_program("fedmsg-hub-plugin-run", "--plugin", "operated", "--config", self.configuration, "where")
        self.assertEqual(run.popen.returncode, 0, run.all_output())
        directory = run.out().strip()
        self.assertEqual(directory, self.path("state") + "/hub/state/operated")
        self.assertEqual(os.stat(directory).st_mode & 0o777, 0o750)
        other = self.run_plugin("operated", "--instance", "two", "where")
        self.assertEqual(other.out().strip(), self.path("state") + "/hub@two/state/operated")

    def test_a_command_that_throws_fails_with_its_reason(self):
        run = self.run_plugin(FILE, "--consumer", "operated", "throw")
        self.assertEqual(run.popen.returncode, 1)
        self.assertIn("as told", run.err())

    def test_check_tells_each_problem(self):
        good = self.run_plugin("operated", "--check")
        self.assertEqual((good.popen.returncode, good.out()), (0, "operated: good\n"))
        bad = self.run_plugin("operated", "--check", configuration=self.config("bad.yaml", plugin_dirs=[CONSUMERS]))
        self.assertEqual(bad.popen.returncode, 1)
        self.assertIn("operated.file: notes go nowhere", bad.err())

    def test_explain_says_it_for_each_message_and_does_nothing(self):
        run = self.run_plugin("operated", "--explain", self.messages(body(1, WANTED), "", body(2, WANTED)))
        self.assertEqual(run.popen.returncode, 0, run.all_output())
        self.assertEqual(run.out(), "message 1 would be noted\nmessage 2 would be noted\n")
        self.assertEqual(self.lines_of("notes"), [])

    def test_explain_names_lines_that_are_no_messages(self):
        path = self.messages("{", "[]", "{}", body(4, WANTED))
        run = self.run_plugin("operated", "--explain", path)
        self.assertEqual(run.popen.returncode, 1)
        self.assertEqual(run.out(), "message 4 would be noted\n")
        for line in (1, 2, 3):
            self.assertIn(f"{path}:{line}: this line is no", run.err())

    def test_replay_hands_over_what_the_consumer_wants_with_its_state_in_force(self):
        path = self.messages(*(body(n, WANTED) for n in range(3000)), body(9, "org.example.dev.test.other"))
        run = self.run_plugin("operated", "--replay", path)
        self.assertEqual(run.popen.returncode, 0, run.all_output())
        self.assertEqual([n for n in self.lines_of("notes") if n != "timer"], [str(n) for n in range(3000)])
        self.assertIn("3001 messages read, 3000 for this consumer: 3000 done, 0 dropped, 0 failed", run.err())
        again = self.run_plugin("operated", "--replay", path, "--keep-running", "0.1")
        self.assertEqual(again.popen.returncode, 0, again.all_output())
        self.assertEqual(len([n for n in self.lines_of("notes") if n != "timer"]), 3000)
        self.assertIn("timer", self.lines_of("notes"))

    def test_replay_with_force_and_as_a_dry_run(self):
        self.assertEqual(self.run_plugin("operated", "--replay", self.messages(body(5, WANTED))).popen.returncode, 0)
        forced = self.run_plugin("operated", "--replay", self.path("messages"), "--force", "--dry-run")
        self.assertEqual(forced.popen.returncode, 0, forced.all_output())
        self.assertEqual([n for n in self.lines_of("notes") if n != "timer"], ["5", "would note 5"])

    def test_replay_fails_if_a_message_does(self):
        run = self.run_plugin("operated", "--replay", self.messages(body(1, WANTED, msg={"n": 1, "fails": True})),
                              configuration=self.config("once.yaml", plugin_dirs=[CONSUMERS], operated__file=self.path("n"),
                                                        consumers={"operated": {"max_attempts": 1}}))
        self.assertEqual(run.popen.returncode, 1)
        self.assertIn("1 failed", run.err())

    def test_replay_publishes_as_the_hub_would(self):
        relay = f"tcp://127.0.0.1:{free_port()}"
        collector = self.collector(relay)
        configuration = self.config("told.yaml", plugin_dirs=[CONSUMERS], relay_inbound=[relay])
        run = self.run_plugin("operated", "--replay", self.messages(body(1, WANTED, msg={"n": 1, "tells": True})),
                              configuration=configuration)
        self.assertEqual(run.popen.returncode, 0, run.all_output())
        topic, sent = collector.messages[0]
        self.assertEqual(topic, b"org.example.dev.operated.told")
        self.assertEqual(json.loads(sent)["msg_id"], "2026-00000000-0000-4000-8000-000000000007")

    def test_what_is_not_possible_is_said(self):
        for argv, code, text in (
                ([], 2, "no plugin given"),
                (["operated"], 2, "nothing to do: give a command of the plugin"),
                (["absent", "x"], 1, "there is no consumer 'absent'; found: "),
                ([FILE, "x"], 2, "has several consumers: choose one with --consumer"),
                (["/nowhere.so", "x"], 1, "/nowhere.so"),
                (["printer", "list"], 1, "the plugin printer has no commands, so not 'list'"),
                (["printer", "--explain", "-"], 1, "the plugin printer cannot explain"),
                (["printer", "--replay", "-", "--force"], 1, "the plugin printer has no option printer.ignore_ledger"),
                (["operated", "--replay", "/nowhere"], 1, "/nowhere: cannot be read"),
                (["operated", "--replay", "-", "--keep-running", "x"], 2, "'x' is no number of seconds")):
            with self.subTest(argv):
                run = self.run_plugin(*argv)
                self.assertEqual(run.popen.returncode, code, run.all_output())
                self.assertIn(text, run.err())

    def test_it_may_run_beside_the_hub(self):
        configuration = self.config("beside.yaml", plugin_dirs=[CONSUMERS], operated__file=self.path("notes"),
                                    operated__enabled=True, relay_inbound=["tcp://127.0.0.1:1"], endpoints={})
        self.start_hub(configuration)
        run = self.run_plugin("operated", "--replay", self.messages(body(1, WANTED)), configuration=configuration)
        self.assertEqual(run.popen.returncode, 0, run.all_output())
        self.assertIn("1", self.lines_of("notes"))


if __name__ == "__main__":
    import unittest
    unittest.main()
