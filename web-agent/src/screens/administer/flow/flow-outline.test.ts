import { expect, test } from '@jest/globals';
import { aboutOf, outlineOf } from './flow-outline.js';

test('steps come in the order in which a caller meets them, and what is never met comes last', () => {
  const outline = outlineOf({
    start: 'menu',
    onClosed: 'closed',
    steps: {
      lost: { kind: 'play', promptId: 'p', then: 'menu' },
      closed: { kind: 'hang-up', cause: 'closed' },
      sales: { kind: 'queue', queueId: 'sales', priority: 0, skills: {}, maxWaitMs: 1_000, onTimeout: 'closed' },
      menu: {
        kind: 'menu',
        promptId: 'hello',
        keys: { '1': { goTo: 'sales', label: 'Sales' } },
        waitMs: 1_000,
        tries: 1,
        wrongKeyPromptId: 'w',
        otherwise: 'menu',
      },
    },
  });
  expect(outline.map(({ id }) => id)).toEqual(['menu', 'sales', 'closed', 'lost']);
  expect(outline.map(({ reached }) => reached)).toEqual([true, true, true, false]);
  expect(outline[0]?.leads).toEqual([
    { key: '1', by: 'Sales', to: 'sales' },
    { by: 'otherwise', to: 'menu' },
  ]);
  expect(outline.map(({ step }) => aboutOf(step))).toEqual(['hello', 'sales', '', 'p']);
});
