import { describe, expect, test } from '@jest/globals';
import { reasonIn, toldBy, withoutPersonalData } from './log-line.js';

describe('what the console tells of a log', () => {
  test.each([
    ['{"level":40,"msg":"spool is filling"}', { level: 'warn', message: 'spool is filling' }],
    ['{"level":50,"msg":"upload failed"}', { level: 'error', message: 'upload failed' }],
    ['{"level":"warn","message":"flood"}', { level: 'warn', message: 'flood' }],
    ['{"level":30,"msg":"ready"}', undefined],
    ['plain text', undefined],
    ['{not json', undefined],
  ])('%s', (line, told) => {
    expect(toldBy(line)).toEqual(told);
  });
});

describe('lines of programs that are not ours keep no person', () => {
  test.each([
    ['Call to sip:13800138000@10.0.0.1 failed', 'Call to sip:***10.0.0.1 failed'],
    ['number +8613800138000 seen', 'number *** seen'],
    ['from=alice, to=bob', 'from=***, to=***'],
    ['Port 40000 of 127.0.0.1 in use', 'Port 40000 of 127.0.0.1 in use'],
  ])('%s', (line, kept) => {
    expect(withoutPersonalData(line)).toBe(kept);
  });
});

describe('why a process did not start', () => {
  test('the error of a crash, not the version that Node prints last', () => {
    expect(reasonIn(['node:internal/modules', "Error: Cannot find module 'x'", '    at y', 'Node.js v20.19.0'])).toBe(
      "Error: Cannot find module 'x'",
    );
  });
  test('all bad variables', () => {
    expect(reasonIn(['Bad configuration:', '  WEB_PORT: too big', '  ROLES: empty'])).toBe(
      'Bad configuration:\n  WEB_PORT: too big\n  ROLES: empty',
    );
  });
  test('else the last line', () => {
    expect(reasonIn(['The port is already in use.'])).toBe('The port is already in use.');
    expect(reasonIn([])).toBe('');
  });
});
