// The person at the browser, without a browser: keeps cookies, follows redirects, confirms the code.

/** Opens the page of a device sign-in and confirms the code that stands in it. Gives the text of the last page. */
export async function approve(verificationUriComplete) {
  const jar = new Map();
  const page = await open(verificationUriComplete, jar);
  const inputs = Object.fromEntries([...page.body.matchAll(/<input[^>]*name="([^"]+)"[^>]*>/g)].map(([tag, name]) => [name, /value="([^"]*)"/.exec(tag)?.[1] ?? '']));
  inputs.user_code ||= new URL(verificationUriComplete).searchParams.get('user_code');
  const action = /<form[^>]*action="([^"]*)"/.exec(page.body)?.[1] ?? page.url;
  return open(new URL(action, page.url).href, jar, inputs);
}

async function open(url, jar, form = null) {
  for (let hop = 0; hop < 20; hop++) {
    const { host, origin } = new URL(url);
    const cookies = jar.get(host) ?? new Map();
    jar.set(host, cookies);
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...(form ? { origin, 'content-type': 'application/x-www-form-urlencoded' } : {}) },
      body: form ? new URLSearchParams(form) : undefined,
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      cookies.set(name, value);
    }
    const body = await response.text();
    const to = response.headers.get('location');
    if (!to) return { url, status: response.status, body };
    [url, form] = [new URL(to, url).href, null];
  }
  throw new Error(`too many redirects at ${url}`);
}
