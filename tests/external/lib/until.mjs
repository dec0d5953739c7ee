// Waiting for what gives no event of its own: another program's file, page or answer.
const STEP_MS = 50;

/** Looks until `found` gives something, or fails with `what`. */
export async function until(what, found, limitMs = 30_000) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = await found();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`no ${what} within ${limitMs / 1000} s`);
    await new Promise((r) => setTimeout(r, STEP_MS));
  }
}
