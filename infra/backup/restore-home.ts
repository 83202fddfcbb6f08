// PROOFLINE_HOME=EMPTY_DIR npm run restore -- --from DIR/NAME --passphrase-file FILE: a backup as a new installation, verified.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { passphraseOf } from './passphrase.js';
import { BackupProblem } from './problem.js';
import { openBackup, putBack, requireEmptyHome, SETTINGS } from './restore.js';
import { language, progressOnTerminal, runTool } from './tool.js';
import { verifyRestored } from './verify-restored.js';
import { findingText, restoredText } from './words.js';

function argumentsOf(): { from: string; passphraseFile: string | undefined } {
  try {
    const { values } = parseArgs({ options: { from: { type: 'string' }, 'passphrase-file': { type: 'string' } } });
    if (values.from !== undefined) return { from: values.from, passphraseFile: values['passphrase-file'] };
  } catch {
    // Said below.
  }
  throw new BackupProblem('usage-restore');
}

runTool(async () => {
  const { from, passphraseFile } = argumentsOf();
  const home = resolve(process.env['PROOFLINE_HOME'] ?? '.data');
  const progress = progressOnTerminal();
  requireEmptyHome(home);
  const backup = await openBackup(from, passphraseOf(passphraseFile, process.env), progress);
  const restored = await putBack(backup, home, progress);
  progress({ kind: 'verifying' });
  const findings = await verifyRestored(restored.home, backup.manifest, backup.sealed.settings);
  restored.finish();
  for (const finding of findings) console.log(findingText(language, finding));
  const missing = backup.manifest.secretsInEnvironment.filter((name) => (process.env[name] ?? '') === '');
  console.log(restoredText(language, home, backup.manifest.name, join(home, SETTINGS), missing));
  return findings.every(({ ok }) => ok) ? 0 : 1;
});
