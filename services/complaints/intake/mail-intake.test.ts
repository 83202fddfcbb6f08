import { expect, test } from '@jest/globals';
import { parseMail } from '../adapters/mail-parser.js';
import type { ComplaintService } from '../complaint-service.js';
import type { ComplaintStore } from '../ports.js';
import { createMailIntake, onlyNumberIn } from './mail-intake.js';

const mail = (lines: string[]): Uint8Array => Buffer.from(lines.join('\r\n'));

test.each([
  ['my number is 138 0000 0001, call me', '13800000001'],
  ['+86-13800000001 and again 13800000001', '13800000001'],
  ['13800000001 or 13900000002', undefined],
  ['order 9138000000012', undefined],
  ['none', undefined],
])('the one mobile number in %j is %s', (text, number) => {
  expect(onlyNumberIn(text)).toBe(number);
});

test('a mail in Chinese, encoded and with an attachment, is read as written', async () => {
  const read = await parseMail(
    mail([
      'From: =?UTF-8?B?5byg5LiJ?= <zhang@example.test>',
      'Subject: =?UTF-8?B?5oqV6K+J?=',
      'Message-ID: <a1@example.test>',
      'Date: Tue, 10 Mar 2026 10:00:00 +0800',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=gb2312',
      'Content-Transfer-Encoding: base64',
      '',
      'zrS+rc2s0uK+zbTytee7sA==',
      '--b',
      'Content-Type: image/png; name=bill.png',
      'Content-Disposition: attachment; filename=bill.png',
      'Content-Transfer-Encoding: base64',
      '',
      'AAAA',
      '--b--',
      '',
    ]),
  );
  expect(read).toMatchObject({
    from: 'zhang@example.test',
    name: '张三',
    subject: '投诉',
    messageId: '<a1@example.test>',
    date: new Date('2026-03-10T02:00:00Z'),
    attachments: ['bill.png'],
    automatic: false,
  });
  expect(read.text.trim()).toBe('未经同意就打电话');
});

test.each([
  ['an auto-reply', 'Auto-Submitted: auto-replied'],
  ['a mailing', 'Precedence: bulk'],
])('%s is known as such', async (_name, header) => {
  expect((await parseMail(mail(['From: a@b.test', header, '', 'x']))).automatic).toBe(true);
});

test.each([
  ['a person', [], undefined],
  ['a program', ['Auto-Submitted: auto-replied'], 'automatic'],
  ['a mailing list', ['Precedence: list'], 'automatic'],
])('a mail of %s opens a case or is ignored, so that no two programs answer each other', async (_who, headers, ignored) => {
  const opened: unknown[] = [];
  const { take } = createMailIntake({
    service: { open: async (_by: string, wanted: unknown) => void opened.push(wanted) } as unknown as ComplaintService,
    complaints: { byId: async () => undefined } as unknown as ComplaintStore,
    read: parseMail,
    digest: () => 'd'.repeat(64),
    now: () => new Date(0),
  });
  const verdict = await take(mail(['From: a@b.test', 'Subject: s', ...headers, '', 'the text']), 'system:mail', 'here');
  expect(['ignored' in verdict ? verdict.ignored : undefined, opened.length]).toEqual([ignored, ignored === undefined ? 1 : 0]);
});
