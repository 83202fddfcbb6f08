import type { ScopeRow } from '../../shared/contracts/queues/scope-row.js';
import { figureOf } from '../../shared/domain/figures/registry.js';
import type { FactCount } from '../../shared/domain/figures/count.js';
import { rowFigureKeys, type RowScope } from '../../shared/domain/figures/scope-rows.js';
import type { Team } from '../../shared/domain/people/team.js';
import { isPerson } from '../../shared/domain/proof.js';
import type { Desk } from '../matching/desk.js';
import type { DayFiguresKeeper } from './day-figures.js';

export interface ScopeRowFacts {
  readonly figures: Pick<DayFiguresKeeper, 'idsOf' | 'ofScope' | 'teamOf'>;
  readonly desk: Pick<Desk, 'agents'>;
  readonly teams: readonly Team[];
}

/**
 * The rows of the live board of one kind: what had a visit or a transfer today or in the last 30 minutes, a trunk also with a leg, and every
 * open team. The figures are those of the registry, over the same counts that thresholds are judged by.
 */
export function scopeRows({ figures, desk, teams }: ScopeRowFacts, of: RowScope, nowMs: number): ScopeRow[] {
  const figuresIn = (count: FactCount): ScopeRow['today'] =>
    Object.fromEntries(rowFigureKeys(of).map((key) => [key, figureOf(key, count)]));
  const byId = new Map(teams.map((team) => [team.id, team]));
  const isOpenTeam = (id: string): boolean => byId.has(id) && byId.get(id)?.closedAt === undefined;
  const ids = new Set([...figures.idsOf(of), ...(of === 'team' ? byId.keys() : [])]);
  const states = of === 'team' ? statesByTeam({ figures, desk }, nowMs) : undefined;
  return [...ids].flatMap((id) => {
    const { today, lately } = figures.ofScope({ of, id }, nowMs);
    const seen = [today, lately].reduce((sum, { entered, legs, transfers }) => sum + entered + legs + transfers, 0);
    if (seen === 0 && !(of === 'team' && isOpenTeam(id))) return [];
    const name = of === 'team' ? byId.get(id)?.name : undefined;
    return [
      {
        ...{ of, id, today: figuresIn(today), lately: figuresIn(lately) },
        ...(name === undefined ? {} : { name: textsIn(name) }),
        ...(states === undefined ? {} : { states: states.get(id) ?? {} }),
      },
    ];
  });
}

const textsIn = ({ en, ...name }: Team['name']): Record<string, string> => ({ ...name, ...(en === undefined ? {} : { en }) });

/** The signed-in agents by today's team and by state. */
function statesByTeam({ figures, desk }: Pick<ScopeRowFacts, 'figures' | 'desk'>, nowMs: number) {
  const found = new Map<string, NonNullable<ScopeRow['states']>>();
  for (const { agentId, state } of desk.agents()) {
    const teamId = isPerson(agentId) && state !== 'signed-out' ? figures.teamOf(agentId, nowMs) : undefined;
    if (teamId === undefined) continue;
    const states = found.get(teamId) ?? {};
    states[state] = (states[state] ?? 0) + 1;
    found.set(teamId, states);
  }
  return found;
}
