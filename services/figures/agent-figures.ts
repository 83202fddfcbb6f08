import type { FigureKey, FigureValue } from '../shared/domain/figures/registry.js';
import type { AgentId } from '../shared/domain/ids.js';
import { createSlots } from './adapters/slots.js';
import { readFacts, type FactReads } from './facts.js';
import { createReport, noFigures } from './report.js';

/** The figures of one agent since a moment, from the same facts and by the same formulas as a report by agent. */
export type FiguresOfAgent = (agentId: AgentId, from: Date) => Promise<Readonly<Record<FigureKey, FigureValue>>>;

export function createAgentFigures({
  reads,
  zone,
  now = () => new Date(),
}: {
  readonly reads: FactReads;
  readonly zone: string;
  readonly now?: () => Date;
}): FiguresOfAgent {
  return async (agentId, from) => {
    const nowMs = now().getTime();
    const span = { fromMs: from.getTime(), untilMs: nowMs };
    const report = createReport({ slotOf: createSlots('whole', zone, span), by: 'agent', nowMs, withStates: true });
    const own = { agentIds: [agentId], visitFilter: { agentId }, callFilter: { agentIds: agentId } };
    await readFacts(reads, { ...span, nowMs, withResults: false, ...own }, report.facts(span));
    return report.lines().rows.find(({ scope }) => scope === agentId)?.figures ?? noFigures();
  };
}
