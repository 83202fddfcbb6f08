import { isAbsolute } from 'node:path';
import { expect, test } from '@jest/globals';
import { readSettings } from './settings.js';

test('nothing set: all parts are started here, one process a role, under .data', () => {
  const settings = readSettings({});
  expect(settings.layout).toBe('roles');
  expect(Object.values(settings.elsewhere)).toEqual([false, false, false, false, false]);
  expect(isAbsolute(settings.home)).toBe(true);
  expect(settings.home.endsWith('.data')).toBe(true);
});

test('a part whose variable is set runs elsewhere; an empty variable is an unset one', () => {
  const { elsewhere } = readSettings({ MONGODB_URI: 'mongodb://db', VALKEY_URL: '' });
  expect(elsewhere).toMatchObject({ documents: true, valkey: false });
});

test('every bad variable is named at once, and no value', () => {
  const bad = { PROOFLINE_LAYOUT: 'many', SIP_PORT: '70000', WEB_PORT: 'secret-text', TLS_CERT_FILE: 'a.pem' };
  const read = (): unknown => readSettings(bad);
  for (const name of ['PROOFLINE_LAYOUT', 'SIP_PORT', 'WEB_PORT']) expect(read).toThrow(name);
  expect(read).not.toThrow('secret-text');
});

test('a certificate without its key is refused', () => {
  expect(() => readSettings({ TLS_CERT_FILE: 'a.pem' })).toThrow('TLS_KEY_FILE');
});

test('a port alone and a base are read', () => {
  const settings = readSettings({ WEB_PORT: '443', PROOFLINE_PORT_BASE: 'auto' });
  expect(settings.givenPorts).toEqual({ web: 443 });
  expect(settings.portBase).toBe('auto');
});

test('where keys are heard is a host and a port', () => {
  expect(readSettings({}).dtmfListen).toEqual({ host: '127.0.0.1', port: 22_230 });
  expect(readSettings({ DTMF_LISTEN: '10.0.0.5:700' }).dtmfListen).toEqual({ host: '10.0.0.5', port: 700 });
  for (const bad of ['10.0.0.5', ':700', '10.0.0.5:70000']) expect(() => readSettings({ DTMF_LISTEN: bad })).toThrow('DTMF_LISTEN');
});

test('logs are not kept shorter than the law asks', () => {
  expect(readSettings({}).logKeepDays).toBeGreaterThanOrEqual(184);
  expect(() => readSettings({ LOG_KEEP_DAYS: '183' })).toThrow('six months');
});
