import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { storedCall } from '../../../../test/support/centre/stored-call.js';
import { callRecord } from '../../records/call.js';
import { defineRecord, maybe, since } from '../../records/record.js';
import { asRow, DamagedRow, rowOfJson, schemaOf } from './records.js';

const call = storedCall({
  _id: 'c1',
  answeredAt: new Date('2026-11-27T08:00:01Z'),
  talks: [{ agentId: 'a1', from: new Date('2026-11-27T08:00:02Z'), to: new Date('2026-11-27T08:01:00Z') }],
  dialled: [
    {
      ...{ attemptId: 'p1', way: 'transfer', trunkId: 't1', from: '4001000', numberMasked: '138****0001', numberHash: 'h' },
      number: undefined,
      ...{ at: new Date('2026-11-27T08:00:03Z'), answeredAt: undefined, endedAt: new Date('2026-11-27T08:00:09Z'), failure: undefined },
      ...{ agentId: 'a1', rulesVersion: 3, emergency: undefined, ringingAt: undefined, refusedAt: undefined, freeReason: undefined },
      ...{ noticeId: 'notice', noticeEndedAt: new Date('2026-11-27T08:00:08Z') },
    },
  ],
});

test('a record that went through JSON is what it was: dates are dates, and a number that stands under a name of a time stays text', () => {
  expect(rowOfJson('calls', callRecord, JSON.parse(JSON.stringify(call)))).toEqual(call);
});

test('what the store has as null is an empty field, and what an earlier version did not write has its former meaning', () => {
  const { class: _class, dialled: _dialled, ...before } = call;
  const read = rowOfJson('calls', callRecord, { ...before, queueId: null });
  expect({ queueId: read.queueId, class: read.class, dialled: read.dialled }).toEqual({
    queueId: undefined,
    class: 'service',
    dialled: [],
  });
});

test.each([
  ['renamed', { endedAt: undefined, endAt: new Date() }, 'endedAt'],
  ['unknown', { nobodyKnowsIt: 1 }, 'nobodyKnowsIt'],
  ['of another type', { flowVersion: 'one' }, 'flowVersion'],
])('a field that is %s fails with the id of the row and the name of the field', (_what, change, field) => {
  const failing = (): unknown => asRow('calls', callRecord, { ...call, ...change } as never);
  expect(failing).toThrow(DamagedRow);
  expect(failing).toThrow(expect.objectContaining({ code: 'row-damaged', row: `calls/c1: ${field}` }));
});

test('a row that is called by a number is named with its middle hidden', () => {
  const numbers = defineRecord('number', 1, { name: z.string() });
  expect(() => asRow('numbers', numbers, { _id: '13800138000', name: 1 } as never)).toThrow(
    expect.objectContaining({ row: 'numbers/138****8000: name' }),
  );
});

test('the schema of the store knows the fields of the record and refuses others', () => {
  const schema = schemaOf(
    'rows',
    defineRecord('row', 1, { at: maybe(z.date()), kind: since(z.enum(['a', 'b']), 'a'), parts: z.array(z.int()) }),
  );
  expect(Object.fromEntries(Object.entries(schema.paths).map(([name, { instance }]) => [name, instance]))).toEqual({
    _id: 'String',
    at: 'Date',
    kind: 'String',
    parts: 'Mixed',
  });
  expect(schema.get('strict')).toBe('throw');
});
