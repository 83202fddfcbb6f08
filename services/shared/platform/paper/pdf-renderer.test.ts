import fs from 'node:fs';
import { afterEach, expect, jest, test } from '@jest/globals';
import type { Document, Letterhead } from '../../domain/licence/document.js';
import { renderDrawingPdf, renderPdf } from './pdf-renderer.js';

afterEach(() => {
  jest.restoreAllMocks();
});

const letterhead: Letterhead = {
  ...{ company: '示例公司', licence: '', version: '1', date: '2026-11-01', reference: 'x', language: 'zh-CN', dataSha256: '0'.repeat(64) },
};
const document: Document = {
  ...{ id: 'x', fileName: 'x', title: '标题', forms: ['pdf'] },
  blocks: [
    { kind: 'heading', text: '一、说明' },
    { kind: 'text', text: '正文' },
  ],
};
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40"><text x="2" y="20" font-size="12">网络拓扑图</text></svg>';

test('the fonts are read once, however many documents and drawings are set', async () => {
  const read = jest.spyOn(fs, 'readFileSync');
  const pages = [await renderPdf(document, letterhead), await renderPdf(document, letterhead), await renderDrawingPdf(svg, false, 'x')];
  for (const page of pages) expect(Buffer.from(page).toString('latin1')).toMatch(/NotoSansSC/);
  // By this function pdfkit reads a font whose bytes it was not given.
  expect(read.mock.calls.filter(([path]) => String(path).endsWith('.ttf'))).toEqual([]);
});
