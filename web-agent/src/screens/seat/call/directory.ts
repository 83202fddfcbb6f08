import type { AgentSnapshot, QueueSnapshot } from '../../../../../services/shared/contracts/calls/commands.js';
import type { TransferTarget } from '../../../../../services/shared/contracts/calls/hand-over.js';
import { normaliseNumber } from '../../../../../services/shared/domain/numbers/phone-number.js';

export interface DirectoryEntry {
  readonly key: string;
  readonly target: TransferTarget;
  readonly label: string;
  readonly agent?: AgentSnapshot;
  readonly queue?: QueueSnapshot;
  /** The key under which it is a favourite; absent for a typed number. */
  readonly favourite?: string;
}

const LONGEST = 30;
/** The key of a typed number that belongs to nobody here. */
export const TYPED_NUMBER = 'number';

/**
 * Favourites, then seats that are signed in (ready ones first), queues in which people answer, registered outside numbers, and the typed
 * number when it can be dialled.
 */
export function findTargets(
  text: string,
  {
    agents,
    queues,
    outside = [],
    favourites = [],
    self,
    language,
  }: {
    readonly agents: readonly AgentSnapshot[];
    readonly queues: readonly QueueSnapshot[];
    /** Registered numbers to which calls may be sent. */
    readonly outside?: readonly { readonly number: string; readonly name: string }[];
    readonly favourites?: readonly string[];
    readonly self: string;
    readonly language: string;
  },
): DirectoryEntry[] {
  const wanted = text.trim().toLowerCase();
  const fits = (...words: string[]): boolean => wanted === '' || words.some((word) => word.toLowerCase().includes(wanted));
  const seats = agents
    .filter(({ agentId, state, name }) => agentId !== self && state !== 'signed-out' && fits(name, agentId))
    .sort((a, b) => Number(b.state === 'ready') - Number(a.state === 'ready') || a.name.localeCompare(b.name, language))
    .map((agent): DirectoryEntry => ({
      key: `seat:${agent.agentId}`,
      target: { to: 'seat', agentId: agent.agentId },
      label: agent.name,
      agent,
      favourite: `seat:${agent.agentId}`,
    }));
  const lines = queues
    .map((queue) => ({ queue, label: queue.name[language] ?? queue.name['zh-CN'] ?? queue.queueId }))
    .filter(({ queue, label }) => !queue.internal && fits(label, queue.queueId))
    .map(({ queue, label }): DirectoryEntry => ({
      key: `queue:${queue.queueId}`,
      target: { to: 'queue', queueId: queue.queueId },
      label,
      queue,
      favourite: `queue:${queue.queueId}`,
    }));
  const registered = outside
    .filter(({ number, name }) => fits(name, number))
    .map(({ number, name }): DirectoryEntry => ({
      key: `number:${number}`,
      target: { to: 'number', number },
      label: `${name} ${number}`,
      favourite: `outside:${name}`,
    }));
  const number = /[0-9]/.test(wanted) ? normaliseNumber(wanted) : undefined;
  const isListed = registered.some(({ target }) => target.to === 'number' && target.number === number);
  const dialled: DirectoryEntry[] =
    number === undefined || isListed ? [] : [{ key: TYPED_NUMBER, target: { to: 'number', number }, label: number }];
  const place = ({ favourite }: DirectoryEntry): number => Number(favourite === undefined || !favourites.includes(favourite));
  return [...seats, ...lines, ...registered, ...dialled].sort((a, b) => place(a) - place(b)).slice(0, LONGEST);
}

/** Where the call of a conference may go: a queue has nobody who could join. */
export const forConference = (targets: readonly DirectoryEntry[]): DirectoryEntry[] =>
  targets.filter(({ target }) => target.to !== 'queue');

/**
 * What Enter does with a line. Without Shift it consults. A queue has nobody to consult: it takes the caller away, which only Shift+Enter or
 * the button does, not an Enter that ends a note.
 */
export function enterDoes(
  { target }: Pick<DirectoryEntry, 'target'>,
  { shift, conference }: { readonly shift: boolean; readonly conference: boolean },
): 'call:consult' | 'call:transfer' | undefined {
  if (conference || !shift) return target.to === 'queue' ? undefined : 'call:consult';
  return 'call:transfer';
}
