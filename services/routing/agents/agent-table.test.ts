import { expect, test } from '@jest/globals';
import type { AgentState } from '../../shared/domain/people/agent-state.js';
import { moveAgent, newAgent, type Agent, type AgentEvent } from './agent-machine.js';

/**
 * Every state against every event. A state or an event that is added to the types without a place here does not compile; one without its
 * column or row in the table fails. Clocks, reasons and owed results are tested in agent-machine.test.ts.
 */
const NOW_MS = 1_000;
const fresh: Agent = { ...newAgent('a1', 'Ann', 's1', 0), mediaUp: true };
const states: Readonly<Record<AgentState, Agent>> = {
  'signed-out': { ...fresh, state: 'signed-out', mediaUp: false },
  away: fresh,
  ready: { ...fresh, state: 'ready' },
  offered: { ...fresh, state: 'offered', callId: 'c1', offerId: 'o1' },
  'on-call': { ...fresh, state: 'on-call', callId: 'c1' },
  'wrap-up': { ...fresh, state: 'wrap-up', callId: 'c1', untilMs: NOW_MS, extendable: true },
  break: { ...fresh, state: 'break', reason: 'lunch' },
};
/** The same states with no media, lost media or an owed result. */
const within = {
  silent: { ...fresh, mediaUp: false },
  lost: { ...fresh, mediaUp: false, reason: 'seat-lost' },
  owing: { ...states['wrap-up'], owed: ['c1'] },
} satisfies Record<string, Agent>;
const agents: Readonly<Record<string, Agent>> = { ...states, ...within };

type Outcome = Extract<AgentEvent, { type: 'offer-ended' }>['outcome'];
type Chosen = Extract<AgentEvent, { type: 'chose' }>['state'];
type Many = 'offer-ended' | 'chose' | 'forced' | 'media';
type Decided = Extract<AgentEvent, { type: 'forced' }>['state'];
type Name =
  | Exclude<AgentEvent['type'], Many>
  | `offer-ended:${Outcome}`
  | `chose:${Chosen}`
  | `forced:${Decided}`
  | `media:${'up' | 'down'}`;
const why = { by: 'Sue', reason: 'staffing' } as const;
const offerEnded = (outcome: Outcome): AgentEvent => ({ type: 'offer-ended', callId: 'c1', outcome });
const events: Readonly<Record<Name, AgentEvent>> = {
  'signed-in': { type: 'signed-in', name: 'Ann', sessionId: 's1' },
  'signed-out': { type: 'signed-out' },
  'chose:ready': { type: 'chose', state: 'ready' },
  'chose:break': { type: 'chose', state: 'break', reason: 'lunch' },
  'chose:away': { type: 'chose', state: 'away' },
  'forced:ready': { type: 'forced', state: 'ready', ...why },
  'forced:break': { type: 'forced', state: 'break', ...why },
  'forced:away': { type: 'forced', state: 'away', ...why },
  'forced:signed-out': { type: 'forced', state: 'signed-out', ...why },
  'media:up': { type: 'media', up: true },
  'media:down': { type: 'media', up: false },
  offered: { type: 'offered', callId: 'c1', offerId: 'o1' },
  'offer-ended:answered': offerEnded('answered'),
  'offer-ended:declined': offerEnded('declined'),
  'offer-ended:no-answer': offerEnded('no-answer'),
  'offer-ended:seat-lost': offerEnded('seat-lost'),
  'offer-ended:withdrawn': offerEnded('withdrawn'),
  'offer-ended:refused': offerEnded('refused'),
  occupied: { type: 'occupied', revision: 1, by: { as: 'ringing', callId: 'c2' } },
  day: { type: 'day', day: '2026-11-28' },
  connected: { type: 'connected', callId: 'c1' },
  'call-ended': { type: 'call-ended', callId: 'c1', wrapUp: { mode: 'fixed', ms: 10_000 } },
  disposed: { type: 'disposed', callId: 'c1' },
  'wrap-up-extended': { type: 'wrap-up-extended', byMs: 500 },
  clock: { type: 'clock' },
};

/** `.` refused, `=` accepted without leaving the state, otherwise the next state. */
function outcome(state: string, event: AgentEvent): string {
  const before = agents[state];
  if (before === undefined) throw new Error(`there is no state ${state}`);
  const moved = moveAgent(before, event, NOW_MS);
  if (moved === undefined) return '.';
  // The invariant of the machine, for every pair.
  expect(moved.offerId !== undefined).toBe(moved.state === 'offered');
  if (moved.state === 'offered' || moved.state === 'on-call') expect(moved.callId).toBe('c1');
  else if (moved.state !== 'wrap-up') expect(moved.callId).toBeUndefined();
  return moved.state === before.state ? '=' : moved.state;
}

// prettier-ignore
const table: Readonly<Record<Name | 'states', string>> = {
  states:                  'signed-out  away        ready       offered     on-call  wrap-up     break       silent      lost        owing',
  'signed-in':             'away        =           =           =           =        =           =           =           =           =',
  'signed-out':            '.           signed-out  signed-out  signed-out  =        signed-out  signed-out  signed-out  signed-out  signed-out',
  'chose:ready':           '.           ready       =           =           =        ready       ready       =           =           =',
  'chose:break':           '.           break       break       =           =        break       =           break       break       =',
  'chose:away':            '.           =           away        =           =        away        away        =           =           =',
  'forced:ready':          '.           ready       =           =           =        ready       ready       =           =           ready',
  'forced:break':          '.           break       break       =           =        break       =           break       break       break',
  'forced:away':           '.           =           away        =           =        away        away        =           =           away',
  'forced:signed-out':     '.           signed-out  signed-out  =           =        signed-out  signed-out  signed-out  signed-out  signed-out',
  'media:up':              '=           =           =           =           =        =           =           =           ready       =',
  'media:down':            '=           =           away        =           =        =           =           =           =           =',
  offered:                 '.           .           offered     .           .        .           .           .           .           .',
  'offer-ended:answered':  '.           .           .           =           .        .           .           .           .           .',
  'offer-ended:declined':  '.           .           .           ready       .        .           .           .           .           .',
  'offer-ended:no-answer': '.           .           .           away        .        .           .           .           .           .',
  'offer-ended:seat-lost': '.           .           .           away        .        .           .           .           .           .',
  'offer-ended:withdrawn': '.           .           .           ready       .        .           .           .           .           .',
  'offer-ended:refused':   '.           .           .           ready       .        .           .           .           .           .',
  occupied:                '=           =           =           =           =        =           =           =           =           =',
  day:                     '=           =           =           =           =        =           =           =           =           =',
  connected:               'on-call     on-call     on-call     on-call     =        on-call     on-call     on-call     on-call     on-call',
  'call-ended':            '.           .           .           ready       wrap-up  .           .           .           .           .',
  disposed:                '.           .           .           .           =        .           .           .           .           ready',
  'wrap-up-extended':      '.           .           .           .           .        =           .           .           .           =',
  clock:                   '.           .           .           .           .        ready       .           .           .           .',
};
const columns = table.states.split(/\s+/);

test('the table has a column for every state', () => {
  expect([...columns].sort()).toEqual(Object.keys(agents).sort());
});

test.each(Object.entries(events))('%s in every state', (name, event) => {
  expect(columns.map((state) => outcome(state, event)).join(' ')).toBe(table[name as Name].split(/\s+/).join(' '));
});
