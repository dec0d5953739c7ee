// Server-sent events out of a fetch body (https://html.spec.whatwg.org/multipage/server-sent-events.html), as EventSource cannot POST.

export interface SentEvent { event: string; data: string }

/** Takes text in pieces of any size and gives the events that are complete. */
export class EventReader {
  private rest = '';

  public take(piece: string): SentEvent[] {
    this.rest += piece;
    const events: SentEvent[] = [];
    for (;;) {
      const end = /\r\n\r\n|\n\n|\r\r/.exec(this.rest);
      if (!end) return events;
      const event = parse(this.rest.slice(0, end.index));
      this.rest = this.rest.slice(end.index + end[0].length);
      if (event) events.push(event);
    }
  }
}

function parse(block: string): SentEvent | null {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const at = line.indexOf(':');
    if (at === 0) continue;
    const name = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? '' : line.slice(at + 1).replace(/^ /, '');
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
  }
  return data.length === 0 ? null : { event, data: data.join('\n') };
}
