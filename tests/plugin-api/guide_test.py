#!/usr/bin/env python3
"""Does exactly what docs/plugin-guide.md says: writes its files, runs its commands, compares what they print.

usage: guide_test.py PAGE [--no-hub]

Fenced blocks of the page, in its order:
  ```cpp NAME, ```yaml NAME, ...   is written to the file NAME
  ```sh                            is run by one shell for the whole page, which stops at the first failing command
  ```text                          lines that the output of the last command must contain
  ```cpp without a name            must be part of a file on the page, so that excerpts cannot grow old
Commands are found through PATH and CMAKE_PREFIX_PATH. --no-hub leaves out what needs the hub's programs.
The ports of the page are replaced by free ones.
"""
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

BLOCK = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PORT = re.compile(r"(?<=127\.0\.0\.1:)(\d+)")
ATTEMPTS = 20  # of a message that may be sent before the hub has connected


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


def with_free_ports(page):
    ports = {}
    return PORT.sub(lambda found: ports.setdefault(found.group(1), free_port()), page)


def squeezed(text):
    return " ".join(text.split())


class Shell:
    """One bash, to which blocks are handed one by one."""

    def __init__(self, directory):
        self.end = "end-of-block"
        self.bash = subprocess.Popen(["bash", "--norc", "-m"], cwd=directory, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, commands):
        # A block that fails must not end the shell, or its output would be lost; and no command may read the shell's own
        # input, or the commands that follow would be lost.
        body = "\n".join(f"{line[:-1]} < /dev/null &" if line.endswith("&") else
                         f"[ $status -ne 0 ] || {{ {line}; }} < /dev/null || status=$?"
                         for line in commands.strip().split("\n"))
        self.bash.stdin.write(f"jobs > /dev/null\nstatus=0\n{body}\necho; echo {self.end} $status\n")
        self.bash.stdin.flush()
        output = []
        for line in self.bash.stdout:
            if line.startswith(self.end):
                return int(line.split()[1]), "".join(output)
            output.append(line)
        raise SystemExit("the shell has ended:\n" + "".join(output))

    def close(self):
        """Ends what the page has started and not stopped, and the shell."""
        try:
            self.bash.stdin.write("jobs -p | xargs -r kill; wait; exit\n")
            self.bash.stdin.close()
            self.bash.wait(timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            self.bash.kill()


def needs_hub(commands):
    return re.search(r"\b(fedmsg-(hub|relay|logger|tail)\b|kill %)", commands) is not None


def run_until(shell, commands, expected):
    """Runs the commands; those that send a message again and again until what they print has all that is expected."""
    attempts = ATTEMPTS if "fedmsg-logger" in commands else 1
    for _ in range(attempts):
        status, output = shell.run(commands)
        if status != 0:
            raise SystemExit(f"failed with {status}:\n{commands}\n{output}")
        missing = [line for line in expected if squeezed(line) not in squeezed(output)]
        if not missing:
            return
        time.sleep(0.1)
    raise SystemExit(f"the page promises {missing}, but\n{commands}\nprints\n{output}")


def main():
    with_hub = "--no-hub" not in sys.argv
    page = with_free_ports(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    blocks = BLOCK.findall(page)
    files = [squeezed(text) for _, name, text in blocks if name]
    counts = {"files": 0, "commands": 0, "excerpts": 0}
    with tempfile.TemporaryDirectory() as directory:
        shell = Shell(directory)
        try:
            for index, (language, name, text) in enumerate(blocks):
                if name:
                    here = shell.run("pwd")[1].strip()
                    (pathlib.Path(here) / name).write_text(text, encoding="utf-8")
                    counts["files"] += 1
                elif language == "sh":
                    if not with_hub and needs_hub(text):
                        continue
                    following = blocks[index + 1] if index + 1 < len(blocks) else ("", "", "")
                    run_until(shell, text, following[2].splitlines() if following[0] == "text" else [])
                    counts["commands"] += 1
                elif language == "cpp":
                    if not any(squeezed(text) in file for file in files):
                        raise SystemExit(f"this excerpt is in none of the files of the page:\n{text}")
                    counts["excerpts"] += 1
        finally:
            shell.close()
    print(counts)
    if min(counts.values()) == 0:
        raise SystemExit("the page has lost its blocks")


main()
