import { spawn, type ChildProcess } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { boundToParent } from '../../shared/platform/processes/bound-process.js';
import { backupParts } from '../backup.js';
import type { BackupFolder, BackupTool, Outcome } from '../ports.js';

const Said = z.union([
  z.object({
    name: z.string(),
    asOf: z.coerce.date(),
    finishedAt: z.coerce.date(),
    bytes: z.number(),
    files: z.number(),
    linked: z.number(),
    damaged: z.number(),
    seconds: z.number(),
    elsewhere: z.array(z.enum(backupParts)),
  }),
  z.object({ failed: z.object({ en: z.string(), zh: z.string() }) }),
]);

const UNKNOWN = { en: 'the tool ended without a message.', zh: '备份程序异常退出，未给出原因。' };

/** Runs the tool as a process that ends with this one. It has its passphrase from the environment, as this process has. */
export function createBackupProcess({
  script,
  folder,
  keep,
}: {
  /** Of the tool; run from source it needs the loader of this process. */
  readonly script: URL;
  readonly folder: string;
  readonly keep: number;
}): BackupTool {
  let child: ChildProcess | undefined;
  let stopped = false;
  return {
    async make(): Promise<Outcome> {
      if (stopped) return { kind: 'stopped' };
      const tool = [...process.execArgv, fileURLToPath(script), '--to', folder, '--keep', String(keep), '--json'];
      const { command, args } = boundToParent({ command: process.execPath, args: tool });
      const running = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
      child = running;
      let text = '';
      running.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await new Promise<void>((resolve) => {
        running.once('error', () => resolve());
        running.once('close', () => resolve());
      });
      child = undefined;
      return outcomeOf(text, stopped);
    },
    stop() {
      stopped = true;
      child?.kill('SIGKILL');
    },
  };
}

function outcomeOf(text: string, stopped: boolean): Outcome {
  const line = text.trim().split('\n').at(-1) ?? '';
  const said = Said.safeParse(line.startsWith('{') ? JSON.parse(line) : undefined).data;
  if (said === undefined) return stopped ? { kind: 'stopped' } : { kind: 'failed', reason: UNKNOWN };
  return 'failed' in said ? { kind: 'failed', reason: said.failed } : { kind: 'good', backup: said };
}

export const createBackupFolder = (folder: string): BackupFolder => ({
  holds: (name) =>
    access(join(folder, name, 'manifest.json')).then(
      () => true,
      () => false,
    ),
});
