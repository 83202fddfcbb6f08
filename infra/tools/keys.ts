// npm run keys -- --rotate-token: a new key signs access tokens from now on; those of the key before are believed until they run out.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createValkeyCommands } from '../../services/shared/platform/events/valkey-commands.js';
import { silentLogger } from '../../services/shared/platform/processes/logger.js';
import { writePrivateFile } from '../supervisor/plan/secrets.js';
import { configOfRunning } from './running-product.js';

if (!process.argv.includes('--rotate-token')) {
  console.error('Usage: npm run keys -- --rotate-token');
  process.exit(2);
}
const config = configOfRunning();
const file = config.TOKEN_KEY_FILE;
if (file === undefined) {
  console.error('TOKEN_KEY was not given as a file: put the new key before the old one in the variable, and restart the api role.');
  process.exit(2);
}
const commands = createValkeyCommands({ url: config.VALKEY_URL, log: silentLogger });
try {
  await commands.send('audit.append', { who: 'system:operator', what: 'security.token-key-rotated', success: true });
  const [current] = readFileSync(file, 'utf8').match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g) ?? [];
  const next = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();
  writePrivateFile(file, `${next}\n${current ?? ''}\n`);
  console.log('A new key signs access tokens within 30 seconds. Nobody is signed out. The key before the last one is gone.');
} finally {
  await commands.close();
}
