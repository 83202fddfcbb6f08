import { cpSync, existsSync, mkdirSync, openSync, closeSync, fsyncSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Environment } from '../engine/environment.js';
import { checkFolder, type CheckReport, type Progress } from './check.js';

/** A backup or a restore that could not be done; the message is one sentence. */
export class MaintenanceError extends Error {
  override readonly name = 'MaintenanceError';
}

const progressMs = 1000;

/** Copies a data folder that may be in use, as of one moment, without its free pages; then checks the copy. */
export async function backupFolder(folder: string, target: string, progress: Progress): Promise<CheckReport> {
  if (!existsSync(join(folder, 'data.mdb'))) throw new MaintenanceError('There is no data in this folder.');
  requireEmpty(target);
  const environment = new Environment(folder, true);
  const copied = (): number => (existsSync(join(target, 'data.mdb')) ? statSync(join(target, 'data.mdb')).size : 0);
  const timer = setInterval(() => progress(`${copied()} bytes copied`), progressMs);
  try {
    await environment.backup(target, true);
  } finally {
    clearInterval(timer);
    await environment.close();
  }
  progress(`${copied()} bytes copied; checking the copy`);
  return verified(target, progress);
}

/** Checks a backup and puts it into an empty data folder. The store must not be running there. */
export async function restoreFolder(backup: string, folder: string, progress: Progress): Promise<CheckReport> {
  if (!existsSync(join(backup, 'data.mdb'))) throw new MaintenanceError('There is no backup in this folder.');
  requireEmpty(folder);
  progress('checking the backup');
  await verified(backup, progress);
  cpSync(join(backup, 'data.mdb'), join(folder, 'data.mdb'));
  flush(join(folder, 'data.mdb'));
  flush(folder);
  progress('checking the restored data');
  return verified(folder, progress);
}

async function verified(folder: string, progress: Progress): Promise<CheckReport> {
  const report = await checkFolder(folder, progress);
  if (report.problems.length > 0) throw new MaintenanceError(`The data in the copy is damaged: ${report.problems[0] ?? ''}.`);
  flush(join(folder, 'data.mdb'));
  return report;
}

function requireEmpty(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length > 0) throw new MaintenanceError('The target folder must be empty.');
}

function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
