import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig, type Config } from '../../services/shared/platform/config.js';

/** The configuration of the product that runs on this PROOFLINE_HOME. Ends the tool with one sentence when none runs. */
export function configOfRunning(): Config {
  const home = process.env['PROOFLINE_HOME'] ?? '.data';
  let text: string;
  try {
    text = readFileSync(join(home, 'run', 'ready.json'), 'utf8');
  } catch {
    console.error(`Nothing runs on ${home}: start it with npm start, or name another folder by PROOFLINE_HOME.`);
    process.exit(2);
  }
  return readConfig((JSON.parse(text) as { env: Record<string, string> }).env);
}
