import type { Witnessed } from '../../shared/domain/licence/witnessed.js';
import type { Document, Form, Letterhead } from '../../shared/domain/licence/document.js';
import type { PackFacts, PackKind } from '../documents/pack-facts.js';
import type { SiteState } from '../evidence-service.js';
import type { Language, Say } from '../../shared/domain/language.js';
import type {
  AttachedBodies,
  LedgerNumbersReader,
  LedgerReader,
  PackStore,
  RecordedBodies,
  RecordingLooks,
  SheetsFrom,
  SiteReader,
  StoredFiguresReader,
  StoredRows,
  Stretch,
} from '../ports.js';
import type { CallId } from '../../shared/domain/ids.js';
import type { AuditedJump, OpenJumpsReader } from './clock-jumps.js';
import type { Draw } from './draw.js';
import type { Restore } from './history.js';
import type { KeepRows } from './gather.js';
import type { PackedFile } from './manifest.js';

export interface PackOrder {
  readonly kind: PackKind;
  /** The licence case whose papers the pack contains. */
  readonly caseId?: string | undefined;
  /** Calendar days at the site, the last one included. */
  readonly from: string;
  readonly to: string;
  readonly requestedBy: string;
  readonly language: Language;
  /** With recordings that are drawn from those of the period, and the reason why they leave the archive. */
  readonly drawn?: (Draw & { readonly reason: string }) | undefined;
}

/** A folder for the files of one pack, removed afterwards. */
export interface Workshop {
  readonly keep: KeepRows;
  pathOf(name: string): string;
  /** The path of the same rows for office programs. */
  tablePathOf(name: string): string;
  /** The place of the finished archive. */
  readonly archivePath: string;
  clear(): Promise<void>;
}

/** The archive that is being written; the adapter is adapters/zip-writer.ts. */
export interface Archive {
  add(name: string, body: Uint8Array | { readonly path: string }, options?: { readonly stored?: boolean }): Promise<PackedFile>;
  close(): Promise<{ readonly bytes: number; readonly sha256: string }>;
  abandon(): Promise<void>;
}

/** One key for signing manifests. */
interface PackSigner {
  readonly publicKey: string;
  readonly fingerprint: string;
  sign(text: string): string;
}

export interface PackDependencies {
  readonly rows: StoredRows;
  readonly site: SiteReader;
  readonly packs: PackStore;
  /** The restores of the system from a backup, in order. */
  readonly restores: () => Promise<readonly Restore[]>;
  readonly storedFigures: StoredFiguresReader;
  readonly sheets: SheetsFrom;
  readonly openJumps: OpenJumpsReader;
  /** The jumps of the clock that the audit log has, in order. */
  readonly auditedJumps: () => Promise<readonly AuditedJump[]>;
  readonly ledger: LedgerReader;
  readonly ledgerNumbers: LedgerNumbersReader;
  readonly attached: AttachedBodies;
  /** A recording for a pack. That it leaves the archive is in the audit log before its bytes are read. */
  readonly recorded: (
    callId: CallId,
    sha256: string,
    asked: { readonly who: string; readonly reason: string },
  ) => ReturnType<RecordedBodies>;
  readonly newLooks: () => RecordingLooks;
  /** What was sent outside for the sealed days from a day on. */
  readonly witnessed: (day: string) => Promise<readonly Witnessed[]>;
  readonly zone: string;
  readonly version: string;
  readonly now: () => Date;
  readonly stretchOf: (from: string, to: string) => Stretch;
  readonly monthOf: (atMs: number) => string;
  /** A pack describes the system as it is now, not as it was at the last round, so this reads it again. */
  readonly probe: (use: Pick<PackFacts['usage'], 'trunks' | 'numbers'>) => Promise<unknown>;
  readonly readState: (usage: PackFacts['usage'], language: Language) => Promise<SiteState>;
  /** The content of a file that people uploaded. */
  readonly attachment: (attachmentId: string) => Promise<Uint8Array>;
  /** A picture on its own sheet. */
  readonly picturePdf: (picture: Uint8Array, contentType: string, title: string) => Promise<Uint8Array>;
  readonly render: Readonly<Record<Form, (document: Document, letterhead: Letterhead) => Promise<Uint8Array>>>;
  readonly drawPdf: (svg: string, upright: boolean, title: string) => Promise<Uint8Array>;
  readonly rasterise: (svg: string, widthPx: number) => Promise<Uint8Array>;
  readonly signer: PackSigner & { readonly sm2: PackSigner };
  /** Asks the site's time-stamp authority; missing when the site has none. */
  readonly timeStamp?: (
    body: Uint8Array,
  ) => Promise<{ readonly response: Uint8Array; readonly stamp: { readonly at: Date; readonly authority: string } }>;
  readonly sha256Hex: (text: string) => string;
  readonly openWorkshop: (packId: string, fileName: string, say: Say) => Promise<Workshop>;
  readonly openArchive: (path: string) => Promise<Archive>;
  /** Files that every pack contains unchanged: verifier, recomputation script. */
  readonly fixedFiles: () => Promise<readonly { readonly name: string; readonly body: Uint8Array }[]>;
}
