// The result book that every suite keeps: one row a case, failures printed as they happen, "N passed, N failed" at the end.
//   ONLY=regex     run the cases whose id matches          VERBOSE=1  print passed cases as well
//   OUT=file.json  write all rows there
import fs from 'node:fs';

const PROGRESS_EVERY_MS = 10_000;

export class Book {
  #only = process.env.ONLY ? new RegExp(process.env.ONLY) : null;
  #lastPrint = Date.now();

  constructor(name) {
    this.name = name;
    this.rows = [];
  }

  /** Whether ONLY chooses a part of the cases. */
  get filtered() { return this.#only !== null; }

  wants(id) { return !this.#only || this.#only.test(id); }

  add(id, why = '') {
    const ok = !why;
    this.rows.push({ id, ok, why });
    if (!ok || process.env.VERBOSE) {
      this.#print(`${ok ? 'ok  ' : 'FAIL'} ${id}${why ? '  - ' + why : ''}`);
    } else if (Date.now() - this.#lastPrint > PROGRESS_EVERY_MS) {
      this.#print(`... ${this.rows.length} cases, at ${id}`);
    }
  }

  /** Runs one case: `run` returns '' or nothing where all is well, else what is wrong. `attempts`: how often it may fail before that counts. */
  async case(id, run, { attempts = 1 } = {}) {
    if (!this.wants(id)) return;
    let why = '';
    for (let i = 1; i <= attempts; i++) {
      try {
        why = (await run()) || '';
      } catch (e) {
        why = `threw ${e?.stack?.split('\n').slice(0, 3).join(' ') ?? e}`;
      }
      if (!why) break;
      if (i < attempts) this.#print(`again ${id}  - ${why}`);
    }
    this.add(id, why);
  }

  done() {
    const failed = this.rows.filter((r) => !r.ok).length;
    const passed = this.rows.length - failed;
    if (process.env.OUT) {
      const result = { suite: this.name, target: process.env.TARGET ?? 'direct', passed, failed, rows: this.rows };
      fs.writeFileSync(process.env.OUT, JSON.stringify(result, null, 1));
    }
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed || (!passed && !this.filtered) ? 1 : 0;
  }

  #print(line) {
    this.#lastPrint = Date.now();
    console.log(line);
  }
}
