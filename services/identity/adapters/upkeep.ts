import { readFile, stat } from 'node:fs/promises';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { every } from '../../shared/platform/processes/rounds.js';
import type { Service } from '../../shared/platform/processes/service.js';
import type { Config } from '../../shared/platform/settings/config.js';
import type { AccountService } from '../account-service.js';
import type { ChangeService } from '../changes/change-service.js';
import { keysOf, type createTokens } from './credentials.js';

/** How often the key file and the staff register are checked. */
const LOOK_EVERY_MS = 30_000;
const LEAVERS_EVERY_MS = 5 * 60_000;

/** Loads new keys, closes the accounts of leavers, and puts changes into force whose time has come. */
export function createUpkeep({
  config,
  tokens,
  service,
  changes,
  leavers,
  log,
}: {
  readonly config: Pick<Config, 'TOKEN_KEY_FILE'>;
  readonly tokens: ReturnType<typeof createTokens>;
  readonly service: Pick<AccountService, 'disableLeavers'>;
  readonly changes: Pick<ChangeService, 'applyDue'>;
  readonly leavers: () => Promise<readonly string[]>;
  readonly log: Logger;
}): Service {
  let keyChangedMs: number | undefined;

  async function takeNewKeyUp(): Promise<void> {
    if (config.TOKEN_KEY_FILE === undefined) return;
    const { mtimeMs } = await stat(config.TOKEN_KEY_FILE);
    keyChangedMs ??= mtimeMs;
    if (mtimeMs === keyChangedMs) return;
    tokens.use(keysOf(await readFile(config.TOKEN_KEY_FILE, 'utf8')));
    keyChangedMs = mtimeMs;
    log.info({ keys: tokens.keyIds() }, 'a new key signs access tokens');
  }
  async function closeLeavers(): Promise<void> {
    const { closed, kept } = await service.disableLeavers(await leavers());
    if (closed > 0) log.info({ accounts: closed }, 'the accounts of people who have left were disabled');
    if (kept > 0) log.warn({ accounts: kept }, 'people who have left keep their accounts: nobody else would administer the site');
  }
  async function applyDue(): Promise<void> {
    const applied = await changes.applyDue();
    if (applied > 0) log.info({ changes: applied }, 'changes of accounts that nobody refused in time are now in force');
  }
  const failed = 'the upkeep of sign-in failed; it is tried again';
  const rounds = [
    every(LOOK_EVERY_MS, takeNewKeyUp, failed, log),
    every(LEAVERS_EVERY_MS, closeLeavers, failed, log),
    every(LOOK_EVERY_MS, applyDue, failed, log),
  ];
  return {
    name: 'identity',
    async start() {
      for (const round of rounds) round.start();
    },
    async stop() {
      await Promise.all(rounds.map((round) => round.stop()));
    },
  };
}
