import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { PromptRefusal } from '../../shared/domain/failure-details.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { boundToParent } from '../../shared/platform/processes/bound-process.js';
import { AFTER_CALLS } from '../../shared/platform/processes/niceness.js';
import type { Language } from '../machine/call.js';

export const PROMPT_BYTES = 20_000_000;
const LONGEST_PROMPT_S = 600;
const CONVERT_MS = 20_000;
/** The exit code of a shell that cannot find its program. */
const NO_PROGRAM = 127;

export interface PromptEntry {
  readonly promptId: string;
  readonly language: Language;
  readonly origin: 'shipped' | 'site';
  /** The words of a shipped prompt. Tunes and the site's own prompts have none. */
  readonly words?: string;
  readonly sizeBytes: number;
  readonly changedAt: Date;
  /** Earlier recordings of the site, newest first. */
  readonly versions: readonly number[];
}

const refusal = (code: 'invalid-request' | 'too-large', refused: PromptRefusal, message: string): CallCentreError =>
  code === 'too-large'
    ? new CallCentreError(code, message, { details: { refused } })
    : new CallCentreError(code, message, { details: { refused } });

/**
 * The site's prompts in a folder: `<language>/<id>.wav` is what callers hear, `<id>.<version>.wav` what they heard before. Every upload
 * goes through ffmpeg. A file that ffmpeg cannot read as audio is refused.
 */
export function createPromptLibrary({ siteFolder, shippedFolder }: { readonly siteFolder: string; readonly shippedFolder: string }) {
  const folderOf = (language: Language): string => join(siteFolder, language);
  const pathOf = (language: Language, promptId: string): string => join(folderOf(language), `${promptId}.wav`);

  const readWords = async (): Promise<Readonly<Record<string, Partial<Record<Language, string>>>>> =>
    JSON.parse(await readFile(join(shippedFolder, 'prompts.json'), 'utf8')) as Readonly<Record<string, Partial<Record<Language, string>>>>;

  async function names(folder: string): Promise<string[]> {
    return readdir(folder).catch(() => []);
  }

  async function versionsOf(language: Language, promptId: string): Promise<number[]> {
    return (await names(folderOf(language)))
      .flatMap((name) => {
        const match = /^([a-z0-9-]+)\.(\d+)\.wav$/.exec(name);
        return match?.[1] === promptId ? [Number(match[2])] : [];
      })
      .sort((a, b) => b - a);
  }

  async function keepOld(language: Language, promptId: string): Promise<void> {
    const [newest = 0] = await versionsOf(language, promptId);
    await rename(pathOf(language, promptId), join(folderOf(language), `${promptId}.${newest + 1}.wav`)).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    });
  }

  return {
    async list(): Promise<PromptEntry[]> {
      const found: PromptEntry[] = [];
      const words = await readWords();
      for (const language of ['zh-CN', 'en'] as const)
        for (const [origin, folder] of [
          ['site', folderOf(language)],
          ['shipped', join(shippedFolder, language)],
        ] as const)
          for (const name of await names(folder)) {
            const promptId = /^([a-z0-9-]+)\.wav$/.exec(name)?.[1];
            if (promptId === undefined || found.some((entry) => entry.promptId === promptId && entry.language === language)) continue;
            const { size, mtime } = await stat(join(folder, name));
            const versions = await versionsOf(language, promptId);
            const says = origin === 'shipped' ? words[promptId]?.[language] : undefined;
            found.push({
              promptId,
              language,
              origin,
              sizeBytes: size,
              changedAt: mtime,
              versions,
              ...(says === undefined ? {} : { words: says }),
            });
          }
      return found.sort((a, b) => a.promptId.localeCompare(b.promptId));
    },

    /** Fails with `invalid-request` when the file is not audio, and with `too-large` when it is longer than ten minutes. */
    async upload(language: Language, promptId: string, sound: Uint8Array): Promise<void> {
      const folder = folderOf(language);
      await mkdir(folder, { recursive: true });
      // Two people who replace one prompt at the same time must not write into each other's files.
      const id = randomUUID();
      const [raw, made] = [join(folder, `.${id}.upload`), join(folder, `.${id}.made.wav`)];
      try {
        await writeFile(raw, sound, { mode: 0o600 });
        await convert(raw, made);
        const seconds = ((await stat(made)).size - 44) / 8_000;
        if (seconds <= 0.05) throw refusal('invalid-request', 'silent', 'This file contains no audio');
        if (seconds > LONGEST_PROMPT_S) throw refusal('too-large', 'too-long', 'A prompt is at most ten minutes long');
        await keepOld(language, promptId);
        await rename(made, pathOf(language, promptId));
      } finally {
        await Promise.all([raw, made].map((path) => rm(path, { force: true })));
      }
    },

    /** Restores an earlier version, which becomes the newest. */
    async restore(language: Language, promptId: string, version: number): Promise<void> {
      const old = join(folderOf(language), `${promptId}.${version}.wav`);
      if (!(await versionsOf(language, promptId)).includes(version)) throw new CallCentreError('not-found', 'No such version');
      await keepOld(language, promptId);
      await rename(old, pathOf(language, promptId));
    },

    /** Restores the shipped prompt. */
    async remove(language: Language, promptId: string): Promise<void> {
      await keepOld(language, promptId);
    },
  };
}

/** Demuxers of audio files. Playlists, scripts and pictures, which can name other files, are excluded. */
const FORMATS = 'wav,w64,aiff,au,caf,mp3,aac,ogg,flac,mov,matroska,asf,amr';
/** The largest block. A header with false sizes would ask for more. */
const LARGEST_BLOCK_BYTES = 64 * 2 ** 20;

let converting: Promise<unknown> = Promise.resolve();

/** Converts one file at a time, so that the cost of the converter never adds up. */
function convert(from: string, to: string): Promise<void> {
  const turn = converting.then(() => convertNow(from, to));
  converting = turn.catch(() => undefined);
  return turn;
}

async function convertNow(from: string, to: string): Promise<void> {
  const limits = ['-threads', '1', '-max_alloc', String(LARGEST_BLOCK_BYTES), '-max_streams', '16'];
  const input = ['-protocol_whitelist', 'file', '-format_whitelist', FORMATS, '-i', from];
  // One second more than allowed is enough to see that a file is too long.
  const output = ['-vn', '-ac', '1', '-ar', '8000', '-t', String(LONGEST_PROMPT_S + 1), '-c:a', 'pcm_alaw', '-f', 'wav', to];
  // This process, which would end the converter, may itself be killed first.
  const { command, args } = boundToParent({ command: 'ffmpeg', args: ['-nostdin', '-v', 'error', '-y', ...limits, ...input, ...output] });
  const child = spawn(command, args, { stdio: 'ignore' });
  // Only from this process, whose session is ours.
  if (child.pid !== undefined) setPriority(child.pid, AFTER_CALLS);
  const timer = setTimeout(() => child.kill('SIGKILL'), CONVERT_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  }).finally(() => clearTimeout(timer));
  if (code === NO_PROGRAM) throw new Error('ffmpeg is missing');
  if (code !== 0) throw refusal('invalid-request', 'not-sound', 'This file contains no readable audio');
}
