import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { siteNow } from '../../../components/time/site-days.js';
import { useRead } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { namesIn } from '../../administer/people/team-names.js';
import { nameOf } from '../../seat/queue-names.js';
import type { AgentBeside, AgentToday } from './agents-order.js';

/** Read at this interval only: a figure of the day moves with calls, not with seconds. */
const READ_EVERY_MS = 30_000;
const none: AgentBeside = {};

export interface TeamOfPage {
  readonly id: string;
  readonly name: string;
}

/** Team and figures of today of each agent, as far as this person may read them; the figures are those of the report of today by agent. */
export function useAgentsBeside(): { readonly beside: (agentId: string) => AgentBeside; readonly teams: readonly TeamOfPage[] } {
  const { i18n } = useTranslation();
  const may = useMay();
  const day = siteNow().format('YYYY-MM-DD');
  const report = useRead('/figures/report', {
    query: { from: day, to: day, interval: 'whole', by: 'agent' },
    everyMs: READ_EVERY_MS,
    enabled: may('calls.read'),
  }).data;
  const read = useRead('/teams', { enabled: may('teams.read') }).data;
  return useMemo(() => {
    const open = (read?.teams ?? []).filter(({ closedAt }) => closedAt === null);
    const teamOf = new Map(open.flatMap(({ id, memberIds }) => memberIds.map((memberId) => [memberId, id] as const)));
    const todayOf = new Map((report?.rows ?? []).map(({ scope, figures }) => [scope, todayIn(figures)] as const));
    return {
      teams: open.map(({ id, name }) => ({ id, name: nameOf(namesIn(name), i18n.language) })),
      beside: (agentId) => {
        const [teamId, today] = [teamOf.get(agentId), todayOf.get(agentId)];
        if (teamId === undefined && today === undefined) return none;
        return { ...(teamId === undefined ? {} : { teamId }), ...(today === undefined ? {} : { today }) };
      },
    };
  }, [read, report, i18n.language]);
}

const todayIn = (figures: Readonly<Record<string, { readonly value: number | null }>>): AgentToday => ({
  answered: figures['answered']?.value ?? null,
  aht: figures['aht']?.value ?? null,
  occupancy: figures['occupancy']?.value ?? null,
});
