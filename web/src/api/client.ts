// Calls to the gateway. All are to this page's own origin; the session is a cookie that this script cannot read.
import { signal } from '@preact/signals';
import type { Session } from './contract.ts';

const ROOT = '/tuppence/api/';

/** What went wrong, in words for people. */
export class ApiError extends Error {
  public constructor(public readonly status: number, public readonly type: string, message: string) {
    super(message);
  }
}

export const session = signal<Session | null>(null);

/** Sends a call and gives the answer's JSON. A lost session brings the sign-in form back. */
export async function call<T>(method: string, path: string, body?: unknown, abort?: AbortSignal): Promise<T> {
  const changes = method !== 'GET';
  let answer: Response;
  try {
    answer = await fetch(ROOT + path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: changes ? { accept: 'application/json', 'content-type': 'application/json' } : { accept: 'application/json' },
      body: changes ? JSON.stringify(body ?? {}) : undefined,
      signal: abort,
    });
  } catch (e) {
    if (abort?.aborted) throw e;
    throw new ApiError(0, 'unreachable', 'The gateway does not answer. Is Tuppence still running?');
  }

  if (!answer.ok) {
    const error = await errorOf(answer);
    if (error.status === 401 && path !== 'session' && session.value?.needsKey) session.value = { ...session.value, signedIn: false };
    throw error;
  }
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** The Messages API's form of errors, or what there is instead. */
export async function errorOf(answer: Response): Promise<ApiError> {
  try {
    const { error } = await answer.json() as { error: { type: string; message: string } };
    return new ApiError(answer.status, error.type, error.message);
  } catch {
    return new ApiError(answer.status, 'unknown', `The gateway answered ${answer.status} without saying why.`);
  }
}

export const get = <T>(path: string, abort?: AbortSignal): Promise<T> => call<T>('GET', path, undefined, abort);
export const post = <T>(path: string, body?: unknown): Promise<T> => call<T>('POST', path, body);
export const put = <T>(path: string, body?: unknown): Promise<T> => call<T>('PUT', path, body);
export const remove = <T>(path: string, body?: unknown): Promise<T> => call<T>('DELETE', path, body);

/** A path with a query; what is empty is left out. */
export function withQuery(path: string, query: Record<string, string | number | boolean | null | undefined>): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false);
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

export const segment = encodeURIComponent;

/** Where a download comes from. */
export const address = (path: string): string => ROOT + path;

export async function loadSession(): Promise<void> {
  session.value = await get<Session>('session');
}

export const message = (e: unknown): string => (e instanceof Error ? e.message : String(e));
