import { parseInProcess } from '../../../services/shared/platform/files/file-parser.js';

/** A parser that does what hostile files make parsers do. */
parseInProcess(({ does }: { readonly does: string }) => {
  if (does === 'throws') throw new Error('broken');
  if (does === 'ends') process.exit(0);
  if (does === 'runs') for (;;);
  if (does === 'eats') {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, i) => i));
  }
  return 'read';
});
