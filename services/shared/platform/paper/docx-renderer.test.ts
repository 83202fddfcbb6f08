import { expect, test } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import { text } from '../../domain/licence/document.js';
import { renderDocx } from './docx-renderer.js';

test('the number of the licence stands in the head of every sheet', async () => {
  const letterhead = {
    company: '示例公司',
    version: '1',
    date: '2026-11-26',
    reference: 'JC-1',
    language: 'zh-CN',
    dataSha256: '',
  } as const;
  const headOf = async (licence: string): Promise<string> => {
    const files = unzipSync(
      await renderDocx(
        { id: 'pledge', fileName: 'pledge', title: '承诺书', forms: ['docx'], blocks: [text('正文')] },
        { ...letterhead, licence },
      ),
    );
    return Object.entries(files)
      .filter(([name]) => /^word\/header\d*\.xml$/.test(name))
      .map(([, body]) => strFromU8(body))
      .join('');
  };
  expect(await headOf('京B2-20240001')).toContain('京B2-20240001');
  expect(await headOf('')).toContain('申请中');
});
