"""Runs a command on a terminal of 100 columns and prints what it wrote; types the first argument first. SIGUSR1: Ctrl+C."""
import fcntl, os, pty, signal, struct, sys, termios

typed, command = sys.argv[1], sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    os.execvp(command[0], command)
signal.signal(signal.SIGUSR1, lambda *_: os.write(terminal, b"\x03"))
os.write(terminal, typed.encode())
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
