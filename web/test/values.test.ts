import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Setting } from '../src/api/contract.ts';
import { controlOf, parsed, shown } from '../src/lib/values.ts';

const setting = (of: Partial<Setting>): Setting => ({ path: 'a.b', group: 'a', text: '', value: null, default: '', range: null, choices: null, origin: 'default', editable: true, secret: false, ...of });

test('each kind of value gets its field', () => {
  assert.equal(controlOf(setting({ choices: ['auto', 'off'] })), 'choice');
  assert.equal(controlOf(setting({ default: 'false' })), 'switch');
  assert.equal(controlOf(setting({ choices: ['true', 'false'] })), 'switch');
  assert.equal(controlOf(setting({ default: '2' })), 'number');
  assert.equal(controlOf(setting({ value: 4.5 })), 'number');
  assert.equal(controlOf(setting({ default: '[]' })), 'structure');
  assert.equal(controlOf(setting({ value: { a: 1 } })), 'structure');
  assert.equal(controlOf(setting({ default: '127.0.0.1' })), 'text');
  assert.equal(controlOf(setting({ secret: true, value: 'set' })), 'secret');
});

test('an empty field takes the setting out of the file', () => {
  assert.deepEqual(parsed(setting({ default: '2' }), '  '), { value: null });
});

test('what is typed becomes a value of its kind', () => {
  assert.deepEqual(parsed(setting({ default: '2' }), ' 5 '), { value: 5 });
  assert.deepEqual(parsed(setting({ default: 'false' }), 'true'), { value: true });
  assert.deepEqual(parsed(setting({ default: '{}' }), '{"a":"b"}'), { value: { a: 'b' } });
  assert.deepEqual(parsed(setting({ default: 'localhost' }), '10'), { value: '10' });
});

test('what is no number goes to the gateway, which says what is wanted', () => {
  assert.deepEqual(parsed(setting({ default: '2' }), 'many'), { value: 'many' });
});

test('what is no JSON is told before anything is sent', () => {
  const result = parsed(setting({ default: '[]' }), '["a"');
  assert.ok('error' in result && result.error.startsWith('This is not JSON'));
});

test('what is not set shows as nothing, and structures as JSON', () => {
  assert.equal(shown(setting({})), '');
  assert.equal(shown(setting({ value: false })), 'false');
  assert.equal(shown(setting({ value: ['a'] })), '[\n  "a"\n]');
});
