import { expect, test } from '@jest/globals';
import { languageOf, newsText, problemText, welcomeText } from './words.js';

test('the language follows the locale', () => {
  expect(languageOf({ LANG: 'zh_CN.UTF-8' })).toBe('zh');
  expect(languageOf({ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' })).toBe('en');
  expect(languageOf({})).toBe('en');
});

test('a port that is taken is one sentence with the port and the variable that moves it', () => {
  const facts = { port: 8443, host: '127.0.0.1', transport: 'tcp', variable: 'WEB_PORT' };
  expect(problemText('en', 'port-taken', facts)).toMatch(/^Port 8443\/tcp on 127\.0\.0\.1 .*WEB_PORT.*\.$/);
  expect(problemText('zh', 'port-taken', facts)).toMatch(/8443.*WEB_PORT/);
});

test('a file of authorities that is refused is one sentence with the setting, the file and the reason', () => {
  for (const problem of ['unreadable', 'no-certificate', 'damaged', 'expired'] as const) {
    expect(problemText('en', 'bad-authorities', { file: '/ca.pem', problem })).toMatch(/^TLS_CA_FILE: .*\/ca\.pem .*: .*\.$/);
    expect(problemText('zh', 'bad-authorities', { file: '/ca.pem', problem })).toMatch(/^TLS_CA_FILE：.*\/ca\.pem.*。$/);
  }
});

test('a death is told with the time of the restart', () => {
  expect(newsText('en', 'api', { kind: 'died', exit: 'SIGKILL', restartInMs: 200 })).toBe(
    'api ended (SIGKILL) and is started again in 0.2 s',
  );
  expect(newsText('en', 'api', { kind: 'died', exit: 'SIGKILL', restartInMs: 0 })).toBe('api ended (SIGKILL) and is started again at once');
});

const welcome = {
  ...{ url: 'https://localhost:8443', sip: undefined, home: '/d', seconds: '3.0', authorityFile: undefined, admin: undefined },
  ...{ working: ['telephony', 'api'], standsBy: [] },
};

test('a machine that only stands by is not called ready, and names no page', () => {
  const standby = { ...welcome, url: undefined, working: [], standsBy: ['api'] };
  expect(welcomeText('en', standby)).toMatch(/^Proofline stands by \(3\.0 s\): api\n {2}stands by: api; another process has it now/m);
  expect(welcomeText('zh', standby)).toMatch(/^Proofline 处于待命状态（3\.0 秒）：api\n {2}待命：api，目前由其他进程承担/m);
  for (const language of ['en', 'zh'] as const) expect(welcomeText(language, standby)).not.toMatch(/is ready|已就绪|https|password|密码/);
});

test('a machine without pages is ready with its roles; what it stands by for is said beside them', () => {
  const part = { ...welcome, url: undefined, working: ['recorder', 'mixer'], standsBy: ['routing'] };
  expect(welcomeText('en', part)).toMatch(/^Proofline is ready \(3\.0 s\): recorder, mixer\n {2}stands by: routing;/m);
  expect(welcomeText('zh', part)).toMatch(/^Proofline 已就绪（3\.0 秒）：recorder、mixer\n {2}待命：routing，/m);
  expect(welcomeText('en', welcome)).toMatch(/^Proofline is ready \(3\.0 s\): https:\/\/localhost:8443\n {2}Whoever/m);
});

test('the password is printed on the first run only, and not where what is printed is kept', () => {
  expect(welcomeText('en', { ...welcome, admin: { name: 'admin', password: 'p-w', file: '/f' } })).toContain('p-w');
  const kept = welcomeText('en', { ...welcome, admin: { name: 'admin', password: undefined, file: '/f' } });
  expect(kept).toContain('first password: in the file /f');
  expect(welcomeText('en', { ...welcome, admin: undefined })).toContain('forgot a password gets a first one from another administrator');
});
