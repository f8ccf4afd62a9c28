"""The no-op. Apart from `peer.py`: a process that RQ forks for a job imports this and nothing more."""
import os
import struct
import time


def add(params):
    """Its record is that of bench/lib/ledger.mjs; the monotonic clock is the same in all processes of a machine."""
    with open(os.environ["BENCH_LEDGER"], "ab", buffering=0) as ledger:
        ledger.write(struct.pack("dd", params["number"], time.monotonic() * 1000))
    return {"v": params["a"] + params["b"]}
