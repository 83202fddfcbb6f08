import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openSigner } from '../../../services/evidence/adapters/signing-key.js';
import { isSm2Signed } from '../../../services/evidence/adapters/sm2.js';

// The SM2 key and its signatures against openssl, and what a reader outside the product makes of signatures that are none.

const TEXT = '{"packId":"JC-20261130-0001"}\n';
const scripts = join(import.meta.dirname, '..', '..', '..', 'services', 'evidence', 'verifier');
let folder: string;
const file = (name: string): string => join(folder, name);
const openssl = (...args: readonly string[]): string => execFileSync('openssl', args, { stdio: 'pipe' }).toString();
const user = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678', '-in'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofline-sm2-'));
  await writeFile(file('text'), TEXT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function keyPair(): Promise<{ publicKey: Buffer; signature: Buffer }> {
  const { sm2 } = await openSigner(file('key.pem'));
  const publicKey = Buffer.from(sm2.publicKey, 'base64');
  await writeFile(file('public.der'), publicKey);
  openssl('pkey', '-pubin', '-inform', 'DER', '-in', file('public.der'), '-out', file('public.pem'));
  return { publicKey, signature: Buffer.from(sm2.sign(TEXT), 'base64') };
}

test('openssl verifies what the product signs, and the product what openssl signs with its key', async () => {
  const { publicKey, signature } = await keyPair();
  await writeFile(file('ours.sig'), signature);
  expect(
    openssl('pkeyutl', '-verify', '-pubin', '-inkey', file('public.pem'), ...user, file('text'), '-sigfile', file('ours.sig')),
  ).toContain('Verified Successfully');
  openssl('pkeyutl', '-sign', '-inkey', file('key-sm2.pem'), ...user, file('text'), '-out', file('theirs.sig'));
  const theirs = await readFile(file('theirs.sig'));
  expect(isSm2Signed(publicKey, Buffer.from(TEXT), theirs)).toBe(true);
  expect(isSm2Signed(publicKey, Buffer.from(`${TEXT} `), theirs)).toBe(false);
  expect(byScript(publicKey, [theirs])).toEqual([true]);
});

test('the keys are read again, and a new one is told once, before it signs', async () => {
  const told: string[] = [];
  const tell = async (fingerprint: string): Promise<void> => void told.push(fingerprint);
  const first = await openSigner(file('told.pem'), tell);
  const again = await openSigner(file('told.pem'), tell);
  expect([again.fingerprint, again.sm2.fingerprint]).toEqual([first.fingerprint, first.sm2.fingerprint]);
  expect(told).toEqual([first.fingerprint, first.sm2.fingerprint]);
  expect((await stat(file('told-sm2.pem'))).mode & 0o777).toBe(0o600);
});

test('a file that holds no such key is refused with its reason', async () => {
  await openSigner(file('wrong.pem'));
  await writeFile(file('wrong-sm2.pem'), await readFile(file('wrong.pem')));
  await expect(openSigner(file('wrong.pem'))).rejects.toThrow('This file is not an SM2 key in PKCS #8.');
});

/** What the script of the pack says of signatures over the text. */
function byScript(publicKey: Uint8Array, signatures: readonly Uint8Array[]): boolean[] {
  const code = [
    'import sys; sys.path.insert(0, sys.argv[1]); sys.dont_write_bytecode = True',
    'from recompute import is_sm2_signed',
    'key, text = (bytes.fromhex(each) for each in sys.argv[2:])',
    'for line in sys.stdin:',
    '    try: print(is_sm2_signed(key, text, bytes.fromhex(line)))',
    '    except ValueError: print(False)',
  ].join('\n');
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  const input = signatures.map((each) => `${hex(each)}\n`).join('');
  const said = execFileSync('python3', ['-c', code, scripts, hex(publicKey), hex(Buffer.from(TEXT))], { input });
  return said
    .toString()
    .trim()
    .split('\n')
    .map((word) => word === 'True');
}

test('product and script agree on a hundred signatures that somebody has changed', async () => {
  const { publicKey, signature } = await keyPair();
  expect(isSm2Signed(publicKey, Buffer.from(TEXT), signature)).toBe(true);
  const changed = [Buffer.alloc(0), signature.subarray(0, -1), Buffer.concat([signature, Buffer.from([0])])];
  for (let at = 0; at < signature.length; at += 1) {
    const one = Buffer.from(signature);
    one[at] = (one[at] ?? 0) ^ (1 << (at % 8));
    changed.push(one);
  }
  // Both numbers zero, and a first number that is as large as the order of the curve.
  changed.push(Buffer.from('3006020100020100', 'hex'));
  changed.push(Buffer.from('3026022100fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123020101', 'hex'));
  const product = changed.map((each) => isSm2Signed(publicKey, Buffer.from(TEXT), each));
  expect(product).toEqual(changed.map(() => false));
  expect(byScript(publicKey, [...changed, signature])).toEqual([...product, true]);
}, 60_000);

test.each([
  ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
  ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
])('the script of the pack computes the digest of the standard for %s', (text, digest) => {
  const code =
    'import sys; sys.path.insert(0, sys.argv[1]); sys.dont_write_bytecode = True\nfrom recompute import sm3\nprint(sm3(sys.argv[2].encode()).hex())';
  expect(execFileSync('python3', ['-c', code, scripts, text]).toString().trim()).toBe(digest);
});
