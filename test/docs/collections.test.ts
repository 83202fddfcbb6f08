import { expect, test } from '@jest/globals';
import { openedCollections } from './support/collections.js';
import { sourcesUnder } from './support/sources.js';

const { openers, computed } = openedCollections();

test('every collection is opened by one slice, by a name that stands in the code', () => {
  expect(openers.size).toBeGreaterThan(50);
  expect(computed).toEqual([]);
  expect([...openers].filter(([, slices]) => slices.size !== 1).map(([name, slices]) => [name, ...slices])).toEqual([]);
});

test('tools of the command line open no collection: they ask the slice that owns it', () => {
  const tools = ['infra/tools', 'infra/bootstrap', 'infra/supervisor'].flatMap(sourcesUnder);
  expect(tools.filter(({ code }) => /\.collection\b|\bmongoose\b.*\.model\(/.test(code)).map(({ path }) => path)).toEqual([]);
});

test('the reads of a collection are made by its owner alone, in its reads.ts', () => {
  const made = sourcesUnder('services').filter(({ code }) => /\bcreateReads\(/.test(code));
  const outside = made.filter(({ path }) => !/^services\/(?:[^/]+\/reads|shared\/platform\/stores\/records)\.ts$/.test(path));
  expect(outside.map(({ path }) => path)).toEqual([]);
});
