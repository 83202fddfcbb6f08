#!/usr/bin/env python3
"""Recomputes every figure of an evidence pack from its rows, with nothing but the standard library.

    python3 recompute.py FOLDER_OF_THE_UNPACKED_PACK

Written apart from the product, from the definitions that are printed in the pack. Ends with 0 when all figures agree.
"""
import csv
import json
import math
import os
import sys
from collections import defaultdict
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

SHORT_ABANDON_MS = 5000
WINDOW_MS = 7 * 86400000
DAY_MS = 86400000
PASS_PERCENT = 80
FAULTS = ("media-failure", "system-failure", "no-common-codec", "centre-busy")
ABANDONED = ("abandoned-in-queue", "abandoned-ringing")


def number(text):
    return float(text) if text != "" else None


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


def read(folder, name):
    with open(os.path.join(folder, "rows", name + ".csv"), newline="", encoding="utf-8") as handle:
        yield from csv.DictReader(handle)


def recompute(folder, zone, until):
    zone = ZoneInfo(zone)
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
            if queued is None:
                continue
            g["queued"] += 1
            if taken is not None:
                wait = max(0.0, taken - queued)
                g["handled"] += 1
                g["wait"] += wait
                g["longest"] = max(g["longest"], wait)
                g["talk"] += number(row["talkMs"])
                g["within15"] += wait <= 15000
                g["within20"] += wait <= 20000
                waits[key].append(math.ceil(wait / 1000))
            elif row["cause"] in ABANDONED:
                wait = max(0.0, ended - queued)
                g["abandoned"] += 1
                g["longest"] = max(g["longest"], wait)
                g["short"] += wait <= SHORT_ABANDON_MS
        if row["trunkId"]:
            on_trunk[row["trunkId"]].append((invited, ended))
        if queued is not None and row["callerKey"]:
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
        g["proofsOk"] += row["ok"] == "true"
    for row in read(folder, "states"):
        g = groups[(month(number(row["fromMs"])), "all")]
        lasted = number(row["untilMs"]) - number(row["fromMs"])
        if row["state"] == "wrap-up":
            g["wrapUp"] += lasted
        elif row["state"] in ("ready", "offered"):
            g["available"] += lasted

    figures = {}
    for (m, group), g in groups.items():
        def put(name, numerator, denominator, factor=1.0, value=None):
            exact = value if value is not None else (numerator / denominator * factor if denominator else None)
            figures[(name, m, group)] = (numerator, denominator, exact if denominator else None)

        ranked = sorted(waits[(m, group)])
        p90 = ranked[math.ceil(0.9 * len(ranked)) - 1] if ranked else 0
        late = sorted(math.ceil(delay / 100) / 10 for delay in delays[(m, group)])
        p95 = late[math.ceil(0.95 * len(late)) - 1] if late else 0
        put("answerRate", g["handled"], g["queued"], 100)
        put("serviceLevel15", g["within15"], g["queued"], 100)
        put("serviceLevel20", g["within20"], g["queued"], 100)
        put("serviceLevel20Variant", g["within20"], g["queued"] - g["short"], 100)
        put("abandonRate", g["abandoned"], g["queued"], 100)
        put("abandonShort", g["short"], g["queued"], 100)
        put("averageSpeedOfAnswer", g["wait"] / 1000, g["handled"])
        put("wait90", p90, g["handled"], value=p90)
        put("longestWait", g["longest"] / 1000, g["queued"], value=g["longest"] / 1000)
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
        busy = g["talk"] + g["wrapUp"]
        put("averageHandleTime", busy / 1000, g["handled"])
        put("occupancy", busy / 1000, (busy + g["available"]) / 1000 if g["available"] else 0.0, 100)
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


def stored_complaints(folder, since, until, as_of):
    calls = 0
    for row in read(folder, "calls"):
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


def stored_satisfaction(folder, since, until, as_of):
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


def stored(folder):
    """How many months and years were stored, and how many of them the rows do not give."""
    with open(os.path.join(folder, "stored-figures.json"), encoding="utf-8") as handle:
        rows = json.load(handle)
    wrong = 0
    for row in rows:
        count = stored_complaints if row["what"] == "complaints" else stored_satisfaction
        mine = count(folder, row["fromMs"], row["untilMs"], row["asOfMs"])
        if not same(mine, row["figures"]):
            wrong += 1
            print("differs: stored %s of %s: %s, recomputed %s" % (row["what"], row["period"], row["figures"], mine))
    return len(rows), wrong


def close(a, b):
    if a is None or b is None:
        return a is None and b is None
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6)


def main(folder):
    with open(os.path.join(folder, "figures.json"), encoding="utf-8") as handle:
        printed = json.load(handle)
    mine = recompute(folder, printed["zone"], printed["untilMs"])
    wrong = 0
    for formula in printed["formulas"]:
        if formula["key"] not in {name for name, _, _ in mine}:
            wrong += 1
            print("not recomputed here: %s" % formula["key"])
    for figure in printed["figures"]:
        key = (figure["formula"], figure["month"], figure["group"])
        numerator, denominator, value = mine.get(key, (0.0, 0.0, None))
        if not (close(numerator, figure["numerator"]) and close(denominator, figure["denominator"]) and close(value, figure.get("value"))):
            wrong += 1
            print("differs: %s %s %s: printed %s / %s = %s, recomputed %s / %s = %s" % (*key, figure["numerator"], figure["denominator"], figure.get("value"), numerator, denominator, value))
    periods, off = stored(folder)
    wrong += off
    print("%d figures and %d stored months and years recomputed, %d differ" % (len(printed["figures"]), periods, wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 recompute.py FOLDER_OF_THE_UNPACKED_PACK")
    sys.exit(main(sys.argv[1]))
