import { expect, test } from '@jest/globals';
import { placesOfScript, scriptParts, unfilledPlaces, valueAt } from './campaign-script.js';

const script = '您好，{姓名}。您的{ 订单号 }将于{到期日}到期。{}{订单号} {not closed';

test('a script is read as words and places; braces that enclose no name are words', () => {
  expect(scriptParts(script)).toEqual([
    { words: '您好，' },
    { place: '姓名' },
    { words: '。您的' },
    { place: '订单号' },
    { words: '将于' },
    { place: '到期日' },
    { words: '到期。{}' },
    { place: '订单号' },
    { words: ' {not closed' },
  ]);
  expect(scriptParts('')).toEqual([]);
  expect(scriptParts('{a\nb} {{x}}')).toEqual([{ words: '{a\nb} {' }, { place: 'x' }, { words: '}' }]);
  expect(placesOfScript(script)).toEqual(['姓名', '订单号', '到期日']);
});

test('a place takes what the list says, by any header of its column; nothing said is nothing', () => {
  const person = { name: '王女士', note: '', fields: [{ name: '订单号', value: '1024' }] };
  expect(['姓名', 'NAME', '称呼', '订单号'].map((place) => valueAt(place, person))).toEqual(['王女士', '王女士', '王女士', '1024']);
  expect(['note', '备注', '到期日', 'number', '号码'].map((place) => valueAt(place, person))).toEqual(Array(5).fill(undefined));
  // Rows from before further columns were kept.
  expect(valueAt('订单号', { name: '', note: '' })).toBeUndefined();
});

test('places that no column of a list fills are named', () => {
  expect(unfilledPlaces(script, { columns: ['number', 'name'], fields: ['订单号'] })).toEqual(['到期日']);
  expect(unfilledPlaces(script, { columns: ['number'], fields: [] })).toEqual(['姓名', '订单号', '到期日']);
  expect(unfilledPlaces('Due {Due}', { columns: ['number'], fields: ['due'] })).toEqual([]);
  expect(unfilledPlaces('{number}', { columns: ['number'], fields: [] })).toEqual(['number']);
});
