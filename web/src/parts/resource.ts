// Data of a page: what was there stays on the screen while something newer is fetched.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../api/client.ts';

export interface Resource<T> {
  data: T | null;
  error: Error | null;
  loading: boolean;
  reload: () => void;
  set: (data: T) => void;
}

/** Fetches `path`, and anew where it changes; null fetches nothing. */
export function useResource<T>(path: string | null): Resource<T> {
  const [state, setState] = useState<{ path: string | null; data: T | null; error: Error | null; loading: boolean }>({ path, data: null, error: null, loading: true });
  const [round, setRound] = useState(0);
  const latest = useRef(path);
  latest.current = path;

  useEffect(() => {
    if (path === null) return undefined;
    const abort = new AbortController();
    setState((old) => ({ ...old, loading: true }));
    get<T>(path, abort.signal).then(
      (data) => setState({ path, data, error: null, loading: false }),
      (error: Error) => { if (!abort.signal.aborted) setState((old) => ({ ...old, error, loading: false })); },
    );
    return () => abort.abort();
  }, [path, round]);

  const reload = useCallback(() => setRound((n) => n + 1), []);
  const set = useCallback((data: T) => setState({ path: latest.current, data, error: null, loading: false }), []);
  return { data: state.data, error: state.error, loading: state.loading, reload, set };
}

/** Runs an action of the user once at a time, with what it said. */
export function useAction<A extends unknown[]>(run: (...args: A) => Promise<void>): { busy: boolean; error: Error | null; run: (...args: A) => Promise<void>; clear: () => void } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  return {
    busy,
    error,
    clear: () => setError(null),
    run: async (...args) => {
      if (busy) return;
      setBusy(true);
      setError(null);
      try {
        await run(...args);
      } catch (e) {
        setError(e instanceof Error ? e : new Error(String(e)));
      } finally {
        setBusy(false);
      }
    },
  };
}

/** Calls `run` at most every `wait` milliseconds while `value` changes, the last change included. */
export function useThrottled(value: unknown, run: () => void, wait: number): void {
  const first = useRef(true);
  const latest = useRef(run);
  latest.current = run;
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    timer.current ??= setTimeout(() => {
      timer.current = null;
      latest.current();
    }, wait);
  }, [value]);
  useEffect(() => () => { if (timer.current) clearTimeout(timer.current); }, []);
}
