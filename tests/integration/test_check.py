"""fedmsg-check against a monitoring socket of our own and against none."""
import json
import unittest

import zmq

from bus import BusTest, free_port


class TheCheckTool(BusTest):
    def check(self, *argv, **keys):
        return self.run_program("fedmsg-check", *argv, env={"FEDMSG_CONFIG": self.config(**keys)})

    def test_says_that_no_socket_is_configured(self):
        check = self.check()
        self.assertEqual(check.popen.returncode, 1)
        self.assertEqual(check.err(), 'Error: No monitoring endpoint has been configured: please set '
                                      '"moksha.monitoring.socket"\n')

    def test_gives_up_after_its_time(self):
        address = f"tcp://127.0.0.1:{free_port()}"
        check = self.check("--timeout", "1", moksha__monitoring__socket=address)
        self.assertEqual(check.popen.returncode, 1)
        self.assertEqual(check.err(), f"Error: Failed to receive message from the monitoring endpoint ({address}) in 1 "
                                      "seconds.\n")

    def test_shows_a_report(self):
        socket = self.context.socket(zmq.XPUB)
        self.addCleanup(socket.close, 0)
        address = f"tcp://127.0.0.1:{free_port()}"
        socket.bind(address)
        check = self.start("fedmsg-check", "-c", "RelayConsumer",
                           env={"FEDMSG_CONFIG": self.config(moksha__monitoring__socket=address)})
        self.assertTrue(socket.poll(20000), check.all_output())
        report = {"consumers": [{"name": "RelayConsumer", "initialized": True}], "producers": []}
        socket.send(json.dumps(report).encode())
        self.assertEqual(check.wait(), 0, check.all_output())
        first, shown = check.out().split("\n", 1)
        self.assertEqual(first, "All consumers and producers are active!")
        self.assertEqual(json.loads(shown), report)

    def test_refuses_a_bad_command_line(self):
        check = self.check("--nope")
        self.assertEqual(check.popen.returncode, 2)
        self.assertEqual(check.err(), "Usage: fedmsg-check [OPTIONS]\nTry 'fedmsg-check --help' for help.\n\n"
                                      "Error: No such option: --nope\n")


if __name__ == "__main__":
    unittest.main()
