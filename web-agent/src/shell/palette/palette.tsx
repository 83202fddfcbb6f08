import { BellFilled } from '@ant-design/icons';
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCallerName } from '../../components/names/caller-name.js';
import { useQueueName } from '../../screens/seat/queue-names.js';
import { usePhonePart, useWorkplace } from '../../session/use-workplace.js';
import type { PageEntry } from '../pages.js';
import { groups, moved, type Choice } from './choices.js';
import { useFound } from './palette-reads.js';
import './palette.css';

/**
 * Pages, people, queues, numbers, calls and complaints behind one field. The browser's own dialog element: it keeps the focus, closes on
 * Esc and gives the focus back. Loaded when it is first opened.
 */
export default function Palette({ pages, onClose }: { readonly pages: readonly PageEntry[]; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const go = useNavigate();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = (): void => dialog.current?.close();
  useLayoutEffect(() => {
    const box = dialog.current;
    box?.showModal();
    // Whatever closes it, the focus goes back to where it was.
    return () => box?.close();
  }, []);

  function choose({ to }: Choice): void {
    close();
    void go(to);
    document.getElementById('content')?.focus();
  }

  return (
    // The role is written out for code that looks for it: the keys of the seat keep out of dialogs.
    <dialog
      ref={dialog}
      role="dialog"
      aria-label={t('palette.name')}
      className="palette"
      onClose={onClose}
      onClick={({ target }) => {
        if (target === dialog.current) close();
      }}
      data-testid="palette"
    >
      <div className="palette-box">
        <Ring onAnswered={close} />
        <Search pages={pages} onChoose={choose} onClose={close} />
      </div>
    </dialog>
  );
}

function Search({
  pages,
  onChoose,
  onClose,
}: {
  readonly pages: readonly PageEntry[];
  readonly onChoose: (choice: Choice) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState('');
  const [place, setPlace] = useState(0);
  const { choices, reading, failed } = useFound(pages, text);
  const at = Math.min(place, Math.max(0, choices.length - 1));
  const listed = choices.length > 0;
  const optionId = (index: number): string => `${id}-${index}`;

  function pressed(event: KeyboardEvent<HTMLInputElement>): void {
    const { key, ctrlKey, metaKey, nativeEvent } = event;
    // Enter and the arrows belong to the Chinese input method while it composes.
    if (nativeEvent.isComposing) return;
    if ((ctrlKey || metaKey) && key.toLowerCase() === 'k') onClose();
    else if (key === 'ArrowDown') setPlace(moved(at, 1, choices.length));
    else if (key === 'ArrowUp') setPlace(moved(at, -1, choices.length));
    else if (key === 'Enter') {
      const choice = choices[at];
      if (choice !== undefined) onChoose(choice);
    } else return;
    event.preventDefault();
  }

  return (
    <>
      <input
        className="palette-field"
        role="combobox"
        aria-label={t('palette.placeholder')}
        aria-autocomplete="list"
        aria-expanded={listed}
        aria-haspopup="listbox"
        aria-describedby={`${id}-keys`}
        {...(listed ? { 'aria-controls': `${id}-list`, 'aria-activedescendant': optionId(at) } : {})}
        placeholder={t('palette.placeholder')}
        autoComplete="off"
        spellCheck={false}
        maxLength={64}
        autoFocus
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setPlace(0);
        }}
        onKeyDown={pressed}
        data-testid="palette-field"
      />
      <div className="visually-hidden" role="status">
        {text.trim() === '' || reading ? '' : t('palette.count', { count: choices.length })}
      </div>
      {/* Reached by Tab, so that keys scroll what can be typed. */}
      <div className="palette-found" tabIndex={0}>
        {text.trim() === '' && <Hints pages={pages} />}
        {listed && <List id={`${id}-list`} optionId={optionId} choices={choices} at={at} onChoose={onChoose} />}
        {!listed && reading && <p className="soft">{t('palette.reading')}</p>}
        {!listed && !reading && text.trim() !== '' && (
          <div data-testid="palette-nothing">
            <p>{t('palette.nothing', { text: text.trim() })}</p>
            <Hints pages={pages} />
          </div>
        )}
        {failed && <p className="bad">{t('palette.failed')}</p>}
      </div>
      <p className="palette-keys soft" id={`${id}-keys`}>
        {t('palette.keys')}
      </p>
    </>
  );
}

function List({
  id,
  optionId,
  choices,
  at,
  onChoose,
}: {
  readonly id: string;
  readonly optionId: (index: number) => string;
  readonly choices: readonly Choice[];
  readonly at: number;
  readonly onChoose: (choice: Choice) => void;
}): ReactNode {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const shown = choices[at]?.key;
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [shown]);
  return (
    <div role="listbox" id={id} aria-label={t('palette.results')} ref={list} data-testid="palette-list">
      {groups
        .filter((group) => choices.some((choice) => choice.group === group))
        .map((group) => (
          <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
            <div className="palette-group soft" id={`${id}-${group}`} role="presentation">
              {t(`palette.groups.${group}`)}
            </div>
            {choices.map((choice, index) =>
              choice.group !== group ? null : (
                <div
                  key={choice.key}
                  id={optionId(index)}
                  role="option"
                  aria-selected={index === at}
                  className="palette-choice"
                  // The field keeps the focus.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => onChoose(choice)}
                  data-testid={`palette-${choice.key}`}
                >
                  <span className="palette-label">{choice.label}</span>
                  {choice.detail !== undefined && <span className="soft">{choice.detail}</span>}
                </div>
              ),
            )}
          </div>
        ))}
    </div>
  );
}

/** The pages on which each kind is found: people who may open none of them are not told of it. */
const hints = [
  ['people', ['/agents', '/users']],
  ['queues', ['/wallboard', '/queues']],
  ['numbers', ['/numbers']],
  ['calls', ['/calls']],
  ['cases', ['/complaints']],
] as const;

/** Hints about what can be typed. */
function Hints({ pages }: { readonly pages: readonly PageEntry[] }): ReactNode {
  const { t } = useTranslation();
  const may = hints.filter(([, paths]) => pages.some(({ path }) => paths.some((each) => each === path)));
  return (
    <div className="palette-hints soft" data-testid="palette-hints">
      {t('palette.canType')}
      <ul>
        <li>{t('palette.hints.pages')}</li>
        {may.map(([hint]) => (
          <li key={hint}>{t(`palette.hints.${hint}`)}</li>
        ))}
      </ul>
    </div>
  );
}

/** A call that comes while the palette is open is shown and answered here: what lies behind cannot be reached. */
function Ring({ onAnswered }: { readonly onAnswered: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const callerName = useCallerName();
  const queueName = useQueueName(i18n.language);
  const offer = usePhonePart((phone) => phone.offer);
  const { seat } = useWorkplace();
  if (offer === null) return null;
  return (
    <div className="palette-ring row" role="alert" data-testid="palette-ring">
      <BellFilled className="ring-icon" />
      {t('palette.ringing')} <strong>{callerName(offer.callerMasked)}</strong>
      <span className="soft">{queueName(offer.queueId)}</span>
      <button
        type="button"
        className="palette-answer"
        onClick={() => {
          void seat?.answer();
          onAnswered();
        }}
        data-testid="palette-answer"
      >
        {t('palette.answer')}
      </button>
    </div>
  );
}
