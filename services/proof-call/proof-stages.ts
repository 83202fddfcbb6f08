import type { Words } from '../shared/domain/language.js';
import type { ProofStage, StageName } from './ports.js';

export type Stage = ReturnType<typeof createStages>['stage'];

/** Runs the stages one after the other; each is reported with its time and verdict. */
export function createStages(monotonicMs: () => number, onStage: (stage: ProofStage) => void) {
  const stages: ProofStage[] = [];

  async function stage<T>(
    name: StageName,
    does: () => Promise<T>,
    says: (result: T) => Words | undefined = () => ({ zh: '', en: '' }),
  ): Promise<T> {
    const since = monotonicMs();
    try {
      const result = await does();
      const words = says(result);
      if (words === undefined) return failed({ zh: '与应有的不符', en: 'not so' });
      report({ name, ok: true, ms: Math.round(monotonicMs() - since), detail: words.en, detailZh: words.zh });
      return result;
    } catch (error) {
      report({
        name,
        ok: false,
        ms: Math.round(monotonicMs() - since),
        detail: error instanceof Error ? error.message : 'failed',
        ...(error instanceof NotSo ? { detailZh: error.words.zh } : {}),
      });
      throw error;
    }
  }
  function report(made: ProofStage): void {
    stages.push(made);
    onStage(made);
  }

  return { stages, stage, report };
}

/** Why a stage failed, when the words are our own. */
class NotSo extends Error {
  constructor(readonly words: Words) {
    super(words.en);
  }
}

export function failed(why: Words): never {
  throw new NotSo(why);
}
