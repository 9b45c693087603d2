/** As much of a browser as a sign-in takes: cookies, redirects and one form. */

const MAX_STEPS = 12;

export class Browser {
  readonly #cookies = new Map<string, string>();

  /**
   * Opens the sign-in address, fills in `username` where the form is shown, and resolves to the address the application
   * is sent back to. That address itself is not requested. Rejects when a page is neither a redirect nor the form.
   */
  async signIn(start: string, redirectUri: string, username: string): Promise<string> {
    let url = start;
    let form: URLSearchParams | undefined;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      if (url.startsWith(`${redirectUri}?`)) {
        return url;
      }
      const { pathname } = new URL(url);
      const response = await this.request(url, form);
      const html = await response.text();
      const location = response.headers.get('location');
      const action = /<form method="post" action="([^"]*)">/.exec(html)?.[1];
      if (location !== null) {
        url = new URL(location, url).href;
        form = undefined;
      } else if (response.ok && form === undefined && action !== undefined) {
        url = new URL(action, url).href;
        form = new URLSearchParams({ username });
      } else {
        throw new Error(`sign-in stopped at ${pathname} with status ${response.status}`);
      }
    }
    throw new Error('sign-in did not come to an end');
  }

  /** One request with the cookies in hand; keeps those it gets. Redirects are not followed. */
  async request(url: string, form?: URLSearchParams): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', cookie },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const received of response.headers.getSetCookie()) {
      const [pair = ''] = received.split(';');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      this.#cookies.set(name, value);
    }
    return response;
  }
}
