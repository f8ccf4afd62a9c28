"""Celery and RQ as the harness drives them: `produce` answers lines of JSON, `work` runs until its stdin closes."""
import json
import os
import subprocess
import sys
import time

import redis
import task
from celery import Celery
from rq import Queue

URL, QUEUE = os.environ["BENCH_REDIS"], "bench"
WARM_UP = 1.0
app = Celery("peer", broker=URL)
app.conf.update(task_default_queue=QUEUE, task_ignore_result=True, worker_hijack_root_logger=False)

celery_add = app.task(name="task.add")(task.add)


def producer(queue):
    """What adds a list of jobs: RQ in one call, Celery, which has no bulk, one by one."""
    if queue == "celery":
        return lambda jobs: [celery_add.delay(job) for job in jobs]
    line = Queue(QUEUE, connection=redis.from_url(URL))

    def enqueue(jobs):
        if len(jobs) == 1:
            return [line.enqueue("task.add", jobs[0], result_ttl=0)]
        return line.enqueue_many([Queue.prepare_data("task.add", args=(job,), result_ttl=0) for job in jobs])

    return enqueue


def single(enqueue, seconds):
    """Adds one by one: measured here, so that nothing is counted for the way to this process."""
    added = 0

    def repeat(seconds):
        nonlocal added
        stop = time.monotonic() + seconds
        while time.monotonic() < stop:
            enqueue([{"number": added, "a": 1, "b": added}])
            added += 1

    repeat(WARM_UP)
    before, start = added, time.monotonic()
    repeat(seconds)
    return {"rate": (added - before) / (time.monotonic() - start), "added": added}


def produce(queue):
    enqueue = producer(queue)
    for line in sys.stdin:
        asked = json.loads(line)
        answer = single(enqueue, asked["single"]) if "single" in asked else len(enqueue(asked["jobs"]))
        print(json.dumps(answer), flush=True)


def work(queue, pool, size):
    celery = ["celery", "-A", "peer", "worker", "--loglevel=CRITICAL", f"--pool={pool}", f"--concurrency={size}"]
    rq = ["rq.cli", "worker-pool", QUEUE, "--url", URL, "--num-workers", size, "--quiet"]
    command = [sys.executable, "-m", *(celery if queue == "celery" else rq)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    sys.stdin.read()
    process.terminate()
    process.wait()


if __name__ == "__main__":
    {"produce": produce, "work": work}[sys.argv[1]](*sys.argv[2:])
