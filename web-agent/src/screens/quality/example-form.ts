import type { ReviewForm } from '../../../../services/shared/domain/review-form.js';

const question = (
  id: string,
  zh: string,
  en: string,
  weight: number,
  severity: ReviewForm['questions'][number]['severity'] = 'normal',
): ReviewForm['questions'][number] => ({ id, text: { 'zh-CN': zh, en }, points: 5, weight, severity });

/** A form to begin with, for a centre that has none. */
export const exampleForm: Omit<ReviewForm, 'version'> = {
  formId: 'service',
  name: { 'zh-CN': '服务质量', en: 'Service quality' },
  questions: [
    question('greeting', '按规范问候并报出单位名称', 'Greets, and names the organisation', 10),
    question('listening', '听清并复述来电者的问题', 'Listens, and repeats what the caller asks', 20),
    question('solution', '给出正确、完整的答复或办理', 'Gives a right and complete answer', 30, 'critical'),
    question('manner', '态度礼貌，语速适中，不打断', 'Is polite, speaks at a fit pace, does not interrupt', 15),
    question('hold', '保持或转接前先征得同意并说明原因', 'Asks before holding or transferring, and says why', 10),
    question('closing', '确认无其他需要后礼貌结束', 'Asks whether there is more, and closes politely', 10),
    question('privacy', '未泄露个人信息，核验身份后才告知', 'Tells personal data only after checking who calls', 5, 'fatal'),
  ],
};
