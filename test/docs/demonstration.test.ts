import { expect, test } from '@jest/globals';
import { demonstrationSteps } from '../../services/evidence/documents/register-documents.js';
import { speak } from '../../services/shared/domain/language.js';
import { callingOut } from '../../web-agent/src/i18n/words/calling-out/calling-out.js';

test.each([
  ['zh-CN', callingOut.zh.verdicts],
  ['en', callingOut.en.verdicts],
] as const)('the refusals of the demonstration script are called as on the pages (%s)', (language, verdicts) => {
  const seen = demonstrationSteps('4001000', speak(language)).map(({ see }) => see);
  for (const reason of ['no-consent', 'outside-window', 'number-not-usable'] as const)
    expect(seen.filter((words) => words.includes(verdicts[reason]))).toHaveLength(1);
});
