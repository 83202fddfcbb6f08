import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { zipSync } from 'fflate';

export interface HostileFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const text = (content: string): Buffer => Buffer.from(content, 'utf8');
const zipped = (files: Record<string, Uint8Array>): Buffer => Buffer.from(zipSync(files, { level: 9 }));
const workbook = (rows: string, more: Record<string, Uint8Array> = {}): Buffer =>
  zipped({ 'xl/worksheets/sheet1.xml': text(`<worksheet><sheetData>${rows}</sheetData></worksheet>`), ...more });

/** An archive whose only entry declares a false uncompressed size, in its header and in the directory. */
function lyingZip(entry: string, declaredBytes: number): Buffer {
  const bomb = zipped({ [entry]: new Uint8Array(300_000_000) });
  bomb.writeUInt32LE(declaredBytes, 22);
  bomb.writeUInt32LE(declaredBytes, bomb.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24);
  return bomb;
}

function nestedZip(levels: number): Buffer {
  let inner = zipped({ 'core.txt': new Uint8Array(50_000_000) });
  for (let level = 0; level < levels; level += 1)
    inner = zipped(Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`${i}.zip`, inner])));
  return inner;
}

/** A picture of 65,535 points each way whose points all deflate to nothing. */
function largePng(): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const body = Buffer.concat([Buffer.from(type), data]);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(65_535, 0);
  head.writeUInt32BE(65_535, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const data = deflateSync(Buffer.alloc(10_000_000));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

/** A sound file whose header claims 4 GB of 64 channels at 4 GHz. */
function lyingWav(): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(0xffff_ffff, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(64, 22);
  head.writeUInt32LE(0xffff_ffff, 24);
  head.writeUInt32LE(0xffff_ffff, 28);
  head.writeUInt16LE(0xffff, 32);
  head.writeUInt16LE(64, 34);
  head.write('data', 36);
  head.writeUInt32LE(0xffff_ffff, 40);
  return Buffer.concat([head, randomBytes(100_000)]);
}

const mailOf = (lines: readonly string[]): Buffer => text(['From: a@b.test', 'Subject: x', 'MIME-Version: 1.0', ...lines].join('\r\n'));
const mailOfParts = (parts: number): Buffer =>
  mailOf([
    'Content-Type: multipart/mixed; boundary=b',
    '',
    ...Array.from({ length: parts }, (_, i) => `--b\r\nContent-Type: application/pdf; name="${i}.pdf"\r\n\r\nx`),
    '--b--',
  ]);
const mailWithin = (levels: number): Buffer =>
  mailOf(Array.from({ length: levels }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}`));

/** Everything that a person or a stranger may send to harm whoever reads it. Small in bytes; made anew by each call. */
export function hostileFiles(): HostileFile[] {
  const whole: HostileFile[] = [
    { name: 'corner.xlsx', bytes: workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>') },
    { name: 'wide.xlsx', bytes: workbook('<row><c r="ZZZ1"><v>1</v></c></row>'.repeat(20_000)) },
    { name: 'long.xlsx', bytes: workbook('<row><c><v>1</v></c></row>'.repeat(1_500_000)) },
    { name: 'deep.xlsx', bytes: workbook('<a>'.repeat(2_000_000)) },
    {
      name: 'one-text-often.xlsx',
      bytes: workbook(`<row>${'<c t="s"><v>0</v></c>'.repeat(20)}</row>`.repeat(15_000), {
        'xl/sharedStrings.xml': text(`<sst><si><t>${'x'.repeat(20_000_000)}</t></si></sst>`),
      }),
    },
    { name: 'entities.xlsx', bytes: zipped({ 'xl/worksheets/sheet1.xml': text(laughs) }) },
    { name: 'lying.xlsx', bytes: lyingZip('xl/worksheets/sheet1.xml', 100) },
    { name: 'bomb.docx', bytes: lyingZip('word/document.xml', 300_000_000) },
    { name: 'bomb.ofd', bytes: lyingZip('OFD.xml', 1) },
    { name: 'nested.zip', bytes: nestedZip(3) },
    { name: 'large.png', bytes: largePng() },
    { name: 'rows.csv', bytes: text('1,2,3\n'.repeat(1_000_000)) },
    { name: 'columns.csv', bytes: text(','.repeat(5_000_000)) },
    { name: 'quote.csv', bytes: text(`a,b\n"${'x,\n'.repeat(2_000_000)}`) },
    { name: 'noise.csv', bytes: randomBytes(1_000_000) },
    { name: 'parts.eml', bytes: mailOfParts(10_000) },
    { name: 'within.eml', bytes: mailWithin(2_000) },
    { name: 'heads.eml', bytes: mailOf([...Array.from({ length: 100_000 }, (_, i) => `X-${i}: y`), '', 'x']) },
    { name: 'tags.eml', bytes: mailOf(['Content-Type: text/html', '', '<style'.repeat(1_000_000)]) },
    { name: 'lying.wav', bytes: lyingWav() },
    { name: 'garbage.mp3', bytes: Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), randomBytes(2_000_000)]) },
    { name: 'list.ffconcat', bytes: text("ffconcat version 1.0\nfile '/etc/hostname'\nduration 1\n".repeat(10_000)) },
    { name: 'list.m3u8', bytes: text('#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n') },
    { name: 'picture.svg', bytes: text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>') },
    { name: 'nothing.pdf', bytes: Buffer.alloc(0) },
  ];
  const cut = whole
    .filter(({ name }) => /^(wide|deep|lying|nested|large|quote|parts|garbage)/.test(name))
    .map(({ name, bytes }) => ({ name: `cut-${name}`, bytes: bytes.subarray(0, Math.floor(bytes.length * 0.6)) }));
  return [...whole, ...cut];
}

/** Entities of entities, each ten of the one before. */
const laughs = `<!DOCTYPE w [<!ENTITY a0 "x">${Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('')}]><worksheet><sheetData><row><c><v>&a9;</v></c></row></sheetData></worksheet>`;
