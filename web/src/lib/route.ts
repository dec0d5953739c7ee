// Pages stand behind the “#”, so that the gateway serves one file and the back button works.
import { signal } from '@preact/signals';

export interface Route { page: string; rest: string[]; query: URLSearchParams }

export function parseHash(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [page = '', ...rest] = path.split('/').filter(Boolean).map(decodeSafely);
  return { page, rest, query: new URLSearchParams(query) };
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a page. */
export function href(...segments: string[]): string {
  return `#/${segments.map(encodeURIComponent).join('/')}`;
}

export const route = signal<Route>(parseHash(globalThis.location?.hash ?? ''));
globalThis.addEventListener?.('hashchange', () => { route.value = parseHash(location.hash); });

/** Changes the query without a new entry in the history. */
export function setQuery(changes: Record<string, string | null>): void {
  const { page, rest, query } = route.value;
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const text = next.toString();
  history.replaceState(null, '', href(page, ...rest) + (text ? `?${text}` : ''));
  route.value = { page, rest, query: next };
}
