import type { CallEvent } from '../../services/calls/machine/call-events.js';
import type { Effect } from '../../services/calls/machine/effects.js';
import type { AgentEvent } from '../../services/routing/agents/agent-machine.js';
import { agentStates } from '../../services/shared/domain/people/agent-state.js';
import { failures } from '../../services/shared/domain/failure.js';
import { edit, type Edit } from './mutants/mutant.js';
import { faults } from './profiles.js';
import { takenPairs } from '../support/centre/state-table.js';
import { names, stages } from './stages.js';
import type { World } from './world.js';

const callEvents = names<CallEvent['type']>({
  answered: true,
  'answer-failed': true,
  'far-alerted': true,
  'early-media': true,
  'caller-hung-up': true,
  'prompt-ended': true,
  place: true,
  key: true,
  timer: true,
  admitted: true,
  'not-admitted': true,
  overflow: true,
  offer: true,
  'agent-answered': true,
  declined: true,
  'hang-up': true,
  end: true,
  hold: true,
  resume: true,
  transfer: true,
  consult: true,
  'consult-end': true,
  park: true,
  fetch: true,
  'drop-party': true,
  'send-keys': true,
  'pause-recording': true,
  'resume-recording': true,
  'pause-failed': true,
  monitor: true,
  'seat-down': true,
  'seat-up': true,
  dialled: true,
  'script-shown': true,
  'leg-moved': true,
  'leg-alerted': true,
  'leg-silent': true,
  'leg-answered': true,
  'leg-key': true,
  'leg-failed': true,
  'leg-ended': true,
  lost: true,
});
const effects = names<Effect['do']>({
  publish: true,
  answer: true,
  'start-timer': true,
  'cancel-timer': true,
  'ask-queue': true,
  'ask-place': true,
  ring: true,
  'keep-refusal': true,
  dial: true,
  'hang-up-leg': true,
  'pause-recording': true,
  'resume-recording': true,
  'send-keys': true,
  finish: true,
});
const agentEvents = names<AgentEvent['type']>({
  'signed-in': true,
  'signed-out': true,
  chose: true,
  forced: true,
  media: true,
  offered: true,
  'offer-ended': true,
  connected: true,
  'call-ended': true,
  disposed: true,
  'wrap-up-extended': true,
  occupied: true,
  day: true,
  clock: true,
});

const pairs = (one: readonly string[], other: readonly string[]): string[] => one.flatMap((a) => other.map((b) => `${a} x ${b}`));

const taken = takenPairs();

/** All that runs could reach, by kind. */
export const universe = {
  /** For a call: an event that the machine accepts in a stage, by its table. */
  'stage x event': pairs(stages, callEvents).filter((pair) => taken.has(pair)),
  'agent state x event': pairs(agentStates, agentEvents),
  effect: effects,
  'failure code': Object.keys(failures),
  'stage x fault': pairs(stages, faults),
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type Kind = keyof typeof universe;

type Probe = (kind: string, name: string) => void;
const PROBE = 'simulationProbe';
const ask = (kind: Kind, name: string): string =>
  `(globalThis as { ${PROBE}?: (kind: string, name: string) => void }).${PROBE}?.('${kind}', ${name});`;

/** Where the product's code is probed, in memory alone, the way a mutant is inserted. */
export const probes: readonly Edit[] = [
  edit(
    'services/calls/machine/advance.ts',
    '  const next = decide(call, event, atMs);\n',
    `  const next = decide(call, event, atMs);\n  if (!('refused' in next)) ${ask('stage x event', "call.stage.kind + ' x ' + event.type")}\n`,
  ),
  edit(
    'services/routing/agents/agent-machine.ts',
    'nowMs: number): Agent | undefined {\n  switch (event.type) {\n',
    `nowMs: number): Agent | undefined {\n  ${ask('agent state x event', "agent.state + ' x ' + event.type")}\n  switch (event.type) {\n`,
  ),
  edit(
    'services/calls/running/effect-runner.ts',
    '    const { call } = live;\n    switch (effect.do) {\n',
    `    const { call } = live;\n    ${ask('effect', 'effect.do')}\n    switch (effect.do) {\n`,
  ),
  edit(
    'services/shared/domain/failure.ts',
    '    super(message, options);\n',
    `    super(message, options);\n    ${ask('failure code', 'code')}\n`,
  ),
];

export interface Coverage {
  watch(world: World): void;
  /** What was reached. Without the probes, faults are the only kind that is known. */
  reached(): Readonly<Record<Kind, ReadonlySet<string>>>;
}

export function createCoverage(): Coverage {
  const seen: Record<Kind, Set<string>> = {
    'stage x event': new Set(),
    'agent state x event': new Set(),
    effect: new Set(),
    'failure code': new Set(),
    'stage x fault': new Set(),
  };
  (globalThis as { [PROBE]?: Probe })[PROBE] = (kind, name) => {
    if (kind in seen) seen[kind as Kind].add(name);
  };
  return {
    watch(world) {
      world.onFault.push((fault) => {
        for (const { call } of world.stores.calls.values()) seen['stage x fault'].add(`${call.stage.kind} x ${fault}`);
      });
    },
    reached: () => seen,
  };
}
