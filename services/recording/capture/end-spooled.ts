import type { LedgerStore } from '../ledger/ports.js';
import { FactsReader } from '../archive/assembly.js';
import type { Spool } from './ports.js';
import { markRecord, readRecords } from './records.js';

const RESTORED = 'the system was restored from a backup that was made before the call was answered';

/**
 * Ends the calls of a spool that was copied while they went on: nobody else will report their ends. An answered one ends with the last that
 * is known of it, and the next start archives it; of one that was not answered the number is settled.
 */
export async function endSpooled({
  spool,
  ledger,
}: {
  readonly spool: Spool;
  readonly ledger: Pick<LedgerStore, 'open' | 'settle'>;
}): Promise<{ readonly ended: number; readonly notAnswered: number }> {
  let [ended, notAnswered] = [0, 0];
  const answered = new Set<string>();
  for (const callId of spool.list()) {
    const file = await spool.open(callId);
    if (file === undefined) continue;
    const { originWallMs } = file.header;
    const reader = new FactsReader(originWallMs);
    for (const record of readRecords(await file.read(0)).records) reader.push(record);
    const facts = reader.facts();
    if (facts.answeredAt === undefined) continue;
    answered.add(callId);
    if (facts.endedAt !== undefined) continue;
    file.append(markRecord(facts.lastMs, { kind: 'ended', at: new Date(originWallMs + facts.lastMs).toISOString() }));
    await file.settle();
    ended += 1;
  }
  for (const { number, callId, state, intendedAt } of await ledger.open()) {
    if (state !== 'intended' || answered.has(callId)) continue;
    await ledger.settle({ number, callId, state: 'not-answered', endedAt: intendedAt, reason: RESTORED });
    notAnswered += 1;
  }
  for (const callId of spool.list()) if (!answered.has(callId)) await spool.remove(callId);
  return { ended, notAnswered };
}
