// The chart's hours or days without a hole: the ledger tells only those that have requests. Days are the gateway's, in UTC.
import type { Sum } from '../api/contract.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const nothing = (group: string): Sum => ({ group, requests: 0, failed: 0, unpriced: 0, input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0, cost: 0, withoutCaching: 0, bound: 0 });

/** `length` slots up to now, oldest first. */
export function filled(sums: readonly Sum[], by: 'hour' | 'day', length: number, now = Date.now()): Sum[] {
  const step = by === 'hour' ? HOUR : DAY;
  const known = new Map(sums.filter((sum) => sum.group !== null).map((sum) => [Math.floor(Date.parse(sum.group!) / step), sum]));
  const last = Math.floor(now / step);
  return Array.from({ length }, (_, i) => {
    const slot = last - length + 1 + i;
    const name = new Date(slot * step).toISOString();
    return known.get(slot) ?? nothing(by === 'day' ? name.slice(0, 10) : name);
  });
}
