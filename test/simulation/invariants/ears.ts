import type { Call } from '../../../services/calls/machine/call.js';
import { SLOWEST_MS } from '../profiles.js';
import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';
import { legsOf, nameOf, namesIn } from './heard.js';
import { agentsOf, ears, nobody, type Ear } from './oracle.js';

/** One order behind another, of which one is slow. */
const LIMIT_MS = 1_250;
/** Of a listener with copies: the order for the copy and the order behind it may each be lost once. */
const COPIED_LIMIT_MS = 2 * LIMIT_MS;
const FILE = 'file:';

function fits(ear: Ear, heard: ReadonlySet<string>, nameIn: (party: string) => string): boolean {
  const parties = new Set<string>();
  let files = 0;
  for (const source of heard) {
    if (!source.startsWith(FILE)) parties.add(nameIn(source));
    else if (ear.file?.(source.slice(FILE.length)) === true) files += 1;
    else return false;
  }
  if (files > 0) return parties.size === 0;
  if (ear.parties.length === 0) return parties.size === 0 && (heard.size > 0 || ear.silenceIsRight);
  return parties.size === ear.parties.length && ear.parties.every((party) => parties.has(party));
}

export function earsInvariant(world: World): Invariant {
  const name = 'ears';
  const waitFor = createPatience(world, name);
  const { relay, stores } = world;
  // A take-over is several orders in a row: where messages are slow, two of them may be.
  const slowMs = world.profile.slowChance > 0 ? SLOWEST_MS : 0;

  function judge(call: Call, part: string, ear: Ear, nameIn: (party: string) => string): void {
    const legIds = legsOf(world, call, part);
    const heard = legIds.flatMap((legId) => relay.hears(legId) ?? []);
    if (legIds.length === 0) return;
    // While a seat exchanges its session one of the two carries the call; the other must be silent or alike.
    const isWrong =
      heard.length === 0 ||
      !heard.some((each) => fits(ear, each, nameIn)) ||
      !heard.every((each) => each.size === 0 || fits(ear, each, nameIn));
    waitFor(
      `${call.id}/${part}`,
      isWrong,
      (isCopied(call, part) ? COPIED_LIMIT_MS : LIMIT_MS) + slowMs,
      () =>
        `${part} of ${call.id} in ${describe(call)} hears ${JSON.stringify(heard.map((each) => [...each].map(nameIn)))} and should hear ${JSON.stringify(ear.parties)}${ear.file === undefined ? '' : ' or its prompt'}`,
      [call.id, ...(part.startsWith('agent:') ? [part.slice('agent:'.length)] : [])],
    );
  }

  return {
    name,
    sentence:
      'docs/calls.md: who hears whom follows from the state alone; in a conversation the others and nothing else, no prompt outlives its stage, a listener is heard by nobody.',
    tick() {
      if (!relay.up) return;
      const inCalls = new Set<string>();
      for (const { call } of stores.calls.values()) {
        if (call.stage.kind === 'ended') continue;
        for (const agentId of agentsOf(call.stage).keys()) inCalls.add(agentId);
        const nameIn = namesIn(world, call);
        for (const [part, ear] of ears(call)) judge(call, part, ear, nameIn);
      }
      for (const { agentId, legId } of stores.seats.values()) {
        const heard = inCalls.has(agentId) ? undefined : relay.hears(legId);
        const echo = relay.partyOf(legId);
        waitFor(
          legId,
          heard !== undefined && [...heard].some((party) => party !== echo) && !fits(nobody, heard, nameOf),
          LIMIT_MS,
          () => `${agentId} is in no call and hears ${JSON.stringify([...(heard ?? [])])}`,
          [agentId],
        );
      }
    },
  };
}

const isCopied = ({ stage }: Call, part: string): boolean =>
  stage.kind === 'connected' && !stage.mixed && stage.parties.some(({ id, role }) => id === part && role === 'listen');

function describe({ stage }: Call): string {
  if (stage.kind !== 'connected') return stage.kind;
  const { held, away, consult, mixed, parties } = stage;
  const words = [
    held ? 'held' : '',
    away ? 'away' : '',
    mixed ? 'mixed' : '',
    consult === undefined ? '' : `consult-${consult.state}`,
    ...parties.map(({ id, role }) => `${id} ${role}`),
  ];
  return `connected(${words.filter((word) => word !== '').join(', ')})`;
}
