#!/usr/bin/env python3
"""Checks an evidence pack and computes every figure again from its rows, with Python 3.9 and its standard library alone.

    python3 recompute.py PACK.zip [--key FINGERPRINT] [--sheet HASH] [--seed SEED] [--drawn COUNT]
    python3 recompute.py FOLDER_OF_THE_UNPACKED_PACK [--key FINGERPRINT]
    python3 recompute.py PACK.zip PACK.zip ... [--key FINGERPRINT]

Of several packs each is checked, and how they follow one another.

Written apart from the product, from the definitions that are printed in the pack. Ends with 0 when nothing is wrong and the key is the one
told (green), 3 when nothing is wrong and something could not be compared (amber), 1 when something is wrong (red), 2 when it is no pack.
"""
import base64
import csv
import hashlib
import io
import json
import math
import os
import re
import sys
import zipfile
import zlib
from bisect import bisect_left
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

# A cell of the ledger may be long.
csv.field_size_limit(1 << 30)
SHORT_ABANDON_MS = 5000
WINDOW_MS = 7 * 86400000
DAY_MS = 86400000
PASS_PERCENT = 80
FAULTS = ("media-failure", "system-failure", "no-common-codec", "centre-busy")


# Decimal alone: float() also takes digits of other scripts, underscores and words.
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def number(text):
    if text == "":
        return None
    return float(text) if DECIMAL.fullmatch(text) else math.nan


def mos(loss, jitter, round_trip):
    delay = round_trip / 2 + 2 * jitter + 25
    idd = 0.0
    if delay > 100:
        x = math.log(delay / 100) / math.log(2)
        idd = 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2)
    r = 93.2 - idd - 95 * loss / (loss + 25.1)
    if r < 0:
        return r, 1.0
    if r > 100:
        return r, 4.5
    return r, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6


class Pack:
    """The files of a pack: of the archive, or of a folder into which it was unpacked."""

    def __init__(self, path):
        self.folder = path if os.path.isdir(path) else None
        if self.folder:
            self.names = [
                os.path.relpath(os.path.join(where, file), path).replace(os.sep, "/") for where, _, files in os.walk(path) for file in files
            ]
        else:
            with open(path, "rb") as handle:
                handle.seek(0, os.SEEK_END)
                handle.seek(max(0, handle.tell() - 22))
                # The library would look for the end anywhere; a pack ends with it.
                if handle.read(4) != b"PK\x05\x06":
                    raise zipfile.BadZipFile("the end of the archive is cut, or something was put behind it")
            self.archive = zipfile.ZipFile(path)
            self.names = self.archive.namelist()
            if len(set(self.names)) != len(self.names):
                raise zipfile.BadZipFile("a name stands twice")

    def open(self, name):
        return open(os.path.join(self.folder, name), "rb") if self.folder else self.archive.open(name)

    def body(self, name):
        if name not in self.names:
            return None
        with self.open(name) as handle:
            return handle.read()


def read(pack, name):
    if "rows/" + name + ".csv" not in pack.names:
        return
    with pack.open("rows/" + name + ".csv") as handle:
        yield from csv.DictReader(io.TextIOWrapper(handle, encoding="utf-8", newline=""))


def visits_of(row):
    """Queue, wait and end of each; none where the cell is no list of them, so that the figures differ."""
    try:
        visits = json.loads(row.get("visits") or "[]")
        return [(str(queue), float(wait), outcome) for queue, wait, outcome in visits]
    except (ValueError, TypeError):
        return []


def zone_of(name):
    """China has had one zone and no summer time since 1991: it needs no data of zones, which Windows does not have."""
    if name in ("Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC"):
        return timezone(timedelta(hours=8))
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


ALL_ONLY = (
    "averageHandleTime", "occupancy", "complaintsPer10000", "complaintsInTime", "complaintsReopened", "complaintAppeals",
    "complaintDays", "availability", "outboundBlocked", "outboundConsent", "outboundTries",
)
QUEUE_TOO = (
    "reviewSampling", "reviewPass", "reviewCritical", "satisfaction", "satisfactionMean", "surveyResponse", "surveyInvitation",
)


def printed_of(group, name):
    """Whether a pack prints this figure for a group."""
    if group == "all" or group.startswith("trunk:"):
        return (name == "trunkPeak") == group.startswith("trunk:")
    return name != "trunkPeak" and name not in ALL_ONLY and (group.startswith("queue:") or name not in QUEUE_TOO)


def recompute(folder, zone, until):
    zone = zone_of(zone)
    groups = defaultdict(lambda: defaultdict(float))
    waits = defaultdict(list)
    delays = defaultdict(list)
    on_trunk = defaultdict(list)
    reviewed = defaultdict(set)

    def month(at):
        return datetime.fromtimestamp(at / 1000, timezone.utc).astimezone(zone).strftime("%Y-%m")

    def keys(at, queue, called):
        m = month(at)
        found = [(m, "all")]
        if queue:
            found.append((m, "queue:" + queue))
        if called:
            found.append((m, "number:" + called))
        return found

    contacts = defaultdict(list)
    for row in read(folder, "calls"):
        if row.get("class") == "test":
            continue
        invited = number(row["invitedAtMs"])
        answered, queued = number(row["answeredAtMs"]), number(row["queuedAtMs"])
        taken, ended = number(row["agentAnsweredAtMs"]), number(row["endedAtMs"])
        loss = number(row["lossPercent"])
        where = keys(invited, row["queueId"], row["called"])
        for key in where:
            g = groups[key]
            if row["direction"] == "inbound":
                g["inbound"] += 1
                g["failed"] += row["cause"] in FAULTS
                if answered is not None:
                    g["answered"] += 1
                    g["answered15"] += answered - invited <= 15000
            else:
                g["outbound"] += 1
                g["outboundAnswered"] += answered is not None
                if row["postDialDelayMs"] != "":
                    delays[key].append(number(row["postDialDelayMs"]))
            if loss is not None:
                r, value = mos(loss, number(row["jitterMs"]) or 0.0, number(row["roundTripMs"]) or 0.0)
                g["mosCalls"] += 1
                g["mosSum"] += value
                g["mosGood"] += r >= 80
                g["band%d" % (90 if r >= 90 else 80 if r >= 80 else 70 if r >= 70 else 60 if r >= 60 else 0)] += 1
            if row["direction"] == "inbound":
                g["handled"] += taken is not None
                handlings = number(row.get("handlings") or "0")
                g["handlings"] += handlings
                g["talk"] += number(row["talkMs"]) if handlings else 0
        # A call counts in each queue that it came to. Packs of before 2026-11-28 have no such column.
        for queue, wait, outcome in visits_of(row):
            for key in keys(invited, queue, row["called"]):
                g = groups[key]
                g["queued"] += 1
                g["longest"] = max(g["longest"], wait)
                waits[key].append(math.ceil(wait / 1000))
                if outcome == "answered":
                    g["taken"] += 1
                    g["wait"] += wait
                    g["within15"] += wait <= 15000
                    g["within20"] += wait <= 20000
                elif outcome == "abandoned":
                    g["abandoned"] += 1
                    g["short"] += wait < SHORT_ABANDON_MS
        if row["trunkId"]:
            on_trunk[row["trunkId"]].append((invited, ended))
        if queued is not None and row["callerKey"] and row["direction"] == "inbound":
            contacts[(row["callerKey"], row["queueId"])].append((invited, taken is not None, where))

    # Each handled contact is judged by the next contact of the same caller to the same queue, or by the end of the rows.
    for history in contacts.values():
        for i, (at, handled, where) in enumerate(history):
            if not handled:
                continue
            if i + 1 < len(history):
                judged, resolved = True, history[i + 1][0] - at > WINDOW_MS
            else:
                judged = resolved = until - at > WINDOW_MS
            for key in where:
                groups[key]["judged"] += judged
                groups[key]["resolved"] += judged and resolved

    # Calls at once on a trunk, in order of their beginning: those that ended up to this moment are gone.
    for trunk, calls in on_trunk.items():
        going = []
        for began, ended in calls:
            going = [end for end in going if end > began] + [ended]
            g = groups[(month(began), "trunk:" + trunk)]
            g["trunkCalls"] += 1
            g["peak"] = max(g["peak"], len(going))

    for row in read(folder, "reviews"):
        at = number(row["atMs"])
        for key in keys(at, row["queueId"], ""):
            g = groups[key]
            g["reviews"] += 1
            reviewed[key].add(row["callId"])
            g["passed"] += number(row["scorePercent"]) >= PASS_PERCENT
            g["criticals"] += number(row["critical"]) + number(row["fatal"]) > 0
    tries = defaultdict(list)
    for row in read(folder, "attempts"):
        at = number(row["atMs"])
        g = groups[(month(at), "all")]
        g["attempts"] += 1
        if row["allowed"] != "true":
            continue
        g["let"] += 1
        g["consent"] += row["consentId"] != ""
        person = row["personKey"]
        tries[person] = [before for before in tries[person] if at - before < DAY_MS] + [at]
        g["tries"] = max(g["tries"], len(tries[person]))

    for row in read(folder, "recordings"):
        if row["handled"] == "true" and row["kept"] != "missing":
            for key in keys(number(row["atMs"]), row["queueId"], row["called"]):
                groups[key]["recorded"] += 1
    for row in read(folder, "surveys"):
        score = number(row["score"])
        for key in keys(number(row["atMs"]), row["queueId"], ""):
            g = groups[key]
            g["invited"] += 1
            if score is not None:
                g["valid"] += 1
                g["scores"] += score
                g["satisfied"] += score >= 4
    for row in read(folder, "complaints"):
        received, due = number(row["receivedAtMs"]), number(row["dueAtMs"])
        reply, closed = number(row["answeredAtMs"]), number(row["closedAtMs"])
        g = groups[(month(received), "all")]
        g["complaints"] += 1
        g["reopened"] += row["reopened"] == "true"
        g["appeals"] += row["appeal"] == "true"
        if due is not None and (reply is not None or due <= until):
            g["due"] += 1
            g["inTime"] += reply is not None and reply <= due
        if closed is not None:
            g["closed"] += 1
            g["closedMs"] += closed - received
    for row in read(folder, "proofs"):
        g = groups[(month(number(row["atMs"])), "all")]
        g["proofs"] += 1
        g["proofsOk"] += row["ok"] == "true" and not row.get("linesDown")
    for row in read(folder, "states"):
        g = groups[(month(number(row["fromMs"])), "all")]
        lasted = number(row["untilMs"]) - number(row["fromMs"])
        if row["state"] in ("offered", "on-call", "wrap-up"):
            g["busy"] += lasted
        elif row["state"] == "ready":
            g["ready"] += lasted
        if row.get("ofService") == "true":
            g["wrapUp"] += lasted

    figures = {}
    for (m, group), g in groups.items():
        def put(name, numerator, denominator, factor=1.0, value=None):
            if not printed_of(group, name):
                return
            exact = value if value is not None else (numerator / denominator * factor if denominator else None)
            figures[(name, m, group)] = (numerator, denominator, exact if denominator else None)

        ranked = sorted(waits[(m, group)])
        p90 = ranked[math.ceil(0.9 * len(ranked)) - 1] if ranked else 0
        late = sorted(math.ceil(delay / 100) / 10 for delay in delays[(m, group)])
        p95 = late[math.ceil(0.95 * len(late)) - 1] if late else 0
        put("answerRate", g["taken"], g["queued"], 100)
        put("serviceLevel15", g["within15"], g["queued"], 100)
        put("serviceLevel20", g["within20"], g["queued"], 100)
        if g["short"] > 0:
            put("serviceLevel20Variant", g["within20"], g["taken"] + g["abandoned"] - g["short"], 100)
        put("abandonRate", g["abandoned"], g["queued"], 100)
        put("abandonShort", g["short"], g["queued"], 100)
        put("averageSpeedOfAnswer", g["wait"] / 1000, g["taken"])
        put("wait90", p90, len(ranked), value=p90)
        put("longestWait", g["longest"] / 1000, len(ranked), value=g["longest"] / 1000)
        put("machineAnswer15", g["answered15"], g["answered"], 100)
        put("answerSeizure", g["answered"], g["inbound"], 100)
        put("firstContactResolution", g["resolved"], g["judged"], 100)
        put("recorded", g["recorded"], g["handled"], 100)
        put("mosMean", g["mosSum"], g["mosCalls"])
        put("mosGood", g["mosGood"], g["mosCalls"], 100)
        put("satisfaction", g["satisfied"], g["valid"], 100)
        put("satisfactionMean", g["scores"], g["valid"])
        put("surveyResponse", g["valid"], g["invited"], 100)
        put("networkEffectiveness", g["inbound"] - g["failed"], g["inbound"], 100)
        put("mosVerySatisfied", g["band90"], g["mosCalls"], 100)
        put("mosSatisfied", g["band80"], g["mosCalls"], 100)
        put("mosSomeDissatisfied", g["band70"], g["mosCalls"], 100)
        put("mosManyDissatisfied", g["band60"], g["mosCalls"], 100)
        put("mosNearlyAllDissatisfied", g["band0"], g["mosCalls"], 100)
        put("trunkPeak", g["peak"], g["trunkCalls"], value=g["peak"])
        put("reviewSampling", len(reviewed[(m, group)]), g["handled"], 100)
        put("reviewPass", g["passed"], g["reviews"], 100)
        put("reviewCritical", g["criticals"], g["reviews"], 100)
        put("complaintsReopened", g["reopened"], g["complaints"], 100)
        put("complaintAppeals", g["appeals"], g["complaints"], 100)
        put("outboundAnswered", g["outboundAnswered"], g["outbound"], 100)
        put("postDialDelay", sum(delays[(m, group)]) / 1000, len(late))
        put("postDialDelay95", p95, len(late), value=p95)
        put("outboundBlocked", g["attempts"] - g["let"], g["attempts"], 100)
        put("outboundConsent", g["consent"], g["let"], 100)
        put("outboundTries", g["tries"], g["let"], value=g["tries"])
        put("surveyInvitation", g["invited"], g["handled"], 100)
        put("averageHandleTime", (g["talk"] + g["wrapUp"]) / 1000, g["handlings"])
        put("occupancy", g["busy"], g["busy"] + g["ready"], 100)
        put("complaintsPer10000", g["complaints"], g["inbound"], 10000)
        put("complaintsInTime", g["inTime"], g["due"], 100)
        put("complaintDays", g["closedMs"] / 86400000, g["closed"])
        put("availability", g["proofsOk"], g["proofs"], 100)
    return figures


def stood(row, as_of):
    """The values of a complaint that can change, as they were at a moment."""
    for before in json.loads(row["earlier"] or "[]"):
        if before["untilMs"] > as_of:
            return before
    return {
        "kind": row["kind"],
        "upheld": row["upheld"] == "yes",
        "closedAtMs": number(row["closedAtMs"]),
        "satisfaction": number(row["satisfaction"]),
        "satisfactionAtMs": number(row["satisfactionAtMs"]),
    }


def happened(at, as_of):
    return at is not None and at <= as_of


def stored_complaints(folder, since, until, as_of, version):
    calls = 0
    for row in read(folder, "calls"):
        # From the fourth version on: calls that came in for service. Before, all calls.
        if version >= 4 and (row["direction"] != "inbound" or row["class"] != "service"):
            continue
        calls += since <= number(row["invitedAtMs"]) < min(until, as_of) and happened(number(row["endedAtMs"]), as_of)
    found = {"received": 0, "answeredInTime": 0, "answeredLate": 0, "openOverdue": 0, "upheld": 0, "appeals": 0}
    kinds, scores = defaultdict(int), []
    for row in read(folder, "complaints"):
        received, due, answered = number(row["receivedAtMs"]), number(row["dueAtMs"]), number(row["answeredAtMs"])
        if not since <= received < until or received > as_of:
            continue
        then = stood(row, as_of)
        found["received"] += 1
        found["appeals"] += row["source"] == "regulator"
        found["upheld"] += bool(then.get("upheld")) and happened(then.get("closedAtMs"), as_of)
        if happened(answered, as_of):
            found["answeredInTime" if due is not None and answered <= due else "answeredLate"] += 1
        elif due is not None and due < as_of:
            found["openOverdue"] += 1
        kinds[then["kind"]] += 1
        if then.get("satisfaction") is not None and happened(then.get("satisfactionAtMs"), as_of):
            scores.append(then["satisfaction"])
    return {
        **found,
        "calls": calls,
        "per10000Calls": found["received"] / calls * 10000 if calls else None,
        "byKind": dict(kinds),
        "satisfactionMean": sum(scores) / len(scores) if scores else None,
        "satisfactionAnswers": len(scores),
    }


def stored_satisfaction(folder, since, until, as_of, _version):
    found = {"invited": 0, "answered": 0, "solved": 0, "notSolved": 0}
    distribution = [0] * 5
    for row in read(folder, "surveys"):
        at = number(row["atMs"])
        if not since <= at < until or at > as_of:
            continue
        found["invited"] += 1
        given = [answer for answer in json.loads(row["answers"] or "[]") if answer["atMs"] <= as_of]
        corrected = {answer["corrects"] for answer in given}
        left = [answer for answer in given if answer["id"] not in corrected]
        if not left:
            continue
        found["solved"] += left[-1]["solved"] is True
        found["notSolved"] += left[-1]["solved"] is False
        if left[-1]["score"] is not None:
            found["answered"] += 1
            distribution[int(left[-1]["score"]) - 1] += 1
    answered = found["answered"]
    return {
        **found,
        "responseRate": answered / found["invited"] if found["invited"] else None,
        "mean": sum((i + 1) * many for i, many in enumerate(distribution)) / answered if answered else None,
        "distribution": distribution,
    }


def same(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    return close(a, b)


def close(a, b):
    if a is None or b is None:
        return a is None and b is None
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6)


# Each code with what an inspector reads out; the codes below AMBER are no fault by themselves.
SENTENCES = {
    "changed": ("文件内容被改动", "a file is not what was sealed"),
    "missing": ("清单所列文件缺失", "a listed file is missing"),
    "rows-cut": ("数据行数不符", "rows were cut"),
    "not-listed": ("有清单未列的文件", "a file is not listed"),
    "signature-invalid": ("签名无效", "the signature is not valid"),
    "signature-missing": ("没有签名", "there is no signature"),
    "key-differs": ("签名公钥与书面告知的指纹不符", "the key is not the one that was told"),
    "key-not-compared": ("未与书面告知的公钥指纹比对，签名者身份未核实", "the fingerprint was not compared with the one told on paper: who signed is not known"),
    "stamp-foreign": ("时间戳不是本清单的有效时间戳", "the time stamp is not a stamp over this manifest"),
    "figures-unreadable": ("包内没有可读取的指标文件", "the pack has no figures that can be read"),
    "period-differs": ("指标的计算期间与清单所载期间不一致", "the figures are of another period than the manifest says"),
    "formula-missing": ("缺少应有的公式，该指标被隐去", "a formula is left out, and its figures with it"),
    "formula-unknown": ("出现核验工具不认识的公式", "a formula is not among those that are published"),
    "formula-changed": ("公式文字与公布的不同", "the text of a formula is not the published one"),
    "formula-version": ("公式版本与本核验工具不同，请用同版本的核验工具复核", "a formula has another version than this verifier knows; use the verifier of that version"),
    "figure-missing": ("原始数据可算出该指标，但包内未列出", "the rows give a figure that the pack leaves out"),
    "figure-differs": ("指标与原始数据重新计算的结果不符", "a figure is not what the rows give"),
    "figure-doubled": ("同一指标列出两次", "a figure is listed twice"),
    "stored-differs": ("已存储的月度或年度指标与原始数据不符", "a stored figure of a month or year is not what the rows give"),
    "row-outside": ("原始数据含有期间以外的行", "a row lies outside the period"),
    "row-after-making": ("原始数据的时间晚于证据包的生成时间", "a row is later than the making of the pack"),
    "row-doubled": ("同一记录出现两次", "a row stands twice"),
    "number-doubled": ("同一台账编号出现两次", "a ledger number stands twice"),
    "recording-without-call": ("有录音而没有对应的通话", "a recording belongs to no call of the pack"),
    "recording-doubled": ("两通电话的录音哈希值相同", "two calls have the same recording"),
    "recording-lost": ("录音文件已不在存储中，或上次打开核对时已损坏，且没有删除记录", "the object of a recording is gone from the store, or was damaged when it was last opened, without a record of its deletion"),
    "answer-unseen": ("通话记为由坐席接听，而该坐席当时没有通话状态，录音也记为没有坐席", "a call is said to be answered by an agent, and that agent was in no call then, and its recording says that no agent was in it"),
    "answer-doubtful": ("通话记为由坐席接听，而坐席状态与录音未能都予以印证，请核对并试听该录音", "a call is said to be answered by an agent, and the states of that agent and the recording do not both confirm it: listen to the recording"),
    "call-differs": ("通话记录与所列另一方的记录矛盾：时刻或结果被改写", "a call contradicts the named record of another owner: a time or an outcome was rewritten"),
    "ledger-gap": ("录音台账缺号：所列编号已分配给通话，台账中没有", "numbers of the recording ledger are missing: they were given to calls, and the ledger has no rows of them"),
    "no-sheets": ("包内没有日结表，无法核对数据是否完整", "the pack has no day sheets: completeness cannot be checked"),
    "sheet-changed": ("日结表的内容与其哈希值不符", "a day sheet does not have its own hash"),
    "sheet-not-chained": ("日结表不连续，有日结表缺失或被替换", "the day sheets are not chained: one is missing or exchanged"),
    "sheet-missing": ("已过封存时限的日期没有日结表", "a day that must be sealed has no day sheet"),
    "day-unsealed": ("该日尚未封存，数据未经日结表固定", "this day is not sealed yet: nothing fixes its rows"),
    "facts-changed": ("封存后数据被改动：明细与日结表封存的哈希值不符", "rows were changed after their day was sealed"),
    "state-differs": ("坐席状态与登记的起止不符：状态被缩短、拉长、改动或删去", "a state of an agent is not as its beginning and end were noted: shortened, lengthened, altered or left out"),
    "seat-missing": ("坐席有状态记录，而当日及前一日均没有其坐席上线的记录", "an agent has states, and on that day and the day before no seat of theirs was online"),
    "answer-differs": ("满意度评价与逐次评价不符：评价被改动、增加或删去", "a survey does not show the answers that were written down: one was altered, added or left out"),
    "answer-unwitnessed": ("评价记为来电人所作，而该通话没有相应的按键，或没有该通话", "an answer is said to be from the caller, and its call has no such key, or there is no such call"),
    "answer-of-house": ("评价由本单位人员录入，来电人此前并未作评价", "an answer was entered by the house, and the caller had given none"),
    "complaint-missing": ("投诉已登记或已起算时限，而投诉明细中没有该件", "a complaint was recorded, or its clock started, and it is not among the complaints"),
    "complaint-differs": ("投诉的受理时间或来源与登记时不符，或没有登记", "a complaint is not as it was recorded, or was not recorded"),
    "sheet-not-told": ("见证人留存的日结表哈希值不在本包之中：封存的数据被改写，或该日不属于本包期间", "the hash of the day sheet that was told is not in this pack: what was sealed has been rewritten, or that day is not of its period"),
    "witness-differs": ("日结表与送外见证时的哈希值不同：封存的数据被改写", "a day sheet is not the one that left the house: what was sealed has been rewritten"),
    "witness-foreign": ("外部见证的时间戳不是对该日结表的有效时间戳", "the stamp of an outside witness is not a stamp over this day sheet"),
    "witness-late": ("日结表盖戳时间晚于封存三日以上：期间内可能被改写", "a day sheet was stamped more than three days after its sealing: until then nobody outside had seen it"),
    "witness-missing": ("该日日结表没有外部见证，而此前的日子有", "this day sheet has no outside witness, and days before it have one"),
    "receipt-missing": ("该日没有 HTTPS 见证方的回执，而此前的日子有", "this day has no receipt of the https witness, and days before it have one"),
    "clock-before-last": ("生成时系统时钟早于上一证据包", "the clock was behind that of the pack before"),
    "history-differs": ("所附历次证据包清册与本包的序号或上一包哈希值不符", "the list of the packs made before does not fit the number of this pack or the hash of the pack before it"),
    "pack-fork": ("两个证据包接在同一个证据包之后而内容不同：前一个制作之后，系统的记录被退回到更早的状态，或证据包被重新制作", "two packs follow the same pack with other contents: after the first was made, the records were set back to an earlier state, or the pack was made anew"),
    "pack-fork-restored": ("两个证据包接在同一个证据包之后而内容不同：系统登记了其间从备份恢复，请核对审计记录中的该次恢复", "two packs follow the same pack with other contents: the system says that it was restored from a backup in between; look at that restore in the audit log"),
    "pack-missing": ("所提交的证据包之间缺一个同类证据包", "a pack of the same kind, made between those that were given, was not given"),
    "pack-doubled": ("同一个证据包提交了两次", "the same pack was given twice"),
    "pack-foreign": ("该证据包的企业、许可证和公钥均与其他证据包不同，未与其比对", "company, licence and key of this pack are those of no other: it was not compared with them"),
    "clock-jumped": ("自前一张日结表封存以来，系统时钟发生跳变（秒），该日记录的时刻可能不准", "since the day sheet before was sealed the clock of the host jumped (seconds): times of this day may be wrong"),
    "clock-jumped-open": ("系统时钟发生跳变（秒），尚未列入日结表，未封存日的时刻可能不准", "the clock of the host jumped (seconds), and no day sheet carries that yet: times of days that are not sealed may be wrong"),
    "clock-jump-differs": ("时钟跳变的记录与审计日志不符：封存前被删除、改写或补写", "the stored jumps of the clock are not those of the audit log: one was removed, altered or made up before its day was sealed"),
    "clock-unwatched": ("该日封存时没有已同步的授时来源", "when this day was sealed no synchronised source of the time was known"),
    "clock-wrong": ("该日封存时系统时钟与授时来源相差 1 秒以上（毫秒），该日记录的时刻可能不准", "when this day was sealed the clock of the host was more than a second from the source of the time (milliseconds): times of this day may be wrong"),
    "not-held": ("本包未收录该项明细（由较早版本制作），无法核对", "the pack does not hold these rows (it was made by an earlier version): they cannot be checked"),
    "held-missing": ("清单写明收录的明细不在包内", "rows that the manifest says it holds are not in the pack"),
    "consent-missing": ("呼出所依据的同意凭证不在包内", "the consent that a call out rests on is not in the pack"),
    "consent-late": ("同意凭证的登记时间晚于以其为依据的呼出", "a consent was written down after the call out that rests on it"),
    "attachment-missing": ("应收录的附件不在包内", "an attachment that must be in the pack is not in it"),
    "attachment-differs": ("附件与登记的哈希值不符：文件被替换或改动", "an attachment is not the file that was attached"),
    "attachment-extra": ("附件目录中有未登记的文件", "a file among the attachments was attached to nothing"),
    "attachment-lost": ("附件原文件已不在存储中", "an attachment is gone from the store"),
    "ledger-changed": ("录音台账与日结表封存的哈希值不符", "the rows of the recording ledger are not those that their day sheet sealed"),
    "ledger-recording-differs": ("录音台账与录音明细的哈希值不符", "the ledger and the recordings name different hashes"),
    "table-missing": ("缺少一张供阅读的表格，其明细在包内", "a table for reading is left out, and its rows are in the pack"),
    "table-extra": ("供阅读的表格中有一个文件没有对应的明细", "a file among the tables for reading belongs to no rows"),
    "table-differs": ("供阅读的表格与数据明细不一致，所列为首处", "a table for reading does not show what the rows say; the first place is named"),
    "table-unknown": ("表格或其中一列是本核验工具不认识的，请用同版本的核验工具复核", "a table or a column of it is not known to this verifier; use the verifier of that version"),
    "seed-differs": ("抽取录音的种子与检查人员指定的不同，或本包没有抽取录音", "the seed of the draw is not the one that was named, or the pack has no drawn recordings"),
    "seed-not-compared": ("抽取录音的种子未与检查人员指定的比对，包内也没有可证明其来源的日结表", "the seed of the draw was not compared with the one that was named, and no day sheet of the pack shows where it is from"),
    "count-differs": ("抽取录音的条数与检查人员要求的不同，或本包没有抽取录音", "the number of recordings to draw is not the one that was asked for, or the pack has no drawn recordings"),
    "count-not-compared": ("抽取录音的条数未与检查人员要求的条数比对：以同一种子少抽几条，本包自身看不出来", "the number of recordings to draw was not compared with the one that was asked for: the pack itself does not show that fewer were drawn by the same seed"),
    "draw-differs": ("所列录音不是种子应抽取的录音，所列为首处", "the listed recordings are not those that the seed draws; the first place is named"),
    "drawn-missing": ("抽取的录音不在包内，而明细表明其仍在库", "a drawn recording is not in the pack, and the rows say that it is kept"),
    "drawn-lost": ("抽取的录音已不在存储中", "a drawn recording is gone from the store"),
    "drawn-deleted": ("抽取的录音已按规则删除，请核对其删除记录", "a drawn recording was deleted by its rule; look at the record of its deletion"),
    "drawn-recording-differs": ("抽取的录音与存档时的哈希值不符：录音被替换、截断或改动", "a drawn recording is not what was archived: exchanged, cut or altered"),
    "drawn-extra": ("录音目录中有种子未抽取的录音", "a file among the recordings was not drawn"),
    "document-figures-differ": ("文件（PDF）印出的指标与包内指标不符，所列为首处", "a PDF does not print the figures of the pack; the first place is named"),
    "document-unread": ("文件（PDF）中的指标表不是本核验工具能读出的形式，未能比对", "the table of figures in a PDF is not of a form that this verifier reads: it was not compared"),
    "document-form": ("文件内容与其格式不符", "a document does not have the form that its name says"),
}
AMBER = ("key-not-compared", "formula-version", "recording-lost", "answer-doubtful", "no-sheets", "day-unsealed", "witness-late", "witness-missing", "receipt-missing", "clock-before-last", "clock-jumped", "clock-jumped-open", "clock-unwatched", "clock-wrong", "not-held", "pack-fork-restored", "pack-missing", "pack-doubled", "pack-foreign", "attachment-lost", "seed-not-compared", "count-not-compared", "drawn-lost", "drawn-deleted", "document-unread", "table-unknown")
MOST_NAMED = 20
LATE_MS = 120000
YEAR_MS = 364 * 86400000
SEALED_AFTER_MS = 7 * 3600000
WITNESS_WITHIN_MS = 3 * 86400000
# A recording begins when its call is answered: the call itself may have begun before the period.
RING_MS = 600000
TABLES = {
    "calls": ("callId", "invitedAtMs", "endedAtMs"),
    "recordings": ("callId", "atMs", "atMs"),
    "complaints": ("number", "receivedAtMs", "receivedAtMs"),
    "surveys": ("surveyId", "atMs", "atMs"),
    "proofs": ("proofId", "atMs", "atMs"),
    "reviews": ("reviewId", "atMs", "atMs"),
    "alarms": ("alarmId", "atMs", "atMs"),
    "attempts": ("callId", "atMs", "atMs"),
    "states": ("", "fromMs", "fromMs"),
    "consents": ("consentId", "atMs", "atMs"),
    "legs": ("legId", "atMs", "atMs"),
    "clocks": ("eventId", "atMs", "atMs"),
    "turns": ("turnId", "atMs", "atMs"),
    "answers": ("answerId", "atMs", "atMs"),
    "cases": ("number", "atMs", "atMs"),
    "seats": ("seatId", "atMs", "atMs"),
    "attachments": ("fileId", "atMs", "atMs"),
    "ledger": ("number", "atMs", "atMs"),
    "drawn": ("callId", "atMs", "atMs"),
}
# What a pack holds beside the rows of its figures; of some also those of before its period, of others those of after it.
HELD = ("consents", "legs", "clocks", "attachments", "ledger", "turns", "answers", "cases", "seats")
EARLIER_TOO = ("consents", "attachments", "seats")
LATER_TOO = ("turns", "answers", "cases")
# How far the moment of an answer may be from that of its key, and how long a call may last after its survey was offered.
KEY_WITHIN_MS = 2000
CALL_WITHIN_MS = 3600000
NO_ROWS = "0" * 64
CLOCK_WITHIN_MS = 1000
# By how much two owners may differ about a moment.
AGREE_MS = 10000
ABANDONED = ("abandoned-in-queue", "abandoned-ringing")
KNOWN_FORMULAS = (
    # formulas:begin
    {"answerRate":[3,"0d7dcce5ea189c8486b42d84101395ca4890f3da9c7b7390b68d868fe4596a53","184561213490b03b4d2e2d8695e11e769097e824b00f2d9b8a137afdcf4cc1e3"],"serviceLevel15":[3,"fac56d254ec9362d7652f02ba6f1425ca81031bd833e9892fbb9847b8beaa2ec","bf785b552381daca3f276a5ac1edee67e6ca8578be5bfdfa66f277fbdddc7808"],"serviceLevel20":[3,"13e88428527d94479ed095c4a8e3d4050ac1fc441e2e1bcbb395311093b408b3","c982094b0c3b1f6afb54ae664b477323362e8207cd4b49221a7d4ea1fca9f1b4"],"serviceLevel20Variant":[3,"dad1ca2ad1b63b26fbbd6c41cb0c6c7e5b818d71e73fc77134e6115711991b79","e9cfdbb05ffe4b952a77f3c984c0d7b089c5baa73831f6db0793bca0267e26a0"],"abandonRate":[3,"737d706af6e3b6ecb7561cc20a3b74778766a655498fff4add175aebc21817fc","c713a977c4a73697ff01eca52a1651dfc23e257867a5962f3e0a48f9edb7dad9"],"averageSpeedOfAnswer":[3,"929750e25723977992617f8ea07c7811981a13b5acd0a5349df764107ffdb4d7","9b26c47e6706647e55aa75cef15d6f3b311dcff7a15c11b38f59e75b144917e8"],"wait90":[3,"79c93e69ee686a46ff48c69f4b8421dae35ecedafc6114a6327f59590976c6ed","42bb73e10ef5ce0d517e7aba363b086c655ef13a7f5b349cf1df0e8b1207b037"],"longestWait":[3,"418b7742008f6af445c520df3aec0aa7a6cf9d53efff144a01a740e56d16c632","f00737d27468d0be2a5801713190d39e60b4d35bfc813ec2796bf3e133a588ef"],"machineAnswer15":[2,"040fe8aed4a3c8e00d5eef5f41ea69c7a2eff294c32021ea2c30a09aed9146c6","81c9cf06bc8330d1d91967c729df71e1b10174fca47986a51ecf15dc92cb95bd"],"averageHandleTime":[3,"61501f1d6f8ab1e8c3116cd74412ddbd0a632b73e3896c1c89ee6fcde23987ab","ce6cf3f657e73050cb7eb7d0195b3344e599741c0456f2e8674f56d9bc4b4fb4"],"occupancy":[3,"6e907427e3ce19cc33fe8c7c0c3d2c17e02e0c22f64c42ab6258e12bbe87494d","3e5936c765dec4731051c673749c59e58d56e1818bb79e8eaca93edbc64cbb8a"],"firstContactResolution":[3,"baed7f257b1b92f799d722076ba351a0704b6d0d5e0868db99042b9f5377d27c","3225ee167c9496d8e51cc773da060e19fa58027dde4165ed9fe41c0c6118ef1a"],"abandonShort":[3,"52b36268c8cc98440120b73730580078e1595fd3a8325d0a89636a89d0f7dec9","0882280092794408b0709ceb54dfe70d1a340c904b4f3cf7bbfd1439affbfcf4"],"satisfaction":[1,"d2077ac53dc2448d46e30ee83201b37968fcea21f619253962ba8df736a5201e"],"satisfactionMean":[1,"9bbf12b311b9050fb4115d11c165c017217ce037db7f0debfe3a2a12df5a3df4"],"surveyResponse":[1,"aa0f634e591373f504a86972499b44534ca60e8b128df8ab21bb96ca71f9b826"],"surveyInvitation":[3,"ae07f43ffed446a0d3ecdcb9e9a3afb8892ca409cc5a08001836bd0c493ac148","5027581f1772e106b96bf245efad6eb79d58866bf02c9a048fbf703aef605aff"],"complaintsPer10000":[2,"92f72888e4f2e0f0e59dc7e64a437b7e40d6ba5a74ac2f75e313b9bb79b5d612","3150f66fb6ab14a8c58b4ff258235a69dd74549d1d3a74e96f152cbc59b4e8b5"],"complaintsInTime":[1,"4002dd0774f0b5f51b0ec0d48c84f4282fcf1a0782bea4a6cf0b8ec3a4512372"],"complaintDays":[1,"7dd9664acc7476b554d6b9d4927fae6b1ba6d682cc86cb4fc57625b15b3c7fb2"],"availability":[3,"9126334c1ff7737bf5ad97d6ef6ed24ff3b73edb5ad1a0bb71eb0418aed60ad0","a5752920ef5734111a2d40a7778ad27f3bf14d2caa4ac86418f1c1c5bb55a9c3"],"answerSeizure":[3,"bdc43aaaaafed8de73f9d78e2d945ca81dd5a8a3b2528c4ac1056585a09b9ee2","0a02c5808433009ff93508585be02b96ea36430783e91e8484295c9a18a91d14"],"recorded":[5,"1d25802a386bc3b1b687d75bea6715b610676642bedd50547119e969c666e356","ae11091daee16aa9c06a1c2d60c5fbe7e6b81f1b450a44e84650dbd1e8f07291"],"mosMean":[2,"4f9a3fee79c5545b059515e72a456e7d572f7f67db495ca407e70a1a08ef4a0b","8dd3db2a0ff0ae59bb46e7e692a8ad5b45c9a683ff3fe65751ba6a0f0ae1ad62"],"mosGood":[2,"c04d9d68ae4fbeb42bfbbbf05c5858aa83e5555754321c328d01d956d64441c1","6cb9dd67d57f624347906b39fe52f831d74ee011999901ef898e5072115767e6"],"mosVerySatisfied":[2,"5e2a11aef190979d57fbb09062f0856699203437d6c80294fb6feface3413ca4","08e5def3cd1b844a1ecffd588eea719d55cd4b80a011bc4f9789c248c7284ca9"],"mosSatisfied":[2,"c9b75e3cc9b9bf762b9fc698a45e0c90c1853c30a088ede950cd743ca1c785f9","d8a4c8123a3047595e8ca291239f94af52ece855d7b4ace724143878cacd8c26"],"mosSomeDissatisfied":[2,"001db31cb5400a70d2a305f124872dcc7651421818f87bb63edc27ba539ec134","4d9d8e19d68ff4f1c052010bfec3011edb406505374c879024757007e162d419"],"mosManyDissatisfied":[2,"b970220c2bc6f97728c5f68c0895888d12581c114149da7ac9c48317d5630900","e2bc8e8de56c741fc6bf98d5271733c678c7161ee75ea3c99324e23f6b36aa3d"],"mosNearlyAllDissatisfied":[2,"f6aa5f150c73d675b00536636999cdcae60165f8a27b204277f14dfd42c7f8e5","cb1dea70f75ca239dea613f63a6231777119bafbc969c2e09f3d47c927ff24f2"],"networkEffectiveness":[3,"56a772dfc9dcae4e62edd2dd011c493a93352a25c4b75abb7469fbfac21d06c2","72e5eaaa633d38f0efd3077be60c3d60d9324bc47d4774daa10a76aff9956dfc"],"trunkPeak":[2,"4f36998cbb599d0a577b65501d6d5a699fe6d859f9dbb646832fc61522a835e4","6f8271c831ddbaa9a0d32ec78afeb322928e05cb721b2f6669a516bf1fa6207c"],"reviewSampling":[3,"c1d2b27407781ca5f4493e21e64d3dfbd202c9ad59c210ccdc819d0d8c1c8fa4","4dd9c325e038a4b15fabd660c1f24e87e7376f5bcb3b5ccdc75169afe10812f8"],"reviewPass":[1,"2fa58da3564ccb9e7e449149444db5b68224ad6e0d513b9474d6c2bdd66edede"],"reviewCritical":[1,"f25cdd98959c4e602657c08deb035d02c857ec8003f34111b0532954eb8bd146"],"complaintsReopened":[1,"1fbdca9339d9eb96c8298cacd5fda429de0eb99ffb1f7d7391ad75a2a98207ca"],"complaintAppeals":[1,"ed5d7137ea50acb977c5736bdbff898eee696549c34336d37ed55479a20c8532"],"outboundAnswered":[1,"68e35836f0bff88c81db1ff992de2684ecf9a56b363a19541eb8439627be166a"],"postDialDelay":[2,"fd27e099ec0038db83bef08c0458b1553f8b30cda0a722aebe2a41a6248f28a3"],"postDialDelay95":[2,"13be92190d9f9242d4464e2382964778a85254f740fbf09cde462e654af12660"],"outboundBlocked":[1,"687bd6aed57abda5f5fb98e9ad635414145f49985defeedd39356f3a88fe9ba6"],"outboundConsent":[1,"fb61a12df476a396c412e1808a59e7ffa3956c379e06e9ab9aa575662ecb28c8"],"outboundTries":[1,"6dd4c37beca1fb3025e46fb34a19a4765101321301b74314aafb6ee04ad7941c"]}
    # formulas:end
)
# The heads and words of the tables for office programs: of each column kind, heads in Chinese and English, words of values; the present ones first, then those of before.
KNOWN_TABLES = (
    # tables:begin
    {"calls":{"name":"通话","columns":{"callId":["text",[["通话编号"],["Call"]],{}],"direction":["text",[["方向"],["Direction"]],{"inbound":[["呼入"],["in"]],"outbound":[["呼出"],["out"]]}],"invitedAtMs":["moment",[["呼叫到达"],["Arrived"]],{}],"answeredAtMs":["moment",[["系统应答"],["Answered by the system"]],{}],"queuedAtMs":["moment",[["进入队列"],["Queued"]],{}],"agentAnsweredAtMs":["moment",[["坐席应答"],["Answered by an agent"]],{}],"endedAtMs":["moment",[["结束"],["Ended"]],{}],"called":["text",[["本中心号码"],["Number of the centre"]],{}],"queueId":["text",[["队列"],["Queue"]],{}],"agentId":["text",[["坐席"],["Agent"]],{}],"trunkId":["text",[["中继"],["Trunk"]],{}],"callerKey":["text",[["对方代号"],["Person"]],{}],"cause":["text",[["结束原因"],["Cause"]],{"completed":[["正常结束"],["completed"]],"abandoned-in-notice":[["提示音中放弃"],["gave up in the notice"]],"abandoned-in-menu":[["菜单中放弃"],["gave up in the menu"]],"abandoned-in-queue":[["排队中放弃"],["gave up in the queue"]],"abandoned-ringing":[["振铃中放弃"],["gave up while ringing"]],"no-agent":[["无坐席"],["no agent"]],"queue-full":[["队列已满"],["queue full"]],"queue-timeout":[["排队超时"],["waited too long"]],"closed":[["非工作时间"],["outside hours"]],"number-not-in-service":[["号码未启用"],["number not in service"]],"blocked":[["黑名单"],["blocked"]],"no-common-codec":[["编码不兼容"],["no common codec"]],"trunk-not-allowed":[["中继不允许"],["trunk not allowed"]],"centre-busy":[["中心忙"],["centre busy"]],"media-failure":[["语音故障"],["sound failed"]],"system-failure":[["系统故障"],["system failed"]],"transferred-out":[["转出"],["transferred out"]],"message-left":[["已留言"],["left a message"]],"callback-booked":[["已预约回拨"],["callback booked"]],"abandoned-parked":[["驻留中放弃"],["abandoned while parked"]],"far-busy":[["对方忙"],["called party busy"]],"far-no-answer":[["对方未接"],["not answered"]],"far-unreachable":[["无法接通"],["could not be reached"]],"carrier-silent":[["运营商无响应"],["the carrier did not answer"]],"refused-by-key":[["对方按键拒绝再来电"],["refused further calls by key"]],"caller-silent":[["对方无语音（媒体超时）"],["other side gone silent"]],"longest-call":[["达到最长通话时间"],["longest duration reached"]],"outbound-stopped":[["拨号中被停止外呼"],["calling out stopped while dialling"]]}],"releasedBy":["text",[["挂断方"],["Released by"]],{"caller":[["来电者"],["caller"]],"agent":[["坐席"],["agent"]],"system":[["系统"],["system"]],"far-party":[["对方"],["other side"]],"supervisor":[["班长"],["supervisor"]]}],"talkMs":["milliseconds",[["通话时长（秒）"],["Talk (s)"]],{}],"holdMs":["milliseconds",[["保持时长（秒）"],["Hold (s)"]],{}],"handlings":["number",[["处理次数"],["Handlings"]],{}],"class":["text",[["类别"],["Class"]],{"service":[["服务呼叫"],["service"]],"test":[["练习呼叫"],["practice"]]}],"visits":["json",[["排队经过"],["Visits"]],{}],"lossPercent":["number",[["丢包率（%）"],["Loss (%)"]],{}],"jitterMs":["milliseconds",[["抖动（秒）"],["Jitter (s)"]],{}],"roundTripMs":["milliseconds",[["往返时延（秒）"],["Round trip (s)"]],{}],"ledgerNumber":["number",[["录音台账序号"],["Ledger number"]],{}],"postDialDelayMs":["milliseconds",[["拨号后时延（秒）"],["Post-dial delay (s)"]],{}],"scripts":["text",[["话术版本"],["Scripts"]],{}],"surveyKeys":["json",[["评价按键"],["Survey keys"]],{}]}},"recordings":{"name":"录音","columns":{"callId":["text",[["通话编号"],["Call"]],{}],"atMs":["moment",[["录音开始"],["Began"]],{}],"sha256":["text",[["哈希值（SHA-256）"],["SHA-256"]],{}],"durationMs":["milliseconds",[["时长（秒）"],["Length (s)"]],{}],"sizeBytes":["number",[["字节数"],["Bytes"]],{}],"queueId":["text",[["队列"],["Queue"]],{}],"called":["text",[["本中心号码"],["Number of the centre"]],{}],"handled":["yes-no",[["呼入且有坐席接听"],["Came in and handled"]],{"true":[["是"],["yes"]],"false":[["否"],["no"]]}],"kept":["text",[["保存状态"],["Kept"]],{"stored":[["在库"],["stored"]],"deleted":[["已按规则删除"],["deleted by its rule"]],"missing":[["缺失"],["missing"]]}],"openedAtMs":["moment",[["上次打开核对"],["Last opened"]],{}],"lookedAtMs":["moment",[["本包读取末字节"],["Last byte read"]],{}],"damage":["text",[["缺失或受损"],["Damage"]],{"recording-missing":[["存储中已无"],["gone from the store"]],"recording-truncated":[["被截断"],["cut"]],"recording-damaged":[["与登记的哈希值不符"],["does not match its hash"]]}],"damageFoundAtMs":["moment",[["首次发现"],["First found"]],{}],"damageFoundBy":["text",[["由何处发现"],["Found by"]],{"nightly":[["夜间抽检"],["nightly check"]],"ledger":[["台账核对"],["check of the ledger"]],"playback":[["播放或下载"],["playback or download"]],"pack":[["制作证据包"],["pack that was made"]]}]}},"complaints":{"name":"投诉","columns":{"number":["text",[["投诉编号"],["Number"]],{}],"receivedAtMs":["moment",[["受理时间"],["Received"]],{}],"dueAtMs":["moment",[["答复时限"],["Due"]],{}],"answeredAtMs":["moment",[["答复时间"],["Answered"]],{}],"closedAtMs":["moment",[["办结时间"],["Closed"]],{}],"kind":["text",[["类型"],["Kind"]],{"harassment":[["骚扰电话（未经同意呼出）"],["harassment"]],"called-after-refusal":[["明确拒绝后再次呼出"],["called after refusal"]],"attitude":[["服务态度"],["attitude"]],"waiting":[["等待过久"],["waiting"]],"information-leak":[["信息泄露"],["information leak"]],"charging":[["收费问题"],["charging"]],"other":[["其他"],["other"]]}],"source":["text",[["来源"],["Source"]],{"phone":[["电话"],["phone"]],"web":[["网页"],["web"]],"mail":[["邮件"],["mail"]],"letter":[["信函"],["letter"]],"regulator":[["申诉转办（通信管理局／12300）"],["regulator"]],"low-score":[["低分回访"],["low score"]]}],"upheld":["text",[["是否成立"],["Upheld"]],{}],"reopened":["yes-no",[["是否重新办理"],["Reopened"]],{"true":[["是"],["yes"]],"false":[["否"],["no"]]}],"appeal":["yes-no",[["是否申诉转办"],["Appeal"]],{"true":[["是"],["yes"]],"false":[["否"],["no"]]}],"satisfaction":["number",[["答复满意度（1–5）"],["Satisfaction (1–5)"]],{}],"satisfactionAtMs":["moment",[["评价时间"],["Rated"]],{}],"state":["text",[["状态"],["State"]],{"open":[["待受理"],["open"]],"in-hand":[["处理中"],["in hand"]],"answered":[["已答复"],["answered"]],"closed":[["已办结"],["closed"]]}],"earlier":["json",[["变更前的情况"],["Before changes"]],{}]}},"surveys":{"name":"满意度","columns":{"surveyId":["text",[["评价编号"],["Survey"]],{}],"callId":["text",[["通话编号"],["Call"]],{}],"atMs":["moment",[["邀请时间"],["Invited"]],{}],"method":["text",[["邀请方式"],["Asked by"]],{"keys":[["通话末按键"],["keys"]],"sms":[["短信链接"],["link by sms"]],"web":[["网页链接"],["link"]]}],"queueId":["text",[["队列"],["Queue"]],{}],"agentId":["text",[["坐席"],["Agent"]],{}],"score":["number",[["评分（1–5）"],["Score (1–5)"]],{}],"solved":["yes-no",[["问题是否解决"],["Solved"]],{"true":[["是"],["yes"]],"false":[["否"],["no"]]}],"answers":["json",[["全部评价"],["Answers"]],{}]}},"proofs":{"name":"拨测","columns":{"proofId":["text",[["拨测编号"],["Proof call"]],{}],"atMs":["moment",[["时间"],["At"]],{}],"ok":["yes-no",[["是否成功"],["Succeeded"]],{"true":[["是"],["yes"]],"false":[["否"],["no"]]}],"totalMs":["milliseconds",[["全程用时（秒）"],["Took (s)"]],{}],"origin":["text",[["发起方式"],["Begun by"]],{}],"linesDown":["text",[["不通的中继","当时不通的中继"],["Lines down","Lines down then"]],{}],"over":["text",[["经由线路"],["Way"]],{}]}},"states":{"name":"坐席状态","columns":{"agentId":["text",[["坐席"],["Agent"]],{}],"fromMs":["moment",[["开始"],["From"]],{}],"untilMs":["moment",[["结束"],["Until"]],{}],"state":["text",[["状态"],["State"]],{"signed-out":[["未登录"],["Signed out"]],"away":[["离开"],["Away"]],"break":[["小休"],["Break"]],"ready":[["就绪"],["Ready"]],"offered":[["振铃"],["Ringing"]],"on-call":[["通话中"],["On a call"]],"wrap-up":[["话后处理"],["Wrap-up"]]}],"ofService":["yes-no",[["属服务呼叫的话后处理"],["Wrap-up of service"]],{"true":[["是"],["yes"]],"false":[["否"],["no"]]}]}},"reviews":{"name":"质检","columns":{"reviewId":["text",[["质检编号"],["Review"]],{}],"callId":["text",[["通话编号"],["Call"]],{}],"atMs":["moment",[["时间"],["At"]],{}],"queueId":["text",[["队列"],["Queue"]],{}],"agentId":["text",[["坐席"],["Agent"]],{}],"scorePercent":["number",[["得分（%）"],["Score (%)"]],{}],"critical":["number",[["重大差错数"],["Critical errors"]],{}],"fatal":["number",[["致命差错数"],["Fatal errors"]],{}]}},"attempts":{"name":"呼出请求","columns":{"callId":["text",[["通话编号"],["Call"]],{}],"atMs":["moment",[["时间"],["At"]],{}],"allowed":["yes-no",[["是否允许"],["Allowed"]],{"true":[["是"],["yes"]],"false":[["否"],["no"]]}],"reason":["text",[["拦截规则"],["Refused by"]],{"purpose-not-allowed":[["用途不允许"],["purpose not allowed"]],"stopped":[["外呼已停止"],["outbound is stopped"]],"number-not-usable":[["主叫号码不可用于呼出"],["number must not call out"]],"refused-by-person":[["对方已谢绝来电"],["refused by the person"]],"no-consent":[["无同意凭证"],["no consent on record"]],"outside-window":[["时段外"],["outside the hours"]],"too-often":[["超频次"],["too often"]],"not-dialable":[["不是可拨打的号码"],["not a number that may be dialled"]],"kind-not-allowed":[["境外、卫星、高额资费或紧急号码"],["foreign, satellite, premium or emergency number"]],"not-registered":[["目的号码未登记"],["destination not on the register"]],"caller-not-vouched":[["来电号码未经运营商认证"],["caller number not vouched for by the carrier"]],"over-ceiling":[["超出每日上限"],["over a ceiling of the day"]]}],"purpose":["text",[["用途"],["Purpose"]],{"prompt-return":[["即时回访"],["prompt call-back"]],"enquiry":[["信息咨询"],["information"]],"service-notice":[["服务通知"],["service notice"]],"complaint-return":[["投诉回访"],["complaint call-back"]],"satisfaction-return":[["满意度回访"],["satisfaction call-back"]]}],"personKey":["text",[["对方代号"],["Person"]],{}],"numberMasked":["text",[["被叫号码（掩码）"],["Number (masked)"]],{}],"shown":["text",[["显示的主叫号码"],["Number shown"]],{}],"trunkId":["text",[["中继"],["Trunk"]],{}],"consentId":["text",[["同意凭证编号"],["Consent"]],{}]}},"alarms":{"name":"呼叫异常","columns":{"alarmId":["text",[["编号"],["Alarm"]],{}],"atMs":["moment",[["时间"],["At"]],{}],"pattern":["text",[["异常类型"],["Pattern"]],{}],"subjectKind":["text",[["对象类别"],["Kind of subject"]],{}],"subject":["text",[["对象"],["Subject"]],{}],"count":["number",[["次数"],["Count"]],{}],"of":["number",[["基数"],["Of"]],{}],"limit":["number",[["界限"],["Limit"]],{}],"stopped":["yes-no",[["是否自动停止外呼"],["Stopped calling out"]],{"true":[["是"],["yes"]],"false":[["否"],["no"]]}],"settledAtMs":["moment",[["处理时间"],["Settled"]],{}],"settledBy":["text",[["处理人"],["Settled by"]],{}],"lifted":["yes-no",[["是否恢复外呼"],["Lifted"]],{"true":[["是"],["yes"]],"false":[["否"],["no"]]}],"finding":["text",[["处理情况"],["Finding"]],{}]}},"consents":{"name":"同意凭证","columns":{"consentId":["text",[["凭证编号"],["Consent"]],{}],"atMs":["moment",[["登记时间"],["Written down"]],{}],"givenAtMs":["moment",[["同意时间"],["Given"]],{}],"personKey":["text",[["对方代号"],["Person"]],{}],"numberMasked":["text",[["号码（掩码）"],["Number (masked)"]],{}],"purposes":["text",[["同意的用途"],["Purposes"]],{}],"channel":["text",[["取得方式"],["Channel"]],{}],"clientUnit":["text",[["委托单位"],["Client unit"]],{}],"validUntilMs":["moment",[["有效期至"],["Valid until"]],{}],"withdrawnAtMs":["moment",[["撤回时间"],["Withdrawn"]],{}],"original":["text",[["原件"],["Original"]],{}],"originalSha256":["text",[["原件哈希值（SHA-256）"],["SHA-256 of the original"]],{}]}},"legs":{"name":"外转线路","columns":{"legId":["text",[["编号"],["Leg"]],{}],"callId":["text",[["通话编号"],["Call"]],{}],"atMs":["moment",[["时间"],["At"]],{}],"way":["text",[["方式"],["Way"]],{}],"allowed":["yes-no",[["是否允许"],["Allowed"]],{"true":[["是"],["yes"]],"false":[["否"],["no"]]}],"reason":["text",[["拦截规则"],["Refused by"]],{"purpose-not-allowed":[["用途不允许"],["purpose not allowed"]],"stopped":[["外呼已停止"],["outbound is stopped"]],"number-not-usable":[["主叫号码不可用于呼出"],["number must not call out"]],"refused-by-person":[["对方已谢绝来电"],["refused by the person"]],"no-consent":[["无同意凭证"],["no consent on record"]],"outside-window":[["时段外"],["outside the hours"]],"too-often":[["超频次"],["too often"]],"not-dialable":[["不是可拨打的号码"],["not a number that may be dialled"]],"kind-not-allowed":[["境外、卫星、高额资费或紧急号码"],["foreign, satellite, premium or emergency number"]],"not-registered":[["目的号码未登记"],["destination not on the register"]],"caller-not-vouched":[["来电号码未经运营商认证"],["caller number not vouched for by the carrier"]],"over-ceiling":[["超出每日上限"],["over a ceiling of the day"]]}],"purpose":["text",[["用途"],["Purpose"]],{"prompt-return":[["即时回访"],["prompt call-back"]],"enquiry":[["信息咨询"],["information"]],"service-notice":[["服务通知"],["service notice"]],"complaint-return":[["投诉回访"],["complaint call-back"]],"satisfaction-return":[["满意度回访"],["satisfaction call-back"]]}],"personKey":["text",[["对方代号"],["Person"]],{}],"numberMasked":["text",[["被叫号码（掩码）"],["Number (masked)"]],{}],"shown":["text",[["显示的主叫号码"],["Number shown"]],{}],"trunkId":["text",[["中继"],["Trunk"]],{}]}},"clocks":{"name":"投诉时限","columns":{"eventId":["text",[["编号"],["Event"]],{}],"number":["text",[["投诉编号"],["Number"]],{}],"atMs":["moment",[["时间"],["At"]],{}],"what":["text",[["事项"],["What"]],{}],"dueAtMs":["moment",[["答复时限"],["Due"]],{}],"ruleId":["text",[["时限规则"],["Rule"]],{}]}},"ledger":{"name":"录音台账","columns":{"number":["number",[["台账序号"],["Ledger number"]],{}],"callId":["text",[["通话编号"],["Call"]],{}],"atMs":["moment",[["登记时间"],["Intended"]],{}],"row":["json",[["台账全文"],["Row"]],{}]}},"attachments":{"name":"附件","columns":{"fileId":["text",[["附件编号"],["File"]],{}],"of":["text",[["所属"],["Of"]],{}],"subject":["text",[["所属编号"],["Subject"]],{}],"atMs":["moment",[["上传时间"],["Attached"]],{}],"fileName":["text",[["文件名"],["File name"]],{}],"sizeBytes":["number",[["字节数"],["Bytes"]],{}],"sha256":["text",[["哈希值（SHA-256）"],["SHA-256"]],{}],"withdrawnAtMs":["moment",[["撤下时间"],["Withdrawn"]],{}],"kept":["text",[["收录情况"],["Kept"]],{}],"path":["text",[["包内路径"],["Path in the pack"]],{}]}},"drawn":{"name":"抽取的录音","columns":{"place":["number",[["抽取次序"],["Place in the draw"]],{}],"callId":["text",[["通话编号"],["Call"]],{}],"atMs":["moment",[["录音开始"],["Began"]],{}],"durationMs":["milliseconds",[["时长（秒）"],["Length (s)"]],{}],"sizeBytes":["number",[["字节数"],["Bytes"]],{}],"sha256":["text",[["哈希值（SHA-256）"],["SHA-256"]],{}],"ledgerNumber":["number",[["录音台账序号"],["Ledger number"]],{}],"kept":["text",[["收录情况"],["Kept"]],{}],"path":["text",[["包内路径"],["Path in the pack"]],{}]}},"turns":{"name":"跨日坐席状态","columns":{"turnId":["text",[["编号"],["Turn"]],{}],"agentId":["text",[["坐席"],["Agent"]],{}],"atMs":["moment",[["时间"],["At"]],{}],"what":["text",[["起止"],["What"]],{"began":[["开始"],["began"]],"ended":[["结束"],["ended"]]}],"state":["text",[["状态"],["State"]],{"signed-out":[["未登录"],["Signed out"]],"away":[["离开"],["Away"]],"break":[["小休"],["Break"]],"ready":[["就绪"],["Ready"]],"offered":[["振铃"],["Ringing"]],"on-call":[["通话中"],["On a call"]],"wrap-up":[["话后处理"],["Wrap-up"]]}],"fromMs":["moment",[["状态开始"],["Began"]],{}]}},"answers":{"name":"逐次评价","columns":{"answerId":["text",[["编号"],["Answer"]],{}],"surveyId":["text",[["评价编号"],["Survey"]],{}],"atMs":["moment",[["登记时间"],["Written down"]],{}],"score":["number",[["评分（1–5）"],["Score (1–5)"]],{}],"solved":["yes-no",[["问题是否解决"],["Solved"]],{"true":[["是"],["yes"]],"false":[["否"],["no"]]}],"corrects":["text",[["所更正的评价"],["Corrects"]],{}],"by":["text",[["评价人"],["By"]],{"caller":[["来电人"],["caller"]],"house":[["本单位人员"],["house"]]}]}},"cases":{"name":"投诉登记","columns":{"number":["text",[["投诉编号"],["Number"]],{}],"atMs":["moment",[["登记时间"],["Written down"]],{}],"receivedAtMs":["moment",[["受理时间"],["Received"]],{}],"source":["text",[["来源"],["Source"]],{"phone":[["电话"],["phone"]],"web":[["网页"],["web"]],"mail":[["邮件"],["mail"]],"letter":[["信函"],["letter"]],"regulator":[["申诉转办（通信管理局／12300）"],["regulator"]],"low-score":[["低分回访"],["low score"]]}],"joinedInto":["text",[["并入"],["Joined into"]],{}]}},"seats":{"name":"坐席上线","columns":{"seatId":["text",[["编号"],["Seat"]],{}],"agentId":["text",[["坐席"],["Agent"]],{}],"atMs":["moment",[["上线时间"],["Online"]],{}],"offlineAtMs":["moment",[["离线时间"],["Offline"]],{}]}}}
    # tables:end
)


class Calendar:
    def __init__(self, zone):
        self.zone = zone_of(zone)
        self.offsets, self.days = {}, {}

    def clock_of(self, at):
        """The second in which a moment lies, as 2026-10-01 09:30:00 at the site."""
        quarter = math.floor(at / 900000)
        offset = self.offsets.get(quarter)
        if offset is None:
            moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=quarter * 900)
            offset = self.offsets[quarter] = round(moment.astimezone(self.zone).utcoffset().total_seconds())
        day, second = divmod(math.floor(at / 1000) + offset, 86400)
        words = self.days.get(day)
        if words is None:
            words = self.days[day] = date.fromordinal(719163 + day).isoformat()
        return "%s %02d:%02d:%02d" % (words, second // 3600, second // 60 % 60, second % 60)

    def day_of(self, at):
        return datetime.fromtimestamp(at / 1000, timezone.utc).astimezone(self.zone).strftime("%Y-%m-%d")

    def start_of(self, day):
        return int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=self.zone).timestamp() * 1000)


def next_day(day):
    return (datetime.strptime(day, "%Y-%m-%d") + timedelta(days=1)).strftime("%Y-%m-%d")


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def json_of(pack, name):
    body = pack.body(name)
    try:
        return None if body is None else json.loads(body.decode("utf-8-sig"), parse_constant=no_number)
    except ValueError:
        return None


def no_number(word):
    """JSON has no NaN and no Infinity (RFC 8259 section 6), though Python reads them."""
    raise ValueError(word)


def examine_bytes(pack, manifest, found):
    own = ("manifest.json", "manifest.sig", "manifest.tsr") + (("manifest.sm2",) if "publicKeySm2" in manifest else ())
    listed = {file["name"]: file for file in manifest["files"]}
    for name, file in listed.items():
        if name not in pack.names:
            found("missing", name)
            continue
        digest, size, lines = hashlib.sha256(), 0, 0
        try:
            with pack.open(name) as handle:
                for chunk in iter(lambda: handle.read(1 << 18), b""):
                    digest.update(chunk)
                    size += len(chunk)
                    lines += chunk.count(b"\n")
        except Exception:  # What does not even unpack has been changed.
            found("changed", name)
            continue
        if file.get("rows") is not None and lines - 1 != file["rows"]:
            found("rows-cut", name)
        elif digest.hexdigest() != file["sha256"] or size != file["bytes"]:
            found("changed", name)
    for name in pack.names:
        if name not in listed and name not in own:
            found("not-listed", name)


# Ed25519 (RFC 8032, section 5.1.7) in the plain words of the standard. A point is (X, Y, Z, T) with x = X / Z, y = Y / Z and x * y = T / Z.
P = 2 ** 255 - 19
Q = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def point_add(a, b):
    """RFC 8032, section 5.1.4: complete, so it also doubles."""
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    low, high = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = high - low, d - c, d + c, high + low
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_times(n, a):
    total = (0, 1, 1, 0)
    while n > 0:
        if n & 1:
            total = point_add(total, a)
        a = point_add(a, a)
        n >>= 1
    return total


def same_point(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P != 0:
        raise ValueError("no point of the curve")
    x = P - x if (x & 1) != sign else x
    return (x, y, 1, x * y % P)


def is_signed(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= Q:
        return False
    base = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    return same_point(point_times(s, base), point_add(point_of(signature[:32]), point_times(h, point_of(key))))


# SM3 (GB/T 32905) and SM2 (GB/T 32918.2, with the user id of GM/T 0009) in the plain words of the standards.
def sm3(message):
    def turn(x, n):
        return ((x << n % 32) | (x >> (32 - n % 32))) & M32

    M32 = 0xFFFFFFFF
    message = bytes(message)
    padded = message + b"\x80" + bytes(-(len(message) + 9) % 64) + (8 * len(message)).to_bytes(8, "big")
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    for at in range(0, len(padded), 64):
        w = [int.from_bytes(padded[at + 4 * j:at + 4 * j + 4], "big") for j in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ turn(w[j - 3], 15)
            w.append(x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            s1 = turn((turn(a, 12) + e + turn(0x79CC4519 if j < 16 else 0x7A879D8A, j)) & M32, 7)
            s2 = s1 ^ turn(a, 12)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & M32 & g)
            t1 = (ff + d + s2 + (w[j] ^ w[j + 4])) & M32
            t2 = (gg + h + s1 + w[j]) & M32
            a, b, c, d, e, f, g, h = t1, a, turn(b, 9), c, t2 ^ turn(t2, 9) ^ turn(t2, 17), e, turn(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
    return b"".join(x.to_bytes(4, "big") for x in v)


SM2_P = 2 ** 256 - 2 ** 224 - 2 ** 96 + 2 ** 64 - 1
SM2_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
SM2_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SM2_G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
         0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
SM2_SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
SM2_USER = b"1234567812345678"


def sm2_twice(a):
    """Of a point (X, Y, Z) with x = X / Z^2 and y = Y / Z^3; None is the point at infinity."""
    if a is None:
        return None
    x, y, z = a
    zz, yy = z * z % SM2_P, y * y % SM2_P
    k, m = 3 * (x - zz) * (x + zz) % SM2_P, 4 * x * yy % SM2_P
    new_x = (k * k - 2 * m) % SM2_P
    return (new_x, (k * (m - new_x) - 8 * yy * yy) % SM2_P, 2 * y * z % SM2_P)


def sm2_add(a, b):
    if a is None or b is None:
        return a or b
    (x1, y1, z1), (x2, y2, z2) = a, b
    zz1, zz2 = z1 * z1 % SM2_P, z2 * z2 % SM2_P
    u, s = x1 * zz2 % SM2_P, y1 * z2 * zz2 % SM2_P
    h, r = (x2 * zz1 - u) % SM2_P, (y2 * z1 * zz1 - s) % SM2_P
    if h == 0:
        return sm2_twice(a) if r == 0 else None
    hh = h * h % SM2_P
    hhh, v = h * hh % SM2_P, u * hh % SM2_P
    x = (r * r - hhh - 2 * v) % SM2_P
    return (x, (r * (v - x) - s * hhh) % SM2_P, h * z1 * z2 % SM2_P)


def sm2_times(n, a):
    total, a = None, a + (1,)
    while n > 0:
        if n & 1:
            total = sm2_add(total, a)
        a = sm2_twice(a)
        n >>= 1
    return total


def der_numbers(der):
    """Both numbers of a signature; a ValueError for what is none."""
    if len(der) < 8 or der[0] != 0x30 or der[1] != len(der) - 2:
        raise ValueError("no signature")
    numbers = []
    for part in (der[2:4 + der[3]], der[4 + der[3]:]):
        if len(part) < 2 or part[0] != 2 or part[1] != len(part) - 2:
            raise ValueError("no number")
        numbers.append(int.from_bytes(part[2:], "big"))
    return numbers


def is_sm2_signed(spki, message, signature):
    if len(spki) != len(SM2_SPKI_HEAD) + 64 or not spki.startswith(SM2_SPKI_HEAD):
        return False
    x, y = int.from_bytes(spki[-64:-32], "big"), int.from_bytes(spki[-32:], "big")
    if x >= SM2_P or y >= SM2_P or (y * y - x * x * x + 3 * x - SM2_B) % SM2_P != 0:
        return False
    r, s = der_numbers(signature)
    t = (r + s) % SM2_N
    if not (0 < r < SM2_N and 0 < s < SM2_N) or t == 0:
        return False
    about = b"".join(n.to_bytes(32, "big") for n in (SM2_P - 3, SM2_B) + SM2_G) + spki[-64:]
    z = sm3((8 * len(SM2_USER)).to_bytes(2, "big") + SM2_USER + about)
    point = sm2_add(sm2_times(s, SM2_G), sm2_times(t, (x, y)))
    if point is None:
        return False
    x1 = point[0] * pow(point[2], 2 * (SM2_P - 2), SM2_P) % SM2_P
    return (int.from_bytes(sm3(z + message), "big") + x1) % SM2_N == r


def examine_signature(pack, manifest, text, told, found):
    spki = base64.b64decode(manifest["publicKey"])
    fingerprint = hashlib.sha256(spki).hexdigest()
    fingerprints = [fingerprint]
    signatures = [("manifest.sig", lambda signature: is_signed(spki[-32:], text, signature))]
    if "publicKeySm2" in manifest:
        named = manifest["publicKeySm2"]
        second = base64.b64decode(named) if isinstance(named, str) else b""
        fingerprints.append(hashlib.sha256(second).hexdigest())
        signatures.append(("manifest.sm2", lambda signature: is_sm2_signed(second, text, signature)))
    # Either key may be the one told on paper: both have signed these bytes, or the pack is red.
    if told is None:
        found("key-not-compared", fingerprint)
    elif told not in fingerprints:
        found("key-differs", fingerprint)
    for name, is_good in signatures:
        file = pack.body(name)
        if file is None:
            found("signature-missing", name)
            continue
        try:
            good = is_good(base64.b64decode(json.loads(file)["signature"]))
        except (ValueError, KeyError, TypeError):
            good = False
        if not good:
            found("signature-invalid", name)


def examine_stamp(pack, text, found):
    """That the stamp is an answer of RFC 3161 over this manifest; the authority's own signature is for openssl ts -verify."""
    stamp = pack.body("manifest.tsr")
    if stamp is None:
        return
    imprint = bytes.fromhex("0420") + hashlib.sha256(text).digest()
    signed_data, info = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("060b2a864886f70d0109100104")
    length = 4 + int.from_bytes(stamp[2:4], "big") if stamp[:2] == b"\x30\x82" else -1
    if length != len(stamp) or imprint not in stamp or signed_data not in stamp or info not in stamp:
        found("stamp-foreign", "manifest.tsr")


def examine_forms(pack, manifest, found):
    leads = {".pdf": b"%PDF", ".docx": b"PK\x03\x04", ".xlsx": b"PK\x03\x04", ".png": b"\x89PNG", ".ogg": b"OggS"}
    for file in manifest["files"]:
        lead = leads.get(os.path.splitext(file["name"])[1])
        # What people attached is as they attached it.
        if lead is None or file["name"] not in pack.names or file["name"].startswith("attachments/"):
            continue
        try:
            with pack.open(file["name"]) as handle:
                if handle.read(4) != lead:
                    found("document-form", file["name"])
        except Exception:  # Named as changed already.
            continue


def examine_rows(pack, since, until, made_at, found):
    calls, numbers, by_hash = set(), set(), {}
    for table, (key, time, last) in TABLES.items():
        ids = set()
        for row in read(pack, table):
            name = table + " " + (row[key] if key else row[time])
            if key:
                if row[key] in ids:
                    found("row-doubled", name)
                ids.add(row[key])
            at = number(row[time])
            if at is None or (at >= until and table not in LATER_TOO) or (at < since and table not in EARLIER_TOO):
                found("row-outside", name)
                continue
            if (number(row[last]) or 0) > made_at + LATE_MS and table not in LATER_TOO:
                found("row-after-making", name)
            if table == "calls":
                calls.add(row["callId"])
                if row["ledgerNumber"] != "":
                    if row["ledgerNumber"] in numbers:
                        found("number-doubled", row["ledgerNumber"])
                    numbers.add(row["ledgerNumber"])
            if table == "recordings":
                if row["callId"] not in calls and at - since > RING_MS:
                    found("recording-without-call", row["callId"])
                if by_hash.get(row["sha256"], row["callId"]) != row["callId"]:
                    found("recording-doubled", row["callId"] + " " + by_hash[row["sha256"]])
                by_hash[row["sha256"]] = row["callId"]
                if row["kept"] == "missing":
                    found("recording-lost", row["callId"])


def examine_held(pack, manifest, since, until, found):
    """Each call out rests on a consent that is in the pack, each attachment is the file that was attached."""
    holds = manifest.get("holds") or []
    listed = {file["name"]: file for file in manifest["files"]}
    # A year leaves out the ledger and the attached bytes; a month is no year because its manifest says so.
    annual = manifest["kind"] == "annual" and until - since >= YEAR_MS
    for table in HELD:
        if "rows/%s.csv" % table in listed:
            continue
        if table in holds:
            found("held-missing", table)
        elif table != "ledger" or not annual:
            found("not-held", table)
    consents = {row["consentId"]: row for row in read(pack, "consents")}
    if "rows/consents.csv" in listed:
        for row in read(pack, "attempts"):
            if row["allowed"] != "true" or row["consentId"] == "" or row["consentId"].startswith("call:"):
                continue
            consent = consents.get(row["consentId"])
            if consent is None:
                found("consent-missing", row["callId"] + " " + row["consentId"])
            elif (number(consent["atMs"]) or 0) > (number(row["atMs"]) or 0) + LATE_MS:
                found("consent-late", row["callId"] + " " + row["consentId"])
    paths = set()
    for row in read(pack, "attachments"):
        in_period = (number(row["atMs"]) or 0) >= since
        # A letter has a whole number in it: it is listed, and its sheet fixes that it is one.
        needed = not annual and row["of"] != "letter" and (row["withdrawnAtMs"] == "" if row["of"] == "register" else in_period)
        file = listed.get(row["path"])
        consent = consents.get(row["subject"]) if row["of"] == "consent" else None
        paths.add(row["path"])
        if row["kept"] == "missing":
            found("attachment-lost", row["fileId"])
        elif needed if row["path"] == "" else file is None:
            found("attachment-missing", row["fileId"])
        elif file is not None and file["sha256"] != row["sha256"]:
            found("attachment-differs", row["fileId"])
        if consent is not None and consent["originalSha256"] != row["sha256"]:
            found("attachment-differs", row["fileId"])
    for name in listed:
        if name.startswith("attachments/") and name not in paths:
            found("attachment-extra", name)


def examine_ledger(pack, calendar, since, until, found):
    """The rows of the ledger give the hash in the sheet of their day, and name the recordings that the pack lists."""
    if "rows/ledger.csv" not in pack.names:
        return
    sheets = json_of(pack, "sheets.json")
    recordings = {row["callId"]: row["sha256"] for row in read(pack, "recordings")}
    chains = {}
    for row in read(pack, "ledger"):
        day = calendar.day_of(number(row["atMs"]) or 0)
        chains[day] = sha256(chains.get(day, NO_ROWS) + row["row"])
        try:
            said = json.loads(row["row"])
            agrees = str(said["number"]) == row["number"] and said["callId"] == row["callId"]
        except (ValueError, KeyError, TypeError):
            agrees = False
        if not agrees:
            found("ledger-changed", row["number"])
            continue
        recording = said.get("recording")
        if recording and recordings.get(row["callId"], recording["sha256"]) != recording["sha256"]:
            found("ledger-recording-differs", row["callId"])
    first, last = calendar.day_of(since), calendar.day_of(until - 1)
    for sheet in sheets if isinstance(sheets, list) else []:
        if first <= sheet["day"] <= last and chains.get(sheet["day"], NO_ROWS) != sheet["rowsHash"]:
            found("ledger-changed", sheet["day"])


def is_runs(runs):
    """Pairs of whole numbers of which the second is not the smaller one."""
    return isinstance(runs, list) and all(
        isinstance(run, list) and len(run) == 2 and all(isinstance(n, int) and not isinstance(n, bool) for n in run) and run[0] <= run[1] for run in runs
    )


def examine_numbers(pack, manifest, found):
    """Each number of the ledger that was given out has a row, but for the unused end of a run that a process still holds."""
    listed = {file["name"] for file in manifest["files"]}
    if "rows/ledger.csv" not in listed:
        return None
    if "ledger-numbers.json" not in listed:
        return found("held-missing" if "numbers" in (manifest.get("holds") or []) else "not-held", "ledger-numbers.json")
    said = json_of(pack, "ledger-numbers.json")
    edges = [said.get("after"), said.get("before")] if isinstance(said, dict) else [None]
    if any(not isinstance(edge, int) or isinstance(edge, bool) for edge in edges) or not is_runs(said.get("numbers")) or not is_runs(said.get("leases")):
        return found("ledger-gap", "ledger-numbers.json")
    holes, last = [], said["after"]
    for first, end in said["numbers"] + [[said["before"], said["before"]]]:
        if first > last + 1:
            holes.append((last + 1, first - 1))
        last = end
    for start, end in holes:
        for first, final in sorted(said["leases"]):
            # The unused end of a run reaches to its last number.
            if start <= final <= end:
                if first > start:
                    found("ledger-gap", "%d" % start if start == first - 1 else "%d\u2013%d" % (start, first - 1))
                start = final + 1
        if start <= end:
            found("ledger-gap", "%d" % start if start == end else "%d\u2013%d" % (start, end))
    for row in read(pack, "ledger"):
        value = number(row["number"])
        if value is None or not any(first <= value <= end for first, end in said["numbers"]):
            found("ledger-gap", row["number"])
    return None


def jump_key(jump):
    """What a jump of the clock is known by; nothing where it is none."""
    if not isinstance(jump, dict) or not isinstance(jump.get("at"), str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", jump["at"]):
        return None
    by = jump.get("byMs")
    if isinstance(by, bool) or not isinstance(by, (int, float)) or not math.isfinite(by) or by != int(by) or abs(by) >= 2 ** 53:
        return None
    return jump["at"], int(by)


def jumps_of(pack):
    """The open jumps, with whether the audit log is still owed them, and those of the audit log; nothing where the file says something else."""
    said = json_of(pack, "clock-jumps.json")
    if not isinstance(said, dict) or not isinstance(said.get("open"), list) or not isinstance(said.get("audited"), list):
        return None
    if any(jump_key(jump) is None for jump in said["open"] + said["audited"]):
        return None
    return [(jump_key(jump), jump.get("isOwed") is True) for jump in said["open"]], [jump_key(jump) for jump in said["audited"]]


def jump_words(jump):
    return "%s %s%d" % (jump[0], "+" if jump[1] > 0 else "", int(jump[1] / 1000))


def examine_jumps(pack, manifest, calendar, until, found):
    """Each jump of the clock in the audit log is stored until a sheet carries it, and each stored one is in the audit log."""
    sheets = json_of(pack, "sheets.json")
    sheets = sheets if isinstance(sheets, list) else []
    is_open = calendar.day_of(until - 1) not in [sheet["day"] for sheet in sheets]
    if not any(file["name"] == "clock-jumps.json" for file in manifest["files"]):
        if "jumps" in (manifest.get("holds") or []):
            found("held-missing", "clock-jumps.json")
        elif is_open:
            found("not-held", "clock-jumps.json")
        return
    said = jumps_of(pack)
    if said is None:
        found("clock-jump-differs", "clock-jumps.json")
        return
    stored, audited = said
    clocks = [sheet["clock"] for sheet in sheets if isinstance(sheet.get("clock"), dict)]
    on_sheets = [jump_key(jump) for clock in clocks if isinstance(clock.get("jumps"), list) for jump in clock["jumps"]]
    only_counted = sum(clock["moreJumps"] for clock in clocks if isinstance(clock.get("moreJumps"), int))
    if is_open:
        for jump, _ in stored:
            found("clock-jumped-open", jump_words(jump))
    known = {jump for jump, _ in stored}.union(on_sheets)
    removed = [jump for jump in audited if jump not in known]
    if len(removed) > only_counted:
        for jump in removed:
            found("clock-jump-differs", jump_words(jump) + " 仅见于审计日志 in the audit log alone")
    for jump, is_owed in stored:
        if not is_owed and jump not in audited:
            found("clock-jump-differs", jump_words(jump) + " 不见于审计日志 not in the audit log")


def iso_ms(words):
    """A moment of a row of the ledger; nothing where it has none."""
    try:
        return datetime.strptime(words[:23].rstrip("Z"), "%Y-%m-%dT%H:%M:%S.%f").replace(tzinfo=timezone.utc).timestamp() * 1000
    except (TypeError, ValueError):
        return None


def is_moment(value):
    return value is not None and math.isfinite(value)


def moment_or_nan(text):
    """A moment, or none that anything compares with."""
    value = number(text)
    return math.nan if value is None else value


class Spans:
    """When agents were in a call, by agent, and the days on which states were kept."""

    def __init__(self, pack, calendar):
        self.days, self.of = set(), defaultdict(list)
        for row in read(pack, "states"):
            since, until = number(row["fromMs"]), number(row["untilMs"])
            self.days.add(calendar.day_of(moment(row["fromMs"])))
            if row["state"] == "on-call" and is_moment(since) and is_moment(until):
                self.of[row["agentId"]].append((since, until))
        self.starts = {}
        for agent, spans in self.of.items():
            spans.sort()
            self.starts[agent] = [since for since, _ in spans]

    def overlap(self, agent, since, until):
        """How long of a time an agent was in a call; the spans of one agent do not overlap."""
        total, at = 0, bisect_left(self.starts.get(agent, []), until) - 1
        while at >= 0 and self.of[agent][at][1] > since:
            total += min(until, self.of[agent][at][1]) - max(since, self.of[agent][at][0])
            at -= 1
        return total


def steady_times(pack, calendar):
    """Where no clock jumped: the times of a call that was going on then contradict each other honestly."""
    jumps, days = [], set()
    sheets = json_of(pack, "sheets.json")
    for sheet in sheets if isinstance(sheets, list) else []:
        clock = sheet.get("clock")
        if not isinstance(clock, dict):
            continue
        for jump in clock.get("jumps") or []:
            jumps.append(iso_ms(jump.get("at")) if isinstance(jump, dict) else None)
        if (clock.get("moreJumps") or 0) > 0:
            days.update((sheet["day"], next_day(sheet["day"])))
    stored, audited = jumps_of(pack) or ([], [])
    jumps += [iso_ms(jump[0]) for jump, _ in stored if jump in audited]
    return lambda at: calendar.day_of(at) not in days and not any(jump is not None and abs(jump - at) < DAY_MS for jump in jumps)


def contradicts_itself(row, visits, invited, ended, moments):
    """Whether the visits of a call contradict its end, or a time of it lies outside of it."""
    answered, queued, taken = moments
    if ended < invited - AGREE_MS or any(at is not None and (at < invited - AGREE_MS or at > ended + AGREE_MS) for at in moments):
        return True
    if row["direction"] != "inbound" or not visits:
        return False
    if visits[-1][2] == "abandoned" and row["cause"] not in ABANDONED:
        return True
    if taken is None:
        return any(outcome == "answered" for _, _, outcome in visits)
    return visits[0][2] == "answered" and queued is not None and taken >= queued and abs(queued + visits[0][1] - taken) > AGREE_MS


def examine_owners(pack, calendar, until, made_at, found):
    """A call as its own record has it, against what others wrote down: states, recording, ledger, legs outside, request to call out."""
    recordings, ledger, legs, attempts = {}, {}, defaultdict(list), {}
    for row in read(pack, "recordings"):
        heard = None if row["called"] == "" else row["handled"] == "true"
        recordings[row["callId"]] = (moment_or_nan(row["atMs"]), moment_or_nan(row["durationMs"]), heard)
    for row in read(pack, "ledger"):
        try:
            said = json.loads(row["row"])
            ledger[row["callId"]] = (said.get("state"), iso_ms(said.get("answeredAt")), iso_ms(said.get("endedAt")), bool(said.get("recording")))
        except (ValueError, AttributeError):
            pass
    for row in read(pack, "legs"):
        legs[row["callId"]].append(moment_or_nan(row["atMs"]))
    for row in read(pack, "attempts"):
        attempts[row["callId"]] = moment_or_nan(row["atMs"])
    spans, is_steady = Spans(pack, calendar), steady_times(pack, calendar)

    def far(a, b, within):
        return a is not None and b is not None and abs(a - b) > within

    def differs(call, table):
        found("call-differs", "%s %s %s" % (call, KNOWN_TABLES[table]["name"], table))

    for row in read(pack, "calls"):
        call, invited, ended = row["callId"], number(row["invitedAtMs"]), number(row["endedAtMs"])
        answered, queued, taken = moments = [number(row[name]) for name in ("answeredAtMs", "queuedAtMs", "agentAnsweredAtMs")]
        if not is_moment(invited) or not is_moment(ended) or not is_moment(taken or 0) or not is_steady(invited):
            continue
        recording, said = recordings.get(call), ledger.get(call)
        if contradicts_itself(row, visits_of(row), invited, ended, moments):
            differs(call, "calls")
        if recording is not None:
            begun, lasted, _ = recording
            if answered is None or begun < answered - AGREE_MS or begun + lasted > ended + LATE_MS:
                differs(call, "recordings")
        # A recording of the period that the ledger names is listed, also when it was deleted.
        elif said is not None and said[3] and answered is not None and answered < until - AGREE_MS:
            differs(call, "recordings")
        if said is not None and (
            (said[0] == "not-answered" and answered is not None) or far(said[1], answered, AGREE_MS) or far(said[2], ended, LATE_MS)
        ):
            differs(call, "ledger")
        if any(at < invited - AGREE_MS or at > ended + AGREE_MS for at in legs.get(call, ())):
            differs(call, "legs")
        if far(attempts.get(call), invited, RING_MS):
            differs(call, "attempts")
        if taken is None or row["direction"] != "inbound" or row.get("class") == "test" or row["agentId"] == "":
            continue
        # A state that is not over, or began after the period, is not in the pack; of days before states were kept there are none.
        known = calendar.day_of(taken) in spans.days and taken < until - AGREE_MS and ended < made_at - LATE_MS
        alone = row.get("handlings") == "1"
        least = max(0, moment(row["talkMs"]) / 2 - AGREE_MS) if alone else 0
        # Of a call that several handled the row names the last one alone.
        shares = [spans.overlap(agent, taken - AGREE_MS, ended + AGREE_MS) for agent in ([row["agentId"]] if alone else list(spans.starts))]
        seen = not known or any(share > 0 and share >= least for share in shares)
        heard = recording[2] if recording is not None else None
        if not seen:
            found("answer-unseen" if heard is False else "answer-doubtful", call + " " + row["agentId"])
        elif heard is False:
            found("answer-doubtful", call + " " + row["agentId"])


def draw_of(drawn, pack):
    """The recordings that a seed draws: those with the smallest SHA-256 over seed and call. Only what is drawn stays in memory."""
    ranked = []
    for row in read(pack, "recordings"):
        ranked.append((sha256(drawn["seed"] + "\n" + row["callId"]), row))
        if len(ranked) > 2 * drawn["asked"] + 1000:
            ranked = sorted(ranked, key=lambda one: one[0])[:int(drawn["asked"])]
    return [row for _, row in sorted(ranked, key=lambda one: one[0])[:int(drawn["asked"])]]


def is_draw(drawn):
    if not isinstance(drawn, dict) or not isinstance(drawn.get("seed"), str) or drawn["seed"] == "":
        return False
    asked = drawn.get("asked")
    if isinstance(asked, bool) or not isinstance(asked, (int, float)) or asked < 1 or asked != math.floor(asked):
        return False
    try:
        drawn["seed"].encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def numbers_differ(pack, shown):
    """Whether the ledger has these numbers for these calls; a call that it does not have was written down on the day before the period."""
    numbers, owners = dict(shown), {number: call for call, number in shown}
    seen, agreed, foreign = [], set(), None
    for row in read(pack, "ledger"):
        call, own = row["callId"], row["number"]
        if call in numbers:
            seen.append(call)
            if numbers[call] == own:
                agreed.add(call)
        if owners.get(own, call) != call:
            foreign = owners[own]
    return foreign or next((call for call in seen if call not in agreed), None)


def examine_drawn(pack, manifest, told, told_count, found):
    """Each drawn recording is in the pack, in the bytes that ledger and day sheet have the hash of, and no other is."""
    drawn = manifest.get("drawn")
    names = {file["name"] for file in manifest["files"]}
    files = {file["name"]: file for file in manifest["files"] if file["name"].startswith("recordings/")}
    good = is_draw(drawn)
    if told and not (good and drawn["seed"] == told):
        found("seed-differs", drawn["seed"] if good else "-")
    if told_count and not (good and drawn["asked"] == int(told_count)):
        found("count-differs", "%d" % drawn["asked"] if good else "-")
    if good and not told_count:
        found("count-not-compared", "%d" % drawn["asked"])
    paths, shown = set(), []
    if good:
        sheets = json_of(pack, "sheets.json")
        of_sheet = isinstance(sheets, list) and any(
            sheet["hash"] == drawn["seed"] and "witness/%s.txt" % sheet["day"] in names for sheet in sheets
        )
        if not told and not of_sheet:
            found("seed-not-compared", drawn["seed"])
        must, place, differs = draw_of(drawn, pack), 0, None
        for row in read(pack, "drawn"):
            own = must[place] if place < len(must) else None
            place += 1
            paths.add(row["path"])
            same_row = own is not None and row["place"] == str(place)
            if not same_row or any(row[name] != own[name] for name in ("callId", "atMs", "durationMs", "sizeBytes", "sha256")):
                differs = differs or "%d %s" % (place, row["callId"])
                continue
            if row["path"] != "":
                shown.append((row["callId"], row["ledgerNumber"]))
            file = files.get(row["path"])
            if row["path"] == "":
                found({"deleted": "drawn-deleted", "missing": "drawn-lost"}.get(own["kept"], "drawn-missing"), row["callId"])
            elif file is None or row["path"] != "recordings/%s.ogg" % row["callId"]:
                found("drawn-missing", row["callId"])
            elif file["sha256"] != own["sha256"] or str(file["bytes"]) != own["sizeBytes"]:
                found("drawn-recording-differs", row["callId"])
        if place < len(must):
            differs = differs or "%d %s" % (place + 1, must[place]["callId"])
        differs = differs or numbers_differ(pack, shown)
        if differs:
            found("draw-differs", differs)
    elif "drawn" in manifest or "rows/drawn.csv" in names:
        found("draw-differs", "manifest.json")
    for name in files:
        if name not in paths:
            found("drawn-extra", name)


NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?")
OFFICE_NUMBER = re.compile(r"[0-9]{12,}|[0-9]+[eE][0-9]+")
# RFC 4180 alone: a quote in the middle of a cell is read in different ways by different programs.
STRICT_CELL = r'(?:[^",\r\n]*|"(?:[^"\r\n]|"")*")'
STRICT_LINE = re.compile("%s(?:,%s)*" % (STRICT_CELL, STRICT_CELL))
BREAKS = re.compile(r"[\r\n]+")
NEEDS_QUOTES = re.compile(r'[",\r\n]')


def as_text(words):
    """An apostrophe keeps office programs from running or rounding a cell."""
    return "'" + words if words[:1] in ("=", "+", "-", "@", "\t", "\r") or OFFICE_NUMBER.fullmatch(words) else words


def table_line(cells):
    return ",".join('"%s"' % BREAKS.sub(" ", cell).replace('"', '""') if NEEDS_QUOTES.search(cell) else cell for cell in cells)


def shortest(value):
    """A number in the fewest digits, with an exponent below a millionth."""
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return format(Decimal(repr(value)), "f") if 1e-6 <= abs(value) < 1e21 else re.sub(r"e([+-])0+", r"e\1", repr(value))


def words_of(words, at, value):
    """The words that a value may be shown by; its own where it has none."""
    return words[value][at] + [value] if value in words else [value]


def shown_cell(kind, words, at, value, calendar):
    """A cell of a table as it must be: site time, seconds, words."""
    if value == "" or kind == "number":
        return value
    if kind in ("moment", "milliseconds"):
        exact = float(value) if NUMBER.fullmatch(value) else math.nan
        # From the year 1 to 9998: what lies beyond is no moment of anything.
        if kind == "moment":
            return calendar.clock_of(exact) if -62135510400000 < exact < 253370764800000 else "?"
        return shortest(exact / 1000) if math.isfinite(exact) else "?"
    return as_text(words_of(words, at, value)[0])


def cells_of(line):
    """The cells of a line as it is written; none where a quote stands in the middle of a cell."""
    try:
        return next(csv.reader([line], strict=True), [""])
    except csv.Error:
        return []


def plan_of(known, keys, heads, at, tell_unknown):
    """For each cell of the table the column that it shows; None for one that is not known here. None for all when the heads are others."""
    wanted, unknown = [], 0
    for index, key in enumerate(keys):
        if key not in known:
            unknown += 1
        elif known[key][0] != "json":
            wanted.append((index, known[key][0], known[key][1][at], known[key][2]))
    if unknown:
        tell_unknown()
    plan = []
    for head in heads:
        if wanted and head in wanted[0][2]:
            plan.append(wanted.pop(0))
        elif unknown > 0:
            unknown -= 1
            plan.append(None)
        else:
            return None
    return None if wanted else plan


def first_difference(pack, table, name, known, at, calendar, tell_unknown):
    """The first place at which a table does not show what its rows say."""
    with pack.open("rows/%s.csv" % table) as below, pack.open(name) as above:
        rows = csv.reader(io.TextIOWrapper(below, encoding="utf-8", newline=""))
        shown = io.TextIOWrapper(above, encoding="utf-8-sig", errors="replace", newline="\n")
        plan, heads = None, []
        for count, cells in enumerate(rows):
            said = next(shown, "").rstrip("\n")
            if not said.endswith("\r"):
                return str(max(0, count - 1))
            said = said[:-1]
            if count == 0:
                heads = cells_of(said)
                plan = plan_of(known, cells, heads, at, tell_unknown)
                if plan is None or not STRICT_LINE.fullmatch(said):
                    return "0"
                continue
            raw = [cells[column[0]] if column and column[0] < len(cells) else "" for column in plan]
            must = [shown_cell(column[1], column[3], at, value, calendar) if column else None for column, value in zip(plan, raw)]
            if None not in must and table_line(must) == said:
                continue
            own = cells_of(said)
            for i, cell in enumerate(must):
                if cell is None:
                    continue
                # A value that had another word or none yet stands as it did; an apostrophe more is no lie.
                others = words_of(plan[i][3], at, raw[i]) if plan[i][1] in ("text", "yes-no") else []
                if (own[i] if i < len(own) else None) not in [cell, "'" + cell] + [as_text(word) for word in others]:
                    return "%d %s" % (count, heads[i])
            if len(own) != len(plan) or not STRICT_LINE.fullmatch(said):
                return str(count)
        return str(count + 1) if next(shown, "") else None


def examine_tables(pack, manifest, calendar, found):
    """Each table for office programs shows what its rows say, and every file of rows has one."""
    names = [file["name"] for file in manifest["files"]]
    left = [name for name in names if name.startswith("tables/")]
    if not left:
        # Packs of before have no tables, and say so.
        if "tables" in (manifest.get("holds") or []):
            found("table-missing", "tables/")
        return
    language = manifest.get("language")
    chinese = language == "zh-CN" if isinstance(language, str) else any("tables/%s.csv" % known["name"] in left for known in KNOWN_TABLES.values())
    unknown = 0
    for file in names:
        if not (file.startswith("rows/") and file.endswith(".csv")):
            continue
        table = file[5:-4]
        known = KNOWN_TABLES.get(table)
        if known is None:
            unknown += 1
            continue
        name = "tables/%s.csv" % (known["name"] if chinese else table)
        if name not in left:
            found("table-missing", name)
            continue
        left.remove(name)
        place = first_difference(pack, table, name, known["columns"], 0 if chinese else 1, calendar, lambda: found("table-unknown", name))
        if place is not None:
            found("table-differs", "%s %s" % (name, place))
    for name in left:
        found("table-unknown" if unknown > 0 else "table-extra", name)
        unknown -= 1


def moment_ms(words):
    return datetime.strptime(words[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc).timestamp() * 1000


def stamped_at(stamp, text):
    """When a stamp of RFC 3161 over this text was given; None when it is no such stamp."""
    imprint = stamp.find(bytes.fromhex("0420") + hashlib.sha256(text).digest())
    signed_data, info = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("060b2a864886f70d0109100104")
    length = 4 + int.from_bytes(stamp[2:4], "big") if stamp[:2] == b"\x30\x82" else -1
    if length != len(stamp) or imprint < 0 or signed_data not in stamp or info not in stamp:
        return None
    moment = re.search(rb"(\d{14})(?:\.\d+)?Z", stamp[imprint:])
    if moment is None:
        return None
    return datetime.strptime(moment.group(1).decode("ascii"), "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc).timestamp() * 1000


def receipt_of(body):
    """What the witness adds of its own may be in another encoding; the hash is not."""
    try:
        return json.loads(body.decode("utf-8-sig", "replace"))
    except ValueError:
        return None


def examine_witnesses(pack, sheets, made_at, told, found):
    """What left the house of the day sheets; trust in an authority is for openssl ts -verify."""
    if told and all(sheet["hash"] != told for sheet in sheets) and not (sheets and sheets[0]["previousHash"] == told):
        found("sheet-not-told", told)
    begun = received = False
    for sheet in sheets:
        text = pack.body("witness/%s.txt" % sheet["day"])
        if text is None:
            if begun and moment_ms(sheet["sealedAt"]) + WITNESS_WITHIN_MS < made_at:
                found("witness-missing", sheet["day"])
            continue
        begun = True
        lines = text.decode("utf-8", "replace").split("\n")
        if "sheet: " + sheet["hash"] not in lines or not any(line.startswith("day: %s " % sheet["day"]) for line in lines):
            found("witness-differs", sheet["day"])
        name = "witness/%s.receipt.json" % sheet["day"]
        if pack.body(name):
            received, receipt = True, receipt_of(pack.body(name))
            if not isinstance(receipt, dict) or receipt.get("sheet") != sheet["hash"]:
                found("witness-differs", sheet["day"])
        elif received and moment_ms(sheet["sealedAt"]) + WITNESS_WITHIN_MS < made_at:
            found("receipt-missing", sheet["day"])
        for number_of in (1, 2):
            stamp = pack.body("witness/%s.%d.tsr" % (sheet["day"], number_of))
            if stamp is None:
                continue
            at = stamped_at(stamp, text)
            if at is None:
                found("witness-foreign", sheet["day"])
            elif at > moment_ms(sheet["sealedAt"]) + WITNESS_WITHIN_MS:
                found("witness-late", sheet["day"])


def examine_clock(sheet, found):
    """The clock under which a day was sealed; sheets of before do not say."""
    clock = sheet.get("clock")
    if not isinstance(clock, dict):
        return
    jumps = clock["jumps"] if isinstance(clock.get("jumps"), list) else []
    if clock.get("source") == "none":
        found("clock-unwatched", sheet["day"])
    offset = clock.get("offsetMs")
    if isinstance(offset, int) and abs(offset) > CLOCK_WITHIN_MS:
        found("clock-wrong", "%s %s %+d" % (sheet["day"], clock.get("source"), offset))
    for jump in jumps:
        if isinstance(jump, dict) and isinstance(jump.get("byMs"), int):
            found("clock-jumped", "%s %s %+d" % (sheet["day"], jump.get("at"), int(jump["byMs"] / 1000)))
    if isinstance(clock.get("moreJumps"), int) and clock["moreJumps"] > 0:
        found("clock-jumped", "%s +%d" % (sheet["day"], clock["moreJumps"]))


def moment(text):
    """A moment, or 0 where there is none that can be read: that is no moment of any pack."""
    value = number(text)
    return 0 if value is None or math.isnan(value) else value


def examine_states(pack, held, calendar, since, until, made_at, found):
    """A state that lasted over midnight begins and ends as it was noted, and whoever has states had a seat online."""
    if "turns" in held:
        began, ended, seen = {}, {}, set()
        for row in read(pack, "turns"):
            (began if row["what"] == "began" else ended)[row["agentId"] + " " + row["fromMs"]] = row
        for row in read(pack, "states"):
            begin, end = moment(row["fromMs"]), moment(row["untilMs"])
            if calendar.day_of(begin) == calendar.day_of(end) or end >= made_at:
                continue
            key = row["agentId"] + " " + row["fromMs"]
            start, stop = began.get(key), ended.get(key)
            seen.add(key)
            if not start or not stop or start["state"] != row["state"] or stop["state"] != row["state"] or stop["atMs"] != row["untilMs"]:
                found("state-differs", row["agentId"] + " " + calendar.clock_of(begin))
        for key, row in ended.items():
            if since <= (number(row["fromMs"]) or 0) < until and (number(row["atMs"]) or 0) < made_at and key not in seen:
                found("state-differs", row["agentId"] + " " + calendar.clock_of(moment(row["fromMs"])))
    if "seats" not in held:
        return
    seats, asked = defaultdict(list), set()
    for row in read(pack, "seats"):
        seats[row["agentId"]].append((number(row["atMs"]) or 0, float("inf") if row["offlineAtMs"] == "" else number(row["offlineAtMs"]) or 0))
    for row in read(pack, "states"):
        agent, begin = row["agentId"], moment(row["fromMs"])
        day = int(begin // DAY_MS)
        if (agent, day) in asked or agent.startswith("system:"):
            continue
        asked.add((agent, day))
        # The page tells of its seat a moment after the agent signed in.
        if not any(at < (day + 1) * DAY_MS + RING_MS and offline >= (day - 1) * DAY_MS for at, offline in seats[agent]):
            found("seat-missing", agent + " " + calendar.day_of(begin))


def solved_of(value):
    return {"true": True, "false": False, True: True, False: False}.get(value)


def score_of(value):
    return None if value in (None, "") else number(str(value))


def examine_answers(pack, held, since, made_at, found):
    """Each survey shows the answers that were written down, and an answer by keys stands in the record of its call."""
    if "answers" not in held:
        return
    written, surveys, keys, calls, shown = {}, {}, {}, set(), set()
    for row in read(pack, "answers"):
        written[row["answerId"]] = row
    for row in read(pack, "surveys"):
        surveys[row["surveyId"]] = row
        given = json.loads(row["answers"] or "[]")
        corrected, last = {answer.get("corrects") for answer in given}, {}
        for answer in given:
            own = written.get(answer["id"])
            shown.add(answer["id"])
            if not own or (own["surveyId"], number(own["atMs"]), score_of(own["score"]), solved_of(own["solved"]), own["corrects"]) != \
                    (row["surveyId"], answer["atMs"], score_of(answer.get("score")), solved_of(answer.get("solved")), answer.get("corrects") or ""):
                found("answer-differs", row["surveyId"])
            if answer["id"] not in corrected:
                last = answer
        if score_of(row["score"]) != score_of(last.get("score")) or solved_of(row["solved"]) != solved_of(last.get("solved")):
            found("answer-differs", row["surveyId"])
    wanted = {row["callId"] for row in surveys.values()}
    for row in read(pack, "calls"):
        if row["callId"] in wanted:
            calls.add(row["callId"])
            if row.get("surveyKeys"):
                keys[row["callId"]] = json.loads(row["surveyKeys"])
    for answer_id, row in written.items():
        survey = surveys.get(row["surveyId"])
        if survey is None:
            continue
        # The answers are read after the surveys: what came in between is in no survey.
        if answer_id not in shown:
            if (number(row["atMs"]) or 0) < made_at:
                found("answer-differs", row["surveyId"])
            continue
        before = written.get(row["corrects"])
        if row["by"] != "caller":
            if before is None:
                found("answer-of-house", row["surveyId"])
            continue
        # A call that began before the period, or was not over when the pack was made, is not in it.
        if survey["callId"] not in calls:
            if since + DAY_MS <= (number(survey["atMs"]) or 0) < made_at - CALL_WITHIN_MS:
                found("answer-unwitnessed", row["surveyId"])
            continue
        if survey["method"] != "keys":
            continue
        score, solved = (score_of(before["score"]), solved_of(before["solved"])) if before else (None, None)
        mine = (score_of(row["score"]), solved_of(row["solved"]))
        if not any(abs(key["atMs"] - moment(row["atMs"])) <= KEY_WITHIN_MS
                   and mine == (float(key["key"]) if key["question"] == "score" and key["key"] in tuple("12345")
                                else None if key["question"] == "score" else score,
                                {"1": True, "2": False}.get(key["key"]) if key["question"] == "solved" else solved)
                   for key in keys.get(survey["callId"], ())):
            found("answer-unwitnessed", row["surveyId"])


def examine_cases(pack, held, since, until, made_at, found):
    """Each complaint that was recorded, or whose clock started, is among the complaints."""
    if "cases" not in held:
        return
    cases, listed = {row["number"]: row for row in read(pack, "cases")}, set()
    for row in read(pack, "complaints"):
        own = cases.get(row["number"])
        listed.add(row["number"])
        if not own or own["receivedAtMs"] != row["receivedAtMs"] or own["source"] != row["source"] or own["joinedInto"] != "":
            found("complaint-differs", row["number"])
    for row in cases.values():
        if (number(row["atMs"]) or 0) < made_at and row["joinedInto"] == "" and since <= (number(row["receivedAtMs"]) or 0) < until \
                and row["number"] not in listed:
            found("complaint-missing", row["number"])
    for row in read(pack, "clocks"):
        if row["eventId"] == row["number"] + "/1/started" and row["number"] not in cases:
            found("complaint-missing", row["number"])


def examine_sheets(pack, held, calendar, since, until, made_at, told, found):
    sheets = json_of(pack, "sheets.json")
    if not isinstance(sheets, list):
        return found("no-sheets", "sheets.json")
    before, by_day, views = None, {}, {}
    for sheet in sheets:
        rest = {name: value for name, value in sheet.items() if name != "hash"}
        if sha256(canonical(rest)) != sheet["hash"]:
            found("sheet-changed", sheet["day"])
        if before is not None and (sheet["previousHash"] != before["hash"] or sheet["day"] != next_day(before["day"])):
            found("sheet-not-chained", sheet["day"])
        by_day[sheet["day"]] = before = sheet
        for table, fact in sheet.get("facts", {}).items():
            views[(table, tuple(fact["columns"]))] = True
    examine_witnesses(pack, sheets, made_at, told, found)
    # A recording that turned up after its day was sealed stands in the amendments of a later sheet.
    late = {amendment["callId"] for sheet in sheets for amendment in sheet.get("amendments", [])}
    first, last = calendar.day_of(since), calendar.day_of(until - 1)
    lines, busy = defaultdict(list), set()
    for table, (_, time, _) in TABLES.items():
        wanted = [columns for name, columns in views if name == table]
        for row in read(pack, table):
            day = calendar.day_of(number(row[time]) or 0)
            if table == "calls":
                busy.add(day)
            if table == "recordings" and row["callId"] in late:
                continue
            # A state that lasted over midnight was not over when its day was sealed: examine_states compares it.
            if table == "states" and calendar.day_of(moment(row["untilMs"])) != day:
                continue
            for columns in wanted:
                lines[(day, table, columns)].append("\t".join(row.get(column) or "" for column in columns))
    for sheet in sheets:
        if sheet["day"] < first:
            continue
        after = sheet["day"] > last
        if not after:
            examine_clock(sheet, found)
            if not sheet.get("facts"):
                found("day-unsealed", sheet["day"])
        for table, fact in sheet.get("facts", {}).items():
            if after and not (table in LATER_TOO and table in held):
                continue
            now = sorted(lines[(sheet["day"], table, tuple(fact["columns"]))])
            if len(now) != fact["rows"] or sha256("".join(line + "\n" for line in now)) != fact["sha256"]:
                name = KNOWN_TABLES[table]["name"] + " " if table in KNOWN_TABLES else ""
                same = " 行，行数相同、内容不同 rows, as many now, with other content" if len(now) == fact["rows"] else " → %d 行 rows" % len(now)
                found("facts-changed", "%s %s%s %d%s" % (sheet["day"], name, table, fact["rows"], same))
    day = calendar.day_of(since)
    while calendar.start_of(day) < until:
        if day not in by_day:
            due = calendar.start_of(next_day(day)) + SEALED_AFTER_MS < made_at
            # Before the first sheet the ledger had not begun.
            if due and sheets and day > sheets[0]["day"]:
                found("sheet-missing", day)
            elif day in busy:
                found("day-unsealed", day)
        day = next_day(day)


def examine_figures(pack, zone, until, found):
    printed = json_of(pack, "figures.json")
    if not isinstance(printed, dict) or not isinstance(printed.get("figures"), list) or not isinstance(printed.get("formulas"), list):
        found("figures-unreadable", "figures.json")
        return 0
    if printed.get("untilMs") != until or printed.get("zone") != zone:
        found("period-differs", "figures.json")
    listed = {formula["key"]: formula for formula in printed["formulas"]}
    for key in KNOWN_FORMULAS:
        if key not in listed:
            found("formula-missing", key)
    for key, formula in listed.items():
        known = KNOWN_FORMULAS.get(key)
        if known is None:
            found("formula-unknown", key)
        elif formula["version"] != known[0]:
            found("formula-version", "%s v%s" % (key, formula["version"]))
        elif sha256("%s\n%s\n%s" % (formula["text"]["zh"], formula["text"]["en"], formula["unit"])) not in known[1:]:
            found("formula-changed", key)
    mine, seen = recompute(pack, zone, until), set()
    for figure in printed["figures"]:
        key = (figure["formula"], figure["month"], figure["group"])
        if key in seen:
            found("figure-doubled", " ".join(key))
            continue
        seen.add(key)
        known = KNOWN_FORMULAS.get(key[0])
        if key[0] in listed and known is not None and listed[key[0]]["version"] != known[0]:
            continue
        numerator, denominator, value = mine.get(key, (0.0, 0.0, None))
        agree = close(numerator, figure["numerator"]) and close(denominator, figure["denominator"]) and close(value, figure.get("value"))
        if not agree:
            found("figure-differs", " ".join(key))
    for key, (_, denominator, _) in mine.items():
        if denominator > 0 and key not in seen:
            found("figure-missing", " ".join(key))
    return len(printed["figures"])


def examine_stored(pack, found):
    rows = json_of(pack, "stored-figures.json")
    if not isinstance(rows, list):
        found("stored-differs", "stored-figures.json")
        return 0
    for row in rows:
        count = stored_complaints if row["what"] == "complaints" else stored_satisfaction
        if not same(count(pack, row["fromMs"], row["untilMs"], row["asOfMs"], row.get("formulaVersion", 0)), row["figures"]):
            found("stored-differs", "%s %s" % (row["what"], row["period"]))
    return len(rows)


# The tables of figures in the PDFs of the product: text as it stands on the page, by the embedded fonts. What is drawn over it, and whether
# the shape of a letter is that letter, is not looked at.
PRINTED = {
    "zh": {"heads": ("月份", "范围", "指标", "分子", "分母", "结果", "公式"), "version": "第%s版", "all": "全部", "number": "号码", "trunk": "中继", "queue": "队列",
           "units": {"percent": "%", "seconds": "秒", "count": "", "per-10000": "/万次", "days": "天", "score": "", "per-mille": "‰"}},
    "en": {"heads": ("Month", "Of", "Figure", "Numerator", "Denominator", "Value", "Formula"), "version": "version%s", "all": "All", "number": "Number", "trunk": "Trunk",
           "queue": "Queue",
           "units": {"percent": "%", "seconds": "s", "count": "", "per-10000": "per10000", "days": "days", "score": "", "per-mille": "‰"}},
}
PLACES = {"percent": 2, "seconds": 2, "count": 0, "per-10000": 2, "days": 2, "score": 3, "per-mille": 2}
MOST_PRINTED = 1200
MOST_PDF_BYTES = 1 << 26
TEXT_SHOWN = re.compile(
    rb"([\d.]+) ([\d.]+) ([\d.]+) scn\n|BT\n1 0 0 1 ([\d.]+) ([\d.]+) Tm\n/(F\d+) [\d.]+ Tf\n\[([^\]]*)\] TJ\nET"
)


def fixed(value, places):
    return str(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def without_spaces(words):
    return re.sub(r"\s+", "", words)


def printed_cells(figure, formula, words, language):
    """The cells of a figure as a document prints it, without spaces; of a queue the pack does not say how people call it."""
    kind, _, of = figure["group"].partition(":")
    unit, units = formula["unit"], words["units"]

    def timed(value):
        return shortest(float(fixed(value, 2 if value < 10 else 1))) + units["seconds"]

    group = "" if kind == "queue" else words[kind] + of if kind in ("number", "trunk") else words["all"]
    numerator = figure["numerator"]
    if figure["formula"] == "occupancy" or unit == "seconds":
        above = timed(numerator)
    elif unit == "days":
        above = shortest(float(fixed(numerator, 2))) + units["days"]
    else:
        above = shortest(float(fixed(numerator, 1)))
    below = timed(figure["denominator"]) if figure["formula"] == "occupancy" else shortest(figure["denominator"])
    value = "—" if figure.get("value") is None else fixed(figure["value"], PLACES[unit]) + units[unit]
    cells = (figure["month"], group, formula["name"][language], above, below, value, "%sv%s" % (formula["id"], figure["version"]))
    return [without_spaces(cell) for cell in cells]


def pdf_objects(body):
    """The objects of a PDF that was written in one go: the dictionary of each, and its stream."""
    objects, at = {}, 0
    head = re.compile(rb"(?:^|\n)(\d+) 0 obj\n")
    while True:
        begun = head.search(body, at)
        if begun is None:
            return objects
        start = begun.end()
        end, stream = body.find(b"endobj", start), body.find(b"stream\n", start)
        if end < 0:
            return objects
        if not 0 <= stream < end:
            objects[int(begun.group(1))] = (body[start:end], b"")
            at = end
            continue
        dictionary = body[start:stream]
        length = int(re.search(rb"/Length (\d+)\b", dictionary).group(1))
        objects[int(begun.group(1))] = (dictionary, body[stream + 7:stream + 7 + length])
        at = stream + 7 + length


def pdf_runs(body):
    """What stands on the pages of a PDF, in the order in which it is written: the place and the letters of each piece of text."""
    objects = pdf_objects(body)

    def plain(number_of):
        dictionary, stream = objects[number_of]
        if b"/FlateDecode" not in dictionary:
            raise ValueError("another filter")
        return zlib.decompress(stream)

    def pick(number_of, pattern):
        return int(re.search(pattern, objects[number_of][0]).group(1))

    def letters_of(number_of):
        letters = {}
        for first, _, listed in re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]", plain(pick(number_of, rb"/ToUnicode (\d+) 0 R"))):
            for i, codes in enumerate(re.findall(rb"<([0-9a-f ]*)>", listed)):
                letters[int(first, 16) + i] = bytes.fromhex(codes.decode("ascii")).decode("utf-16-be", "replace")
        return letters

    root = next(dictionary for dictionary, _ in objects.values() if b"/Type /Pages" in dictionary)
    fonts, runs = {}, []
    for kid in re.findall(rb"(\d+) 0 R", re.search(rb"/Kids \[([^\]]*)\]", root).group(1)):
        page = int(kid)
        drawn, resources = plain(pick(page, rb"/Contents (\d+) 0 R")), pick(page, rb"/Resources (\d+) 0 R")
        # Text that is written and not shown.
        if re.search(rb"\b[1-7] Tr\b", drawn):
            return []
        dark = True
        for red, green, blue, x, _, font, listed in TEXT_SHOWN.findall(drawn):
            if font == b"":
                dark = max(float(red), float(green), float(blue)) <= 0.5
                continue
            of = pick(resources, b"/" + font + rb" (\d+) 0 R")
            if of not in fonts:
                fonts[of] = letters_of(of)
            codes = b"".join(re.findall(rb"<([0-9a-f]*)>", listed))
            words = "".join(fonts[of].get(int(codes[i:i + 4], 16), "\ufffd") for i in range(0, len(codes) - 3, 4))
            if dark:
                runs.append((float(x), without_spaces(words)))
    return runs


def head_at(runs, begin, language):
    """The places of the columns where the head of a table of figures begins, and what follows it."""
    places, i = [], begin
    for head in PRINTED[language]["heads"]:
        words = ""
        if i < len(runs):
            places.append(runs[i][0])
        while i < len(runs) and len(words) < len(head):
            words += runs[i][1]
            i += 1
        if words != head:
            return None
    return places, i


def printed_rows(runs):
    """The rows of the tables of figures among what stands on the pages; a cell is what stands in its column."""
    rows, lefts, row, last, language, i = [], None, None, 0, "", 0
    while i < len(runs):
        head = None
        for each in ("zh", "en"):
            head = head or ((each,) + head_at(runs, i, each) if head_at(runs, i, each) else None)
        if head:
            language, lefts, i = head
            row = None
            continue
        x, words = runs[i]
        i += 1
        if lefts is None:
            continue
        column = max(0, sum(left <= x + 0.5 for left in lefts) - 1)
        if row is None or column < last:
            row = [""] * len(lefts)
            rows.append((language, row))
        row[column] += words
        last = column
    return [(at, row) for at, row in rows if re.fullmatch(r"[0-9]{4}-[0-9]{2}", row[0]) and re.fullmatch(r"[a-z0-9-]+v[0-9]+|第[0-9]+版|version[0-9]+", row[6])]


def examine_printed(pack, manifest, found):
    """The PDFs print the figures of the pack."""
    printed = json_of(pack, "figures.json")
    if not isinstance(printed, dict) or not isinstance(printed.get("figures"), list) or not isinstance(printed.get("formulas"), list):
        return

    def is_ours(formula):
        name = formula.get("name")
        return isinstance(name, dict) and isinstance(name.get("zh"), str) and isinstance(name.get("en"), str) and formula.get("unit") in PLACES

    def is_figure(figure):
        numbers = [figure.get("numerator"), figure.get("denominator"), figure.get("value")]
        numbers = numbers if numbers[2] is not None else numbers[:2]
        words = isinstance(figure.get("month"), str) and isinstance(figure.get("group"), str)
        return words and all(isinstance(one, (int, float)) and not isinstance(one, bool) and math.isfinite(one) for one in numbers)

    formulas = {formula["key"]: formula for formula in printed["formulas"] if is_ours(formula)}
    known = [figure for figure in printed["figures"] if figure["formula"] in formulas and is_figure(figure)]

    def cells_in(figures, at):
        return [printed_cells(figure, formulas[figure["formula"]], PRINTED[at], at) for figure in figures]

    def agree(cells, must, at):
        # Packs of before print the id of a formula with its version, later ones the version alone, in words.
        version = PRINTED[at]["version"] % must[6].rpartition("v")[2]
        same = [cell == cells[i] for i, cell in enumerate(must)]
        same[1] = cells[1].startswith(PRINTED[at]["queue"]) if must[1] == "" else same[1]
        same[6] = same[6] or cells[6] == version
        return all(same)

    # Of packs of before nobody said that their tables stand as these do.
    code = "document-figures-differ" if "printed" in (manifest.get("holds") or []) else "document-unread"
    every, is_read = {at: defaultdict(list) for at in PRINTED}, False
    for at in PRINTED:
        for cells in cells_in(known, at):
            every[at][cells[0] + cells[2]].append(cells)
    for file in manifest["files"]:
        name = file["name"]
        if not re.match(r"(documents|submission)/.*\.pdf$", name) or file["bytes"] > MOST_PDF_BYTES:
            continue
        try:
            rows = printed_rows(pdf_runs(pack.body(name)))
        except Exception:  # No PDF of the product.
            rows = []
        if not rows:
            continue
        place = next((" ".join(row) for at, row in rows if not any(agree(row, must, at) for must in every[at][row[0] + row[2]])), None)
        # The document on service quality has them all: those of the whole centre, then the others, as far as paper goes.
        if name.startswith("documents/04-"):
            is_read = True
            others = [figure for figure in known if figure["group"] != "all"]
            must = cells_in([figure for figure in known if figure["group"] == "all"] + others[:MOST_PRINTED], rows[0][0])
            for i in range(max(len(must), len(rows))):
                if place is None and (i >= len(rows) or i >= len(must) or not agree(rows[i][1], must[i], rows[i][0])):
                    place = " ".join(must[i] if i < len(must) else rows[i][1])
        if place is not None:
            found(code, "%s %s" % (name, place))
    if not is_read and known:
        found("document-unread", "documents/04")


def is_earlier(entry, place):
    return (
        isinstance(entry, dict) and entry.get("number") == place and isinstance(entry.get("packId"), str)
        and isinstance(entry.get("kind"), str) and re.fullmatch(r"[0-9a-f]{64}", str(entry.get("sha256"))) is not None
    )


def is_restore(entry):
    begins = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
    return isinstance(entry, dict) and isinstance(entry.get("backup"), str) and re.match(begins, str(entry.get("at"))) is not None


def examine_history(pack, manifest, found):
    """The packs that were made before this one and the restores from a backup. Packs of before list none."""
    if not any(file["name"] == "packs.json" for file in manifest["files"]):
        if "history" in (manifest.get("holds") or []):
            found("held-missing", "packs.json")
        return None
    said = json_of(pack, "packs.json")
    packs, restores = (said.get("packs"), said.get("restores")) if isinstance(said, dict) else (None, None)
    if isinstance(packs, list) and isinstance(restores, list):
        is_whole = all(is_earlier(entry, i + 1) for i, entry in enumerate(packs)) and all(is_restore(entry) for entry in restores)
        last = packs[-1]["sha256"] if is_whole and packs else None
        if is_whole and len(packs) == manifest["number"] - 1 and last == manifest.get("previous"):
            return {"packs": packs, "restores": restores}
    found("history-differs", "packs.json")
    return None


def is_fork(earlier, later):
    """One of them cannot have been made after the other: the later one names another pack in the place of the earlier."""
    one, two = earlier["manifest"], later["manifest"]
    if one["number"] == two["number"] or (one.get("previous") is not None and one["previous"] == two.get("previous")):
        return True
    if later["history"] is None:
        return two["number"] == one["number"] + 1 and two.get("previous") != earlier["sha256"]
    before = later["history"]["packs"]
    if one["number"] < 1 or one["number"] > len(before):
        return True
    listed = before[one["number"] - 1]
    return (listed["sha256"], listed["packId"], listed["kind"]) != (earlier["sha256"], one["packId"], one["kind"])


def was_restored(one, two):
    made = sorted(each["manifest"]["madeAt"][:19] for each in (one, two))
    restores = [restore for each in (one, two) if each["history"] for restore in each["history"]["restores"]]
    return any(made[0] <= restore["at"][:19] <= made[1] for restore in restores)


def examine_chain(given, found):
    """What several packs say of each other."""
    names = ("publicKey", "publicKeySm2", "licence", "company")

    def is_of_one(one, two):
        pairs = [(one["manifest"].get(name), two["manifest"].get(name)) for name in names]
        return any(isinstance(a, str) and a != "" and a == b for a, b in pairs)

    packs = []
    for pack in given:
        if any(pack["sha256"] == other["sha256"] for other in packs):
            found("pack-doubled", pack["manifest"]["packId"])
        elif packs and not any(is_of_one(other, pack) for other in packs):
            found("pack-foreign", pack["manifest"]["packId"])
        else:
            packs.append(pack)
    packs.sort(key=lambda pack: (pack["manifest"]["number"], pack["manifest"]["madeAt"][:19], pack["sha256"]))
    for i, earlier in enumerate(packs):
        forks = [other for other in packs[i + 1:] if is_fork(earlier, other)]
        later = next((other for other in forks if not was_restored(earlier, other)), forks[0] if forks else None)
        if later is not None:
            code = "pack-fork-restored" if was_restored(earlier, later) else "pack-fork"
            # Two packs in one place may have the same name.
            found(code, " ".join("%s [%s]" % (each["manifest"]["packId"], each["sha256"][:8]) for each in (earlier, later)))
    numbers = {pack["manifest"]["number"] for pack in packs}
    for kind in sorted({pack["manifest"]["kind"] for pack in packs}):
        same = [pack for pack in packs if pack["manifest"]["kind"] == kind]
        first, newest = same[0]["manifest"]["number"], same[-1]
        if newest["history"] is not None:
            for each in newest["history"]["packs"]:
                if each["kind"] == kind and each["number"] > first and each["number"] not in numbers:
                    found("pack-missing", each["packId"])
        else:  # Packs of before do not say of which kind those between are.
            for number_of in range(first + 1, newest["manifest"]["number"]):
                if number_of not in numbers:
                    found("pack-missing", number_of)


def collect():
    """A list of findings, and what adds to it: of each code the first twenty."""
    findings, counts = [], defaultdict(int)

    def found(code, subject):
        counts[code] += 1
        if counts[code] <= MOST_NAMED:
            findings.append((code, subject))

    return findings, found


def colour_of(findings):
    return "red" if any(code not in AMBER for code, _ in findings) else "amber" if findings else "green"


def say(findings):
    for code, subject in findings:
        zh, en = SENTENCES[code]
        print("%s: %s: %s / %s" % (code, subject, zh, en))


def main(paths, told, sheet=None, seed=None, drawn=None):
    judged = [judge(path, told, sheet, seed, drawn, len(paths) > 1) for path in paths]
    if None in judged:
        return 2
    colours = [pack["colour"] for pack in judged]
    if len(paths) > 1:
        findings, found = collect()
        examine_chain(judged, found)
        say(findings)
        colours.append(colour_of(findings))
    colour = next(each for each in ("red", "amber", "green") if each in colours)
    if len(paths) > 1:
        print("all %d packs: %s" % (len(paths), colour))
    return {"red": 1, "amber": 3, "green": 0}[colour]


def examine(pack, manifest, text, told, sheet, seed, drawn, found, findings):
    examine_bytes(pack, manifest, found)
    examine_signature(pack, manifest, text, told, found)
    examine_stamp(pack, text, found)
    if manifest.get("clock"):
        found("clock-before-last", manifest["madeAt"])
    examine_forms(pack, manifest, found)
    figures, periods, history = 0, 0, None
    # What is not as it was sealed is named; nothing is computed from it.
    if not any(code in ("changed", "missing", "rows-cut") for code, _ in findings):
        zone = manifest["period"]["zone"]
        calendar = Calendar(zone)
        since, until = calendar.start_of(manifest["period"]["from"]), calendar.start_of(next_day(manifest["period"]["to"]))
        made_at = datetime.strptime(manifest["madeAt"][:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc).timestamp() * 1000
        history = examine_history(pack, manifest, found)
        examine_rows(pack, since, until, made_at, found)
        examine_tables(pack, manifest, calendar, found)
        examine_held(pack, manifest, since, until, found)
        examine_ledger(pack, calendar, since, until, found)
        examine_numbers(pack, manifest, found)
        examine_jumps(pack, manifest, calendar, until, found)
        examine_owners(pack, calendar, until, made_at, found)
        examine_drawn(pack, manifest, seed, drawn, found)
        held = [table for table in HELD if any(file["name"] == "rows/%s.csv" % table for file in manifest["files"])]
        examine_states(pack, held, calendar, since, until, made_at, found)
        examine_answers(pack, held, since, made_at, found)
        examine_cases(pack, held, since, until, made_at, found)
        examine_sheets(pack, held, calendar, since, until, made_at, sheet, found)
        figures = examine_figures(pack, zone, until, found)
        examine_printed(pack, manifest, found)
        periods = examine_stored(pack, found)
    return figures, periods, history


def judge(path, told, sheet, seed, drawn, is_one_of_several):
    """Checks one pack and says what was found; gives nothing when it is no pack."""
    try:
        pack = Pack(path)
        text = pack.body("manifest.json")
        manifest = None if text is None else json.loads(text.decode("utf-8"))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        sys.stderr.write("%s: not a whole evidence pack: %s\n" % (path, error))
        return None
    if manifest is None or manifest.get("format") != "proofline-pack/1":
        sys.stderr.write("%s: not an evidence pack\n" % path)
        return None
    findings, found = collect()
    try:
        figures, periods, history = examine(pack, manifest, text, told, sheet, seed, drawn, found, findings)
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError) as error:
        sys.stderr.write("%s: not an evidence pack that can be read: %s: %s\n" % (path, type(error).__name__, error))
        return None
    colour = colour_of(findings)
    if is_one_of_several:
        print("pack: %s" % manifest["packId"])
    print("verdict: %s" % colour)
    say(findings)
    for restore in history["restores"] if history else ():
        print("restored from a backup: %s %s" % (restore["at"], restore["backup"]))
    print("%d figures and %d stored months and years recomputed" % (figures, periods))
    return {"manifest": manifest, "sha256": hashlib.sha256(text).hexdigest(), "history": history, "colour": colour}


if __name__ == "__main__":
    words = sys.argv[1:]
    told = {"--key": None, "--sheet": None, "--seed": None, "--drawn": None}
    for option in told:
        if option in words[:-1]:
            at = words.index(option)
            kept = "0123456789" if option == "--drawn" else "0123456789abcdef"
            told[option] = words[at + 1].strip() if option == "--seed" else "".join(c for c in words[at + 1].lower() if c in kept)
            del words[at:at + 2]
    # What somebody kept or asked for belongs to one pack.
    if not words or (len(words) > 1 and (told["--sheet"] or told["--seed"] or told["--drawn"])):
        sys.exit("usage: python3 recompute.py PACK.zip|FOLDER [--key FINGERPRINT] [--sheet HASH] [--seed SEED] [--drawn COUNT]\n"
                 "   or: python3 recompute.py PACK.zip PACK.zip ... [--key FINGERPRINT]")
    sys.exit(main(words, told["--key"], told["--sheet"], told["--seed"], told["--drawn"]))
