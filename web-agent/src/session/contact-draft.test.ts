import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { ContactEntry } from '../../../services/shared/contracts/workspace.js';
import { createContactDrafts } from './contact-draft.js';

const kept = new Map<string, string>();
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};

beforeEach(() => {
  jest.useFakeTimers();
  kept.clear();
});
afterEach(() => {
  jest.useRealTimers();
});

function office() {
  const saved: [string, string][] = [];
  let failure: Error | null = null;
  const open = (): ReturnType<typeof createContactDrafts> =>
    createContactDrafts({
      storage,
      save: async (callId, { notes }: ContactEntry) => {
        if (failure !== null) throw failure;
        saved.push([callId, notes]);
      },
      heals: (error) => error instanceof Error && error.message === 'away',
    });
  return { saved, open, fail: (error: Error | null) => (failure = error) };
}

test('what is typed is saved once the hand rests, and not with every letter', async () => {
  const { saved, open } = office();
  const draft = open().of('c1');
  draft.change({ notes: 'a' });
  await jest.advanceTimersByTimeAsync(200);
  draft.change({ notes: 'ab' });
  expect(draft.getSnapshot().state).toBe('unsaved');
  await jest.advanceTimersByTimeAsync(700);
  expect(saved).toEqual([['c1', 'ab']]);
  expect(draft.getSnapshot().state).toBe('saved');
  expect(kept.size).toBe(0);
});

test('a page that is reloaded before the save finds the words and saves them', async () => {
  const { saved, open } = office();
  open().of('c1').change({ notes: 'half' });
  jest.clearAllTimers();
  const again = open().of('c1');
  expect(again.getSnapshot().entry.notes).toBe('half');
  await jest.advanceTimersByTimeAsync(700);
  expect(saved).toEqual([['c1', 'half']]);
});

test('a network that is away is tried again until it is back; a refusal is not', async () => {
  const { saved, open, fail } = office();
  const draft = open().of('c1');
  fail(new Error('away'));
  draft.change({ notes: 'x' });
  await jest.advanceTimersByTimeAsync(700);
  expect(draft.getSnapshot().state).toBe('kept-here');
  fail(null);
  await jest.advanceTimersByTimeAsync(4_100);
  expect(saved).toEqual([['c1', 'x']]);
  fail(new Error('refused'));
  draft.change({ notes: 'y' });
  await jest.advanceTimersByTimeAsync(700);
  fail(null);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(saved).toHaveLength(1);
  expect(kept.size).toBe(1);
});

test('what the server has never replaces what is newer here', async () => {
  const { open } = office();
  const draft = open().of('c1');
  draft.adopt({ notes: 'server', disposition: [], fields: {} });
  expect(draft.getSnapshot().entry.notes).toBe('server');
  draft.change({ notes: 'server and more' });
  draft.adopt({ notes: 'server', disposition: [], fields: {} });
  expect(draft.getSnapshot().entry.notes).toBe('server and more');
});

test('the last word is sent after a save that is under way, and no save follows it', async () => {
  const order: string[] = [];
  let release: () => void = () => undefined;
  const drafts = createContactDrafts({
    storage,
    save: () =>
      new Promise<void>((resolve) => {
        order.push('save');
        release = resolve;
      }),
    heals: () => true,
  });
  const draft = drafts.of('c1');
  draft.change({ notes: 'x' });
  await jest.advanceTimersByTimeAsync(700);
  const handed = draft.hand(async ({ notes }) => order.push(`complete ${notes}`));
  await jest.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['save']);
  release();
  await handed;
  await jest.advanceTimersByTimeAsync(5_000);
  expect(order).toEqual(['save', 'complete x']);
});

test('a day of calls keeps a handful of drafts', () => {
  const { open } = office();
  const drafts = open();
  const first = drafts.of('c0');
  for (let call = 1; call < 50; call += 1) drafts.of(`c${call}`);
  expect(drafts.of('c0')).not.toBe(first);
});
