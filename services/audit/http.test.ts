import { expect, test } from '@jest/globals';
import { createAuditRoutes } from './http.js';

test('the trail can be read and checked; nobody, whatever the role, can write, change or remove a row', () => {
  const nothing = async (): Promise<never> => {
    throw new Error('not asked');
  };
  const store = { newest: nothing, append: nothing, search: nothing, links: nothing, oldest: nothing, removeBelow: nothing };
  const routes = createAuditRoutes({ store: store as never, check: nothing, audit: nothing });
  expect(routes.map(({ method, path, right }) => `${method} ${path} ${right}`)).toEqual([
    'get /audit audit.read',
    'post /audit/check audit.read',
  ]);
});
