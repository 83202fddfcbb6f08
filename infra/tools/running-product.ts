import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig, type Config } from '../../services/shared/platform/settings/config.js';

const Ready = z.object({ env: z.record(z.string(), z.string()), secretsInEnvironment: z.array(z.string()) });

/** Node.js reads the site's authorities when it starts: when this tool has others than the product, it runs again with the product's. */
function trustAs(authoritiesFile: string | undefined): void {
  if (authoritiesFile === undefined || process.env['NODE_EXTRA_CA_CERTS'] === authoritiesFile) return;
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, NODE_EXTRA_CA_CERTS: authoritiesFile },
  });
  process.exit(status ?? 1);
}

/**
 * The configuration of the product that runs in this PROOFLINE_HOME, even when some of its servers are the site's own. Ends the tool with
 * one sentence when none runs, or when a secret that the product takes from its environment is not in that of the tool.
 */
export function configOfRunning(): Config {
  const home = process.env['PROOFLINE_HOME'] ?? '.data';
  let text: string;
  try {
    text = readFileSync(join(home, 'run', 'ready.json'), 'utf8');
  } catch {
    console.error(`Nothing runs on ${home}: start it with npm start, or name another folder by PROOFLINE_HOME.`);
    process.exit(2);
  }
  const { env, secretsInEnvironment } = Ready.parse(JSON.parse(text));
  trustAs(env['NODE_EXTRA_CA_CERTS']);
  const own = Object.fromEntries(secretsInEnvironment.map((name) => [name, process.env[name]]));
  const missing = secretsInEnvironment.filter((name) => own[name] === undefined || own[name] === '');
  if (missing.length > 0) {
    console.error(
      `The product has ${missing.join(', ')} from its environment: set the same for this tool, or let both read it from a file (NAME_FILE, for passwords and keys).`,
    );
    process.exit(2);
  }
  return readConfig({ ...env, ...own });
}
