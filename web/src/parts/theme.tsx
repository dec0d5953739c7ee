import { signal } from '@preact/signals';

type Theme = 'auto' | 'light' | 'dark';
const KEY = 'tuppence-theme';
const ORDER: Theme[] = ['auto', 'light', 'dark'];
const WORDS: Record<Theme, string> = { auto: 'as the system', light: 'light', dark: 'dark' };

const kept = (() => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
})();
const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto');

export function applyTheme(): void {
  if (theme.value === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme.value;
}

export function ThemeButton() {
  const next = ORDER[(ORDER.indexOf(theme.value) + 1) % ORDER.length]!;
  return (
    <button
      type="button"
      class="icon-button"
      title={`Colours: ${WORDS[theme.value]}`}
      aria-label={`Colours: ${WORDS[theme.value]}. Change to ${WORDS[next]}`}
      onClick={() => {
        theme.value = next;
        try {
          if (next === 'auto') localStorage.removeItem(KEY);
          else localStorage.setItem(KEY, next);
        } catch { /* it holds for this visit */ }
        applyTheme();
      }}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        {theme.value === 'light' && <><circle cx="10" cy="10" r="3.6" fill="currentColor" /><path d="M10 1.5v3M10 15.5v3M1.5 10h3M15.5 10h3M4 4l2 2M14 14l2 2M4 16l2-2M14 6l2-2" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" /></>}
        {theme.value === 'dark' && <path d="M16.5 12.3A7 7 0 0 1 7.7 3.5a7 7 0 1 0 8.8 8.8z" fill="currentColor" />}
        {theme.value === 'auto' && <><circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.6" /><path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" /></>}
      </svg>
    </button>
  );
}
