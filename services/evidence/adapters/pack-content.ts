import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createContext, Script } from 'node:vm';
import { inflateSync } from 'node:zlib';
import { z } from 'zod';
import type { ContentFinding, Manifest } from '../pack/manifest.js';
import { verifierFolder } from './workshop.js';

export interface PackSource {
  /** What zlib (RFC 1950) packed. */
  readonly inflate?: (bytes: Uint8Array) => Promise<Uint8Array>;
  /** The bytes of a file as they arrive; undefined when the pack has no such file. */
  chunks(name: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}

const Findings = z.array(
  z.object({ code: z.string(), level: z.enum(['red', 'amber']), subject: z.string(), zh: z.string(), en: z.string() }),
);
const Found = z.object({
  findings: Findings,
  history: z
    .object({
      packs: z.array(z.object({ number: z.int(), packId: z.string(), kind: z.string(), sha256: z.string() })),
      restores: z.array(z.object({ at: z.string(), backup: z.string() })),
    })
    .optional(),
});
export type Examined = z.infer<typeof Found>;
const inflateBytes = async (bytes: Uint8Array): Promise<Uint8Array> => inflateSync(bytes);
const SCRIPT = /<script id="content">([\s\S]*?)<\/script>/;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Verifier {
  examine(
    manifest: Manifest,
    source: PackSource,
    hash: (text: string) => string,
    toldSheet: string,
    toldSeed: string,
    toldCount: string,
  ): Promise<unknown>;
  examineChain(packs: readonly Linked[]): unknown;
  readonly sentences: Readonly<Record<string, readonly [zh: string, en: string]>>;
}

/** What a reader knows of a pack from elsewhere. */
export interface Told {
  readonly toldSheet?: string | undefined;
  readonly toldSeed?: string | undefined;
  readonly toldCount?: number | undefined;
}

/** A pack with what it says of the packs before it. */
export interface Linked {
  readonly manifest: Manifest;
  /** Of the bytes of the manifest. */
  readonly sha256: string;
  readonly history: Examined['history'];
}

let verifier: Promise<Verifier> | undefined;

/** The script of `verify.html` itself, so that the page and the command line cannot differ. */
function loadVerifier(): Promise<Verifier> {
  verifier ??= readFile(`${verifierFolder}/verify.html`, 'utf8').then((page) => {
    const [, script = ''] = SCRIPT.exec(page) ?? [];
    const context = createContext({ TextDecoder });
    new Script(`${script}\nglobalThis.verifier = { examine, examineChain, sentences: SENTENCES };`, {
      filename: 'verify.html',
    }).runInContext(context);
    return context['verifier'] as Verifier;
  });
  return verifier;
}

/**
 * Recomputes the figures of a pack and checks its rows, formulas and day sheets, as `verify.html` does. `toldSheet`: the hash of a day
 * sheet that somebody outside kept, or nothing; `toldSeed` and `toldCount`: the seed that was named for the draw of recordings and how many
 * were asked for, or nothing.
 */
export async function examineContent(
  manifest: Manifest,
  source: PackSource,
  { toldSheet = '', toldSeed = '', toldCount }: Told = {},
): Promise<Examined> {
  const { examine } = await loadVerifier();
  return Found.parse(
    await examine(manifest, { inflate: inflateBytes, ...source }, sha256, toldSheet, toldSeed, toldCount?.toString() ?? ''),
  );
}

/** What several packs say of each other: one that is missing, doubled, or made in the place of another. */
export async function examineChain(packs: readonly Linked[]): Promise<readonly ContentFinding[]> {
  return Findings.parse((await loadVerifier()).examineChain(packs));
}

/** The finding with this code, in the words of the page. */
export async function findingOf(code: string, level: ContentFinding['level'], subject: string): Promise<ContentFinding> {
  const [zh, en] = (await loadVerifier()).sentences[code] ?? [code, code];
  return { code, level, subject, zh, en };
}
