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

test('a drawing is a picture with its caption and an alt text; without a rasteriser its caption alone stands there', async () => {
  const png = Buffer.alloc(33);
  png.writeUInt32BE(1_380, 16);
  png.writeUInt32BE(690, 20);
  const asked: number[] = [];
  const rasterise = async (_svg: string, widthPx: number): Promise<Uint8Array> => {
    asked.push(widthPx);
    return png;
  };
  const svg = '<svg><text x="1">甲 &amp; 乙公司</text><text x="2">60%</text></svg>';
  const document = {
    ...{ id: 'shareholding', fileName: 'share-chart', title: '股权结构图', forms: ['docx'] as const },
    blocks: [{ kind: 'drawing', svg, widthPt: 460, caption: '股权结构图' } as const],
  };
  const about = { company: '示例公司', licence: '', version: '1', date: '2026-11-26', reference: 'JC-1' };
  const letterhead = { ...about, language: 'zh-CN', dataSha256: '' } as const;
  const drawn = unzipSync(await renderDocx(document, letterhead, rasterise));
  // As wide as the text of the sheet, at three pixels to the point.
  expect(asked).toEqual([1_361]);
  const [picture] = Object.entries(drawn).filter(([name]) => name.startsWith('word/media/'));
  expect(picture?.[1]).toEqual(new Uint8Array(png));
  const words = strFromU8(drawn['word/document.xml']!);
  expect(words).toContain('descr="股权结构图: 甲 &amp; 乙公司; 60%"');
  // 453.6 points wide and half as high, in EMU (914,400 to an inch).
  const [, width = '', height = ''] = /<wp:extent cx="(\d+)" cy="(\d+)"/.exec(words) ?? [];
  expect(Number(width)).toBeCloseTo((453.6 / 72) * 914_400, -4);
  expect(Number(height)).toBeCloseTo((226.8 / 72) * 914_400, -4);
  expect(words).not.toContain('见附图文件');
  const plain = unzipSync(await renderDocx(document, letterhead));
  expect(strFromU8(plain['word/document.xml']!)).toContain('见附图文件');
});
