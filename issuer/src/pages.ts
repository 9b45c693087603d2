/** The issuer's few HTML pages. No scripts but the one that submits the sign-out form. */

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f5f5f7; color: #1d1d1f }
  main { background: #fff; padding: 2rem; border-radius: 12px; box-shadow: 0 2px 12px rgb(0 0 0 / .08); width: min(22rem, 90vw); box-sizing: border-box }
  h1 { font-size: 1.25rem; margin: 0 0 1rem }
  label { display: block; margin-bottom: .25rem }
  input, button { font: inherit; width: 100%; box-sizing: border-box; padding: .6rem .75rem; border-radius: 8px; border: 1px solid #c7c7cc }
  button { margin-top: 1rem; border: 0; background: #5d34f2; color: #fff; cursor: pointer }
  [role=alert] { color: #b3261e }
  small { color: #6e6e73; display: block; margin-top: 1rem }
`;

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for use in HTML content and quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const page = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
</main>
</body>
</html>
`;

/** What the sign-in page shows. */
export interface SignInView {
  application: string;
  usernames: string[];
  /** Prefilled user name. */
  username: string;
  error?: string;
}

/** The sign-in form. It asks for a user name only: everything here is on loopback and in memory. */
export function signInPage({ application, usernames, username, error }: SignInView): string {
  const options = usernames.map((name) => `<option value="${escapeHtml(name)}">`).join('');
  return page(
    `Sign in to ${application}`,
    `${error === undefined ? '' : `<p role="alert">${escapeHtml(error)}</p>`}
<form method="post" action="/sign-in">
<label for="username">Username</label>
<input id="username" name="username" list="usernames" autocomplete="username" autocapitalize="none" required autofocus value="${escapeHtml(username)}">
<datalist id="usernames">${options}</datalist>
<button type="submit">Sign in</button>
</form>
<small>A test issuer on loopback: no passwords. Users: ${escapeHtml(usernames.join(', '))}.</small>`,
  );
}

/** A page that says why an interaction cannot go on. */
export const errorPage = (message: string): string =>
  page('Sign-in failed', `<p role="alert">${escapeHtml(message)}</p>`);

/** Confirms a sign-out at once, as Logto does; `form` is the provider's form with its CSRF value. */
export const logoutPage = (form: string): string =>
  page(
    'Signing out',
    `${form}
<script>
const form = document.forms[0];
const confirm = document.createElement('input');
Object.assign(confirm, { type: 'hidden', name: 'logout', value: 'yes' });
form.append(confirm);
form.submit();
</script>`,
  );
