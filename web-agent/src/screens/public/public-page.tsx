import { lazy, type ReactNode } from 'react';
import { Route, Routes } from 'react-router';
import { loadPageWords } from '../../i18n/language.js';

const ComplaintFormPage = lazy(async () => {
  const [page] = await Promise.all([import('./complaint-form-page.js'), loadPageWords()]);
  return page;
});
const SurveyPage = lazy(async () => {
  const [page] = await Promise.all([import('./survey-page.js'), loadPageWords()]);
  return page;
});
const WallPage = lazy(async () => {
  const [page] = await Promise.all([import('../wall/wall-page.js'), loadPageWords()]);
  return page;
});

/** Pages for callers and for walls: no sign-in, no shell. */
export const isPublicPath = (path: string): boolean => path === '/complain' || path === '/wall' || path.startsWith('/survey/');

export function PublicPages(): ReactNode {
  return (
    <Routes>
      <Route path="/complain" element={<ComplaintFormPage />} />
      <Route path="/wall" element={<WallPage />} />
      <Route path="/survey/:surveyId/:signature" element={<SurveyPage />} />
      <Route path="*" element={<SurveyPage />} />
    </Routes>
  );
}
