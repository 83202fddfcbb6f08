import type { Flow } from '../../../../../services/shared/contracts/calls/flow.js';
import type { Queue } from '../../../../../services/shared/contracts/queues/queue.js';
import { isPerson, PROOF_NUMBER } from '../../../../../services/shared/domain/proof.js';

/** The steps from an empty centre to its first call, in order. */
export const setUpSteps = ['licence', 'people', 'queue', 'skills', 'trunk', 'number', 'flow', 'ready', 'call'] as const;
export type SetUpStep = (typeof setUpSteps)[number];

/** `done` was seen in the running product; `open` can be done now; `spare`: this centre does not need it. */
export type SetUpState = 'done' | 'open' | 'spare';

export interface SetUpLine {
  readonly step: SetUpStep;
  readonly state: SetUpState;
  /** The words for what was seen. */
  readonly seen: string;
  /** Names and figures in those words. */
  readonly of: string;
}

interface Person {
  readonly id: string;
  readonly displayName: string;
  readonly roles: readonly string[];
  readonly disabled: boolean;
}

/** The current state of the centre. A part that was not read yet is undefined, and its step is open. */
export interface Centre {
  readonly licence?: string | undefined;
  readonly people?: readonly Person[] | undefined;
  readonly queues?: readonly Pick<Queue, 'id' | 'name' | 'members' | 'skills'>[] | undefined;
  readonly skills?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
  readonly trunks?: readonly { readonly id: string; readonly name: string; readonly enabled: boolean }[] | undefined;
  readonly ways?:
    | readonly {
        readonly trunkId: string;
        readonly registration?: string | undefined;
        readonly ways: readonly { readonly state: string }[];
      }[]
    | undefined;
  readonly numbers?:
    | readonly { readonly number: string; readonly status: string; readonly flow: Pick<Flow, 'start' | 'steps'> }[]
    | undefined;
  /** Numbers in service with a flow that the server finds valid. */
  readonly sound?: readonly string[] | undefined;
  /** Seats that are ready now, in queues that people serve. */
  readonly ready?: number | undefined;
  /** Callers whom a person answered today. */
  readonly answered?: number | undefined;
}

const line = (step: SetUpStep, state: SetUpState, seen: string, of = ''): SetUpLine => ({ step, state, seen, of });

/** The queues that people serve; nobody serves that of the test calls. */
const served = (queues: Centre['queues'] = []) =>
  queues.filter(({ members }) => members === 'everyone' || members.length === 0 || members.some(isPerson));

/** The numbers that callers reach; test calls have their own. */
export const callersNumbers = <N extends { readonly number: string; readonly status: string }>(numbers: readonly N[] = []): N[] =>
  numbers.filter(({ number, status }) => number !== PROOF_NUMBER && status === 'in-service');

/** Each step as the running centre shows it. */
export function setUpOf(centre: Centre): readonly SetUpLine[] {
  const { licence = '', people = [], trunks = [], ways = [], numbers = [], sound = [], ready = 0, answered = 0 } = centre;
  const agents = people.filter(({ roles, disabled }) => !disabled && (roles.includes('agent') || roles.includes('supervisor')));
  const queues = served(centre.queues).filter(
    ({ members }) => agents.length > 0 && (members === 'everyone' || agents.some(({ id }) => members.includes(id))),
  );
  const inService = callersNumbers(numbers);
  const named = inService.map(({ number }) => number).join(', ');
  return [
    licence === '' ? line('licence', 'open', 'none') : line('licence', 'done', 'there', licence),
    agents.length === 0 ? line('people', 'open', 'none') : line('people', 'done', 'there', String(agents.length)),
    queues.length === 0
      ? line('queue', 'open', served(centre.queues).length === 0 ? 'none' : 'nobody')
      : line('queue', 'done', 'there', String(queues.length)),
    skillsLine(queues, agents, centre.skills),
    trunkLine(trunks, ways),
    inService.length === 0 ? line('number', 'open', numbers.length > 1 ? 'draft' : 'none') : line('number', 'done', 'there', named),
    flowLine(inService, sound, queues),
    ready === 0 ? line('ready', 'open', 'none') : line('ready', 'done', 'there', String(ready)),
    answered === 0 ? line('call', 'open', 'none') : line('call', 'done', 'there', String(answered)),
  ];
}

/** Somebody who serves a queue must have the skills that it requires, or its callers wait for ever. */
function skillsLine(queues: ReturnType<typeof served>, agents: readonly Person[], skills: Centre['skills'] = {}): SetUpLine {
  const asking = queues.filter((queue) => Object.keys(queue.skills).length > 0);
  if (asking.length === 0) return line('skills', 'spare', 'none');
  const missed = asking.filter(
    (queue) =>
      !agents.some(
        ({ id }) =>
          (queue.members === 'everyone' || queue.members.includes(id)) &&
          Object.entries(queue.skills).every(([skill, level]) => (skills[id]?.[skill] ?? 0) >= level),
      ),
  );
  if (missed.length > 0) return line('skills', 'open', 'missing', missed.map(({ name }) => name['zh-CN']).join(', '));
  return line('skills', 'done', 'there', String(asking.length));
}

function trunkLine(trunks: NonNullable<Centre['trunks']>, states: NonNullable<Centre['ways']>): SetUpLine {
  const on = trunks.filter(({ enabled }) => enabled);
  if (on.length === 0) return line('trunk', 'open', trunks.length === 0 ? 'none' : 'off');
  const answering = on.filter(({ id }) =>
    states.some(
      ({ trunkId, registration, ways }) =>
        trunkId === id && (registration === 'registered' || (registration === undefined && ways.some(({ state }) => state === 'up'))),
    ),
  );
  if (answering.length > 0) return line('trunk', 'done', 'answers', answering.map(({ name }) => name).join(', '));
  const asked = on.some(({ id }) => states.some(({ trunkId, ways, registration }) => trunkId === id && (ways.length > 0 || registration)));
  return line('trunk', 'open', asked ? 'silent' : 'not-asked', on.map(({ name }) => name).join(', '));
}

function flowLine(
  inService: readonly { readonly number: string; readonly flow: Pick<Flow, 'start' | 'steps'> }[],
  sound: readonly string[],
  queues: ReturnType<typeof served>,
): SetUpLine {
  if (inService.length === 0) return line('flow', 'open', 'none');
  const wrong = inService.filter(({ number }) => !sound.includes(number));
  if (wrong.length > 0) return line('flow', 'open', 'unsound', wrong.map(({ number }) => number).join(', '));
  const leads = inService.some(({ flow }) =>
    Object.values(flow.steps).some((step) => step.kind === 'queue' && queues.some(({ id }) => id === step.queueId)),
  );
  return leads ? line('flow', 'done', 'there') : line('flow', 'open', 'nowhere');
}

/** The next step: the first open one. Steps that another person takes (`ofOthers`) come when nothing else is open. */
export function nextStep(lines: readonly SetUpLine[], ofOthers: readonly SetUpStep[] = []): SetUpStep | undefined {
  const open = lines.flatMap(({ step, state }) => (state === 'open' ? [step] : []));
  return open.find((step) => !ofOthers.includes(step)) ?? open[0];
}
