import { createHash } from 'node:crypto';
import { Flow } from '../../../services/shared/contracts/calls/flow.js';
import { arrive } from '../../../services/calls/stages/flow-steps.js';
import { exampleCall } from '../../support/centre/example-call.js';
import { fault } from './judge.js';
import { movesOf, type SmallWorld } from './moves.js';
import { canonical, delivered, happens, keyOf, performed, QUEUE, startOf, type State } from './state.js';

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** The shortest way to a state in which something does not hold. */
  readonly violation: { readonly text: string; readonly path: readonly string[] } | undefined;
}

const flow = Flow.parse({
  noticeMode: 'while-ringing',
  start: 'first',
  steps: {
    first: { kind: 'queue', queueId: QUEUE, onTimeout: 'sorry', onFull: 'sorry', callbackKey: '1' },
    sorry: { kind: 'hang-up', promptId: 'all-busy', cause: 'centre-busy' },
  },
});

function step(state: State, event: Parameters<typeof happens>[1]): State {
  const next = happens(state, event);
  if (next === undefined) throw new Error(`a beginning that cannot be: ${event.type}`);
  return next;
}

const settled = (state: State): State => {
  const next = delivered(state);
  return next === undefined ? state : settled(next);
};

/** The starting states: a call that arrives, one that an agent has, one in which a colleague is consulted, a conference. */
function beginnings(): { readonly kind: Beginning; readonly name: string; readonly state: State }[] {
  const call = exampleCall(
    flow,
    { kind: 'arriving' },
    { id: 'c', answered: false, notice: 'pending', queueId: undefined, waitingSinceMs: undefined },
  );
  const arrived = arrive(call);
  const arriving = performed(startOf(call), arrived.call, arrived.effects);
  const offer = { offerId: 'o-1', agentId: 'a1', ringForMs: 20_000, autoAnswer: false };
  const media = { relay: 'r', mediaCallId: 'c', callerTag: 'A', farTag: 'B' };
  let state = step({ ...arriving, asked: [] }, { type: 'answered', ledgerNumber: 1, media });
  state = step(state, { type: 'prompt-ended', token: 'notice' });
  state = step({ ...state, asked: [] }, { type: 'admitted' });
  state = step(settled(state), { type: 'offer', offer });
  const connected = settled(step(settled(state), { type: 'agent-answered', agentId: 'a1', offerId: 'o-1' }));
  const asks = settled(step(connected, { type: 'consult', agentId: 'a1', target: { to: 'seat', agentId: 'a2' } }));
  const consulting = settled(step(asks, { type: 'agent-answered', agentId: 'a2', offerId: undefined }));
  const conference = settled(step(consulting, { type: 'consult-end', agentId: 'a1', how: 'join' }));
  return [
    { kind: 'arriving', name: 'a call arrives', state: arriving },
    { kind: 'connected', name: 'a1 has the call', state: connected },
    { kind: 'consulting', name: 'a1 consults a2', state: consulting },
    { kind: 'conference', name: 'a1 and a2 have the call', state: conference },
  ];
}

type Beginning = 'arriving' | 'connected' | 'consulting' | 'conference';

export const worlds: readonly (SmallWorld & { readonly from: readonly Beginning[] })[] = [
  { name: 'the line', from: ['arriving'], deeds: ['answers', 'declines', 'hangs up'], fragile: ['a1'] },
  {
    name: 'hold, park and hand over',
    from: ['connected'],
    deeds: ['answers', 'hangs up', 'holds', 'takes up', 'parks', 'fetches', 'transfers'],
    fragile: ['a1'],
  },
  {
    name: 'consultation',
    from: ['connected', 'consulting'],
    deeds: ['answers', 'declines', 'hangs up', 'consults the', 'ends'],
    fragile: ['a1', 'a2'],
  },
  {
    name: 'conference',
    from: ['conference'],
    deeds: ['answers', 'hangs up', 'holds', 'takes up', 'consults the colleague', 'ends', 'transfers to the queue'],
    fragile: ['a1', 'a2'],
  },
  {
    name: 'a number outside',
    from: ['connected'],
    deeds: ['answers', 'hangs up', 'consults a number', 'ends', 'holds', 'takes up'],
    fragile: ['a1'],
  },
  { name: 'a supervisor', from: ['connected', 'consulting'], deeds: ['answers', 'hangs up', 'monitors', 'ends'], fragile: ['a1', 's1'] },
];

/** Every interleaving of a small world, breadth first: the first violation is reached by as few steps as can be. */
export function explore(world: (typeof worlds)[number], depth: number, tell: (line: string) => void = () => undefined): Explored {
  const seen = new Map<string, { readonly from: string | undefined; readonly name: string }>();
  const hash = (state: State): string => createHash('md5').update(keyOf(state)).digest('base64');
  let transitions = 0;
  let frontier: { readonly key: string; readonly state: State }[] = [];
  let bad: { readonly key: string; readonly text: string } | undefined;

  function reach(state: State, from: string | undefined, name: string, into: typeof frontier): void {
    const known = canonical(state);
    const key = hash(known);
    if (seen.has(key)) return;
    seen.set(key, { from, name });
    const text = fault(known);
    if (text !== undefined) bad ??= { key, text };
    into.push({ key, state: known });
  }

  for (const { kind, name, state } of beginnings()) if (world.from.includes(kind)) reach(state, undefined, name, frontier);
  let level = 0;
  for (; level < depth && bad === undefined && frontier.length > 0; level += 1) {
    const next: typeof frontier = [];
    for (const { key, state } of frontier) {
      for (const move of movesOf(state, world)) {
        transitions += 1;
        reach(move.state, key, move.name, next);
      }
      if (bad !== undefined) break;
    }
    frontier = next;
    tell(`depth ${level + 1}: ${seen.size} states, ${transitions} transitions`);
  }
  return { states: seen.size, transitions, depth: level, violation: bad && { text: bad.text, path: pathTo(bad.key) } };

  function pathTo(key: string): string[] {
    const path: string[] = [];
    for (let at: string | undefined = key; at !== undefined;) {
      const here = seen.get(at);
      if (here !== undefined) path.unshift(here.name);
      at = here?.from;
    }
    return path;
  }
}
