import { expect, test } from '@jest/globals';
import { boardAfter, boardDifference } from './board.js';

interface Row {
  readonly id: string;
  readonly state: string;
  readonly reason?: string | undefined;
  readonly call?: { readonly callId: string; readonly listeners: readonly string[] };
}

/** The same sequence for each seed. */
function randomly(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const asSent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

test('after any sequence of 10,000 changes, sent as JSON, a page has exactly the rows of the server', () => {
  const random = randomly(7);
  let server = new Map<string, Row>();
  let page = new Map<string, Row>();
  for (let step = 0; step < 10_000; step += 1) {
    const next = new Map(server);
    const id = `a${random(20)}`;
    if (random(10) === 0) next.delete(id);
    else
      next.set(id, {
        id,
        state: ['ready', 'on-call', 'away'][random(3)] ?? '',
        ...(random(2) === 0 ? { reason: `r${random(3)}` } : random(2) === 0 ? { reason: undefined } : {}),
        ...(random(2) === 0 ? { call: { callId: `c${random(5)}`, listeners: random(2) === 0 ? [] : ['s1'] } } : {}),
      });
    page = boardAfter(page, asSent(boardDifference(server, next)));
    server = next;
    if (step % 100 === 0) expect([...page.values()].sort(byId)).toEqual(asSent([...server.values()].sort(byId)));
  }
  expect([...page.values()].sort(byId)).toEqual(asSent([...server.values()].sort(byId)));
});

const byId = (one: Row, other: Row): number => one.id.localeCompare(other.id);

test('of 300 rows that stay as they are nothing is sent, and of one field that changes that field alone', () => {
  const rows = new Map<string, Row>(Array.from({ length: 300 }, (_, index) => [`a${index}`, { id: `a${index}`, state: 'ready' }]));
  expect(boardDifference(rows, new Map(rows))).toEqual({ put: [], gone: [] });
  const one = new Map(rows).set('a7', { id: 'a7', state: 'away' });
  expect(boardDifference(rows, one)).toEqual({ put: [['a7', { state: 'away' }]], gone: [] });
});
