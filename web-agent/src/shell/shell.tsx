import { CheckCircleFilled, ClockCircleOutlined, CloseCircleFilled, SafetyOutlined } from '@ant-design/icons';
import { Button, Tag } from 'antd';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { loadPageWords } from '../i18n/language.js';
import { later } from '../components/later.js';
import { LicenceLine } from '../components/licence-line.js';
import { PageFence, PageNote, Skeleton } from '../components/page.js';
import { foreignZone, timeText } from '../components/time/times.js';
import { say } from '../session/notices.js';
import { useMay, useProfile, useWholeSite, useWorkplace } from '../session/use-workplace.js';
import { AlarmBell } from './alarm-bell.js';
import { guideFirst } from './first-screen.js';
import { LanguageAndTheme } from './language-and-theme.js';
import { AccountPage, pages, type PageEntry } from './pages.js';
import { PersonMenu } from '../screens/seat/seat-parts.js';
import { LeaveGuard } from './leave-guard.js';
import { PhoneStrip } from './phone-strip.js';

const Navigation = later(async () => (await import('./navigation/navigation.js')).Navigation);

/** Finds by key what the navigation and the pages have; loaded after the page. */
const PaletteButton = later(async () => (await import('./palette/palette-button.js')).PaletteButton);

/** Only for people whose account was changed by others. */
const AccountNotices = later(async () => (await Promise.all([import('./account-notices.js'), loadPageWords()]))[0].AccountNotices);

/** Only for people with a seat; loaded after the first page of the seat. */
const ListeningNote = lazy(async () => {
  const [note] = await Promise.all([import('./listening-note.js'), loadPageWords()]);
  return { default: note.ListeningNote };
});

/** Top bar, navigation by right, the phone strip, and the page. */
export function Shell(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { roles, scope, notices } = useProfile();
  const { seat } = useWorkplace();
  // The seat comes first; the words of the side sheets and other pages follow.
  useEffect(() => void loadPageWords().catch(() => undefined), []);
  const wholeSite = useWholeSite();
  const open = pages.filter(
    (page) => may(page.right) && (wholeSite || page.wholeSite === undefined || (!page.wholeSite && !scope.teams?.length)),
  );
  // Inspectors begin on the page where calls are drawn and proved.
  const inspects = roles.every((role) => role === 'inspector');
  const sets = guideFirst() && open.some(({ path }) => path === '/set-up');
  // People who take no calls begin on another page than the seat: a supervisor on the board.
  const begins = open.find(({ group }) => group !== 'work' || roles.includes('agent')) ?? open[0];
  const first = (inspects ? '/inspector' : sets ? '/set-up' : begins?.path) ?? '/account';
  return (
    <LeaveGuard>
      <div className="shell">
        <a className="skip-link" href="#content">
          {t('shell.skip')}
        </a>
        <TopBar open={open} />
        <nav className="side" aria-label={t('shell.navigation')}>
          <Navigation pages={open} />
        </nav>
        {seat !== null && <PhoneStrip />}
        <main className="main" id="content" tabIndex={-1}>
          <PageFence>
            {notices.length > 0 && <AccountNotices />}
            {may('seat.use') && (
              <Suspense fallback={null}>
                <ListeningNote />
              </Suspense>
            )}
            <Suspense fallback={<Skeleton words={t('shell.loading')} />}>
              <Routes>
                <Route path="/" element={<Navigate to={first} replace />} />
                <Route path="/account" element={<AccountPage />} />
                <Route path="/recordings" element={<OldRecordings />} />
                {open.flatMap(({ path, deeper, page: PageBody }) =>
                  [path, ...(deeper === undefined ? [] : [deeper])].map((address) => (
                    <Route key={address} path={address} element={<PageBody />} />
                  )),
                )}
                <Route
                  path="*"
                  element={
                    <PageNote
                      title={t('shell.notFound.title')}
                      text={t('shell.notFound.text')}
                      action={<Link to={first}>{t('shell.notFound.home')}</Link>}
                    />
                  }
                />
              </Routes>
            </Suspense>
          </PageFence>
        </main>
      </div>
    </LeaveGuard>
  );
}

/** Recordings are found in the list of calls; links to their old page that somebody keeps lead there. */
function OldRecordings(): ReactNode {
  const { search } = useLocation();
  return <Navigate to={`/calls?recorded=true&${search.slice(1)}`} replace />;
}

function TopBar({ open }: { readonly open: readonly PageEntry[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <header className="top-bar">
      <Link to="/" className="mark" aria-label={t('shell.product')}>
        <img src="/mark.svg" width={24} height={24} alt="" />
        <span className="wide">{t('shell.product')}</span>
      </Link>
      <LicenceLine />
      <span className="spacer" />
      <PaletteButton pages={open} />
      <TotpReminder />
      <SiteClock />
      <ServiceState />
      <AlarmBell />
      <LanguageAndTheme />
      <PersonMenu />
    </header>
  );
}

/** Shown in a trial installation while the second factor is missing; from a set date on it is required. */
function TotpReminder(): ReactNode {
  const { t } = useTranslation();
  const { totpGraceUntil } = useProfile();
  const go = useNavigate();
  if (totpGraceUntil === undefined) return null;
  return (
    <Button size="small" icon={<SafetyOutlined />} onClick={() => void go('/account')} data-testid="totp-reminder">
      <span className="wide">{t('shell.setUpTotp.until', { day: timeText(totpGraceUntil).slice(0, 10) })}</span>
    </Button>
  );
}

/** People in another zone read all times by the site's clock, and are told so. */
function SiteClock(): ReactNode {
  const { t } = useTranslation();
  const zone = foreignZone();
  if (zone === undefined) return null;
  return (
    <Tag icon={<ClockCircleOutlined />} data-testid="site-zone" title={t('shell.siteTimes', { zone })}>
      <span className="wide">{t('shell.siteTimes', { zone })}</span>
    </Tag>
  );
}

const TOO_MANY_SHOWN_S = 10;

function ServiceState(): ReactNode {
  const { t } = useTranslation();
  const { link } = useWorkplace();
  const [{ up, tooMany }, setState] = useState({ up: true, tooMany: false });
  useEffect(() => link?.onUp((isUp, isTooMany = false) => setState({ up: isUp, tooMany: isTooMany })), [link]);
  useEffect(() => {
    if (tooMany) void say('error', t('shell.tooManyPages'), TOO_MANY_SHOWN_S);
  }, [tooMany, t]);
  const down = tooMany ? t('shell.tooManyPagesShort') : t('shell.serviceDown');
  return (
    <Tag
      className="wide"
      title={tooMany ? t('shell.tooManyPages') : undefined}
      color={up ? 'green' : 'red'}
      icon={up ? <CheckCircleFilled /> : <CloseCircleFilled />}
      data-testid="service-state"
      data-up={up}
    >
      {up ? t('shell.serviceUp') : down}
    </Tag>
  );
}
