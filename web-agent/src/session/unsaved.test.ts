import { expect, test } from '@jest/globals';
import { createUnsaved } from './unsaved.js';

function rig() {
  const unsaved = createUnsaved();
  const asked: (() => void)[] = [];
  const went: string[] = [];
  const stop = unsaved.onAsk((go) => void asked.push(go));
  return { unsaved, asked, went, stop, go: (name: string) => () => void went.push(name) };
}

test('a page without a changed form is left at once', () => {
  const { unsaved, asked, went, go } = rig();
  unsaved.add(() => false);
  unsaved.leave(go('away'));
  expect([asked.length, went]).toEqual([0, ['away']]);
});

test('a changed form is left only when the person says so', () => {
  const { unsaved, asked, went, go } = rig();
  let typed = false;
  const taken = unsaved.add(() => typed);
  typed = true;
  unsaved.leave(go('away'));
  expect([asked.length, went, unsaved.some()]).toEqual([1, [], true]);
  asked[0]?.();
  expect(went).toEqual(['away']);
  taken();
  unsaved.leave(go('again'));
  expect([asked.length, went]).toEqual([1, ['away', 'again']]);
});

test('closing one form asks about that form alone', () => {
  const { unsaved, asked, went, go } = rig();
  unsaved.add(() => true);
  unsaved.leave(go('closed'), () => false);
  expect([asked.length, went]).toEqual([0, ['closed']]);
});

test('what is saved is not asked about', () => {
  const { unsaved, asked, went, go } = rig();
  unsaved.add(() => true);
  unsaved.letGo();
  unsaved.leave(go('on'));
  expect([asked.length, went]).toEqual([0, ['on']]);
});

test('where nobody can be asked, nothing is held back', () => {
  const { unsaved, went, stop, go } = rig();
  unsaved.add(() => true);
  stop();
  unsaved.leave(go('away'));
  expect(went).toEqual(['away']);
});
