"""The wall the kernel keeps around the rendering child: calls it never needs answer “not permitted” from then on.

The audit hook in `child` sees only what Python does; this filter also binds the C libraries below it. No sockets,
no programs, no new processes, no file opened for writing, nothing renamed or removed. Threads are allowed.
"""

import ctypes
import errno
import os
import platform
import struct

_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Per machine: calls refused altogether.
_REFUSED = {
    # socket connect accept bind listen socketpair fork vfork execve kill truncate rename mkdir rmdir creat link
    # unlink symlink chmod fchmod chown fchown lchown ptrace mknod mount umount2 mkdirat mknodat fchownat unlinkat
    # renameat linkat symlinkat fchmodat unshare accept4 setns process_vm_readv/writev renameat2 bpf execveat io_uring
    "x86_64": (41, 42, 43, 49, 50, 53, 57, 58, 59, 62, 76, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 101, 133,
               165, 166, 258, 259, 260, 263, 264, 265, 266, 268, 272, 288, 308, 310, 311, 316, 321, 322, 425),
    "aarch64": (198, 199, 200, 201, 202, 203, 242, 129, 45, 33, 34, 35, 36, 37, 38, 39, 40, 52, 53, 54, 55, 97, 117,
                221, 268, 270, 271, 276, 280, 281, 425),
}  # fmt: skip
# Newer forms whose arguments a filter cannot read: “no such call” makes the C library use the older form.
_UNKNOWN = {"x86_64": (435, 437), "aarch64": (435, 437)}  # clone3 openat2
# Calls judged by one argument: (number, argument, bits, refused when the bits are set).
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_THREAD = 0x10000
_JUDGED = {
    "x86_64": (
        (2, 1, _WRITING, True),
        (257, 2, _WRITING, True),
        (56, 0, _THREAD, False),
    ),  # open openat clone
    "aarch64": ((56, 2, _WRITING, True), (220, 0, _THREAD, False)),
}
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _FAIL = 0x7FFF0000, 0x80000000, 0x00050000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_FIRST_FOREIGN = 0x40000000  # the x32 numbers, a second door to the same calls


def refuse() -> bool:
    """Put the filter in place for this process and its threads; False where the system cannot."""
    machine = platform.machine()
    if machine not in _ARCH or struct.calcsize("P") != 8:
        return False
    program = _program(machine)
    libc = ctypes.CDLL(None, use_errno=True)
    code = ctypes.create_string_buffer(b"".join(program), 8 * len(program))
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    words = ctypes.c_ulong
    if libc.prctl(_NO_NEW_PRIVILEGES, words(1), words(0), words(0), words(0)):
        return False
    return (
        libc.prctl(
            _SECCOMP, words(_FILTER), ctypes.create_string_buffer(header, len(header)), words(0), words(0)
        )
        == 0
    )


def _program(machine: str) -> list[bytes]:
    denied, unknown = _FAIL | errno.EPERM, _FAIL | errno.ENOSYS
    program = [_step(_LOAD, 4), _step(_EQUAL, _ARCH[machine], 1), _step(_ANSWER, _KILL), _step(_LOAD, 0)]
    program += [_step(_AT_LEAST, _FIRST_FOREIGN, 0, 1), _step(_ANSWER, denied)]
    for numbers, answer in ((_REFUSED[machine], denied), (_UNKNOWN[machine], unknown)):
        for number in numbers:
            program += [_step(_EQUAL, number, 0, 1), _step(_ANSWER, answer)]
    for number, argument, bits, refused_when_set in _JUDGED[machine]:
        yes, no = (0, 1) if refused_when_set else (1, 0)
        program += [
            _step(_EQUAL, number, 0, 4),
            _step(_LOAD, 16 + 8 * argument),
            _step(_ANY_BIT, bits, yes, no),
            _step(_ANSWER, denied),
            _step(_ANSWER, _ALLOW),
        ]
    return [*program, _step(_ANSWER, _ALLOW)]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
