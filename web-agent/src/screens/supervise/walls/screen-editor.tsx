import { Alert, Button, Input, Popconfirm, Select } from 'antd';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  MOST_TILES,
  WALL_COLUMNS,
  WALL_ROWS,
  wallTileKinds,
  type WallLayout,
  type WallTile,
} from '../../../../../services/shared/contracts/queues/wall.js';
import { boardFigureKeys, trunkFigureKeys } from '../../../../../services/shared/domain/figures/keys.js';
import { figureRegistry } from '../../../../../services/shared/domain/figures/registry.js';
import { wallRowScopes } from '../../../../../services/shared/domain/figures/scope-rows.js';
import { thresholdWindows } from '../../../../../services/shared/domain/figures/threshold.js';
import { useBoard, useRead } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { Field, NumberField } from '../../administer/fields.js';
import { nameOf, useQueueName, useQueues } from '../../seat/queue-names.js';
import { moved, READABLE_ROWS, resized, rowsOfScreen, stepOfKey, tileOfKind, tileOfTrunk } from './wall-draft.js';
import './walls.css';

type Screen = WallLayout['screens'][number];

/** Arranges the tiles of one screen: by dragging, and by the keyboard. */
export function ScreenEditor({
  screen: { title, tiles },
  onChange,
  onRemove,
}: {
  readonly screen: Screen;
  readonly onChange: (screen: Screen) => void;
  readonly onRemove?: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState(0);
  const [said, setSaid] = useState('');
  const dragged = useRef<number | undefined>(undefined);
  const list = useRef<HTMLUListElement>(null);
  const nameOfTile = useTileName();
  const set = (next: readonly WallTile[]): void => onChange({ title, tiles: [...next] });
  const tile = tiles[Math.min(chosen, tiles.length - 1)];

  function move(from: number, to: number): void {
    const next = moved(tiles, from, to);
    if (next === tiles) return;
    set(next);
    setChosen(to);
    setSaid(t('walls.moved', { n: to + 1 }));
    // The moved tile keeps the focus.
    focus(to);
  }
  function focus(at: number): void {
    requestAnimationFrame(() => list.current?.querySelectorAll('button')[at]?.focus());
  }
  function remove(at: number): void {
    set(tiles.filter((_, i) => i !== at));
    setChosen(Math.max(0, at - 1));
    // Focuses the tile whose fields are shown, since the removed element is gone.
    focus(Math.max(0, at - 1));
  }
  function keyed(event: KeyboardEvent, at: number): void {
    const step = stepOfKey(event.key, event.shiftKey);
    if (step === undefined) return;
    event.preventDefault();
    if (step.do === 'move') move(at, at + step.by);
    else if (step.do === 'remove') remove(at);
    else set(tiles.map((each, i) => (i === at ? resized(each, step) : each)));
  }
  return (
    <div className="stack" data-testid="wall-screen-editor">
      <ScreenHead
        title={title}
        isFull={tiles.length >= MOST_TILES}
        onTitle={(next) => onChange({ title: next, tiles })}
        onAdd={() => {
          set([...tiles, tileOfKind('figure', {})]);
          setChosen(tiles.length);
        }}
        onRemove={onRemove}
      />
      <p className="soft">{tiles.length >= MOST_TILES ? t('walls.full', { most: MOST_TILES }) : t('walls.tileHint')}</p>
      <TooSmall tiles={tiles} />
      <ul className="wall-tiles" ref={list}>
        {tiles.map((each, i) => (
          <li key={i} style={{ gridColumn: `span ${each.wide}`, gridRow: `span ${each.high}` }}>
            <button
              type="button"
              draggable
              data-testid={`wall-tile-${i}`}
              data-chosen={i === chosen}
              aria-pressed={i === chosen}
              aria-label={t('walls.tileLabel', { what: nameOfTile(each), n: i + 1, of: tiles.length, wide: each.wide, high: each.high })}
              onClick={() => setChosen(i)}
              onKeyDown={(event) => keyed(event, i)}
              onDragStart={(event) => {
                dragged.current = i;
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', String(i));
              }}
              onDragOver={(event) => event.preventDefault()}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged.current !== undefined) move(dragged.current, i);
                dragged.current = undefined;
              }}
            >
              {nameOfTile(each)}
            </button>
          </li>
        ))}
      </ul>
      <span role="status" className="wall-said">
        {said}
      </span>
      {tile !== undefined && (
        <TileFields
          tile={tile}
          onChange={(next) => set(tiles.map((each) => (each === tile ? next : each)))}
          onRemove={() => remove(tiles.indexOf(tile))}
        />
      )}
    </div>
  );
}

/** Nobody reads small text across a room. */
function TooSmall({ tiles }: Pick<Screen, 'tiles'>): ReactNode {
  const { t } = useTranslation();
  const rows = rowsOfScreen(tiles);
  if (rows <= READABLE_ROWS) return null;
  return <Alert type="warning" showIcon title={t('walls.tooSmall', { rows, most: READABLE_ROWS })} data-testid="wall-too-small" />;
}

function ScreenHead({
  title,
  isFull,
  onTitle,
  onAdd,
  onRemove,
}: {
  readonly title: string;
  readonly isFull: boolean;
  readonly onTitle: (title: string) => void;
  readonly onAdd: () => void;
  readonly onRemove: (() => void) | undefined;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="row">
      <Field label={t('walls.screenTitle')}>
        {(id) => <Input id={id} maxLength={60} value={title} onChange={({ target }) => onTitle(target.value)} />}
      </Field>
      {onRemove !== undefined && (
        <Popconfirm title={t('walls.removeScreen')} okText={t('walls.remove')} cancelText={t('shell.cancel')} onConfirm={onRemove}>
          <Button danger>{t('walls.removeScreen')}</Button>
        </Popconfirm>
      )}
      <Button disabled={isFull} onClick={onAdd} data-testid="wall-add-tile">
        {t('walls.addTile')}
      </Button>
    </div>
  );
}

function useTileName(): (tile: WallTile) => string {
  const { t, i18n } = useTranslation();
  const queueName = useQueueName(i18n.language);
  const language = i18n.language === 'en' ? 'en' : 'zh';
  return (tile) => {
    if (tile.kind === 'rows') return t(`walls.rowsBy.${tile.by}`);
    const what =
      'figure' in tile ? `${t(`walls.kinds.${tile.kind}`)}: ${figureRegistry[tile.figure].name[language]}` : t(`walls.kinds.${tile.kind}`);
    if ('trunkId' in tile && tile.trunkId !== '') return `${t('walls.rowHead.trunk')} ${tile.trunkId} · ${what}`;
    return 'queueId' in tile && tile.queueId !== '' ? `${queueName(tile.queueId)} · ${what}` : what;
  };
}

/** The trunks of the live board, and those of the register for whoever may read it. */
function TrunkField({
  none,
  trunkId,
  onChange,
}: {
  readonly none: string;
  readonly trunkId: string;
  readonly onChange: (trunkId: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const live = useBoard('board:trunks').value ?? [];
  const registered = useRead('/trunks', { enabled: may('flows.edit') }).data?.trunks ?? [];
  const ids = [...new Set([...registered.map(({ id }) => id), ...live.map(({ id }) => id), ...(trunkId === '' ? [] : [trunkId])])].sort();
  return (
    <Field label={t('walls.rowHead.trunk')}>
      {(id) => (
        <Select
          id={id}
          data-testid="wall-tile-trunk"
          value={trunkId}
          options={[{ value: '', label: none }, ...ids.map((value) => ({ value, label: value }))]}
          onChange={onChange}
        />
      )}
    </Field>
  );
}

function TileFields({
  tile,
  onChange,
  onRemove,
}: {
  readonly tile: WallTile;
  readonly onChange: (tile: WallTile) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const queues = (useQueues() ?? []).filter(({ internal }) => !internal);
  return (
    <section className="panel wall-tile-fields" data-testid="wall-tile-fields">
      <Field label={t('walls.kind')}>
        {(id) => (
          <Select
            id={id}
            data-testid="wall-tile-kind"
            value={tile.kind}
            options={wallTileKinds.map((kind) => ({ value: kind, label: t(`walls.kinds.${kind}`) }))}
            onChange={(kind) => onChange(tileOfKind(kind, tile))}
          />
        )}
      </Field>
      {'figure' in tile && (
        <>
          <Field label={t('walls.figure')}>
            {(id) => (
              <Select
                id={id}
                data-testid="wall-tile-figure"
                value={tile.figure}
                options={(tile.trunkId === '' ? boardFigureKeys : [...boardFigureKeys, ...trunkFigureKeys]).map((key) => ({
                  value: key,
                  label: figureRegistry[key].name[language],
                }))}
                onChange={(figure) => onChange({ ...tile, figure })}
              />
            )}
          </Field>
          <Field label={t('walls.window')}>
            {(id) => (
              <Select
                id={id}
                value={tile.window}
                options={thresholdWindows.map((window) => ({ value: window, label: t(`walls.windows.${window}`) }))}
                onChange={(window) => onChange({ ...tile, window })}
              />
            )}
          </Field>
        </>
      )}
      {tile.kind === 'rows' && (
        <Field label={t('walls.by')}>
          {(id) => (
            <Select
              id={id}
              data-testid="wall-tile-by"
              value={tile.by}
              options={wallRowScopes.map((by) => ({ value: by, label: t(`walls.rowsBy.${by}`) }))}
              onChange={(by) => onChange({ ...tile, by })}
            />
          )}
        </Field>
      )}
      {'trunkId' in tile && (
        <TrunkField
          none={tile.kind === 'channels' ? t('walls.allTrunks') : t('walls.noTrunk')}
          trunkId={tile.trunkId}
          onChange={(trunkId) => onChange('figure' in tile ? tileOfTrunk(tile, trunkId) : { ...tile, trunkId })}
        />
      )}
      {'queueId' in tile && !('trunkId' in tile && tile.trunkId !== '') && (
        <Field label={t('walls.queue')}>
          {(id) => (
            <Select
              id={id}
              data-testid="wall-tile-queue"
              value={tile.queueId}
              options={[
                { value: '', label: t('walls.allQueues') },
                ...queues.map(({ queueId, name }) => ({ value: queueId, label: nameOf(name, i18n.language) })),
              ]}
              onChange={(queueId) => onChange({ ...tile, queueId })}
            />
          )}
        </Field>
      )}
      <NumberField label={t('walls.wide')} value={tile.wide} min={1} max={WALL_COLUMNS} onChange={(wide) => onChange({ ...tile, wide })} />
      <NumberField label={t('walls.high')} value={tile.high} min={1} max={WALL_ROWS} onChange={(high) => onChange({ ...tile, high })} />
      <Button danger onClick={onRemove} data-testid="wall-tile-remove">
        {t('walls.removeTile')}
      </Button>
    </section>
  );
}
