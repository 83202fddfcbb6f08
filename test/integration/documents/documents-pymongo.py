"""PyMongo (Debian's python3-pymongo) as a stranger to the document store; prints `ok NAME` for everything that holds.

documents-pymongo.py stranger URI        the driver against a store
documents-pymongo.py move DUMP URI       reads a dump as mongorestore does and brings it into the server at URI
"""

import datetime
import json
import pathlib
import re
import sys
import uuid

import bson
import pymongo
from bson import json_util
from bson.datetime_ms import DatetimeMS
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import DESCENDING, DeleteOne, InsertOne, UpdateOne, errors


def stranger(uri):
    client = pymongo.MongoClient(uri, uuidRepresentation="standard", tz_aware=True)
    rows = client.get_database("stranger").get_collection("rows")

    def types():
        row = {
            "_id": bson.ObjectId(),
            "long": bson.Int64(2**53 + 1),
            "decimal": bson.Decimal128("1.50"),
            "double": 5.0,
            "text": "客户 Ä\0",
            "at": datetime.datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=datetime.timezone.utc),
            "far": DatetimeMS(2**62),
            "uuid": uuid.uuid4(),
            "bytes": b"\0\xff",
            "list": [1, None, {"b": 1, "a": 2}],
            "regex": bson.Regex("^a", "i"),
        }
        rows.insert_one(row)
        raw = rows.with_options(CodecOptions(document_class=RawBSONDocument)).find_one({"_id": row["_id"]})
        assert raw.raw == bson.encode(row, codec_options=rows.codec_options)
        assert rows.count_documents({"long": bson.Int64(2**53)}) == 0 and rows.count_documents({"decimal": 1.5}) == 1
        assert rows.count_documents({"far": {"$gt": DatetimeMS(2**62 - 1), "$lt": DatetimeMS(2**62 + 1)}}) == 1

    def cursors():
        rows.insert_many([{"_id": at, "n": at % 7, "list": [{"k": at % 2, "v": at}]} for at in range(3000)])
        assert [row["_id"] for row in rows.find({"n": {"$exists": True}}).sort("_id").batch_size(100)] == list(range(3000))

    def updates():
        result = rows.update_many({"_id": {"$lt": 10}}, {"$inc": {"list.$[odd].v": 100}}, array_filters=[{"odd.k": 1}])
        assert (result.matched_count, result.modified_count) == (10, 5)
        before = rows.find_one_and_update({"n": 3}, {"$set": {"n": -1}}, sort=[("_id", DESCENDING)])
        assert before["_id"] == 2998 - (2998 % 7 - 3)

    def indexes():
        rows.create_index([("n", 1), ("_id", -1)])
        rows.create_index("key", unique=True, sparse=True)
        rows.insert_one({"_id": "first", "key": "k"})
        refused(errors.DuplicateKeyError, lambda: rows.insert_one({"key": "k"}))
        plan = json.dumps(rows.find({"n": 2}).sort("_id", -1).explain(), default=str)
        assert "IXSCAN" in plan and '"SORT"' not in plan
        assert list(rows.index_information()) == ["_id_", "n_1__id_-1", "key_1"]

    def pipelines():
        found = rows.aggregate([{"$match": {"n": {"$gte": 0}}}, {"$group": {"_id": "$n", "c": {"$sum": 1}}}, {"$sort": {"_id": 1}}])
        assert [row["_id"] for row in found] == list(range(7))

    def batches():
        result = rows.bulk_write([InsertOne({"_id": "b"}), UpdateOne({"_id": "b"}, {"$set": {"x": 1}}), DeleteOne({"_id": "b"})])
        assert (result.inserted_count, result.modified_count, result.deleted_count) == (1, 1, 1)
        whole = client.bulk_write([InsertOne({"_id": "c"}, namespace="stranger.rows"), DeleteOne({"_id": "c"}, namespace="stranger.rows")])
        assert (whole.inserted_count, whole.deleted_count) == (1, 1)

    def sessions():
        with client.start_session(causal_consistency=True) as session:
            rows.insert_one({"_id": "s"}, session=session)
            assert rows.find_one({"_id": "s"}, session=session) == {"_id": "s"}
            session.start_transaction()
            refused(errors.OperationFailure, lambda: rows.insert_one({"_id": "t"}, session=session))
            session.abort_transaction()
            assert rows.find_one({"_id": "t"}) is None

    def sign_in():
        wrong = re.sub(r"//([^:]*):[^@]*@", r"//\1:wrong@", uri)
        refused(errors.OperationFailure, lambda: pymongo.MongoClient(wrong).get_database("x").command("ping"))

    for check in [types, cursors, updates, indexes, pipelines, batches, sessions, sign_in]:
        try:
            check()
            print("ok", check.__name__)
        except Exception as error:  # The test prints what was not ok.
            print("not ok", check.__name__, type(error).__name__, error)


def refused(kind, attempt):
    try:
        attempt()
    except kind:
        return
    raise AssertionError(f"{kind.__name__} was expected")


def move(dump, uri):
    client = pymongo.MongoClient(uri)
    counts = {}
    for metadata_path in sorted(pathlib.Path(dump).glob("*/*.metadata.json")):
        metadata = json_util.loads(metadata_path.read_text("utf8"))
        database = client.get_database(metadata_path.parent.name)
        collection = database.create_collection(metadata["collectionName"], **metadata["options"])
        with open(str(metadata_path).removesuffix(".metadata.json") + ".bson", "rb") as file:
            rows = list(bson.decode_file_iter(file, CodecOptions(document_class=RawBSONDocument)))
        for start in range(0, len(rows), 1000):
            collection.insert_many(rows[start : start + 1000])
        wanted = [index for index in metadata["indexes"] if index["name"] != "_id_"]
        if wanted:
            database.command({"createIndexes": collection.name, "indexes": wanted})
        counts[collection.full_name] = len(rows)
    print(json.dumps(counts))


if sys.argv[1] == "stranger":
    stranger(sys.argv[2])
else:
    move(sys.argv[2], sys.argv[3])
