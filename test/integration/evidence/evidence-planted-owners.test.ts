import { afterAll, beforeAll, jest, test } from '@jest/globals';
import { ownerPlants } from '../../support/planted/plants-owners.js';
import { openThreeVerifiers } from '../../support/planted/three-verifiers.js';

jest.setTimeout(300_000);

let verifiers: Awaited<ReturnType<typeof openThreeVerifiers>>;
beforeAll(async () => {
  verifiers = await openThreeVerifiers();
});
afterAll(() => (verifiers as typeof verifiers | undefined)?.close());

test.each(Object.entries(ownerPlants))('%s', (name, planted) => verifiers.judge(name, planted));
