import { Alert, Button, Drawer, Spin } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { sizeText, timeText } from '../../components/time/times.js';
import { useFailureWords, useRead } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';

const types: Readonly<Record<string, string>> = { pdf: 'application/pdf', svg: 'image/svg+xml', png: 'image/png' };
const texts = new Set(['csv', 'json', 'py']);
const endingOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
/** A table of rows can be long: only this much of it is shown. */
const MOST_TEXT_BYTES = 200_000;

/** A sealed pack as an inspector will see it: the verifier's verdict, and each document to look at. */
export function PackView({ packId, onClose }: { readonly packId: string; readonly onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const verdict = useRead('/evidence/packs/:packId/verdict', { params: { packId } });
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Drawer open size={960} title={packId} onClose={onClose} data-testid="pack-view">
      <Loaded query={verdict}>
        {(read) => (
          <div className="stack">
            <Alert
              type={read.colour === 'green' ? 'success' : read.colour === 'amber' ? 'warning' : 'error'}
              showIcon
              title={read.ok ? t('compliance.packs.verified', { count: read.packFiles.length }) : t('compliance.packs.notVerified')}
              description={
                <>
                  <div className="hash">
                    {t('compliance.packs.key')} <code>{read.keyFingerprint}</code>
                  </div>
                  <div className="hash">
                    {t('compliance.packs.manifest')} <code>{read.manifestSha256}</code>
                  </div>
                  {typeof read.stamp === 'object' && (
                    <div>
                      {t('compliance.packs.stamp')} {timeText(read.stamp.at)} · {read.stamp.authority}
                    </div>
                  )}
                  <ul className="plain">
                    {read.findings.map(({ code, subject, zh, en }) => (
                      <li key={`${code} ${subject}`}>
                        {i18n.language.startsWith('zh') ? zh : en}: {subject}
                      </li>
                    ))}
                  </ul>
                </>
              }
            />
            <div className="pack-files">
              <div>
                {foldersOf(read.packFiles).map(([folder, files]) => (
                  <section key={folder} aria-label={folder}>
                    <h3>{t(`packOrder.folders.${folder === '' ? 'rest' : folder}`, { defaultValue: folder })}</h3>
                    <ul className="plain">
                      {files.map(({ name, bytes, rows }) => (
                        <li key={name} className="pack-line">
                          {endingOf(name) in types || texts.has(endingOf(name)) ? (
                            <Button size="small" type={open === name ? 'primary' : 'link'} onClick={() => setOpen(name)}>
                              {nameInFolder(name)}
                            </Button>
                          ) : (
                            <span className="pack-file">{nameInFolder(name)}</span>
                          )}
                          <span className="soft figures">
                            {rows === undefined ? '' : `${t('compliance.packs.rows', { count: rows })} · `}
                            {sizeText(bytes)}
                          </span>
                        </li>
                      ))}
                    </ul>
                  </section>
                ))}
              </div>
              {open === null ? <p className="soft">{t('compliance.packs.choose')}</p> : <Preview key={open} packId={packId} name={open} />}
            </div>
          </div>
        )}
      </Loaded>
    </Drawer>
  );
}

const nameInFolder = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** Files by their folder, in the order of the pack. */
function foldersOf<File extends { readonly name: string }>(files: readonly File[]): [folder: string, files: File[]][] {
  const folders = new Map<string, File[]>();
  for (const file of files) {
    const folder = file.name.slice(0, Math.max(0, file.name.lastIndexOf('/')));
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return [...folders];
}

function Preview({ packId, name }: { readonly packId: string; readonly name: string }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const wordsOf = useFailureWords();
  const [shown, setShown] = useState<{ url?: string; text?: string } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let over = false;
    let url: string | undefined;
    const type = types[endingOf(name)];
    session.api
      .file('/evidence/packs/:packId/content', { params: { packId }, query: { name } })
      .then(async (blob) => {
        const text = type === undefined ? await blob.slice(0, MOST_TEXT_BYTES).text() : undefined;
        if (over) return;
        if (type !== undefined) url = URL.createObjectURL(blob.slice(0, blob.size, type));
        setShown({ ...(url === undefined ? {} : { url }), ...(text === undefined ? {} : { text }) });
      })
      .catch((error: unknown) => {
        if (!over) setFailure(wordsOf(error));
      });
    return () => {
      over = true;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
    // Not read again for a new `t`: the words of a failure change only with the language.
  }, [packId, name, session]);
  if (failure !== null) return <Alert type="error" showIcon title={failure} />;
  if (shown === null) return <Spin description={t('shell.loading')} />;
  if (shown.text !== undefined)
    return (
      <pre className="raw-long" tabIndex={0}>
        {shown.text}
      </pre>
    );
  return endingOf(name) === 'pdf' ? (
    <iframe className="pack-preview" src={shown.url} title={name} />
  ) : (
    <img className="pack-picture" src={shown.url} alt={name} />
  );
}
