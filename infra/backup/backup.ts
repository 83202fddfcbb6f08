// npm run backup -- --to DIR --passphrase-file FILE [--keep N] [--json]: the whole of one installation, while it runs.
// npm run backup -- --check DIR/NAME --passphrase-file FILE: whether every byte of a backup is what was backed up.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeBackup } from './make.js';
import type { Manifest } from './manifest.js';
import { passphraseOf } from './passphrase.js';
import { BackupProblem } from './problem.js';
import { openBackup } from './restore.js';
import { sourceOf } from './source.js';
import { language, progressOnTerminal, runTool } from './tool.js';
import { madeText, soundText } from './words.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

function argumentsOf() {
  try {
    const { values } = parseArgs({
      options: {
        to: { type: 'string' },
        check: { type: 'string' },
        'passphrase-file': { type: 'string' },
        keep: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch {
    throw new BackupProblem('usage-backup');
  }
}

async function check(folder: string, passphraseFile: string | undefined): Promise<number> {
  const { manifest } = await openBackup(folder, passphraseOf(passphraseFile, process.env), progressOnTerminal());
  console.log(soundText(language, manifest.name, manifest.files, manifest.version));
  return 0;
}

const elsewhereOf = ({ parts }: Manifest): string[] => Object.keys(parts).filter((part) => parts[part]?.where === 'elsewhere');

runTool(async () => {
  const { to, check: checked, keep, json, 'passphrase-file': passphraseFile } = argumentsOf();
  if (checked !== undefined && to === undefined) return check(checked, passphraseFile);
  if (to === undefined || checked !== undefined || (keep !== undefined && !/^[1-9]\d{0,3}$/.test(keep)))
    throw new BackupProblem('usage-backup');
  const source = sourceOf(process.env);
  const passphrase = passphraseOf(passphraseFile, { ...source.settings, ...process.env });
  const { folder, manifest } = await makeBackup({
    source,
    to,
    passphrase,
    keep: keep === undefined ? undefined : Number(keep),
    version,
    progress: progressOnTerminal(),
    now: () => new Date(),
  });
  const { startedAt, finishedAt, bytes, files, linked, damaged, secretsInEnvironment } = manifest;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000;
  const made = { folder, bytes, files, linked, damaged: damaged.length, seconds, elsewhere: elsewhereOf(manifest), secretsInEnvironment };
  console.log(json ? JSON.stringify({ name: manifest.name, asOf: manifest.asOf, finishedAt, ...made }) : madeText(language, made));
  return 0;
});
