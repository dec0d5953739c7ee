// The strip: a prompt's tokens in order, as runs by what became of them.
import type { Run, RunKind, Row } from '../api/contract.ts';
import { count } from './numbers.ts';

/** A run as it is drawn: where it begins and how wide it is, in shares of the full width. */
export interface Segment { kind: RunKind; tokens: number; start: number; width: number }

/** In the order of the legend. */
export const KINDS: readonly RunKind[] = ['read', 'written_1h', 'written_5m', 'missed', 'not_written', 'uncached'];

export const WORDS: Record<RunKind, { name: string; what: string }> = {
  read: { name: 'read', what: 'came from the cache, at a fraction of the price' },
  written_1h: { name: 'written, 1 h', what: 'written to the cache for an hour' },
  written_5m: { name: 'written, 5 min', what: 'written to the cache for five minutes' },
  missed: { name: 'missed', what: 'was sent before, yet paid for again' },
  not_written: { name: 'not kept', what: 'was sent before, but not written to the cache then: paid for again, with nothing broken' },
  uncached: { name: 'uncached', what: 'paid in full and not written' },
};

export const tokensOf = (runs: readonly Run[]): number => runs.reduce((sum, run) => sum + run.tokens, 0);

/** Tokens by kind. */
export function totals(runs: readonly Run[]): Record<RunKind, number> {
  const sums: Record<RunKind, number> = { read: 0, written_1h: 0, written_5m: 0, missed: 0, not_written: 0, uncached: 0 };
  for (const run of runs) sums[run.kind] += run.tokens;
  return sums;
}

/** Neighbours of one kind as one run, and nothing that holds no token. */
export function merged(runs: readonly Run[]): Run[] {
  const list: Run[] = [];
  for (const run of runs) {
    const last = list.at(-1);
    if (run.tokens <= 0) continue;
    if (last?.kind === run.kind) list[list.length - 1] = { kind: run.kind, tokens: last.tokens + run.tokens };
    else list.push({ ...run });
  }
  return list;
}

/**
 * Lays runs out on a scale of `scale` tokens. A run narrower than `least` (a share of the full width) is widened to it, so that a break of a
 * few tokens can be seen; the wide ones give what that takes, and the whole keeps its width where there is room enough.
 */
export function layout(runs: readonly Run[], scale: number, least = 0.004): Segment[] {
  const list = merged(runs);
  const total = tokensOf(list);
  if (total === 0 || scale <= 0) return [];
  const whole = Math.min(1, Math.max(total / scale, Math.min(1, list.length * least)));
  const widths = list.map((run) => (run.tokens / total) * whole);
  const floor = Math.min(least, whole / list.length);

  // Widening one may push another below the floor: at most as many rounds as there are runs.
  const held = new Set<number>();
  for (let round = 0; round < list.length; round++) {
    const free = list.reduce((sum, run, i) => (held.has(i) ? sum : sum + run.tokens), 0);
    const room = whole - held.size * floor;
    let changed = false;
    for (let i = 0; i < list.length; i++) {
      if (held.has(i)) continue;
      widths[i] = (list[i]!.tokens / free) * room;
      if (widths[i]! < floor) {
        held.add(i);
        widths[i] = floor;
        changed = true;
      }
    }
    if (!changed) break;
  }

  let start = 0;
  return list.map((run, i) => {
    const segment = { ...run, start, width: widths[i]! };
    start += widths[i]!;
    return segment;
  });
}

/** The token where the prompt stopped being what it was: the first that was missed. Null where nothing was. */
export function breakAt(runs: readonly Run[]): number | null {
  let at = 0;
  for (const run of runs) {
    if (run.kind === 'missed' && run.tokens > 0) return at;
    at += run.tokens;
  }
  return null;
}

/** The strip in words, in the order of the prompt. */
export function inWords(runs: readonly Run[]): string {
  const list = merged(runs);
  if (list.length === 0) return 'no prompt was billed';
  return list.map((run) => `${count(run.tokens)} ${WORDS[run.kind].name}`).join(', then ');
}

/** The scale that all turns of a conversation share: its longest prompt. */
export const scaleOf = (rows: readonly Row[]): number => rows.reduce((most, row) => Math.max(most, tokensOf(row.turn?.strip ?? [])), 0);

/** A few words as a sentence. */
export const sentence = (words: string): string => (words === '' ? '' : `${words[0]!.toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? '' : '.'}`);

/** Causes that are no fault: nothing is to be said about them in the margin. */
export const isBreak = (cause: string): boolean => cause !== 'nothing' && cause !== 'first';
