import { expect, test } from '@jest/globals';
import { parseMail } from '../adapters/mail-parser.js';
import { onlyNumberIn } from './mail-intake.js';

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
