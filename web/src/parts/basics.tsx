// What every page is made of.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Money as Nano, Outcome, Row } from '../api/contract.ts';
import { exact, fixed, short } from '../lib/money.ts';
import { ago, inFull, moment } from '../lib/time.ts';

/** A sum: short to read, exact to the last digit when pointed at. `places`: decimals, where it stands in a column. */
export function Money({ of, places }: { of: Nano | null | undefined; places?: number }) {
  if (of === null || of === undefined) return <span class="dim" title="The price of this model is not known">unpriced</span>;
  return <span class="money" title={exact(of)}>{places === undefined || of === 0 ? short(of) : tooSmall(of, places) ? short(of) : fixed(of, places)}</span>;
}

export function When({ at, relative = false }: { at: string; relative?: boolean }) {
  return <time dateTime={at} title={inFull(at)}>{relative ? ago(at) : moment(at)}</time>;
}

// Never shown as nothing.
const tooSmall = (of: Nano, places: number): boolean => Math.abs(of) < 10 ** (9 - places);

/** The page's heading takes the focus when the page opens, so that a screen reader says where one is. */
export function Title({ children, actions, back }: { children: ComponentChildren; actions?: ComponentChildren; back?: { href: string; text: string } }) {
  return (
    <div class="title">
      {back && <a class="back" href={back.href}>← {back.text}</a>}
      <h1 id="title" tabIndex={-1}>{children}</h1>
      {actions && <div class="actions">{actions}</div>}
    </div>
  );
}

export function Notice({ kind = 'note', children }: { kind?: 'note' | 'bad' | 'good' | 'warn'; children: ComponentChildren }) {
  const mark = { note: 'i', bad: '!', good: '✓', warn: '!' }[kind];
  return <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}><span class="mark" aria-hidden="true">{mark}</span><div>{children}</div></div>;
}

export const Failure = ({ error, retry }: { error: Error | null; retry?: () => void }) => error && (
  <Notice kind="bad">{error.message}{retry && <> <button type="button" class="link" onClick={retry}>Try again</button></>}</Notice>
);

/** Where there is nothing yet: why, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return <div class="empty"><p class="empty-title">{title}</p>{children}</div>;
}

/** Holds the place of rows that are on their way. */
export function Waiting({ rows = 4 }: { rows?: number }) {
  return <div class="waiting" role="status"><span class="hidden">Loading</span>{Array.from({ length: rows }, (_, i) => <div key={i} class="bone" aria-hidden="true" />)}</div>;
}

export function Copy({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'' | 'done' | 'failed'>('');
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('done');
    } catch {
      setState(copyOldWay(text) ? 'done' : 'failed');
    }
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setState(''), 2000);
  };
  return (
    <>
      <button type="button" class="small" aria-label={`Copy ${label}`} onClick={copy}>{state === 'done' ? 'Copied' : state === 'failed' ? 'Select it' : 'Copy'}</button>
      <span class="hidden" role="status">{state === 'done' ? `${label} copied` : ''}</span>
    </>
  );
}

// Beyond loopback plain http has no clipboard interface.
function copyOldWay(text: string): boolean {
  const area = Object.assign(document.createElement('textarea'), { value: text, className: 'hidden' });
  document.body.append(area);
  area.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    area.remove();
  }
}

/** Something to paste, with its button. */
export function Paste({ label, value }: { label: string; value: string }) {
  return <div class="paste"><span class="paste-label">{label}</span><code>{value}</code><Copy text={value} label={label} /></div>;
}

const OUTCOMES: Record<Outcome, string> = {
  completed: 'completed',
  client_left: 'stopped by the client',
  broken: 'broke off',
  unreachable: 'upstream not reached',
  refused: 'refused by Tuppence',
};

export const outcomeText = (outcome: Outcome): string => OUTCOMES[outcome];

export function Status({ row }: { row: Row }) {
  const failed = row.outcome !== 'completed' || (row.status ?? 0) >= 400;
  const kind = !failed ? 'good' : row.outcome === 'client_left' ? 'quiet' : 'bad';
  const text = row.outcome === 'completed' ? String(row.status ?? '–') : row.outcome === 'client_left' ? 'stopped' : row.status ? `${row.status}` : OUTCOMES[row.outcome];
  return <span class={`tag ${kind}`} title={`${OUTCOMES[row.outcome]}${row.errorType ? `: ${row.errorType}` : ''}`}>{kind === 'bad' && <span aria-hidden="true">✕ </span>}{text}</span>;
}

export const failedRow = (row: Row): boolean => (row.status ?? 0) >= 400 || (row.outcome !== 'completed' && row.outcome !== 'client_left');

/** Model names without what they all share. */
export const modelName = (model: string | null): string => model?.replace(/^claude-/, '') ?? '–';

export const KINDS_OF_REQUEST: Record<Row['kind'], string> = {
  message: 'message', count_tokens: 'token count', batch_result: 'batch result', keep_alive: 'keep-alive', test: 'test call', other: 'other',
};

export function Field({ label, hint, error, children, id }: { label: ComponentChildren; hint?: ComponentChildren; error?: string | null; children: ComponentChildren; id: string }) {
  return (
    <div class={`field${error ? ' wrong' : ''}`}>
      <label for={id}>{label}</label>
      {children}
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {error && <p class="error" id={`${id}-error`} role="alert">{error}</p>}
    </div>
  );
}
