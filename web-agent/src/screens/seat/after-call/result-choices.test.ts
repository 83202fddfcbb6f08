import { expect, test } from '@jest/globals';
import type { Worksheet } from '../../../../../services/shared/contracts/workspace.js';
import { missingParts, resultChoices, resultText } from './result-choices.js';

const leaf = (code: string, zh: string, en: string) => ({ code, name: { 'zh-CN': zh, en }, children: [] });
const worksheet: Worksheet = {
  queueId: 'service',
  script: { 'zh-CN': '', en: '' },
  fields: [
    { id: 'order', label: { 'zh-CN': '订单', en: 'Order' }, kind: 'text', choices: [], required: true, sensitive: false },
    { id: 'channel', label: { 'zh-CN': '渠道', en: 'Channel' }, kind: 'choice', choices: ['App'], required: false, sensitive: false },
  ],
  dispositions: [
    { ...leaf('enquiry', '咨询', 'Enquiry'), children: [leaf('price', '价格', 'Price'), leaf('invoice', '发票', 'Invoice')] },
    leaf('silence', '无声', 'Silence'),
  ],
};

test('only entries with nothing below them can be chosen, named along their way', () => {
  expect(resultChoices(worksheet.dispositions, 'en')).toEqual([
    { way: ['enquiry', 'price'], label: 'Enquiry › Price' },
    { way: ['enquiry', 'invoice'], label: 'Enquiry › Invoice' },
    { way: ['silence'], label: 'Silence' },
  ]);
  expect(resultChoices(worksheet.dispositions, 'zh-CN')[0]?.label).toBe('咨询 › 价格');
});

test('a result of another worksheet is shown by its code', () => {
  expect(resultText(worksheet, ['enquiry', 'invoice'], 'en')).toBe('Enquiry › Invoice');
  expect(resultText(worksheet, ['sales', 'sold'], 'en')).toBe('sold');
  expect(resultText(null, [], 'en')).toBe('');
});

test('what is still missing: the result, and each required field', () => {
  expect(missingParts(worksheet, { disposition: ['enquiry'], fields: { order: '  ' } })).toEqual(['disposition', 'order']);
  expect(missingParts(worksheet, { disposition: ['silence'], fields: { order: '7' } })).toEqual([]);
  expect(missingParts(null, { disposition: [], fields: {} })).toEqual([]);
});
