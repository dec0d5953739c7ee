import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filled } from '../src/lib/slots.ts';

const NOW = Date.parse('2026-11-23T04:20:00Z');
const sum = (group: string) => ({ ...filled([], 'day', 1, NOW)[0]!, group, requests: 3 });

test('hours and days without requests are there as nothing, up to the present one', () => {
  const hours = filled([sum('2026-11-23T03:00:00Z'), sum('2026-11-20T03:00:00Z')], 'hour', 24, NOW);
  assert.equal(hours.length, 24);
  assert.equal(hours.at(-1)!.group, '2026-11-23T04:00:00.000Z');
  assert.deepEqual(hours.map((one) => one.requests).filter(Boolean), [3]);
  assert.equal(hours.at(-2)!.requests, 3);
  const days = filled([sum('2026-11-23'), sum('2026-11-22T00:00:00Z')], 'day', 7, NOW);
  assert.deepEqual(days.map((one) => one.requests), [0, 0, 0, 0, 0, 3, 3]);
  assert.equal(days[0]!.group, '2026-11-17');
});
