// Times come in UTC and are shown in the reader's own zone.

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const minute = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

const sameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString();

/** "14:03:22" today, "3 Nov 14:03" before. */
export function moment(iso: string, now = new Date()): string {
  const at = new Date(iso);
  return sameDay(at, now) ? clock.format(at) : `${day.format(at)} ${minute.format(at)}`;
}

/** With the zone, for titles. */
export const inFull = (iso: string): string => full.format(new Date(iso));

/** "14:00" of an hour, "3 Nov" of a day. */
export const slot = (iso: string, by: 'hour' | 'day'): string => (by === 'hour' ? minute.format(new Date(iso)) : day.format(dayOf(iso)));

/** A day of the gateway's keeps its name wherever one reads it: midnight in Greenwich is the evening before in New York. */
export const dayOf = (iso: string): Date => new Date(`${iso.slice(0, 10)}T00:00`);

/** "just now", "4 min ago", "3 h ago", "2 days ago" */
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  const days = Math.round(seconds / 86_400);
  return days === 1 ? 'yesterday' : `${days} days ago`;
}

/** "at 00:00", "on 1 Dec" */
export const resets = (iso: string, now = new Date()): string => {
  const at = new Date(iso);
  const tomorrow = new Date(now.getTime() + 86_400_000);
  return at <= tomorrow ? `at ${minute.format(at)}` : `on ${day.format(at)}`;
};
