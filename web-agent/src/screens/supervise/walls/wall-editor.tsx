import { Alert, Button, Input, Select, Tabs } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MOST_SCREENS, wallShades, type Wall, type WallLayout } from '../../../../../services/shared/contracts/queues/wall.js';
import { useChange } from '../../../session/use-server.js';
import { Field, NumberField } from '../../administer/fields.js';
import { ScreenEditor } from './screen-editor.js';
import { missingIn, newLayout, tileOfKind } from './wall-draft.js';
import { FormDrawer } from '../../../components/form-drawer.js';

/** Each language is named in that language. */
const ownNames = { 'zh-CN': '中文', en: 'English' } as const;

/** A wall's name and layout, to be arranged and saved. */
export function WallEditor({ wall, onClose }: { readonly wall: Wall | undefined; readonly onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const [wallId] = useState(() => wall?.id ?? crypto.randomUUID());
  const [name, setName] = useState(wall?.name ?? '');
  const [layout, setLayout] = useState<WallLayout>(() => wall?.layout ?? newLayout(i18n.language === 'en' ? 'en' : 'zh-CN'));
  const [at, setAt] = useState(0);
  const change = useChange('walls', onClose);
  const set = (part: Partial<WallLayout>): void => setLayout((before) => ({ ...before, ...part }));
  const { screens } = layout;
  const shown = Math.min(at, screens.length - 1);
  const screen = screens[shown];
  const [tried, setTried] = useState(false);
  const missing = missingIn(name, layout);

  function save(): void {
    setTried(true);
    const [first] = missing;
    if (typeof first === 'number') setAt(first);
    if (first !== undefined) return;
    const revision = wall === undefined ? {} : { revision: wall.revision ?? 0 };
    change.mutate({ route: 'PUT /walls/:wallId', params: { wallId }, body: { name, layout, ...revision }, isNew: wall === undefined });
  }
  function addScreen(): void {
    set({ screens: [...screens, { title: '', tiles: [tileOfKind('queues', { wide: 4, high: 3 })] }] });
    setAt(screens.length);
  }
  return (
    <FormDrawer
      open
      size={900}
      title={t(wall === undefined ? 'walls.add' : 'walls.edit')}
      onClose={onClose}
      data-testid="wall-editor"
      extra={
        <Button type="primary" loading={change.isPending} onClick={save} data-testid="wall-save">
          {t('shell.save')}
        </Button>
      }
    >
      <div className="stack">
        {tried && missing.length > 0 && <Missing what={missing} />}
        <Field label={t('walls.name')}>
          {(id) => <Input id={id} maxLength={60} value={name} onChange={({ target }) => setName(target.value)} data-testid="wall-name" />}
        </Field>
        <div className="row">
          <Field label={t('walls.shade')}>
            {(id) => (
              <Select
                id={id}
                value={layout.shade}
                options={wallShades.map((shade) => ({ value: shade, label: t(`walls.shades.${shade}`) }))}
                onChange={(shade) => set({ shade })}
              />
            )}
          </Field>
          <Field label={t('walls.language')}>
            {(id) => (
              <Select
                id={id}
                value={layout.language}
                options={(['zh-CN', 'en'] as const).map((language) => ({ value: language, label: ownNames[language] }))}
                onChange={(language) => set({ language })}
              />
            )}
          </Field>
          <NumberField
            label={t('walls.rotate')}
            value={layout.rotateSeconds}
            min={5}
            max={3_600}
            onChange={(rotateSeconds) => set({ rotateSeconds })}
          />
        </div>
        <div>
          <Button disabled={screens.length >= MOST_SCREENS} onClick={addScreen} data-testid="wall-add-screen">
            {t('walls.addScreen')}
          </Button>
        </div>
        <Tabs
          activeKey={String(shown)}
          onChange={(key) => setAt(Number(key))}
          items={screens.map((_, i) => ({ key: String(i), label: t('walls.screen', { n: i + 1 }) }))}
        />
        {screen !== undefined && (
          <ScreenEditor
            key={shown}
            screen={screen}
            onChange={(next) => set({ screens: screens.map((each, i) => (i === shown ? next : each)) })}
            {...(screens.length === 1 ? {} : { onRemove: () => set({ screens: screens.filter((_, i) => i !== shown) }) })}
          />
        )}
      </div>
    </FormDrawer>
  );
}

/** Says why a wall is not saved. */
function Missing({ what }: { readonly what: ReturnType<typeof missingIn> }): ReactNode {
  const { t } = useTranslation();
  const sentences = what.map((each) => (each === 'name' ? t('walls.missing.name') : t('walls.missing.tiles', { n: each + 1 })));
  return <Alert type="error" showIcon title={sentences.join(' ')} data-testid="wall-missing" />;
}
