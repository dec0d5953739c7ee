import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run, RunKind } from '../src/api/contract.ts';
import { KINDS, breakAt, inWords, isBreak, layout, merged, sentence, tokensOf, totals } from '../src/lib/strip.ts';

const run = (kind: RunKind, tokens: number): Run => ({ kind, tokens });
const close = (actual: number, wanted: number, what = '') => assert.ok(Math.abs(actual - wanted) < 1e-9, `${what} ${actual} instead of ${wanted}`);

test('runs are as wide as their tokens', () => {
  const [read, missed, written] = layout([run('read', 500), run('missed', 300), run('written_5m', 200)], 1000);
  close(read!.width, 0.5);
  close(missed!.start, 0.5);
  close(missed!.width, 0.3);
  close(written!.start, 0.8);
});

test('a turn on the scale of a longer one keeps its share', () => {
  const [only] = layout([run('read', 250)], 1000);
  close(only!.width, 0.25);
});

test('neighbours of one kind are one run, and empty runs are none', () => {
  assert.deepEqual(merged([run('read', 3), run('read', 4), run('missed', 0), run('read', 1), run('uncached', 2)]), [run('read', 8), run('uncached', 2)]);
});

test('a break of a few tokens can still be seen', () => {
  const segments = layout([run('read', 99_990), run('missed', 5), run('written_5m', 5)], 100_000, 0.004);
  for (const one of segments) assert.ok(one.width >= 0.004 - 1e-12, `${one.kind} is ${one.width}`);
  close(segments.reduce((sum, one) => sum + one.width, 0), 1);
});

test('the kinds in order, gapless and within the frame, whatever the prompt', () => {
  let seed = 11;
  const next = (most: number) => { seed = (seed * 48_271) % 2_147_483_647; return seed % most; };
  for (let round = 0; round < 2000; round++) {
    const runs = Array.from({ length: 1 + next(12) }, () => run(KINDS[next(KINDS.length)]!, next(3) === 0 ? next(4) : next(100_000)));
    const total = tokensOf(runs);
    const scale = Math.max(1, total + next(50_000));
    const segments = layout(runs, scale);
    assert.deepEqual(segments.map(({ kind, tokens }) => ({ kind, tokens })), merged(runs));
    let at = 0;
    for (const one of segments) {
      close(one.start, at, 'start');
      assert.ok(one.width > 0);
      at += one.width;
    }
    assert.ok(at <= 1 + 1e-9, `${at} is wider than the frame`);
    if (total > 0 && segments.length * 0.004 <= total / scale) close(at, total / scale, 'whole');
  }
});

test('nothing is drawn of an empty prompt', () => {
  assert.deepEqual(layout([], 100), []);
  assert.deepEqual(layout([run('read', 0)], 100), []);
  assert.deepEqual(layout([run('read', 10)], 0), []);
});

test('the break is where the first token was missed', () => {
  assert.equal(breakAt([run('read', 1900), run('missed', 20), run('read', 5), run('missed', 9)]), 1900);
  assert.equal(breakAt([run('missed', 20)]), 0);
  assert.equal(breakAt([run('read', 20), run('missed', 0), run('written_1h', 3)]), null);
});

test('what was never written to the cache is told apart from what was missed, and breaks nothing', () => {
  const runs = [run('read', 1900), run('not_written', 20), run('uncached', 3)];
  assert.equal(breakAt(runs), null);
  assert.equal(inWords(runs), '1,900 read, then 20 not kept, then 3 uncached');
  assert.equal(totals(runs).not_written, 20);
});

test('totals hold every token', () => {
  const runs = [run('read', 3), run('missed', 4), run('read', 5), run('uncached', 6)];
  assert.deepEqual(totals(runs), { read: 8, written_1h: 0, written_5m: 0, missed: 4, not_written: 0, uncached: 6 });
  assert.equal(tokensOf(runs), 18);
});

test('words tell what the picture shows', () => {
  assert.equal(inWords([run('read', 12_300), run('missed', 2000), run('written_5m', 150)]), '12,300 read, then 2,000 missed, then 150 written, 5 min');
  assert.equal(inWords([]), 'no prompt was billed');
});

test('first requests and whole reads are no breaks', () => {
  assert.deepEqual(['nothing', 'first', 'lore', 'not_written'].map(isBreak), [false, false, true, true]);
});

test('a few words become a sentence', () => {
  assert.deepEqual(['lore came or went', 'Done.', ''].map(sentence), ['Lore came or went.', 'Done.', '']);
});
