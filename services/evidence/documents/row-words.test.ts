import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import { readingSubject } from './row-words.js';

test.each([
  ['process', 'process:role-telephony', '呼叫控制'],
  ['process', 'process:api@cc-02', '应用与网页 @ cc-02'],
  ['relay', 'relay:10.0.0.1:22222', '10.0.0.1:22222'],
  ['host', 'host:cc-01', 'cc-01'],
  ['trunk-use', 'trunk:carrier-1', 'trunk:carrier-1'],
  ['probe', 'sip-server', 'SIP 服务器'],
  ['probe', 'machines', '集群各主机'],
  ['probe', 'relay:10.0.0.1:22222', '媒体网关 10.0.0.1:22222'],
])('the subject of a reading (%s) in the words of the pack: %s', (kind, subject, words) => {
  expect(readingSubject({ kind, subject }, speak('zh-CN'))).toBe(words);
});
