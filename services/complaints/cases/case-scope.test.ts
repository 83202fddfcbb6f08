import { expect, test } from '@jest/globals';
import { seesCase } from './case-scope.js';

const scopes = {
  everything: { clientUnits: [], queues: [] },
  north: { clientUnits: ['north'], queues: [] },
  service: { clientUnits: [], queues: ['service'] },
  both: { clientUnits: ['north'], queues: ['service'] },
};

test.each([
  ['a call of both', { clientUnit: 'north', queueId: 'service' }, ['everything', 'north', 'service', 'both']],
  ['a letter about the unit', { clientUnit: 'north' }, ['everything', 'north', 'both']],
  ['a call on a number of nobody', { queueId: 'service' }, ['everything', 'service', 'both']],
  ['another queue of the unit', { clientUnit: 'north', queueId: 'sales' }, ['everything', 'north']],
  ['another unit in the queue', { clientUnit: 'south', queueId: 'service' }, ['everything', 'service']],
  ['a letter about another unit', { clientUnit: 'south' }, ['everything']],
  ['a case that names neither', {}, ['everything']],
] as const)('%s is seen by whose scope it names, and by nobody whose it does not', (_what, complaint, seers) => {
  expect(Object.entries(scopes).flatMap(([name, scope]) => (seesCase(scope, complaint) ? [name] : []))).toEqual(seers);
});
