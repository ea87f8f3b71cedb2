"""Attacks by taking more than is given."""

import ctypes
import mmap
import os
import resource
import signal
import threading
import time

import system
from table import CONTAINED, KILLED, row

EXHAUSTS = 'takes from the machine what its other programs need'
MOST_PROCESSES = 1024


@row('fork without end', must=CONTAINED, outside=EXHAUSTS, holds=lambda made: made <= MOST_PROCESSES, may_end=True)
def fork_bomb(given):
    made = []
    try:
        while len(made) < 3000:
            made.append(os.fork())
            if made[-1] == 0:
                time.sleep(30)
                os._exit(0)
    except OSError:
        pass
    for child in made:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return len(made)


@row('start threads without end', must=CONTAINED, outside=EXHAUSTS, holds=lambda made: made <= MOST_PROCESSES)
def thread_bomb(given):
    over = threading.Event()
    threading.stack_size(32768)
    made = 0
    try:
        while made < 3000:
            threading.Thread(target=over.wait, daemon=True).start()
            made += 1
    except RuntimeError:
        pass
    over.set()
    return made


@row('open files without end', must=CONTAINED, outside=EXHAUSTS, holds=lambda opened: opened <= 1024)
def descriptors(given):
    opened = []
    try:
        while len(opened) < 5000:
            opened.append(os.open('/dev/null', os.O_RDONLY))
    except OSError:
        pass
    for file in opened:
        os.close(file)
    return len(opened)


@row('raise the limit of open files', outside='root may be refused there too')
def more_descriptors(given):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard + 1, hard + 1))
    except ValueError as error:
        raise PermissionError(1, str(error)) from error


@row('take memory of its own without end', must=KILLED, outside=EXHAUSTS)
def memory_bomb(given):
    taken = []
    for _ in range(400):
        taken.append(b'x' * (4 << 20))
        time.sleep(0.001)


@row('take shared memory without end', must=KILLED, outside=EXHAUSTS)
def shared_memory_bomb(given):
    taken = mmap.mmap(-1, 1600 << 20)
    for _ in range(400):
        taken.write(b'x' * (4 << 20))
        time.sleep(0.001)


@row('fill /tmp', must=CONTAINED, outside=EXHAUSTS, holds=lambda reached: reached[1] == 28 and reached[0] <= 512)
def fill_tmp(given):
    written = 0
    try:
        with open('/tmp/big', 'wb', buffering=0) as file:
            while written < 600:
                file.write(b'x' * (1 << 20))
                written += 1
    except OSError as error:
        return [written, error.errno]
    finally:
        os.unlink('/tmp/big')
    return [written, 0]


@row('flood the log', must=CONTAINED, outside=EXHAUSTS, holds=lambda written: written == 32)
def log_flood(given):
    for _ in range(32):
        write_all(1, (b'x' * 1023 + b'\n') * 1024)
    return 32


def write_all(file, text):
    while text:
        text = text[os.write(file, text):]


@row('answer with more than six megabytes', must=KILLED, outside='there is nobody to answer to')
def huge_answer(given):
    return 'x' * (7 << 20)


@row('use more of the processor than its share', must=CONTAINED, outside='everybody may there', limit='cpu', memory=256,
     holds=lambda share: share <= 256 / 1769 * 1.15)
def processor_share(given):
    began, used = time.monotonic(), time.process_time()
    while time.monotonic() - began < 0.5:
        pass
    return (time.process_time() - used) / (time.monotonic() - began)


@row('fill the cache of files', must=CONTAINED, outside=EXHAUSTS, holds=lambda megabytes: megabytes >= 1)
def page_cache(given):
    read, end = 0, time.monotonic() + 3
    for folder, _, names in os.walk('/usr'):
        for name in names:
            if time.monotonic() > end or read > 1700 << 20:
                return read >> 20
            try:
                with open(os.path.join(folder, name), 'rb', buffering=0) as file:
                    while block := file.read(1 << 20):
                        read += len(block)
            except OSError:
                continue
    return read >> 20


@row('lock memory, so that it is never given back')
def lock_memory(given):
    taken = mmap.mmap(-1, 1 << 20)
    taken.write(b'x' * (1 << 20))
    address = ctypes.addressof(ctypes.c_char.from_buffer(taken))
    return system.check(system.LIBC.mlock(ctypes.c_void_p(address), ctypes.c_size_t(1 << 20)))


@row('come before all others')
def priority(given):
    os.setpriority(os.PRIO_PROCESS, 0, -5)


@row('take a processor for itself', outside='a machine may give no real time to its groups')
def real_time(given):
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
