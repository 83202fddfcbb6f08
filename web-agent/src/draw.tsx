import i18next from 'i18next';
import { createRoot } from 'react-dom/client';
import { initReactI18next } from 'react-i18next';
import './app.css';
import { App } from './app.js';
import { printLight } from './shade.js';
import { guardHistory } from './session/history-guard.js';
import type { App as Parts } from './session/use-workplace.js';

/** Draws the page on top of the parts that live outside it. */
export function draw(parts: Parts): void {
  initReactI18next.init(i18next);
  printLight();
  guardHistory();
  const root = document.getElementById('root');
  if (root !== null) createRoot(root).render(<App {...parts} />);
}
