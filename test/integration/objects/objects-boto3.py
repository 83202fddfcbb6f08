"""boto3 as a stranger to the embedded object store: argv is the endpoint; keys come on stdin as JSON; prints one line a check."""

import base64
import datetime
import hashlib
import io
import json
import os
import sys
import urllib.request
import zlib

import boto3
import botocore.handlers
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]
keys = json.load(sys.stdin)


def client(role, **more):
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=keys[role]["accessKey"],
        aws_secret_access_key=keys[role]["secretKey"],
        config=Config(s3={"addressing_style": "path"}, signature_version="s3v4", retries={"max_attempts": 1}, **more),
    )


s3, writer, reader = client("admin"), client("writer"), client("reader")
B, L = "boto-plain", "boto-locked"
checks = []


def check(function):
    checks.append(function)
    return function


def code(call, **arguments):
    try:
        call(**arguments)
        return "none"
    except ClientError as error:
        return error.response["Error"]["Code"]


def equal(left, right):
    assert left == right, f"{left!r} is not {right!r}"


def in_days(days):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)


def locked(key, mode=None, days=1, hold=None):
    arguments = {"Bucket": L, "Key": key, "Body": key.encode()}
    if mode:
        arguments.update(ObjectLockMode=mode, ObjectLockRetainUntilDate=in_days(days))
    if hold:
        arguments.update(ObjectLockLegalHoldStatus=hold)
    return s3.put_object(**arguments)["VersionId"]


@check
def buckets():
    s3.create_bucket(Bucket=B)
    s3.create_bucket(Bucket=L, ObjectLockEnabledForBucket=True)
    equal(sorted(b["Name"] for b in s3.list_buckets()["Buckets"]), [L, B] if L < B else [B, L])
    equal(code(s3.head_bucket, Bucket="nowhere-to-be-found"), "404")
    equal(s3.get_bucket_location(Bucket=B)["LocationConstraint"], None)


@check
def put_get_with_headers():
    s3.put_object(Bucket=B, Key="a/b", Body=b"hello", ContentType="text/plain", CacheControl="no-store", Metadata={"k": "v"}, Tagging="x=1&y=%202")
    got = s3.get_object(Bucket=B, Key="a/b")
    equal(got["Body"].read(), b"hello")
    equal((got["ContentType"], got["CacheControl"], got["Metadata"], got["TagCount"]), ("text/plain", "no-store", {"k": "v"}, 2))
    equal(s3.get_object_tagging(Bucket=B, Key="a/b")["TagSet"], [{"Key": "x", "Value": "1"}, {"Key": "y", "Value": " 2"}])


@check
def checksums_are_verified_and_returned():
    for algorithm in ["CRC32", "SHA1", "SHA256"]:
        put = s3.put_object(Bucket=B, Key="sum", Body=b"data", ChecksumAlgorithm=algorithm)
        got = s3.get_object(Bucket=B, Key="sum", ChecksumMode="ENABLED")
        equal(got["Body"].read(), b"data")
        equal(put["Checksum" + algorithm], got["Checksum" + algorithm])
    equal(code(s3.put_object, Bucket=B, Key="sum2", Body=b"data", ChecksumSHA256="A" * 43 + "="), "BadDigest")
    equal(code(s3.put_object, Bucket=B, Key="sum2", Body=b"data", ContentMD5="A" * 22 + "=="), "BadDigest")
    equal(code(s3.head_object, Bucket=B, Key="sum2"), "404")


@check
def streams_of_unknown_kind_and_multipart():
    data = os.urandom(18 * 1024 * 1024 + 7)
    s3.upload_fileobj(io.BytesIO(data), B, "big", Config=TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=6 << 20))
    out = io.BytesIO()
    s3.download_fileobj(B, "big", out, Config=TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=6 << 20))
    equal(hashlib.sha256(out.getvalue()).digest(), hashlib.sha256(data).digest())
    equal(s3.get_object(Bucket=B, Key="big", Range="bytes=-5")["Body"].read(), data[-5:])
    part = s3.get_object(Bucket=B, Key="big", PartNumber=2)
    equal(part["Body"].read(), data[6 << 20 : 12 << 20])
    equal(s3.head_object(Bucket=B, Key="big")["ETag"].endswith('-4"'), True)


@check
def multipart_by_hand():
    upload = s3.create_multipart_upload(Bucket=B, Key="hand")["UploadId"]
    part = lambda n, body: {"PartNumber": n, "ETag": s3.upload_part(Bucket=B, Key="hand", UploadId=upload, PartNumber=n, Body=body)["ETag"]}
    small, last = part(1, b"x"), part(2, b"y")
    finish = lambda parts: code(s3.complete_multipart_upload, Bucket=B, Key="hand", UploadId=upload, MultipartUpload={"Parts": parts})
    equal(finish([small, last]), "EntityTooSmall")
    equal(finish([last, small]), "InvalidPartOrder")
    equal(finish([{"PartNumber": 3, "ETag": "abc"}]), "InvalidPart")
    equal(len(s3.list_parts(Bucket=B, Key="hand", UploadId=upload)["Parts"]), 2)
    equal(len(s3.list_multipart_uploads(Bucket=B)["Uploads"]), 1)
    s3.abort_multipart_upload(Bucket=B, Key="hand", UploadId=upload)
    equal(finish([small]), "NoSuchUpload")
    copy = s3.create_multipart_upload(Bucket=B, Key="joined")["UploadId"]
    one = s3.upload_part_copy(Bucket=B, Key="joined", UploadId=copy, PartNumber=1, CopySource={"Bucket": B, "Key": "a/b"}, CopySourceRange="bytes=1-3")
    s3.complete_multipart_upload(Bucket=B, Key="joined", UploadId=copy, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": one["CopyPartResult"]["ETag"]}]})
    equal(s3.get_object(Bucket=B, Key="joined")["Body"].read(), b"ell")


@check
def conditions():
    etag = s3.put_object(Bucket=B, Key="cond", Body=b"1")["ETag"]
    equal(code(s3.put_object, Bucket=B, Key="cond", Body=b"2", IfNoneMatch="*"), "PreconditionFailed")
    equal(code(s3.put_object, Bucket=B, Key="cond-new", Body=b"2", IfNoneMatch="*"), "none")
    equal(code(s3.put_object, Bucket=B, Key="cond", Body=b"2", IfMatch='"0"'), "PreconditionFailed")
    equal(code(s3.put_object, Bucket=B, Key="cond-none", Body=b"2", IfMatch=etag), "NoSuchKey")
    equal(code(s3.put_object, Bucket=B, Key="cond", Body=b"2", IfMatch=etag), "none")
    equal(code(s3.get_object, Bucket=B, Key="cond", IfMatch=etag), "PreconditionFailed")
    now = s3.head_object(Bucket=B, Key="cond")
    equal(code(s3.get_object, Bucket=B, Key="cond", IfNoneMatch=now["ETag"]), "304")
    equal(code(s3.get_object, Bucket=B, Key="cond", IfModifiedSince=now["LastModified"]), "304")
    equal(code(s3.get_object, Bucket=B, Key="cond", IfUnmodifiedSince=now["LastModified"] - datetime.timedelta(days=1)), "PreconditionFailed")
    source = {"Bucket": B, "Key": "cond"}
    equal(code(s3.copy_object, Bucket=B, Key="copied", CopySource=source, CopySourceIfMatch='"0"'), "PreconditionFailed")
    equal(code(s3.copy_object, Bucket=B, Key="cond", CopySource=source), "InvalidRequest")
    equal(code(s3.copy_object, Bucket=B, Key="cond", CopySource=source, MetadataDirective="REPLACE", Metadata={"n": "1"}), "none")


@check
def listings():
    for name in ["l/1", "l/2/a", "l/2/b", "l/3", "l/é", "l/a b+c"]:
        s3.put_object(Bucket=B, Key=name, Body=b"")
    page = lambda **more: s3.list_objects_v2(Bucket=B, Prefix="l/", Delimiter="/", MaxKeys=2, **more)
    first = page()
    equal((len(first["Contents"]), first["CommonPrefixes"][0]["Prefix"], first["IsTruncated"]), (1, "l/2/", True))
    second = page(ContinuationToken=first["NextContinuationToken"])
    equal([c["Key"] for c in second["Contents"]], ["l/3", "l/a b+c"])
    third = page(ContinuationToken=second["NextContinuationToken"])
    equal(([c["Key"] for c in third["Contents"]], third["IsTruncated"]), (["l/é"], False))
    equal([c["Key"] for c in s3.list_objects(Bucket=B, Prefix="l/", Marker="l/2/a")["Contents"]], ["l/2/b", "l/3", "l/a b+c", "l/é"])
    equal(s3.list_objects_v2(Bucket=B, MaxKeys=0).get("Contents"), None)
    equal(s3.list_objects_v2(Bucket=B, Prefix="l/", StartAfter="l/3")["KeyCount"], 2)


@check
def versions_page_right():
    made = [s3.put_object(Bucket=L, Key="v", Body=str(n).encode())["VersionId"] for n in range(5)]
    s3.delete_object(Bucket=L, Key="v")
    seen, more = [], {}
    while True:
        page = s3.list_object_versions(Bucket=L, Prefix="v", MaxKeys=2, **more)
        seen += [v["VersionId"] for v in page.get("Versions", [])]
        if not page["IsTruncated"]:
            break
        more = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}
    equal(seen, made[::-1])
    equal(code(s3.get_object, Bucket=L, Key="v"), "NoSuchKey")
    equal(s3.get_object(Bucket=L, Key="v", VersionId=made[2])["Body"].read(), b"2")
    equal(code(s3.get_object, Bucket=L, Key="v", VersionId="nonsense"), "NoSuchVersion")


@check
def suspended_versioning_keeps_one_null_version():
    name = "boto-suspended"
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="k", Body=b"null-1")
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    kept = s3.put_object(Bucket=name, Key="k", Body=b"kept")["VersionId"]
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    s3.put_object(Bucket=name, Key="k", Body=b"null-2")
    found = {v["VersionId"] for v in s3.list_object_versions(Bucket=name)["Versions"]}
    equal(found, {"null", kept})
    equal(s3.get_object(Bucket=name, Key="k", VersionId="null")["Body"].read(), b"null-2")
    s3.delete_object(Bucket=name, Key="k")
    listed = s3.list_object_versions(Bucket=name)
    equal(([v["VersionId"] for v in listed["Versions"]], listed["DeleteMarkers"][0]["VersionId"]), ([kept], "null"))


def lock_cases():
    """mode now, mode and days asked for, bypass -> refused or not; the version is held for two days."""
    for mode in ["GOVERNANCE", "COMPLIANCE"]:
        for wanted in ["GOVERNANCE", "COMPLIANCE", None]:
            for days in [1, 3] if wanted else [0]:
                for bypass in [False, True]:
                    extends = wanted == mode and days > 2
                    yield mode, wanted, days, bypass, extends or (mode == "GOVERNANCE" and bypass)


@check
def retention_changes_in_every_case():
    for index, (mode, wanted, days, bypass, allowed) in enumerate(lock_cases()):
        key = f"case-{index}"
        version = locked(key, mode, 2)
        retention = {"Mode": wanted, "RetainUntilDate": in_days(days)} if wanted else {}
        answer = code(s3.put_object_retention, Bucket=L, Key=key, VersionId=version, Retention=retention, BypassGovernanceRetention=bypass)
        equal((mode, wanted, days, bypass, answer), (mode, wanted, days, bypass, "none" if allowed else "AccessDenied"))


@check
def deletes_of_locked_versions_in_every_case():
    for mode in [None, "GOVERNANCE", "COMPLIANCE"]:
        for hold in [None, "OFF", "ON"]:
            for bypass in [False, True]:
                for many in [False, True]:
                    key = f"del-{mode}-{hold}-{bypass}-{many}"
                    version = locked(key, mode, 1, hold)
                    if many:
                        answer = s3.delete_objects(Bucket=L, Delete={"Objects": [{"Key": key, "VersionId": version}]}, BypassGovernanceRetention=bypass)
                        got = answer["Errors"][0]["Code"] if answer.get("Errors") else "none"
                    else:
                        got = code(s3.delete_object, Bucket=L, Key=key, VersionId=version, BypassGovernanceRetention=bypass)
                    free = hold != "ON" and (mode is None or (mode == "GOVERNANCE" and bypass))
                    equal((key, got), (key, "none" if free else "AccessDenied"))
                    there = code(s3.head_object, Bucket=L, Key=key, VersionId=version)
                    equal((key, there), (key, "404" if free else "none"))


@check
def lock_headers_are_checked():
    put = lambda **more: code(s3.put_object, Bucket=L, Key="bad", Body=b"x", **more)
    equal(put(ObjectLockMode="GOVERNANCE"), "InvalidArgument")
    equal(put(ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=in_days(-1)), "InvalidArgument")
    equal(code(s3.put_object, Bucket=B, Key="bad", Body=b"x", ObjectLockLegalHoldStatus="ON"), "InvalidRequest")
    equal(code(s3.put_object_retention, Bucket=B, Key="a/b", Retention={"Mode": "GOVERNANCE", "RetainUntilDate": in_days(1)}), "InvalidRequest")
    equal(code(s3.get_object_retention, Bucket=L, Key="v", VersionId=s3.list_object_versions(Bucket=L, Prefix="v")["Versions"][0]["VersionId"]), "NoSuchObjectLockConfiguration")
    marker = s3.delete_object(Bucket=L, Key="marked")["VersionId"]
    equal(code(s3.put_object_retention, Bucket=L, Key="marked", VersionId=marker, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": in_days(1)}), "MethodNotAllowed")
    equal(code(s3.delete_object, Bucket=L, Key="marked", VersionId=marker), "none")


@check
def a_lock_wants_a_digest_of_its_body():
    bare = client("admin", request_checksum_calculation="when_required")
    put = lambda body, **more: code(bare.put_object, Bucket=L, Key="digest", Body=body, ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=in_days(1), **more)
    md5 = base64.b64encode(hashlib.md5(b"x").digest()).decode()
    equal(put(b"x"), "InvalidRequest")
    equal(code(bare.put_object, Bucket=L, Key="digest", Body=b"x", ObjectLockLegalHoldStatus="ON"), "InvalidRequest")
    equal(put(b"y", ContentMD5=md5), "BadDigest")
    equal(code(s3.head_object, Bucket=L, Key="digest"), "404")
    equal((put(b"x", ContentMD5=md5), put(b"x", ChecksumAlgorithm="SHA256"), put(b"x", ChecksumAlgorithm="CRC32")), ("none",) * 3)
    for version in s3.list_object_versions(Bucket=L, Prefix="digest")["Versions"]:
        equal(code(s3.delete_object, Bucket=L, Key="digest", VersionId=version["VersionId"], BypassGovernanceRetention=True), "AccessDenied")


@check
def locks_of_buckets():
    equal(code(s3.put_bucket_versioning, Bucket=L, VersioningConfiguration={"Status": "Suspended"}), "InvalidBucketState")
    rule = lambda **period: {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", **period}}}
    equal(code(s3.put_object_lock_configuration, Bucket=B, ObjectLockConfiguration=rule(Days=1)), "InvalidBucketState")
    equal(code(s3.put_object_lock_configuration, Bucket=L, ObjectLockConfiguration=rule(Days=0)), "InvalidRetentionPeriod")
    equal(code(s3.put_object_lock_configuration, Bucket=L, ObjectLockConfiguration=rule(Days=1, Years=1)), "MalformedXML")
    equal(code(s3.get_object_lock_configuration, Bucket=B), "ObjectLockConfigurationNotFoundError")
    equal(code(s3.delete_bucket, Bucket=L), "BucketNotEmpty")
    name = "boto-default"
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=rule(Years=1))
    upload = s3.create_multipart_upload(Bucket=name, Key="m")["UploadId"]
    part = s3.upload_part(Bucket=name, Key="m", UploadId=upload, PartNumber=1, Body=b"x")
    whole = s3.complete_multipart_upload(Bucket=name, Key="m", UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    copy = s3.copy_object(Bucket=name, Key="c", CopySource={"Bucket": B, "Key": "a/b"})
    for key, version in [("m", whole["VersionId"]), ("c", copy["VersionId"])]:
        until = s3.get_object_retention(Bucket=name, Key=key)["Retention"]["RetainUntilDate"]
        assert 363 < (until - in_days(0)).days < 367, until
        equal(code(s3.delete_object, Bucket=name, Key=key, VersionId=version, BypassGovernanceRetention=True), "AccessDenied")
    overwritten = s3.put_object(Bucket=name, Key="c", Body=b"new")["VersionId"]
    assert overwritten != copy["VersionId"]
    equal(s3.get_object(Bucket=name, Key="c", VersionId=copy["VersionId"])["Body"].read(), b"hello")


@check
def a_copy_leaves_the_lock_behind():
    version = locked("lock-source", "COMPLIANCE", 1)
    copied = s3.copy_object(Bucket=L, Key="lock-copy", CopySource={"Bucket": L, "Key": "lock-source", "VersionId": version})
    equal(code(s3.get_object_retention, Bucket=L, Key="lock-copy"), "NoSuchObjectLockConfiguration")
    equal(code(s3.delete_object, Bucket=L, Key="lock-copy", VersionId=copied["VersionId"]), "none")


@check
def the_writer_writes_and_never_destroys():
    version = writer.put_object(Bucket=L, Key="w", Body=b"w")["VersionId"]
    equal(writer.get_object(Bucket=L, Key="w")["Body"].read(), b"w")
    equal(code(writer.delete_object, Bucket=L, Key="w"), "AccessDenied")
    equal(code(writer.delete_object, Bucket=L, Key="w", VersionId=version), "AccessDenied")
    equal(writer.delete_objects(Bucket=L, Delete={"Objects": [{"Key": "w"}]})["Errors"][0]["Code"], "AccessDenied")
    retain = lambda days, **more: code(writer.put_object_retention, Bucket=L, Key="w", Retention={"Mode": "GOVERNANCE", "RetainUntilDate": in_days(days)}, **more)
    equal((retain(1), retain(2)), ("none", "none"))
    equal(retain(1, BypassGovernanceRetention=True), "AccessDenied")
    equal(code(writer.put_object_legal_hold, Bucket=L, Key="w", LegalHold={"Status": "OFF"}), "AccessDenied")
    for call in [writer.create_bucket, writer.delete_bucket, writer.delete_bucket_lifecycle]:
        equal(code(call, Bucket="writers-own"), "AccessDenied")


@check
def the_reader_only_reads():
    equal(reader.get_object(Bucket=L, Key="w")["Body"].read(), b"w")
    equal(code(reader.list_objects_v2, Bucket=L), "none")
    equal(code(reader.put_object, Bucket=L, Key="r", Body=b"r"), "AccessDenied")
    equal(code(reader.create_multipart_upload, Bucket=L, Key="r"), "AccessDenied")
    equal(code(reader.copy_object, Bucket=L, Key="r", CopySource={"Bucket": L, "Key": "w"}), "AccessDenied")
    equal(code(reader.put_object_tagging, Bucket=L, Key="w", Tagging={"TagSet": []}), "AccessDenied")
    equal(code(reader.delete_object, Bucket=L, Key="w"), "AccessDenied")


@check
def presigned_urls():
    url = s3.generate_presigned_url("get_object", Params={"Bucket": B, "Key": "a/b"}, ExpiresIn=60)
    equal(urllib.request.urlopen(url).read(), b"hello")
    put = s3.generate_presigned_url("put_object", Params={"Bucket": B, "Key": "url"}, ExpiresIn=60)
    urllib.request.urlopen(urllib.request.Request(put, data=b"by url", method="PUT", headers={"Content-Type": ""}))
    equal(s3.get_object(Bucket=B, Key="url")["Body"].read(), b"by url")


@check
def lifecycle_is_kept_as_given():
    rules = [{"ID": "old", "Status": "Enabled", "Filter": {"And": {"Prefix": "tmp/", "Tags": [{"Key": "a", "Value": "b"}]}}, "Expiration": {"Days": 3}}]
    s3.put_bucket_lifecycle_configuration(Bucket=B, LifecycleConfiguration={"Rules": rules})
    equal(s3.get_bucket_lifecycle_configuration(Bucket=B)["Rules"], rules)
    s3.delete_bucket_lifecycle(Bucket=B)
    equal(code(s3.get_bucket_lifecycle_configuration, Bucket=B), "NoSuchLifecycleConfiguration")
    moved = [{"ID": "t", "Status": "Enabled", "Filter": {"Prefix": ""}, "Transitions": [{"Days": 1, "StorageClass": "GLACIER"}]}]
    equal(code(s3.put_bucket_lifecycle_configuration, Bucket=B, LifecycleConfiguration={"Rules": moved}), "NotImplemented")


@check
def what_is_not_there_is_refused():
    for call, more in [
        (s3.get_bucket_policy, {}), (s3.get_bucket_acl, {}), (s3.get_bucket_cors, {}), (s3.get_bucket_encryption, {}), (s3.get_bucket_replication, {}),
        (s3.put_bucket_policy, {"Policy": "{}"}), (s3.get_object_acl, {"Key": "a/b"}), (s3.put_bucket_acl, {"ACL": "public-read"}),
        (s3.put_object, {"Key": "e", "Body": b"", "ServerSideEncryption": "AES256"}), (s3.put_object, {"Key": "e", "Body": b"", "ACL": "public-read"}),
    ]:
        equal((call.__name__, code(call, Bucket=B, **more)), (call.__name__, "NotImplemented"))
    equal(code(s3.put_object, Bucket=B, Key="e", Body=b"", StorageClass="GLACIER"), "InvalidStorageClass")
    equal(code(s3.put_object, Bucket=B, Key="k" * 1025, Body=b""), "KeyTooLongError")
    equal(code(s3.put_object, Bucket=B, Key="m", Body=b"", Metadata={"k": "v" * 2048}), "MetadataTooLarge")


@check
def a_delete_says_which_object_it_means():
    put = lambda: s3.put_object(Bucket=B, Key="meant", Body=b"hello") and s3.head_object(Bucket=B, Key="meant")["LastModified"]
    gone = lambda **more: code(s3.delete_object, Bucket=B, Key="meant", **more)
    many = lambda **more: [e["Code"] for e in s3.delete_objects(Bucket=B, Delete={"Objects": [{"Key": "meant", **more}]}).get("Errors", [])]
    time = put()
    other = time - datetime.timedelta(days=1)
    equal((gone(IfMatchSize=4), gone(IfMatchLastModifiedTime=other), gone(IfMatch='"bad"')), ("PreconditionFailed",) * 3)
    equal((many(Size=4), many(LastModifiedTime=other), many(ETag='"bad"')), (["PreconditionFailed"],) * 3)
    equal(s3.head_object(Bucket=B, Key="meant")["ContentLength"], 5)
    equal((gone(IfMatchSize=5, IfMatchLastModifiedTime=time), code(s3.head_object, Bucket=B, Key="meant")), ("none", "404"))
    # Of what is not there a size holds, as S3 says.
    equal(gone(IfMatchSize=5), "none")
    time = put()
    equal((many(Size=5, LastModifiedTime=time), code(s3.head_object, Bucket=B, Key="meant")), ([], "404"))


@check
def a_put_says_what_it_replaces():
    first = s3.put_object(Bucket=B, Key="cas", Body=b"1")["ETag"]
    put = lambda body, **more: code(s3.put_object, Bucket=B, Key="cas", Body=body, **more)
    equal((put(b"2", IfNoneMatch=first), put(b"2", IfNoneMatch='"other"'), put(b"3", IfMatch=first)), ("PreconditionFailed", "none", "PreconditionFailed"))


@check
def a_finished_upload_is_finished_again():
    for bucket, key in [(B, "twice"), (L, "twice")]:
        upload = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
        etag = s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=1, Body=b"x")["ETag"]
        finish = lambda tag: s3.complete_multipart_upload(Bucket=bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": tag}]})
        one, two = finish(etag), finish(etag)
        equal((one["ETag"], one.get("VersionId")), (two["ETag"], two.get("VersionId")))
        equal(len(s3.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]), 1)
        equal(code(lambda: finish('"0123456789abcdef0123456789abcdef"')), "NoSuchUpload")


@check
def checksums_of_parts_make_one_of_the_whole():
    parts = [os.urandom(5 << 20), os.urandom(123)]
    for algorithm, kind in [("CRC32", "COMPOSITE"), ("SHA256", "COMPOSITE"), ("CRC32", "FULL_OBJECT")]:
        create = s3.create_multipart_upload(Bucket=B, Key="whole", ChecksumAlgorithm=algorithm, ChecksumType=kind)
        equal((create["ChecksumAlgorithm"], create["ChecksumType"]), (algorithm, kind))
        name = "Checksum" + algorithm
        done = []
        for number, body in enumerate(parts, 1):
            part = s3.upload_part(Bucket=B, Key="whole", UploadId=create["UploadId"], PartNumber=number, Body=body, ChecksumAlgorithm=algorithm)
            done.append({"PartNumber": number, "ETag": part["ETag"], name: part[name]})
        made = s3.complete_multipart_upload(Bucket=B, Key="whole", UploadId=create["UploadId"], MultipartUpload={"Parts": done})
        if kind == "FULL_OBJECT":
            expected = base64.b64encode(zlib.crc32(b"".join(parts)).to_bytes(4, "big")).decode()
        else:
            joined = b"".join(base64.b64decode(part[name]) for part in done)
            digest = hashlib.sha256(joined).digest() if algorithm == "SHA256" else zlib.crc32(joined).to_bytes(4, "big")
            expected = base64.b64encode(digest).decode() + "-2"
        head = s3.head_object(Bucket=B, Key="whole", ChecksumMode="ENABLED")
        equal((made[name], head[name], head["ChecksumType"]), (expected, expected, kind))
        seen = s3.get_object_attributes(Bucket=B, Key="whole", ObjectAttributes=["ETag", "Checksum", "ObjectParts", "ObjectSize"])
        equal((seen["Checksum"][name], seen["Checksum"]["ChecksumType"], seen["ObjectSize"]), (expected, kind, sum(map(len, parts))))
        equal([part["Size"] for part in seen["ObjectParts"]["Parts"]], [5 << 20, 123])


@check
def a_crc64nvme_that_was_sent_is_kept():
    # The check value of the CRC catalogue.
    value = base64.b64encode(bytes.fromhex("ae8b14860a799888")).decode()
    equal(s3.put_object(Bucket=B, Key="crc64", Body=b"123456789", ChecksumCRC64NVME=value)["ChecksumCRC64NVME"], value)
    equal(s3.head_object(Bucket=B, Key="crc64", ChecksumMode="ENABLED")["ChecksumCRC64NVME"], value)
    equal(code(s3.put_object, Bucket=B, Key="crc64", Body=b"x", ChecksumCRC64NVME=value), "BadDigest")


@check
def attributes_of_a_plain_object():
    seen = s3.get_object_attributes(Bucket=B, Key="crc64", ObjectAttributes=["ETag", "StorageClass", "ObjectParts"])
    equal((seen["ETag"], seen["StorageClass"], "ObjectParts" in seen, "ObjectSize" in seen), (hashlib.md5(b"123456789").hexdigest(), "STANDARD", False, False))
    equal(code(reader.get_object_attributes, Bucket=B, Key="crc64", ObjectAttributes=["ETag"]), "none")


@check
def metadata_sent_as_raw_utf8():
    text = "\u5f55\u97f3"
    raw = client("admin")
    # What botocore itself would refuse before it is sent.
    raw.meta.events.unregister("before-parameter-build.s3.PutObject", botocore.handlers.validate_ascii_metadata)
    raw.put_object(Bucket=B, Key="raw", Body=b"x", Metadata={"name": text})
    equal(s3.head_object(Bucket=B, Key="raw")["Metadata"]["name"].encode("latin-1").decode(), text)


@check
def names_of_buckets_follow_the_rule():
    for name in ["ab", "a.-b", "a-.b", "a..b", "xn--abc", "abc-s3alias", "abc--x-s3", "192.168.0.1"]:
        equal((name, code(boto_create, Bucket=name)), (name, "InvalidBucketName"))


def boto_create(**arguments):
    one = client("admin")
    one.meta.events.unregister("before-parameter-build.s3", botocore.handlers.validate_bucket_name)
    return one.create_bucket(**arguments)


@check
def buckets_are_listed_in_pages():
    first = s3.list_buckets(MaxBuckets=1)
    second = s3.list_buckets(MaxBuckets=1, ContinuationToken=first["ContinuationToken"])
    equal([b["Name"] for b in first["Buckets"] + second["Buckets"]], sorted(b["Name"] for b in s3.list_buckets()["Buckets"])[:2])
    equal([b["Name"] for b in s3.list_buckets(Prefix="boto-l")["Buckets"]], [L])


@check
def errors_have_the_names_of_s3():
    equal(code(s3.put_object_tagging, Bucket=B, Key="crc64", Tagging={"TagSet": [{"Key": "k", "Value": "v" * 257}]}), "InvalidTag")
    upload = s3.create_multipart_upload(Bucket=B, Key="range")["UploadId"]
    copy = lambda text: code(s3.upload_part_copy, Bucket=B, Key="range", UploadId=upload, PartNumber=1, CopySource={"Bucket": B, "Key": "crc64"}, CopySourceRange=text)
    equal((copy("bytes=0-99"), copy("bytes=oops")), ("InvalidRange", "InvalidArgument"))
    s3.abort_multipart_upload(Bucket=B, Key="range", UploadId=upload)
    old = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=keys["admin"]["accessKey"], aws_secret_access_key=keys["admin"]["secretKey"], config=Config(s3={"addressing_style": "path"}, signature_version="s3", retries={"max_attempts": 1}))
    equal(code(old.list_buckets), "InvalidRequest")
    marker = s3.delete_object(Bucket=L, Key="hidden")
    equal((marker["DeleteMarker"], s3.delete_object(Bucket=L, Key="hidden", VersionId=marker["VersionId"])["DeleteMarker"]), (True, True))


failed = 0
for function in checks:
    try:
        function()
        print("ok", function.__name__)
    except Exception as error:  # noqa: BLE001: every kind of failure is one line of the report
        failed += 1
        print("not ok", function.__name__, type(error).__name__, error)
sys.exit(1 if failed else 0)
