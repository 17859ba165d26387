# The first process of a box on a container engine: it reaches files as the candidate would, and ends programs.
#
# It answers one line of JSON for each line that it is asked. It has the candidate's account and no right besides, so what
# goes wrong in here wins a stranger nothing; being the first process, it cannot be killed from inside, and its memory is
# closed to others. It ends when the server lets go of it, and the box ends with it.

import ctypes
import errno
import json
import os
import select
import signal
import stat
import sys
import time

TEXT_BYTES = 1 << 20
PROBE_BYTES = 8 << 10
FILES = 2000
ENTRIES = 20000
SKIPPED = {
    ".git", "node_modules", "__pycache__", ".cache", "target", ".venv", "venv", ".pytest_cache", ".mypy_cache",
}
PATH_BYTES = 255
# Nobody but root can list it, so who is to use a channel must be told its name.
PIPES = "/run/interviewlm"
INPUT = "-input"
WORKSPACE = "/workspace"
GROUPS = "/sys/fs/cgroup"
PIECE_BYTES = 64 << 10
REPORT_BYTES = (8 << 20) + 1
FIRST_LINE_BYTES = 32
LOOKS_SECONDS = 0.2
KILL_SECONDS = 10
OPEN = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class Refused(Exception):
    pass


def say(message):
    line = json.dumps(message).encode() + b"\n"
    while line:
        line = line[os.write(1, line):]


def first_line(*names):
    for name in names:
        try:
            with open(f"{GROUPS}/{name}") as file:
                return file.readline().strip()
        except OSError:
            continue
    return "0"


def noted(word, *names):
    for name in names:
        try:
            with open(f"{GROUPS}/{name}") as file:
                for line in file:
                    if line.startswith(f"{word} "):
                        return int(line.split()[1])
        except (OSError, ValueError):
            continue
    return 0


def usage():
    worked = noted("usage_usec", "cpu.stat")
    if not worked:
        worked = int(first_line("cpuacct/cpuacct.usage", "cpu,cpuacct/cpuacct.usage")) // 1000
    disk = os.statvfs(WORKSPACE)
    room = os.statvfs("/tmp")
    is_full = any(place.f_bavail == 0 or (place.f_files and not place.f_favail) for place in (disk, room))
    return {
        "cpu_micros": max(0, worked - time.process_time_ns() // 1000),
        "peak_bytes": int(first_line("memory.peak", "memory/memory.max_usage_in_bytes")),
        "out_of_memory": noted("oom_kill", "memory.events", "memory/memory.oom_control"),
        "refused_forks": noted("max", "pids.events", "pids/pids.events"),
        "is_full": is_full,
    }


# Files: every step of a path is opened by itself, and none of them through a link. On the line, a path has a letter for
# each byte; in here it is what the system makes of those bytes.


def path_of(letters):
    return os.fsdecode(letters.encode("latin-1"))


def letters_of(path):
    return os.fsencode(path).decode("latin-1")


def parent_of(path, is_made=False):
    *folders, name = path.split("/")
    at = os.open(WORKSPACE, os.O_DIRECTORY | OPEN)
    try:
        for folder in folders:
            if is_made:
                try:
                    os.mkdir(folder, 0o755, dir_fd=at)
                except FileExistsError:
                    pass
            below = os.open(folder, os.O_DIRECTORY | OPEN, dir_fd=at)
            os.close(at)
            at = below
    except OSError:
        os.close(at)
        raise
    return at, name


def opened(path, flags, is_made=False):
    at, name = parent_of(path, is_made)
    try:
        return os.open(name, flags | OPEN, 0o644, dir_fd=at)
    finally:
        os.close(at)


def is_regular(file):
    return stat.S_ISREG(os.fstat(file).st_mode)


def is_text(start):
    if b"\0" in start:
        return False
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return error.end == len(start) and "end of data" in error.reason
    return True


def contents(file, most):
    pieces = []
    while most > 0 and (piece := os.read(file, most)):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def read(path):
    try:
        file = opened(path, os.O_RDONLY)
    except OSError as error:
        raise Refused("no_file" if error.errno in (errno.ENOENT, errno.ENOTDIR) else "not_text")
    try:
        if not is_regular(file) or os.fstat(file).st_size > TEXT_BYTES:
            raise Refused("not_text")
        text = contents(file, TEXT_BYTES + 1)
    finally:
        os.close(file)
    if len(text) > TEXT_BYTES or b"\0" in text[:PROBE_BYTES]:
        raise Refused("not_text")
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise Refused("not_text")


def reason(error):
    return {
        errno.ELOOP: "a link is on the way",
        errno.ENOTDIR: "a file or a link is in the place of one of its folders",
        errno.EISDIR: "a folder is in its place",
        errno.ENXIO: "something that is not a file is in its place",
        errno.ENOSPC: "the disk is full",
    }.get(error.errno, os.strerror(error.errno or 0))


def write(path, text):
    try:
        try:
            rewrite(opened(path, os.O_WRONLY, is_made=True), text.encode())
        except FileNotFoundError:
            write_new(path, text.encode())
    except OSError as error:
        raise Refused(reason(error))


def write_new(path, text):
    at, name = parent_of(path)
    try:
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | OPEN, 0o644, dir_fd=at)
        try:
            rewrite(file, text)
        except OSError:
            # It was not there before.
            os.unlink(name, dir_fd=at)
            raise
    finally:
        os.close(at)


def rewrite(file, text):
    """Gives a file this text. The room for it is taken first: a full disk must not cost the text that was there."""
    try:
        if not is_regular(file):
            raise Refused("something that is not a file is in its place")
        before = os.fstat(file).st_size
        try:
            reserve(file, len(text))
        except OSError:
            os.ftruncate(file, before)
            raise
        left = text
        while left:
            left = left[os.write(file, left):]
        os.ftruncate(file, len(text))
    finally:
        os.close(file)


def reserve(file, length):
    try:
        if length:
            os.posix_fallocate(file, 0, length)
    except OSError as error:
        # A file system that cannot promise room.
        if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS):
            raise


def remove(path):
    try:
        at, name = parent_of(path)
        try:
            os.unlink(name, dir_fd=at)
        finally:
            os.close(at)
    except (FileNotFoundError, NotADirectoryError):
        # A link on the way is no folder either, and must not look like an absence.
        if is_link_on(path):
            raise Refused("a link is on the way")
    except OSError as error:
        raise Refused(reason(error))


def is_link_on(path):
    steps = path.split("/")[:-1]
    return any(os.path.islink("/".join([WORKSPACE, *steps[:count]])) for count in range(1, len(steps) + 1))


def walk():
    """Every regular file with what changes when it does, without the skipped folders."""
    entries = 0
    folders = [""]
    while folders:
        folder = folders.pop()
        at = None
        try:
            at = os.open(WORKSPACE, os.O_DIRECTORY | OPEN)
            for step in filter(None, folder.split("/")):
                below = os.open(step, os.O_DIRECTORY | OPEN, dir_fd=at)
                os.close(at)
                at = below
        except OSError:
            if at is not None:
                os.close(at)
            continue
        try:
            with os.scandir(at) as listing:
                for entry in listing:
                    entries += 1
                    if entries > ENTRIES:
                        return
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    try:
                        # The server has no longer paths; deeper folders would take ever longer to reach.
                        if len(os.fsencode(path)) > PATH_BYTES:
                            continue
                        found = entry.stat(follow_symlinks=False)
                    except OSError:
                        continue
                    if stat.S_ISDIR(found.st_mode):
                        if entry.name not in SKIPPED:
                            folders.append(path)
                    elif stat.S_ISREG(found.st_mode):
                        yield path, (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        except OSError:
            continue
        finally:
            os.close(at)


def looks_like_text(path):
    try:
        file = opened(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return is_regular(file) and is_text(contents(file, PROBE_BYTES))
    finally:
        os.close(file)


def listed():
    files = []
    for path, (_, size, _, _) in walk():
        if size <= TEXT_BYTES and looks_like_text(path):
            files.append(letters_of(path))
            if len(files) == FILES:
                break
    return files


# Programs: each has a number of its own as its group, which it can neither change nor leave.


def status_of(process):
    """What the kernel says about a process; nothing if there is none."""
    try:
        with open(f"/proc/{process}/status") as file:
            return file.read()
    except OSError:
        return ""


def of_group(number):
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit() or name == "1":
            continue
        status = status_of(name)
        is_gone = "\nState:\tZ" in status or "\nState:\tX" in status
        if not is_gone and f"\nGid:\t{number}\t" in status:
            found.append(int(name))
    return found


def send(process, number):
    try:
        os.kill(process, number)
    except OSError:
        pass


def kill(number):
    began = time.monotonic()
    known = set()
    rounds = 0
    while time.monotonic() < began + KILL_SECONDS:
        # What forks faster than it is found is stopped first, all at once.
        is_chase = rounds > 3
        if is_chase:
            send(-1, signal.SIGSTOP)
        found = set(of_group(number))
        for process in found:
            send(process, signal.SIGKILL)
        if is_chase:
            send(-1, signal.SIGCONT)
        if not found:
            return True
        if found <= known:
            # All of them are dying.
            time.sleep(0.002)
        else:
            rounds += 1
        known = found
    return False


# The kinds of what outlives a program: the kernel's list, the column with the number, and what removes one.
LEFTOVERS = [
    ("shm", "shmid", lambda libc, number: libc.shmctl(number, 0, None)),
    ("sem", "semid", lambda libc, number: libc.semctl(number, 0, 0)),
    ("msg", "msqid", lambda libc, number: libc.msgctl(number, 0, None)),
]


def remove_leftovers(number):
    """Removes the shared memory, semaphores and queues that a program's group has made: the next would be short of them."""
    for kind, name, remove in LEFTOVERS:
        try:
            with open(f"/proc/sysvipc/{kind}") as file:
                names, *lines = (line.split() for line in file)
            group, which = names.index("cgid"), names.index(name)
        except (OSError, ValueError):
            continue
        for words in lines:
            if words[group] == str(number):
                remove(ctypes.CDLL(None), int(words[which]))


class Program:
    """A program's channel: its process id on the first line, then its results. And what it is given to read."""

    def __init__(self, number):
        self.number = number
        self.name = f"{PIPES}/{number}-{os.urandom(8).hex()}"
        self.pipe = self.channel("")
        self.input = bytearray()
        self.reader = None
        self.has_begun = False
        self.process = None
        self.start = b""
        self.told = 0

    def channel(self, ending):
        os.mkfifo(self.name + ending, 0o600)
        # Both directions, so that it does not end before the program does.
        return os.open(self.name + ending, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def take(self, text):
        if self.reader is None:
            self.reader = self.channel(INPUT)
        self.input += text.encode("latin-1")

    def is_hungry(self):
        """Whether there is something to give, and somebody has opened it to read."""
        return self.reader is not None and self.has_begun

    def feed(self):
        """Gives one piece; when all is given, ends it."""
        try:
            del self.input[:os.write(self.reader, self.input[:PIECE_BYTES])]
        except BlockingIOError:
            return
        if not self.input:
            self.stop_feeding()

    def stop_feeding(self):
        if self.reader is not None:
            os.close(self.reader)
            self.reader = None
            os.unlink(self.name + INPUT)

    def hear(self):
        """Passes on one piece; whether there may be more."""
        try:
            piece = os.read(self.pipe, PIECE_BYTES)
        except BlockingIOError:
            return False
        if not self.has_begun:
            self.start += piece
            line, end, piece = self.start.partition(b"\n")
            if not end and len(line) <= FIRST_LINE_BYTES:
                return bool(line)
            self.has_begun = True
            self.follow(line)
        piece = piece[:REPORT_BYTES - self.told]
        if piece:
            self.told += len(piece)
            say({"report": self.number, "bytes": piece.decode("latin-1")})
        return bool(piece)

    def follow(self, line):
        """Finds the program's own process. Any other line than its number is nobody's start."""
        try:
            process = int(line)
            self.process = os.pidfd_open(process)
        except ProcessLookupError:
            say({"began": self.number})
            say({"ended": self.number})
        except (ValueError, OverflowError, OSError):
            say({"lost": self.number})
        else:
            status = status_of(process)
            if status and f"\nGid:\t{self.number}\t" not in status:
                self.lose()
                say({"lost": self.number})
            else:
                say({"began": self.number})

    def lose(self):
        if self.process is not None:
            os.close(self.process)
            self.process = None

    def end(self):
        is_dead = kill(self.number)
        remove_leftovers(self.number)
        while self.hear():
            pass
        os.close(self.pipe)
        os.unlink(self.name)
        self.stop_feeding()
        self.lose()
        return is_dead


class Watch:
    """Compares the workspace with what it was."""

    def __init__(self, number):
        self.number = number
        self.seen = dict(walk())
        self.next = time.monotonic() + LOOKS_SECONDS

    def look(self):
        began = time.monotonic()
        now = dict(walk())
        changed = [path for path, mark in now.items() if self.seen.get(path) != mark]
        changed += [path for path in self.seen if path not in now]
        self.seen = now
        if len(changed) > FILES:
            say({"watch": self.number, "everything": True})
        elif changed:
            say({"watch": self.number, "files": [letters_of(path) for path in changed]})
        ended = time.monotonic()
        # Looking takes at most a twentieth of the time.
        self.next = ended + max(LOOKS_SECONDS, 20 * (ended - began))


programs = {}
watches = {}


def begin(number):
    program = programs[number] = Program(number)
    return {"pipe": program.name, **usage()}


def give(number, text):
    programs[number].take(text)


def end(number):
    program = programs.pop(number, None)
    is_dead = program.end() if program else True
    return {"is_dead": is_dead, **usage()}


def watch(number):
    watches[number] = Watch(number)


def unwatch(number):
    watches.pop(number, None)


DEEDS = {
    "read": lambda letters: read(path_of(letters)), "write": lambda letters, text: write(path_of(letters), text),
    "remove": lambda letters: remove(path_of(letters)), "list": listed, "usage": usage, "begin": begin, "give": give,
    "end": end, "watch": watch, "unwatch": unwatch,
}


def answer(line):
    question = json.loads(line)
    try:
        say({"id": question["id"], "answer": DEEDS[question["do"]](*question["with"])})
    except Refused as refused:
        say({"id": question["id"], "refused": str(refused)})
    except (OSError, MemoryError, ValueError, KeyError) as error:
        say({"id": question["id"], "failed": str(error)})


def serve():
    waiting = b""
    while True:
        poll = select.poll()
        poll.register(0, select.POLLIN)
        by_file = {}
        for program in programs.values():
            if program.told < REPORT_BYTES:
                by_file[program.pipe] = program
                poll.register(program.pipe, select.POLLIN)
            if program.is_hungry():
                by_file[program.reader] = program
                poll.register(program.reader, select.POLLOUT)
            if program.process is not None:
                by_file[program.process] = program
                poll.register(program.process, select.POLLIN)
        moments = [one.next for one in watches.values()]
        patience = max(0, min(moments) - time.monotonic()) * 1000 + 1 if moments else None
        for file, event in poll.poll(patience):
            if file == 0:
                piece = os.read(0, PIECE_BYTES)
                if not piece:
                    return
                *lines, waiting = (waiting + piece).split(b"\n")
                for line in lines:
                    answer(line)
                break
            program = by_file[file]
            if file == program.process:
                say({"ended": program.number})
                program.lose()
            elif file == program.reader:
                program.feed()
            elif event & select.POLLIN:
                program.hear()
        now = time.monotonic()
        for one in list(watches.values()):
            if one.next <= now:
                one.look()


# Others of the same account may neither read nor write this process.
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
# Whatever loses its parent is ours, and is not waited for.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.umask(0o022)
say({"ready": True})
serve()
