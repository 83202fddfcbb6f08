import { AutoComplete, Button, Input, Modal, Radio, Rate, Select, Space } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useChange } from '../../session/use-server.js';
import { useCaseNames } from './case-names.js';
import { ClockMoves } from './clock-moves.js';
import { nextDuty, type Complaint } from './complaint.js';
import { EvidenceSheet } from './evidence-sheet.js';
import { LetterSheet } from './letter-sheet.js';
import { RecountSheet } from './recount-sheet.js';
import type { AskedOf } from '../../session/api.js';

type CaseStep = AskedOf<'POST /complaints/:id/act'>['body']['act'];
type CaseAnswer = AskedOf<'POST /complaints/:id/answer'>['body'];
type Sheet = 'answer' | 'note' | 'record-satisfaction' | 'close' | 'reopen' | 'give-back' | 'hand-over';
type OwnSheet = 'attach-evidence' | 'letter' | 'change-kind' | 'change-province';

const isPlain = (sheet: Sheet | OwnSheet | null): sheet is Sheet =>
  sheet !== null && sheet !== 'attach-evidence' && sheet !== 'letter' && sheet !== 'change-kind' && sheet !== 'change-province';

/** The actions that a case allows in its state; the next duty is the primary button. */
export function CaseActions({ complaint }: { readonly complaint: Complaint }): ReactNode {
  const { t } = useTranslation();
  const [sheet, setSheet] = useState<Sheet | OwnSheet | null>(null);
  const change = useChange('complaints', () => setSheet(null));
  // By itself: the case can show as taken before the answer is here, and that must not close the sheet that was opened meanwhile.
  const taking = useChange('complaints');
  const asked = (act: CaseStep) =>
    ({ route: 'POST /complaints/:id/act', params: { id: complaint.id }, body: { act, revision: complaint.revision } }) as const;
  const duty = nextDuty(complaint);
  const { state } = complaint;
  const button = (name: Sheet | OwnSheet, shown: boolean): ReactNode =>
    shown && (
      <Button type={duty === name ? 'primary' : 'default'} onClick={() => setSheet(name)} data-testid={`case-${name}`}>
        {t(`complaints.do.${name}`)}
      </Button>
    );
  return (
    <Space wrap>
      {(state === 'open' || state === 'in-hand') && (
        <Button
          type={duty === 'take' ? 'primary' : 'default'}
          loading={taking.isPending}
          onClick={() => taking.mutate(asked({ type: 'take' }))}
          data-testid="case-take"
        >
          {t('complaints.do.take')}
        </Button>
      )}
      {button('answer', (state === 'in-hand' || state === 'answered') && complaint.sending === undefined)}
      {button('letter', state === 'in-hand' || state === 'answered')}
      {button('hand-over', state === 'in-hand')}
      {button('give-back', state === 'in-hand')}
      {button('record-satisfaction', state === 'answered')}
      {button('attach-evidence', state !== 'closed')}
      {button('close', state === 'answered' && complaint.sending === undefined)}
      {button('change-kind', state !== 'closed')}
      {button('change-province', state !== 'closed')}
      <ClockMoves complaint={complaint} />
      {button('reopen', state === 'closed')}
      {button('note', true)}
      {sheet === 'attach-evidence' && <EvidenceSheet complaint={complaint} onClose={() => setSheet(null)} />}
      {sheet === 'letter' && <LetterSheet complaint={complaint} onClose={() => setSheet(null)} />}
      {(sheet === 'change-kind' || sheet === 'change-province') && (
        <RecountSheet complaint={complaint} change={sheet} onClose={() => setSheet(null)} />
      )}
      {isPlain(sheet) && (
        <ActionSheet
          complaint={complaint}
          sheet={sheet}
          busy={change.isPending}
          onClose={() => setSheet(null)}
          onAnswer={(body) => change.mutate({ route: 'POST /complaints/:id/answer', params: { id: complaint.id }, body })}
          onReopen={(text) => change.mutate({ route: 'POST /complaints/:id/reopen', params: { id: complaint.id }, body: { text } })}
          onAct={(step) => change.mutate(asked(step))}
        />
      )}
    </Space>
  );
}

/** The step of a sheet; undefined while a required value is missing. */
function stepOf(
  sheet: Exclude<Sheet, 'answer' | 'reopen'>,
  {
    words,
    score,
    colleague,
    upheld,
  }: {
    readonly words: string;
    readonly score: number;
    readonly colleague: string | null;
    readonly upheld: boolean;
  },
): CaseStep | undefined {
  switch (sheet) {
    case 'record-satisfaction':
      return { type: sheet, score: score === 0 ? null : score };
    case 'hand-over':
      return colleague === null ? undefined : { type: sheet, to: colleague };
    case 'close':
      return { type: sheet, upheld, text: words };
    case 'note':
    case 'give-back':
      return { type: sheet, text: words };
  }
}

function ActionSheet({
  complaint,
  sheet,
  busy,
  onClose,
  onAct,
  onAnswer,
  onReopen,
}: {
  readonly complaint: Complaint;
  readonly sheet: Sheet;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onAct: (step: CaseStep) => void;
  readonly onAnswer: (answer: CaseAnswer) => void;
  readonly onReopen: (text: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [how, setHow] = useState<CaseAnswer['how']>('call');
  const letter = complaint.letters?.at(-1);
  const [callId, setCallId] = useState('');
  const [to, setTo] = useState('');
  const [score, setScore] = useState(0);
  const [upheld, setUpheld] = useState(true);
  const [colleague, setColleague] = useState<string | null>(null);
  const wantsText = sheet !== 'record-satisfaction' && sheet !== 'hand-over';
  const blocked = (wantsText && text.trim() === '') || (sheet === 'hand-over' && colleague === null);

  function save(): void {
    const words = text.trim();
    switch (sheet) {
      case 'answer':
        onAnswer({
          how,
          text: words,
          ...(callId === '' || how !== 'call' ? {} : { callId }),
          ...(to === '' ? {} : { to }),
          ...(how === 'letter' && letter !== undefined ? { letterId: letter.letterId } : {}),
        });
        return;
      case 'reopen':
        onReopen(words);
        return;
      default: {
        const step = stepOf(sheet, { words, score, colleague, upheld });
        if (step !== undefined) onAct(step);
      }
    }
  }

  return (
    <Modal
      open
      title={t(`complaints.do.${sheet}`)}
      okText={t('shell.save')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: blocked, loading: busy, 'data-testid': 'case-save' }}
      onCancel={onClose}
      onOk={save}
    >
      <div className="stack">
        {sheet === 'answer' && (
          <AnswerFields
            complaint={complaint}
            letter={letter}
            how={how}
            onHow={(value) => {
              setHow(value);
              // The text of the letter becomes the answer; it can be changed before it is saved.
              if (value === 'letter' && text.trim() === '') setText(letter?.answer ?? '');
            }}
            callId={callId}
            onCallId={setCallId}
            to={to}
            onTo={setTo}
          />
        )}
        {sheet === 'hand-over' && <Colleague colleague={colleague} onColleague={setColleague} />}
        {sheet === 'close' && <Upheld upheld={upheld} onUpheld={setUpheld} />}
        {sheet === 'record-satisfaction' && <Score score={score} onScore={setScore} />}
        {wantsText && (
          <Input.TextArea
            autoFocus
            rows={5}
            value={text}
            aria-label={t('complaints.words')}
            onChange={({ target }) => setText(target.value)}
            data-testid="case-words"
          />
        )}
      </div>
    </Modal>
  );
}

function Colleague({
  colleague,
  onColleague,
}: {
  readonly colleague: string | null;
  readonly onColleague: (colleague: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { colleagues } = useCaseNames();
  return (
    <Select
      showSearch={{ optionFilterProp: 'label' }}
      aria-label={t('complaints.handOverTo')}
      placeholder={t('complaints.handOverTo')}
      value={colleague}
      onChange={onColleague}
      options={colleagues.map(({ userId, name }) => ({ value: userId, label: name }))}
    />
  );
}

function Score({ score, onScore }: { readonly score: number; readonly onScore: (score: number) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Rate value={score} onChange={onScore} aria-label={t('complaints.satisfaction')} data-testid="answer-score" />
      <span className="soft">{t('complaints.noScore')}</span>
    </>
  );
}

function AnswerFields({
  complaint,
  letter,
  how,
  onHow,
  callId,
  onCallId,
  to,
  onTo,
}: {
  readonly complaint: Complaint;
  readonly letter: NonNullable<Complaint['letters']>[number] | undefined;
  readonly how: CaseAnswer['how'];
  readonly onHow: (how: CaseAnswer['how']) => void;
  readonly callId: string;
  readonly onCallId: (callId: string) => void;
  readonly to: string;
  readonly onTo: (to: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const own = how === 'sms' || how === 'mail' ? complaint.complainant.reachable?.includes(how) === true : false;
  return (
    <>
      <Select
        aria-label={t('complaints.how')}
        value={how}
        onChange={onHow}
        options={(['call', 'sms', 'mail', 'letter'] as const).map((value) => ({ value, label: t(`complaints.hows.${value}`) }))}
      />
      {how === 'call' && (
        <AutoComplete
          value={callId}
          options={complaint.callIds.map((value) => ({ value }))}
          placeholder={t('complaints.answerCall')}
          aria-label={t('complaints.answerCall')}
          onChange={(value: string) => onCallId(value.trim())}
        />
      )}
      {how === 'letter' && (
        <span className="soft" data-testid="letter-hint">
          {letter === undefined ? t('complaints.letterHint') : t('complaints.letterUsed', { name: letter.files[0]?.fileName })}
        </span>
      )}
      {(how === 'sms' || how === 'mail') && (
        <Input
          value={to}
          placeholder={
            !own
              ? t('complaints.answerTo')
              : how === 'mail'
                ? t('complaints.ownMail')
                : t('complaints.ownAddress', { to: complaint.complainant.numberMasked })
          }
          aria-label={t('complaints.answerTo')}
          onChange={({ target }) => onTo(target.value.trim())}
          data-testid="answer-to"
        />
      )}
    </>
  );
}

function Upheld({ upheld, onUpheld }: { readonly upheld: boolean; readonly onUpheld: (upheld: boolean) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Radio.Group
      value={upheld}
      onChange={({ target }) => onUpheld(target.value === true)}
      options={[
        { value: true, label: t('complaints.upheld') },
        { value: false, label: t('complaints.notUpheld') },
      ]}
    />
  );
}
