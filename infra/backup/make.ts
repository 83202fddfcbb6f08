import { execFile } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { lockFolder } from '../embedded/folder-lock.js';
import { backupFolder, MaintenanceError } from '../embedded/documents/maintenance/backup.js';
import { copyMetadata, type MetadataCopy } from '../embedded/objects/maintenance/backup.js';
import { copyFile, filesUnder, isGone, linkFile, sha256Of } from './files.js';
import { HeldObjects } from './held.js';
import {
  backupsIn,
  FILE_LIST,
  keepNewest,
  MANIFEST,
  manifestOf,
  nameAt,
  readFileList,
  SEALED,
  UNFINISHED,
  type FoundBackup,
  type Manifest,
  type Sealed,
} from './manifest.js';
import { BackupProblem, problemOf } from './problem.js';
import { seal } from './sealed.js';
import type { Source } from './source.js';
import type { Progress } from './words.js';

export interface BackupOrder {
  readonly source: Source;
  /** The folder that holds the backups. */
  readonly to: string;
  readonly passphrase: string;
  /** How many backups of this site are kept, including the new one; undefined keeps all. */
  readonly keep?: number | undefined;
  readonly version: string;
  readonly progress: Progress;
  readonly now: () => Date;
}

const blobPath = (id: string): string => `objects/blobs/${id}`;

/** Left free, so that the disk of a live product is not filled by its backup. */
const LEAVE_FREE_BYTES = 100_000_000;
/** Objects that were deleted during the backup: both stores are then copied again, as of a later time. */
const TRIES = 4;

/**
 * Makes one backup of the whole while the product runs: under another name until it is whole and flushed, so that one that was broken off is
 * never taken for a good one. Objects that the backup before holds are linked, not copied.
 *
 * @throws BackupProblem
 */
export async function makeBackup(order: BackupOrder): Promise<{ readonly folder: string; readonly manifest: Manifest }> {
  const { source } = order;
  const to = resolve(order.to);
  const way = relative(source.home.home, to);
  if (way === '' || !way.startsWith('..')) throw new BackupProblem('inside-home', { folder: to });
  try {
    mkdirSync(to, { recursive: true, mode: 0o700 });
    const lock = await lockedHome(source);
    try {
      sweep(to, source.site);
      return await new Making(order, to, await ownSecond(to, order.now)).run();
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw problemOf(error, to);
  }
}

/** One backup of a home at a time. */
async function lockedHome({ home }: Source): Promise<{ release(): Promise<void> }> {
  const folder = join(home.run, 'bak');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    return await lockFolder(folder);
  } catch (error) {
    throw error instanceof Error && error.message.startsWith('Another process') ? new BackupProblem('backup-going-on') : error;
  }
}

/** Removes what an earlier one of this site left when it was broken off. */
function sweep(to: string, site: string): void {
  for (const name of readdirSync(to))
    if (name.startsWith(`${UNFINISHED}${site}-`)) rmSync(join(to, name), { recursive: true, force: true });
}

/** Backups are named by the second: one that comes in the second of another waits for the next. */
async function ownSecond(to: string, now: () => Date): Promise<Date> {
  for (;;) {
    const at = now();
    const name = nameAt(at);
    const isTaken = readdirSync(to).some((each) => each === name || (each.startsWith(UNFINISHED) && each.endsWith(`-${name}`)));
    if (!isTaken) return at;
    await pause(1_000 - at.getUTCMilliseconds());
  }
}

const run = promisify(execFile);

class Making {
  readonly #draft: string;
  readonly #name: string;
  readonly #held: HeldObjects;
  readonly #previous: FoundBackup | undefined;
  readonly #known: ReadonlyMap<string, string>;
  /** Path to size and SHA-256 of what is in the draft. */
  readonly #files = new Map<string, { readonly bytes: number; readonly sha256: string; readonly part: string }>();
  readonly #damaged: string[] = [];
  #linked = 0;

  constructor(
    private readonly order: BackupOrder,
    private readonly to: string,
    private readonly startedAt: Date,
  ) {
    this.#name = nameAt(startedAt);
    this.#held = new HeldObjects(join(order.source.home.objects, 'blobs'), join(order.source.home.run, 'bak', 'held'));
    this.#draft = join(to, `${UNFINISHED}${order.source.site}-${this.#name}`);
    this.#previous = backupsIn(to, order.source.site).findLast(({ manifest }) => manifest.name < this.#name);
    this.#known = this.#previous === undefined ? new Map<string, string>() : readFileList(this.#previous.folder);
  }

  async run(): Promise<{ readonly folder: string; readonly manifest: Manifest }> {
    const { source, keep } = this.order;
    try {
      // Whether the passphrase will do is said now, and not after an hour of copying.
      seal('', this.order.passphrase);
      mkdirSync(this.#draft, { mode: 0o700 });
      // What leaves the spool for the stores while they are copied is in one of the two.
      await this.#copyFolder('spool', source.home.spool);
      const asOf = await this.#stores();
      await this.#copyFolder('spool', source.home.spool);
      await this.#copyFolder('pcap', source.home.pcap);
      await this.#copyFolder('prompts', source.home.prompts);
      const manifest = await this.#finish(asOf);
      if (keep !== undefined) keepNewest(this.to, source.site, keep, this.#name);
      return { folder: join(this.to, this.#name), manifest };
    } catch (error) {
      rmSync(this.#draft, { recursive: true, force: true });
      throw error;
    } finally {
      this.#held.release();
    }
  }

  async #copyFolder(part: string, folder: string): Promise<void> {
    for (const path of filesUnder(folder)) {
      try {
        const copied = await copyFile(join(folder, path), join(this.#draft, part, path));
        this.#files.set(`${part}/${path}`, { ...copied, part });
      } catch (error) {
        // It went on its way meanwhile.
        if (!isGone(error)) throw error;
      }
    }
  }

  /** Both stores as of one moment. @returns the moment */
  async #stores(): Promise<Date> {
    for (let tries = 1; ; tries += 1) {
      const asOf = this.order.now();
      this.#damaged.length = 0;
      if (!this.order.source.elsewhere.objects) this.#held.holdAll((id) => this.#known.has(blobPath(id)));
      const metadata = await this.#snapshots();
      if (metadata === undefined) return asOf;
      let gone: number;
      try {
        gone = await this.#copyObjects(metadata);
      } finally {
        await metadata.close();
      }
      if (gone === 0) {
        await this.#noteWhole('objects', 'objects/metadata/data.mdb');
        return asOf;
      }
      if (tries === TRIES) throw new BackupProblem('objects-damaged', { count: gone });
    }
  }

  /** The two copies begin at once; the objects last, because documents name them and not the other way round. */
  async #snapshots(): Promise<MetadataCopy | undefined> {
    const { elsewhere, home } = this.order.source;
    const documents = join(this.#draft, 'documents');
    const objects = join(this.#draft, 'objects', 'metadata');
    for (const each of [documents, objects]) rmSync(each, { recursive: true, force: true });
    if (!elsewhere.documents) this.#requireRoom(statSync(join(home.documents, 'data.mdb')).size);
    const [, metadata] = await Promise.all([
      elsewhere.documents ? undefined : this.#copyDocuments(home.documents, documents),
      elsewhere.objects ? undefined : this.#copyMetadata(home.objects, objects),
    ]);
    return metadata;
  }

  async #copyMetadata(folder: string, target: string): Promise<MetadataCopy> {
    const metadata = await copyMetadata(folder, target);
    // What came between the two: at once, and not only when the documents are copied.
    for (const { id } of metadata.files()) if (!this.#known.has(blobPath(id))) this.#held.hold(id);
    return metadata;
  }

  async #copyDocuments(folder: string, target: string): Promise<void> {
    try {
      await backupFolder(folder, target, (line) => this.order.progress({ kind: 'documents', line }));
    } catch (error) {
      throw error instanceof MaintenanceError ? new BackupProblem('documents-damaged', { reason: error.message }) : error;
    }
    rmSync(join(target, 'lock.mdb'), { force: true });
    await this.#noteWhole('documents', 'documents/data.mdb');
  }

  async #noteWhole(part: string, path: string): Promise<void> {
    // The storage engine makes its copy readable to everybody.
    chmodSync(join(this.#draft, path), 0o600);
    this.#files.set(path, { ...(await sha256Of(join(this.#draft, path))), part });
  }

  /** @returns how many of the files that the metadata names were gone when their turn came */
  async #copyObjects(metadata: MetadataCopy): Promise<number> {
    let total = 0;
    let needed = 0;
    for (const { id, bytes, sha256Hex } of metadata.files()) {
      total += 1;
      const path = blobPath(id);
      if (!this.#files.has(path) && this.#known.get(path) !== sha256Hex) needed += bytes;
    }
    this.#requireRoom(needed);
    const named = new Set<string>();
    let gone = 0;
    for (const file of metadata.files()) {
      named.add(blobPath(file.id));
      if (!(await this.#takeObject(file))) gone += 1;
      this.order.progress({ kind: 'objects', done: named.size, total });
    }
    for (const path of [...this.#files.keys()].filter((each) => each.startsWith('objects/blobs/') && !named.has(each))) {
      rmSync(join(this.#draft, path), { force: true });
      this.#files.delete(path);
    }
    return gone;
  }

  /** False when it is gone. */
  async #takeObject({
    id,
    bytes,
    sha256Hex,
  }: {
    readonly id: string;
    readonly bytes: number;
    readonly sha256Hex: string;
  }): Promise<boolean> {
    const path = blobPath(id);
    if (this.#files.has(path)) return true;
    const target = join(this.#draft, path);
    const before = this.#previous && join(this.#previous.folder, path);
    if (before !== undefined && this.#known.get(path) === sha256Hex && linkFile(before, target) && statSync(target).size === bytes) {
      this.#linked += 1;
      this.#files.set(path, { bytes, sha256: sha256Hex, part: 'objects' });
      return true;
    }
    rmSync(target, { force: true });
    try {
      const copied = await copyFile(this.#held.pathOf(id), target);
      if (copied.sha256 === sha256Hex) this.#files.set(path, { ...copied, part: 'objects' });
      else {
        rmSync(target, { force: true });
        this.#damaged.push(id);
      }
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  #requireRoom(bytes: number): void {
    const { bavail, bsize } = statfsSync(this.to);
    const free = bavail * bsize;
    if (free < bytes + LEAVE_FREE_BYTES)
      throw new BackupProblem('disk-full', {
        folder: this.to,
        needMb: Math.ceil((bytes + LEAVE_FREE_BYTES) / 1e6),
        freeMb: Math.floor(free / 1e6),
      });
  }

  async #finish(asOf: Date): Promise<Manifest> {
    const { source, version, passphrase, now } = this.order;
    const files = [...this.#files].sort(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(join(this.#draft, FILE_LIST), files.map(([path, { sha256 }]) => `${sha256}  ${path}\n`).join(''), { mode: 0o600 });
    const { sha256: listSha256 } = await sha256Of(join(this.#draft, FILE_LIST));
    const manifest = manifestOf({
      name: this.#name,
      site: source.site,
      version,
      startedAt: this.startedAt.toISOString(),
      asOf: asOf.toISOString(),
      finishedAt: now().toISOString(),
      parts: this.#parts(),
      files: files.length,
      bytes: files.reduce((sum, [, { bytes }]) => sum + bytes, 0),
      linked: this.#linked,
      damaged: [...this.#damaged],
      secretsInEnvironment: [...source.secretsInEnvironment],
    });
    writeFileSync(join(this.#draft, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: 0o600 });
    const secrets = Object.fromEntries(
      [...filesUnder(source.home.secrets)].map((path) => [path, readFileSync(join(source.home.secrets, path)).toString('base64')]),
    );
    const { sha256: manifestSha256 } = await sha256Of(join(this.#draft, MANIFEST));
    const sealed: Sealed = { files: secrets, settings: { ...source.settings }, listSha256, manifestSha256 };
    writeFileSync(join(this.#draft, SEALED), seal(JSON.stringify(sealed), passphrase), { mode: 0o600 });
    this.order.progress({ kind: 'flushing' });
    await run('sync', ['-f', this.#draft]);
    renameSync(this.#draft, join(this.to, this.#name));
    flushFolder(this.to);
    return manifest;
  }

  #parts(): Manifest['parts'] {
    const { elsewhere } = this.order.source;
    const parts: Manifest['parts'] = {};
    for (const part of ['documents', 'objects', 'spool', 'pcap', 'prompts']) {
      const own = [...this.#files.values()].filter((file) => file.part === part);
      const where = (part === 'documents' && elsewhere.documents) || (part === 'objects' && elsewhere.objects) ? 'elsewhere' : 'here';
      parts[part] = { where, files: own.length, bytes: own.reduce((sum, { bytes }) => sum + bytes, 0) };
    }
    return parts;
  }
}

function flushFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
