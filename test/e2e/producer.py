"""Enqueues into a regular queue of TandemQ from Python: one insert per job, nothing of TandemQ needed.

Usage: producer.py URL COLLECTION, with one JSON array of documents on standard input. A document is inserted as it stands
but for two conveniences that JSON cannot say: "now" and "epoch" as the value of a date field. Prints one line of JSON per
document: {"id": ...} or {"refused": ...}.
"""

import json
import sys
from datetime import datetime, timezone

from pymongo import MongoClient
from pymongo.errors import WriteError

DATES = {"due", "queuedAt"}
TIMES = {"now": lambda: datetime.now(timezone.utc), "epoch": lambda: datetime.fromtimestamp(0, timezone.utc)}


def document(fields):
    return {name: TIMES[value]() if name in DATES and value in TIMES else value for name, value in fields.items()}


def insert(jobs, fields):
    try:
        return {"id": str(jobs.insert_one(document(fields)).inserted_id)}
    except WriteError as error:
        return {"refused": error.code}


def main(url, collection):
    with MongoClient(url) as client:
        jobs = client.get_default_database()[collection]
        for fields in json.load(sys.stdin):
            print(json.dumps(insert(jobs, fields)))


main(*sys.argv[1:])
