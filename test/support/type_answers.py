"""Runs a command on a pseudo-terminal and types an answer to each question as it comes up.

Standard input holds {"command": [...], "answers": [[question, answer], ...]}; what the terminal showed is printed.
"""
import json, os, pty, sys

job = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(job["command"][0], job["command"])
shown = ""
seen = 0


def read():
    global shown
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        return False
    shown += chunk.decode(errors="replace")
    return bool(chunk)


for question, answer in job["answers"]:
    while (at := shown.find(question, seen)) < 0:
        if not read():
            sys.exit(f"It ended before it asked: {question}\n{shown}")
    seen = at + len(question)
    os.write(terminal, (answer + "\r").encode())
while read():
    pass
print(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
