import { addressee, heading, pairs, text, type Document } from '../../shared/domain/licence/document.js';
import { inWords, speak, type Language, type Say, type Words } from '../../shared/domain/language.js';
import type { ComplaintKind, ComplaintSource } from '../clock/deadline-rule.js';

/** The content of a letter of answer (投诉答复函). The footer of the letter shows its hash. */
export interface LetterFacts {
  readonly number: string;
  /** Counted from 1: a changed answer is a further letter. */
  readonly serial: number;
  readonly kind: ComplaintKind;
  readonly source: ComplaintSource;
  readonly complainantName?: string;
  /** Masked, unless the author may show the whole number and gave a reason. */
  readonly complainantNumber: string;
  readonly clientUnit?: string;
  /** Dates and times at the site, as printed. */
  readonly receivedOn: string;
  readonly eventAt?: string;
  readonly complaint: string;
  readonly found: string;
  readonly answer: string;
  readonly company: string;
  /** Where the complainant can appeal: telephone or address of the appeal centre. */
  readonly appealContact: string;
  readonly date: string;
}

const kinds: Readonly<Record<ComplaintKind, Words>> = {
  harassment: { zh: '骚扰电话', en: 'Harassing calls' },
  'called-after-refusal': { zh: '明确拒绝后再次呼出', en: 'Called after refusal' },
  attitude: { zh: '服务态度', en: 'Attitude' },
  waiting: { zh: '等待过久', en: 'Waiting too long' },
  'information-leak': { zh: '信息泄露', en: 'Leak of information' },
  charging: { zh: '收费问题', en: 'Charges' },
  other: { zh: '其他', en: 'Other' },
};

/** The letter as data, for PDF and DOCX. Text that people wrote is printed as it is. */
export function answerLetter(facts: LetterFacts, language: Language): Document {
  const say = speak(language);
  const { number, serial, complainantName, complainantNumber, clientUnit, receivedOn, eventAt, kind } = facts;
  return {
    id: 'answer-letter',
    fileName: `${number}-${say('答复函', 'answer')}-${serial}`,
    title: say('投诉答复函', 'Answer to your complaint'),
    forms: ['docx', 'pdf'],
    blocks: [
      addressee(
        complainantName === undefined
          ? say('尊敬的投诉人：', 'Dear complainant,')
          : say(`尊敬的${complainantName}：`, `Dear ${complainantName},`),
      ),
      text(
        say(
          `您于 ${receivedOn} 提出的投诉，我们已经办理，现答复如下。`,
          `We have looked into the complaint that you made on ${receivedOn}. This is our answer.`,
        ),
      ),
      pairs(
        [say('投诉编号', 'Number of the complaint'), number],
        [say('投诉人号码或邮箱', 'Your number or mail address'), complainantNumber],
        [say('投诉类型', 'Kind'), inWords(kinds[kind], say)],
        ...(clientUnit === undefined ? [] : [[say('委托单位', 'On behalf of'), clientUnit] as const]),
        ...(eventAt === undefined ? [] : [[say('事件发生时间', 'When it happened'), eventAt] as const]),
      ),
      heading(say('一、您反映的问题', '1. What you told us')),
      ...paragraphs(facts.complaint),
      heading(say('二、调查情况', '2. What we found')),
      ...paragraphs(facts.found),
      heading(say('三、答复意见', '3. Our answer')),
      ...paragraphs(facts.answer),
      heading(say('四、您的申诉权利', '4. If you do not agree')),
      ...appeal(facts, say),
      { kind: 'signature', lines: [facts.company, facts.date, say('（盖章）', '(seal)')] },
    ],
  };
}

const paragraphs = (words: string) =>
  words
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => text(line));

/** 电信用户申诉处理办法 (MIIT order 35 of 2016) art. 10(四): after the answer, or after 15 days without one; art. 11(一): for how long. */
function appeal({ source, kind, number, appealContact }: LetterFacts, say: Say) {
  if (source === 'regulator')
    return [
      text(
        say(
          `本投诉由电信用户申诉受理机构转来。如您对本答复有异议，请向该机构（${appealContact}）反映，并告知投诉编号 ${number}。`,
          `Your complaint came to us from the telecommunications appeal centre. If you do not agree, please tell the centre (${appealContact}) and give the number ${number}.`,
        ),
      ),
    ];
  const within = kind === 'charging' ? say('五个月', 'five months') : say('两年', 'two years');
  return [
    text(
      say(
        `如您对本答复不满意，可依据《电信用户申诉处理办法》第十条、第十一条，自事件发生之日起${within}内向电信用户申诉受理机构（${appealContact}）申诉。申诉时请提供投诉编号 ${number} 和本函。`,
        `If you are not satisfied, you may appeal to the telecommunications appeal centre (${appealContact}) within ${within} of the event, by articles 10 and 11 of the Measures for Handling Appeals of Telecommunications Users. Please give the number ${number} and this letter.`,
      ),
    ),
    text(
      say(
        '您也可以致电我们的投诉电话，要求重新处理。您的投诉不会影响我们对您的服务。',
        'You may also call us and ask us to look at it again. Your complaint makes no difference to how we serve you.',
      ),
    ),
  ];
}
