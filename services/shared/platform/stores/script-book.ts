import { createHash } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import type { ScriptText } from '../../contracts/script-text.js';

interface Row extends ScriptText {
  /** The hash of what it says: one text is one row, and no row is ever changed. */
  readonly _id: string;
  /** When it was first on a screen. */
  readonly at: Date;
}

const schema = new Schema<Row>({ _id: { type: String, required: true } }, { versionKey: false, strict: false, minimize: false });

export interface ScriptBook {
  /** Keeps the text for good, and answers with its id. */
  keep(text: ScriptText): Promise<string>;
  of(scriptIds: readonly string[]): Promise<ReadonlyMap<string, Omit<Row, '_id'>>>;
}

/** What agents had on their screens to say, as it was worded then. */
export function createScriptBook(mongo: Connection, now: () => Date): ScriptBook {
  const rows = mongo.model<Row>('shown_scripts', schema, 'shown_scripts');
  const kept = new Set<string>();
  return {
    async keep({ of, subject, name, greeting, script, fields }) {
      const text: ScriptText = { of, subject, name, greeting, script: { 'zh-CN': script['zh-CN'], en: script.en }, fields };
      const _id = createHash('sha256').update(JSON.stringify(text)).digest('hex');
      if (!kept.has(_id)) await rows.updateOne({ _id }, { $setOnInsert: { ...text, at: now() } }, { upsert: true });
      kept.add(_id);
      return _id;
    },
    async of(scriptIds) {
      if (scriptIds.length === 0) return new Map();
      const found = await rows.find({ _id: { $in: [...scriptIds] } }).lean<Row[]>();
      return new Map(found.map(({ _id, ...row }) => [_id, row]));
    },
  };
}
