"""Adds a job by one insert and reads its result. Needs pymongo; a worker runs in this folder: npx tandemq worker"""

import os
import time
from datetime import datetime, timezone

from pymongo import MongoClient

url = os.environ.get("TANDEMQ_MONGO", "mongodb://127.0.0.1:27017/app")
prefix = os.environ.get("TANDEMQ_PREFIX")  # begins the collections' names where the configuration says so
jobs = MongoClient(url).get_default_database()[f"{prefix}_jobs" if prefix else "jobs"]

now = datetime.now(timezone.utc)
added = jobs.insert_one({
    "v": 1,                       # version of this schema
    "path": "images.resize",      # the task's path
    "params": {"file": "cat.jpg", "width": 200},
    "queue": "images",
    "status": "queued",
    "due": now,                   # claimable from this time on; the epoch means at once
    "queuedAt": now,
    "priority": 0,
})

job = {}
while "finishedAt" not in job:
    time.sleep(0.05)
    job = jobs.find_one({"_id": added.inserted_id}) or {}
print(job["status"], job.get("result"))
