import { expect, test } from '@jest/globals';
import { newPhone, type LineState } from '../phone/phone.js';
import type { Session, SessionState } from './session.js';
import { untilSound } from './until-sound.js';
import type { Workplace } from './workplace.js';

/** A store that can be read and subscribed to, like the stores of the page. */
function told<T>(value: T): {
  getSnapshot(): T;
  subscribe(listener: () => void): () => void;
  become(next: T): void;
  readonly followers: number;
} {
  const listeners = new Set<() => void>();
  let now = value;
  return {
    getSnapshot: () => now,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    become(next) {
      now = next;
      for (const listener of listeners) listener();
    },
    get followers() {
      return listeners.size;
    },
  };
}

function page({ comesBack }: { readonly comesBack: boolean }) {
  const session = told<SessionState>({ kind: 'starting' });
  const phone = told({ ...newPhone });
  const workplace = told<{ seat: typeof phone | null }>({ seat: null });
  let drawn = false;
  const parts = { ...workplace, comesBack } as unknown as Workplace;
  void untilSound(session as unknown as Session, parts).then(() => {
    drawn = true;
  });
  return {
    session,
    phone,
    workplace,
    line: (line: LineState) => phone.become({ ...newPhone, line }),
    drawn: async () => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      return drawn;
    },
  };
}

test('a page without a seat before is drawn at once', async () => {
  expect(await page({ comesBack: false }).drawn()).toBe(true);
});

test('a page that comes back to its seat is drawn once the sound is there, and follows nothing any more', async () => {
  const { workplace, phone, line, drawn, session } = page({ comesBack: true });
  workplace.become({ seat: phone });
  line('connecting');
  expect(await drawn()).toBe(false);
  line('up');
  expect(await drawn()).toBe(true);
  expect([session.followers, workplace.followers, phone.followers]).toEqual([0, 0, 0]);
});

test('a sign-in that is over is not waited for', async () => {
  const { session, drawn } = page({ comesBack: true });
  session.become({ kind: 'signed-out', expired: false });
  expect(await drawn()).toBe(true);
});
