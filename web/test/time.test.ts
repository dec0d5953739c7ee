import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, dayOf } from '../src/lib/time.ts';

test('how long ago', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  for (const [iso, text] of [
    ['2026-11-23T11:59:30Z', 'just now'], ['2026-11-23T12:00:30Z', 'just now'], ['2026-11-23T11:56:00Z', '4 min ago'], ['2026-11-23T09:00:00Z', '3 h ago'], ['2026-11-22T11:00:00Z', 'yesterday'], ['2026-11-20T11:00:00Z', '3 days ago'],
  ] as const) assert.equal(ago(iso, now), text);
});

test('a day of the gateway keeps its name in every zone', () => {
  const day = dayOf('2026-11-23T00:00:00Z');
  assert.deepEqual([day.getDate(), day.getHours()], [23, 0]);
});
