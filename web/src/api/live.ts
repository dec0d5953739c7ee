// The live feed. One connection a page, and none while it is hidden: a browser has six to a host, and tabs stay open for days.
import { signal } from '@preact/signals';
import { address } from './client.ts';
import type { BudgetState, Open, Row } from './contract.ts';

const KEPT = 200;

/** Requests under way, in the order of their arrival. */
export const open = signal<readonly Open[]>([]);
/** Requests that ended while the page looked on, newest first. */
export const ended = signal<readonly Row[]>([]);
export const budgets = signal<readonly BudgetState[] | null>(null);
export const connection = signal<'connecting' | 'live' | 'lost' | 'paused'>('connecting');

let source: EventSource | null = null;

function start(): void {
  if (source) return;
  connection.value = 'connecting';
  const feed = new EventSource(address('live'));
  source = feed;
  const on = <T>(name: string, take: (value: T) => void) => feed.addEventListener(name, (e) => take(JSON.parse((e as MessageEvent<string>).data) as T));
  feed.onopen = () => { connection.value = 'live'; };
  feed.onerror = () => {
    connection.value = 'lost';
    open.value = [];
    // The browser tries again by itself after a lost connection, but not after an answer that was no stream.
    if (feed.readyState === EventSource.CLOSED) {
      stop();
      connection.value = 'lost';
      setTimeout(() => { if (wanted && !document.hidden) start(); }, 3000);
    }
  };
  on<Open[]>('hello', (list) => { connection.value = 'live'; open.value = list; });
  on<Open>('began', (one) => { open.value = [...open.value.filter((other) => other.id !== one.id), one]; });
  on<Open>('advanced', (one) => { open.value = open.value.map((other) => (other.id === one.id ? one : other)); });
  on<Row>('ended', (row) => {
    open.value = open.value.filter((other) => other.id !== row.id);
    ended.value = [row, ...ended.value.filter((other) => other.id !== row.id)].slice(0, KEPT);
  });
  on<BudgetState[]>('budgets', (list) => { budgets.value = list; });
}

function stop(): void {
  source?.close();
  source = null;
}

let wanted = false;

/** Follows while the page can be seen. */
export function follow(): () => void {
  wanted = true;
  const look = () => {
    if (document.hidden) {
      stop();
      connection.value = 'paused';
    } else {
      start();
    }
  };
  look();
  document.addEventListener('visibilitychange', look);
  return () => {
    wanted = false;
    document.removeEventListener('visibilitychange', look);
    stop();
  };
}
