import type { Block, Document } from '../../../shared/domain/licence/document.js';
import type { Say } from '../../../shared/domain/language.js';
import { toBeConfirmed } from '../../checks/open-points.js';

/** Files of the pack that are not part of the submission. */
const ELSEWHERE = /\brows\/|\brecompute\.py\b/;

/**
 * A document as it is submitted. Our remarks for the company (unconfirmed interpretations, rules known only from quotations, where the rest
 * of a list is) stay in the documents of the pack: they are not statements to an authority.
 */
export function handedIn(document: Document, say: Say): Document {
  const open = toBeConfirmed(say);
  const quoted = say('（据转述）', ' (as quoted)');
  // With the punctuation mark before it: "…数值见《外呼管理》，待…确认。"
  const remarks = [`，${open}`, `；${open}`, `, ${open}`, `; ${open}`, open, quoted];
  const clean = (words: string): string => remarks.reduce((rest, remark) => rest.replaceAll(remark, ''), words);
  const blocks = document.blocks.flatMap((block): Block[] => {
    switch (block.kind) {
      case 'note':
        return block.text.includes(open) || ELSEWHERE.test(block.text) ? [] : [{ ...block, text: clean(block.text) }];
      case 'text':
        return [{ ...block, text: clean(block.text) }];
      case 'pairs':
        return [{ ...block, rows: block.rows.map(([label, value]): [string, string] => [label, clean(value)]) }];
      case 'table':
        return [{ ...block, rows: block.rows.map((row) => row.map(clean)) }];
      case 'heading':
      case 'drawing':
      case 'signature':
        return [block];
    }
  });
  return { ...document, blocks };
}
