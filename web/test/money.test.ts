import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exact, fixed, placesFor, short } from '../src/lib/money.ts';

test('exact shows all nine decimals and groups dollars', () => {
  assert.equal(exact(4_213_500), '$0.004213500');
  assert.equal(exact(1), '$0.000000001');
  assert.equal(exact(1_234_567_000_000_001), '$1,234,567.000000001');
  assert.equal(exact(-5), '−$0.000000005');
  assert.equal(exact(0), '$0.000000000');
});

test('short shows cents from a dollar on, and the digits that count below', () => {
  for (const [nano, text] of [
    [0, '$0'], [1, '$0.000000001'], [123, '$0.000000123'], [4_213, '$0.00000421'], [4_213_500, '$0.00421'], [10_000_000, '$0.01'], [500_000_000, '$0.50'], [24_000_000, '$0.024'], [1_000_000, '$0.001'], [42_135_000, '$0.0421'],
    [421_350_000, '$0.421'], [994_999_999, '$0.995'], [995_000_000, '$1.00'], [1_005_000_000, '$1.01'], [12_345_678_901, '$12.35'], [1_234_567_890_000, '$1,234.57'], [-4_213_500, '−$0.00421'],
  ] as const) assert.equal(short(nano), text, String(nano));
});

test('short never shows something as nothing', () => {
  for (let nano = 1; nano < 1e15; nano = Math.ceil(nano * 1.37)) assert.match(short(nano), /[1-9]/, String(nano));
});

test('short is off by half a cent at most, and below a dollar by half a per cent', () => {
  for (let nano = 1; nano < 1e13; nano = Math.ceil(nano * 1.07)) {
    const shown = Number(short(nano).replace(/[$,]/g, '')) * 1e9;
    assert.ok(Math.abs(shown - nano) <= (nano < 995_000_000 ? nano * 0.005 + 1e-3 : 5_000_000 + 1), `${nano} as ${short(nano)}`);
  }
});

test('fixed rounds half away from zero, on integers', () => {
  assert.equal(fixed(5_000_000, 2), '$0.01');
  assert.equal(fixed(4_999_999, 2), '$0.00');
  assert.equal(fixed(-5_000_000, 2), '−$0.01');
  assert.equal(fixed(-4_999_999, 2), '$0.00');
  assert.equal(fixed(999_999_999, 0), '$1');
  assert.equal(fixed(9_007_199_254_740_991, 9), '$9,007,199.254740991');
});

test('a column has as many decimals as its largest sum wants', () => {
  assert.equal(placesFor([59_000_000, 7_480_000, null]), 4);
  assert.equal(placesFor([12_000_000_000]), 3);
  assert.equal(placesFor([]), 2);
  assert.equal(placesFor([1]), 9);
});
