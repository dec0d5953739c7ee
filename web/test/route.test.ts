import assert from 'node:assert/strict';
import { test } from 'node:test';
import { href, parseHash } from '../src/lib/route.ts';

test('an address and what is read off it are the same', () => {
  const { page, rest } = parseHash(href('conversations', 'a/b ?#%'));
  assert.deepEqual([page, ...rest], ['conversations', 'a/b ?#%']);
});

test('queries stand behind the path', () => {
  const { page, query } = parseHash('#/requests?failed=true&q=a%20b');
  assert.equal(page, 'requests');
  assert.equal(query.get('failed'), 'true');
  assert.equal(query.get('q'), 'a b');
});

test('what is no address is the front page or itself, never an error', () => {
  assert.equal(parseHash('').page, '');
  assert.equal(parseHash('#').page, '');
  assert.equal(parseHash('#/%E0%A4%A').page, '%E0%A4%A');
});
