import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brief, bytes, count, duration, many, percent } from '../src/lib/numbers.ts';
import { ticks } from '../src/lib/scale.ts';

const each = <T>(show: (value: T) => string, pairs: [T, string][]) => { for (const [value, text] of pairs) assert.equal(show(value), text, String(value)); };

test('counts are grouped', () => each(count, [[0, '0'], [999, '999'], [1000, '1,000'], [1234567, '1,234,567']]));
test('large numbers are brief', () => each(brief, [[0, '0'], [999, '999'], [1000, '1k'], [1250, '1.3k'], [12_340, '12.3k'], [99_960, '100k'], [999_499, '999k'], [999_500, '1M'], [1_250_000, '1.3M'], [2.5e9, '2.5G']]));
test('durations have the unit that one reads', () => each(duration, [[null, '–'], [85, '85 µs'], [3_240, '3.2 ms'], [9_960, '10 ms'], [340_000, '340 ms'], [1_240_000, '1.24 s'], [12_340_000, '12.3 s'], [125_000_000, '2 min 05 s']]));
test('sizes', () => each(bytes, [[812, '812 B'], [34_500, '34.5 kB'], [1_200_000, '1.2 MB']]));
test('one and many', () => { assert.equal(many(1, 'request'), '1 request'); assert.equal(many(1200, 'request'), '1,200 requests'); });

test('a share is never all when something is left, nor nothing when there is something', () => {
  assert.equal(percent(0, 0), '–');
  assert.equal(percent(0, 10), '0 %');
  assert.equal(percent(1, 1000), '< 1 %');
  assert.equal(percent(999, 1000), '> 99 %');
  assert.equal(percent(10, 10), '100 %');
  assert.equal(percent(-3, 10), '−30 %');
});

test('ticks are round, begin at nothing and reach the most', () => {
  assert.deepEqual(ticks(0), [0]);
  for (let most = 1; most < 1e13; most = Math.ceil(most * 1.31)) {
    const list = ticks(most);
    assert.equal(list[0], 0);
    assert.ok(list.at(-1)! >= most, `${list} for ${most}`);
    assert.ok(list.length >= 2 && list.length <= 5, `${list} for ${most}`);
    for (const tick of list.slice(1)) assert.ok(Number.isInteger(tick), `${list}`);
  }
});
