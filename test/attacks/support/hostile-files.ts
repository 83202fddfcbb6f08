import { deflateRawSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook with `rows` on its first sheet. */
const workbookOf = (rows: string): Uint8Array =>
  zipSync(
    {
      '[Content_Types].xml': strToU8('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
      'xl/workbook.xml': strToU8(
        `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>`,
      ),
      'xl/_rels/workbook.xml.rels': strToU8(
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
      ),
      'xl/worksheets/sheet1.xml': strToU8(`<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`),
    },
    { level: 9 },
  );

/** A zip with one entry, which declares `declaredBytes` whatever it holds. */
function lyingZip(name: string, content: Uint8Array, declaredBytes: number): Uint8Array {
  const data = deflateRawSync(content);
  const fields = (signature: number, more: number): Buffer => {
    const head = Buffer.alloc(more);
    head.writeUInt32LE(signature, 0);
    return head;
  };
  const local = fields(0x04034b50, 30);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(data.length, 18);
  local.writeUInt32LE(declaredBytes, 22);
  local.writeUInt16LE(name.length, 26);
  const central = fields(0x02014b50, 46);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(data.length, 20);
  central.writeUInt32LE(declaredBytes, 24);
  central.writeUInt16LE(name.length, 28);
  const end = fields(0x06054b50, 22);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + data.length, 16);
  return Buffer.concat([local, Buffer.from(name), data, central, Buffer.from(name), end]);
}

/** Small files that demand much, each with its name. */
export function hostileFiles(): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  const farCell = (row: number, column: string): string => `<row r="${row}"><c r="${column}${row}" t="str"><v>x</v></c></row>`;
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452ffffffffffffffff0806000000', 'hex');
  const wav = Buffer.concat([
    Buffer.from('RIFF\xff\xff\xff\x7fWAVEfmt ', 'latin1'),
    Buffer.alloc(40, 0xff),
    Buffer.from('data\xff\xff\xff\x7f', 'latin1'),
  ]);
  return [
    { name: 'far.xlsx', bytes: workbookOf(Array.from({ length: 20_000 }, (_each, i) => farCell(i + 1, 'ZZZ')).join('')) },
    { name: 'last.xlsx', bytes: workbookOf(farCell(1_048_576, 'XFD')) },
    { name: 'many.xlsx', bytes: workbookOf('<row><c/></row>'.repeat(2_900_000)) },
    { name: 'deep.xlsx', bytes: workbookOf('<is>'.repeat(200_000)) },
    { name: 'lies.xlsx', bytes: lyingZip('xl/worksheets/sheet1.xml', new Uint8Array(100_000_000), 100) },
    { name: 'claims.xlsx', bytes: lyingZip('xl/worksheets/sheet1.xml', new Uint8Array(100), 1_000_000_000) },
    { name: 'nested.xlsx', bytes: zipSync({ 'xl/workbook.xml': zipSync({ x: zipSync({ y: new Uint8Array(10_000_000) }) }) }) },
    { name: 'cut.xlsx', bytes: workbookOf(farCell(1, 'A')).slice(0, 300) },
    { name: 'wide.csv', bytes: Buffer.from(','.repeat(5_000_000)) },
    { name: 'long.csv', bytes: Buffer.from('\n'.repeat(5_000_000)) },
    { name: 'quote.csv', bytes: Buffer.from(`"${'a""'.repeat(1_000_000)}`) },
    { name: 'huge.png', bytes: png },
    { name: 'bomb.docx', bytes: lyingZip('word/document.xml', new Uint8Array(100_000_000), 10) },
    { name: 'lies.wav', bytes: wav },
    { name: 'garbage.mp3', bytes: Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(200_000, 0xa5)]) },
    { name: 'list.m3u8', bytes: Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n') },
    { name: 'concat.txt', bytes: Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n") },
    {
      name: 'parts.eml',
      bytes: Buffer.from(
        `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'.repeat(10_000)}`,
      ),
    },
    { name: 'zero.pdf', bytes: new Uint8Array(0) },
    { name: 'page.svg', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>') },
  ];
}
