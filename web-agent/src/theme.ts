import { theme, type ThemeConfig } from 'antd';
import { useSyncExternalStore } from 'react';
import { currentShade, onShade, type Shade } from './shade.js';

export const useShade = (): Shade => useSyncExternalStore(onShade, currentShade);

/** The kit's theme. Secondary text is darker than the kit's own: its grey misses the contrast of WCAG 2.2 AA on our surfaces. */
export const themeOf = (of: Shade): ThemeConfig => ({
  algorithm: of === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
  token: {
    colorPrimary: '#1554ad',
    fontFamily:
      'system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", "Segoe UI", Roboto, sans-serif',
    fontSize: 14,
    borderRadius: 6,
    motion: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    ...(of === 'light'
      ? {
          colorLink: '#1554ad',
          colorLinkHover: '#0f3f85',
          colorTextTertiary: 'rgba(0,0,0,0.62)',
          colorTextDescription: 'rgba(0,0,0,0.65)',
          colorTextPlaceholder: 'rgba(0,0,0,0.58)',
        }
      : {
          colorPrimary: '#3a78c9',
          colorLink: '#8abbff',
          colorLinkHover: '#b5d4ff',
          colorTextTertiary: 'rgba(255,255,255,0.66)',
          colorTextDescription: 'rgba(255,255,255,0.68)',
          colorTextPlaceholder: 'rgba(255,255,255,0.6)',
        }),
  },
  // On dark surfaces the primary colour carries white text; as text itself it needs a lighter shade.
  ...(of === 'dark'
    ? {
        components: {
          // The kit's own hover is lighter than its white text allows.
          Button: { colorPrimaryHover: '#2f66b0', defaultHoverColor: '#b5d4ff', defaultHoverBorderColor: '#8abbff' },
          Menu: { itemSelectedColor: '#b5d4ff', subMenuItemSelectedColor: '#b5d4ff' },
          Tabs: { itemSelectedColor: '#b5d4ff', itemHoverColor: '#b5d4ff', inkBarColor: '#8abbff' },
          Pagination: { itemActiveColor: '#b5d4ff' },
          Segmented: { trackBg: '#10141a', itemSelectedBg: '#333c48' },
          Table: { rowSelectedBg: '#1c2f4a', rowSelectedHoverBg: '#233a5b' },
        },
      }
    : { components: { Table: { rowSelectedBg: '#e3ecf8', rowSelectedHoverBg: '#d5e3f5' } } }),
});
