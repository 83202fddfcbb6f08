import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Trunk } from '../shared/contracts/calls/flow.js';
import { CallCentreError } from '../shared/domain/failure.js';
import { WayFailed } from '../shared/domain/calls/way-failed.js';
import { silentLogger } from '../shared/platform/processes/logger.js';
import { peersOf } from './adapters/peers-file.js';
import { addressesOf } from './addresses.js';
import { dialOver } from './attempt.js';
import type { Locator } from './locator.js';
import type { SipOut, SipOutDialog } from './ports.js';
import type { WayMemory } from './way-memory.js';
import type { KeptFacts } from './way-state.js';
import { createWays, isAnswer, type Ways } from './ways.js';

const trunk: Trunk = {
  id: 'carrier',
  name: 'carrier',
  carrier: '',
  addresses: ['192.0.2.1'],
  outboundUri: 'sip:192.0.2.1:5060',
  furtherUris: ['sip:192.0.2.2:5060;transport=tcp', 'sip:192.0.2.1:5060'],
  trustsIdentity: false,
  permittedCallerNumbers: [],
  enabled: true,
};
const [FIRST, SECOND] = ['192.0.2.1:5060', '192.0.2.2:5060;transport=tcp'] as const;

/** A locator in which no domain leads to servers of its own. */
const locator: Locator = { servers: () => [], refresh: () => undefined };
const order = (of: Trunk = trunk): string[] => ways.order(of).map(({ uri }) => uri);

let clockMs: number;
let statuses: Record<string, number | undefined>;
let ways: Ways;

beforeEach(() => {
  clockMs = 1_000;
  statuses = { [FIRST]: 200, [SECOND]: 200 };
  ways = createWays({
    trunks: () => [trunk],
    locator,
    ask: (uri) => Promise.resolve(statuses[uri]),
    nowMs: () => clockMs,
    log: silentLogger,
  });
});

test('a trunk has each of its addresses once, in order; each is a peer of the SIP server', () => {
  expect(addressesOf(trunk).map(({ uri }) => uri)).toEqual([FIRST, SECOND]);
  expect(addressesOf({})).toEqual([]);
  expect(peersOf([trunk]).peers).toEqual([{ addresses: ['192.0.2.1', '192.0.2.2'] }]);
});

test('a refusal is an answer; 503, 408 and nothing are none', () => {
  expect([200, 404, 405, 403, 503, 408, undefined].map(isAnswer)).toEqual([true, true, true, true, false, false, false]);
});

test('an address that does not answer goes to the end of the order, and comes back; its changes are kept with their times', async () => {
  expect(order()).toEqual([FIRST, SECOND]);
  statuses[FIRST] = undefined;
  await ways.answers('carrier', FIRST, 10);
  expect(order()).toEqual([SECOND, FIRST]);
  clockMs = 9_000;
  statuses[FIRST] = 404;
  await ways.answers('carrier', FIRST, 10);
  expect(order()).toEqual([FIRST, SECOND]);
  expect(ways.view()['carrier']?.[0]).toEqual({
    uri: FIRST,
    place: 0,
    state: 'up',
    sinceMs: 9_000,
    changes: [
      { state: 'unknown', atMs: 1_000 },
      { state: 'down', atMs: 1_000 },
    ],
  });
});

test('an answer that comes after its address has left the trunk says nothing of the trunk', async () => {
  let trunks: readonly Trunk[] = [trunk];
  const answers: ((status: number | undefined) => void)[] = [];
  const watched = createWays({
    trunks: () => trunks,
    locator,
    ask: () => new Promise((resolve) => answers.push(resolve)),
    nowMs: () => clockMs,
    log: silentLogger,
  });
  const look = (): void => {
    watched.start();
    watched.stop();
  };
  look();
  expect(answers).toHaveLength(2);
  trunks = [{ ...trunk, furtherUris: [] }];
  look();
  for (const answer of answers) answer(undefined);
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  expect(watched.view()['carrier']?.map(({ uri, state }) => `${uri} ${state}`)).toEqual([`${FIRST} down`]);
});

test('addresses of one priority share the calls; a dead one is tried behind every other', async () => {
  const ranked: Trunk = {
    ...trunk,
    ranks: [
      { priority: 10, weight: 1 },
      { priority: 10, weight: 3 },
      { priority: 5, weight: 0 },
    ],
    furtherUris: ['sip:192.0.2.2:5060;transport=tcp', 'sip:192.0.2.3'],
  };
  let lot = 0;
  ways = createWays({
    trunks: () => [ranked],
    locator,
    ask: (uri) => Promise.resolve(statuses[uri]),
    nowMs: () => clockMs,
    random: () => lot,
    log: silentLogger,
  });
  expect(order(ranked)).toEqual(['192.0.2.3', FIRST, SECOND]);
  lot = 0.25;
  expect(order(ranked)).toEqual(['192.0.2.3', SECOND, FIRST]);
  await ways.answers('carrier', '192.0.2.3', 10);
  expect(order(ranked)).toEqual([SECOND, FIRST, '192.0.2.3']);
});

test('that our own SIP server does not send says nothing of the carrier', async () => {
  const broken = createWays({
    trunks: () => [trunk],
    locator,
    ask: () => Promise.reject(new CallCentreError('service-unavailable', 'away')),
    nowMs: () => clockMs,
    log: silentLogger,
  });
  expect(await broken.answers('carrier', FIRST, 10)).toBe(true);
  expect(broken.view()['carrier']?.[0]?.state).toBe('unknown');
});

describe('a carrier that does not answer OPTIONS', () => {
  const stateOf = (uri: string): string | undefined => ways.view()['carrier']?.find((way) => way.uri === uri)?.state;
  beforeEach(async () => {
    statuses[FIRST] = undefined;
    await ways.answers('carrier', FIRST, 10);
    await ways.answers('carrier', SECOND, 10);
  });

  test('is down until a call goes through, and then it is no outage: it keeps its place, and is not left for being slow', async () => {
    expect(stateOf(FIRST)).toBe('down');
    ways.carried('carrier', FIRST);
    expect(stateOf(FIRST)).toBe('no-options');
    expect(order()).toEqual([FIRST, SECOND]);
    // A night without calls.
    clockMs += 12 * 3_600_000;
    expect(await ways.answers('carrier', FIRST, 10)).toBe(true);
    expect(stateOf(FIRST)).toBe('no-options');
    expect(
      ways
        .view()
        ['carrier']?.find(({ uri }) => uri === FIRST)
        ?.changes.map(({ state }) => state),
    ).toEqual(['unknown', 'down']);
  });

  test('is down when a call finds nobody, whatever calls there were before; a minute later one call tries it again', async () => {
    statuses[SECOND] = undefined;
    clockMs += 60_000;
    await ways.answers('carrier', SECOND, 10);
    for (const uri of [FIRST, SECOND]) ways.carried('carrier', uri);
    ways.failed('carrier', FIRST);
    expect(await ways.answers('carrier', FIRST, 10)).toBe(false);
    expect(stateOf(FIRST)).toBe('down');
    expect(order()).toEqual([SECOND, FIRST]);
    clockMs += 60_000;
    await ways.answers('carrier', FIRST, 10);
    expect(stateOf(FIRST)).toBe('down');
    expect(order()).toEqual([FIRST, SECOND]);
    ways.failed('carrier', FIRST);
    expect(order()).toEqual([SECOND, FIRST]);
    ways.carried('carrier', FIRST);
    expect(stateOf(FIRST)).toBe('no-options');
  });

  test('is an ordinary one again when it answers; its outage of later is one at once', async () => {
    ways.carried('carrier', FIRST);
    statuses[FIRST] = 200;
    await ways.answers('carrier', FIRST, 10);
    expect(stateOf(FIRST)).toBe('up');
    statuses[FIRST] = undefined;
    await ways.answers('carrier', FIRST, 10);
    expect(stateOf(FIRST)).toBe('down');
    // A call that was ringing when the way went down.
    clockMs += 5_000;
    ways.carried('carrier', FIRST);
    expect(stateOf(FIRST)).toBe('down');
    // The way has answered no OPTIONS for a minute, and still takes calls.
    clockMs += 60_000;
    ways.carried('carrier', FIRST);
    expect(stateOf(FIRST)).toBe('no-options');
  });

  test('is shown by its calls that come in too, but not while calls out find nobody', async () => {
    ways.cameIn('carrier', '198.51.100.9');
    expect(stateOf(FIRST)).toBe('down');
    ways.cameIn('carrier', '192.0.2.1');
    expect(stateOf(FIRST)).toBe('no-options');
    expect(stateOf(SECOND)).toBe('up');
    ways.failed('carrier', FIRST);
    ways.cameIn('carrier', '192.0.2.1');
    expect(stateOf(FIRST)).toBe('down');
  });
});

describe('a trunk whose only way takes no calls', () => {
  const one: Trunk = { ...trunk, furtherUris: [] };
  const refused = (): Promise<boolean> => ways.refuses(one);
  const ask = (): Promise<boolean> => ways.answers('carrier', FIRST, 10);

  test('refuses at once when OPTIONS have been unanswered twice; one call a minute tries it, and one that goes through is enough', async () => {
    await ask();
    statuses[FIRST] = undefined;
    await ask();
    expect(await refused()).toBe(false);
    clockMs += 10_000;
    expect(await refused()).toBe(true);
    clockMs += 50_000;
    expect(await refused()).toBe(false);
    ways.tried('carrier', FIRST);
    expect(await refused()).toBe(true);
    clockMs += 60_000;
    expect(await refused()).toBe(false);
    ways.carried('carrier', FIRST);
    expect(await refused()).toBe(false);
  });

  test('is asked once more before it refuses, so that nobody is refused by a carrier that is back', async () => {
    await ask();
    statuses[FIRST] = undefined;
    await ask();
    clockMs += 20_000;
    expect(await refused()).toBe(true);
    statuses[FIRST] = 200;
    expect(await refused()).toBe(false);
    expect(ways.view()['carrier']?.[0]?.state).toBe('up');
  });

  test('is tried when nothing was ever heard of it, and 10 s after each call that found nobody', async () => {
    statuses[FIRST] = undefined;
    await ask();
    clockMs += 3_600_000;
    expect(await refused()).toBe(false);
    ways.failed('carrier', FIRST);
    expect(await refused()).toBe(true);
    clockMs += 10_000;
    expect(await refused()).toBe(false);
  });
});

describe('a process that follows another', () => {
  const stored = new Map<string, { readonly trunkId: string; readonly uri: string; readonly facts: KeptFacts }>();
  let isAway = false;
  const memory: WayMemory = {
    all: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve([...stored.values()])),
    async keep(trunkId, uri, facts) {
      if (facts === undefined) stored.delete(uri);
      else stored.set(uri, { trunkId, uri, facts });
    },
  };
  let tick: () => void;
  const begun = async (trunks: readonly Trunk[] = [trunk]): Promise<Ways> => {
    const made = createWays({
      trunks: () => trunks,
      locator,
      ask: (uri) => Promise.resolve(statuses[uri]),
      nowMs: () => clockMs,
      every: (_ms, run) => {
        tick = run;
        return () => undefined;
      },
      memory,
      log: silentLogger,
    });
    made.start();
    await settled();
    return made;
  };
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const states = (of: Ways): (string | undefined)[] =>
    [FIRST, SECOND].map((uri) => of.view()['carrier']?.find((way) => way.uri === uri)?.state);
  beforeEach(() => {
    stored.clear();
    isAway = false;
    statuses = { [FIRST]: undefined, [SECOND]: 200 };
  });

  test('knows which carriers ignore OPTIONS and which say 100: no address is down until a first call', async () => {
    const before = await begun();
    expect(states(before)).toEqual(['down', 'up']);
    before.carried('carrier', FIRST);
    before.saidTrying('carrier', SECOND);
    expect(states(before)).toEqual(['no-options', 'up']);
    clockMs += 60_000;
    const next = await begun();
    expect(states(next)).toEqual(['no-options', 'up']);
    expect([next.saysTrying('carrier', FIRST), next.saysTrying('carrier', SECOND)]).toEqual([false, true]);
    expect(next.view()['carrier']?.[0]?.changes.map(({ state }) => state)).not.toContain('up');
  });

  test('knows it as soon as the live state is back, and has not overwritten it meanwhile', async () => {
    const before = await begun();
    before.carried('carrier', FIRST);
    isAway = true;
    const next = await begun();
    expect(states(next)).toEqual(['down', 'up']);
    isAway = false;
    tick();
    await settled();
    expect(states(next)).toEqual(['no-options', 'up']);
  });

  test('does not take an address for alive that a call has found dead, nor remember one that has left its trunk', async () => {
    const before = await begun();
    before.carried('carrier', FIRST);
    before.failed('carrier', FIRST);
    expect(states(await begun())).toEqual(['down', 'up']);
    await begun([{ ...trunk, enabled: false }]);
    const trunks = [trunk];
    await begun(trunks);
    trunks.length = 0;
    tick();
    expect([...stored.keys()]).toEqual([]);
  });
});

describe('one call over the ways of its trunk', () => {
  const dialog = {} as SipOutDialog;
  const out = (signal = new AbortController().signal): Omit<SipOut, 'uri'> => ({
    trunkId: 'carrier',
    identity: { From: '<sip:02160000001@localhost>' },
    sdp: '',
    timeoutMs: 1_000,
    signal,
  });
  /** Dials with a given outcome for each address, and records what was tried. */
  const dialling = (outcomes: Record<string, Error | undefined>): { tried: string[]; dial: (one: SipOut) => Promise<SipOutDialog> } => {
    const tried: string[] = [];
    return {
      tried,
      dial: ({ uri, silence }) => {
        const target = uri.slice(uri.indexOf('@') + 1);
        tried.push(`${target}${silence?.lastWay === undefined ? ' watched' : ''}`);
        const error = outcomes[target];
        return error === undefined ? Promise.resolve(dialog) : Promise.reject(error);
      },
    };
  };

  test('goes on where a way does not take it, and remembers', async () => {
    const { tried, dial } = dialling({ [FIRST]: new WayFailed(true) });
    expect(await dialOver({ trunk, ways, dial }, out(), '13800000000')).toBe(dialog);
    expect(tried).toEqual([`${FIRST} watched`, SECOND]);
    await dialOver({ trunk, ways, dial }, out(), '13800000000');
    expect(tried.slice(2)).toEqual([`${SECOND} watched`]);
  });

  test('goes on after a 503, which says that somebody is there', async () => {
    const { tried, dial } = dialling({ [FIRST]: new WayFailed(false) });
    await dialOver({ trunk, ways, dial }, out(), '13800000000');
    await dialOver({ trunk, ways, dial }, out(), '13800000000');
    expect(tried).toEqual([`${FIRST} watched`, SECOND, `${FIRST} watched`, SECOND]);
  });

  test('ends with the first answer of the far side, whatever it is', async () => {
    const { tried, dial } = dialling({ [FIRST]: new CallCentreError('busy', 'busy') });
    await expect(dialOver({ trunk, ways, dial }, out(), '13800000000')).rejects.toMatchObject({ code: 'busy' });
    expect(tried).toHaveLength(1);
  });

  test('tries six servers at the most, however many the domain of the carrier has', async () => {
    const order = Array.from({ length: 20 }, (_each, place) => ({ uri: `10.0.0.${place}:5060`, place: 0 }));
    const all = dialling(Object.fromEntries(order.map(({ uri }) => [uri, new WayFailed(true)])));
    await expect(dialOver({ trunk, ways: { ...ways, order: () => order }, dial: all.dial }, out(), '1380')).rejects.toBeInstanceOf(
      WayFailed,
    );
    expect(all.tried).toHaveLength(6);
  });

  test('tries each way once, and none after it was called off', async () => {
    const all = dialling({ [FIRST]: new WayFailed(true), [SECOND]: new WayFailed(true) });
    await expect(dialOver({ trunk, ways, dial: all.dial }, out(), '13800000000')).rejects.toMatchObject({ code: 'carrier-silent' });
    expect(all.tried).toHaveLength(2);
    const off = dialling({ [FIRST]: new WayFailed(true), [SECOND]: new WayFailed(true) });
    await expect(dialOver({ trunk, ways, dial: off.dial }, out(AbortSignal.abort()), '1380')).rejects.toBeInstanceOf(WayFailed);
    expect(off.tried).toHaveLength(1);
  });
});
