// s2. Bytes on the wire: the same raw request goes straight to a scripted upstream and through TARGET;
// what arrives at the upstream, what comes back and when it comes back must agree.
//   TARGET=http://127.0.0.1:PORT UPSTREAM_PORT=4111 node s2-wire.mjs        (no TARGET: self-check)
//   RULES=rules.json    the deliberate differences; ONLY, VERBOSE, OUT: see ../lib/book.mjs
import { Bench } from './s2/harness.mjs';
import { requests } from './s2/requests.mjs';
import { responses } from './s2/responses.mjs';
import { streams } from './s2/streams.mjs';
import { time } from './s2/time.mjs';
import { faults } from './s2/faults.mjs';

const target = process.env.TARGET ? Number(new URL(process.env.TARGET).port) : null;
const bench = await Bench.start(Number(process.env.UPSTREAM_PORT || 4111), target);
for (const group of [requests, responses, streams, time, faults]) await group(bench);
await bench.stop();
