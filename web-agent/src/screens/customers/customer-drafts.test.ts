import { expect, test } from '@jest/globals';
import { createCustomerDrafts } from './customer-drafts.js';

test('what is written of the customer of one call waits beside another one, for its own writer alone', () => {
  const drafts = createCustomerDrafts();
  const draft = { entry: { name: 'Wang', fields: {}, tags: [], note: '' }, version: 3 };
  drafts.keep('anna', 'c1', draft);
  expect([drafts.of('anna', 'c1'), drafts.of('anna', 'c2'), drafts.of('li', 'c1')]).toEqual([draft, undefined, undefined]);
  expect([drafts.others('anna', 'c2'), drafts.others('anna', 'c1'), drafts.others('li', 'c2')]).toEqual([['c1'], [], []]);
  drafts.keep('anna', 'c1', undefined);
  expect(drafts.others('anna', 'c2')).toEqual([]);
});
