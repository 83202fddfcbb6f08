import { expect, test } from '@jest/globals';
import { isOwnOrigin } from './own-origin.js';

const direct = { behindProxy: false };

test.each([
  ['the own page', { origin: 'https://centre.example:8443', host: 'centre.example:8443' }, direct, true],
  ['no browser', { host: 'centre.example' }, direct, true],
  ["another site's page", { origin: 'https://evil.example', host: 'centre.example' }, direct, false],
  ['another port of the same machine', { origin: 'https://centre.example:1', host: 'centre.example' }, direct, false],
  ['a page from a file', { origin: 'null', host: 'centre.example' }, direct, false],
  [
    'the configured origin',
    { origin: 'https://centre.example', host: 'inside' },
    { ...direct, configured: 'https://centre.example/' },
    true,
  ],
  [
    'another behind a proxy',
    { origin: 'https://evil.example', host: 'inside' },
    { behindProxy: true, configured: 'https://centre.example' },
    false,
  ],
  ['behind a proxy without a configured origin', { origin: 'https://centre.example', host: 'inside' }, { behindProxy: true }, true],
])('%s', (_what, asked, settings, own) => {
  expect(isOwnOrigin(asked, settings)).toBe(own);
});
