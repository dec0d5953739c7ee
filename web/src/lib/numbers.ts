// Numbers for people. English grouping throughout, as the gateway's texts have it.

/** 12,345 */
export const count = (value: number): string => Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ',');

/** 940, 12.3k, 1.25M */
export function brief(value: number): string {
  if (value < 1000) return String(Math.round(value));
  if (value < 999_500) return `${trim(value / 1000)}k`;
  return value < 999_500_000 ? `${trim(value / 1_000_000)}M` : `${trim(value / 1_000_000_000)}G`;
}

const trim = (value: number): string => (value >= 99.95 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, ''));

/** Share of a whole as "83 %"; what is not all is never shown as all, and what is something never as nothing. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return '–';
  const share = (part / whole) * 100;
  if (share > 0 && share < 1) return '< 1 %';
  if (share > 99 && share < 100) return '> 99 %';
  return `${Math.round(share)} %`.replace('-', '−');
}

/** Microseconds as "85 µs", "3.2 ms", "1.24 s", "2 min 05 s". */
export function duration(micros: number | null): string {
  if (micros === null) return '–';
  if (micros < 1000) return `${Math.round(micros)} µs`;
  if (micros < 9_950) return `${(micros / 1000).toFixed(1)} ms`;
  if (micros < 999_500) return `${Math.round(micros / 1000)} ms`;
  if (micros < 59_950_000) return `${(micros / 1_000_000).toFixed(micros < 9_950_000 ? 2 : 1)} s`;
  const seconds = Math.round(micros / 1_000_000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** 812 B, 34.5 kB, 1.2 MB */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  return value < 999_500 ? `${trim(value / 1000)} kB` : `${trim(value / 1_000_000)} MB`;
}

/** "1 request", "12 requests" */
export const many = (value: number, one: string, more = `${one}s`): string => `${count(value)} ${value === 1 ? one : more}`;
