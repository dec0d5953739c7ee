import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventReader } from '../src/lib/sse.ts';

const STREAM = 'event: a\ndata: {"x":1}\n\n: a comment\n\ndata: one\ndata: two\n\nevent: b\r\ndata:three\r\n\r\nevent: empty\n\ndata: not complete';
const WANTED = [{ event: 'a', data: '{"x":1}' }, { event: 'message', data: 'one\ntwo' }, { event: 'b', data: 'three' }];

test('events are the same whatever pieces they come in', () => {
  for (let size = 1; size <= STREAM.length; size++) {
    const reader = new EventReader();
    const events = [];
    for (let at = 0; at < STREAM.length; at += size) events.push(...reader.take(STREAM.slice(at, at + size)));
    assert.deepEqual(events, WANTED, `pieces of ${size}`);
  }
});
