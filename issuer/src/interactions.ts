/** What happens between the authorization request and the code: the sign-in form, and consent granted without asking. */

import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { errorPage, signInPage } from './pages.ts';
import type { Tenant } from './tenant.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

const MAX_FORM_BYTES = 4096;

/** Answers `/sign-in` and `/consent`; returns false for any other request. */
export async function interact(ctx: Context, provider: Provider, tenant: Tenant): Promise<boolean> {
  const handler = HANDLERS[`${ctx.method} ${ctx.path}`];
  if (handler === undefined) {
    return false;
  }
  ctx.set('Cache-Control', 'no-store');
  const interaction = await provider.interactionDetails(ctx.req, ctx.res).catch(() => undefined);
  if (interaction === undefined) {
    ctx.status = 400;
    ctx.type = 'html';
    ctx.body = errorPage('This sign-in is unknown or has expired. Go back to the application and start again.');
    return true;
  }
  await handler(ctx, provider, tenant, interaction);
  return true;
}

type Handler = (ctx: Context, provider: Provider, tenant: Tenant, interaction: Interaction) => Promise<void>;

const HANDLERS: Record<string, Handler> = {
  'GET /sign-in': async (ctx, _provider, tenant, interaction) => renderSignIn(ctx, tenant, interaction),
  'POST /sign-in': signIn,
  'GET /consent': consent,
};

function renderSignIn(ctx: Context, tenant: Tenant, interaction: Interaction, username?: string, error?: string): void {
  const hint = interaction.params.login_hint;
  const application = tenant.application(String(interaction.params.client_id));
  ctx.type = 'html';
  ctx.body = signInPage({
    application: application?.name ?? application?.id ?? 'the application',
    usernames: tenant.data.users.map((user) => user.username),
    username: username ?? (typeof hint === 'string' ? hint : ''),
    ...(error === undefined ? {} : { error }),
  });
}

async function signIn(ctx: Context, provider: Provider, tenant: Tenant, interaction: Interaction): Promise<void> {
  const username = (await readForm(ctx)).get('username')?.trim() ?? '';
  const user = tenant.userByName(username);
  if (user === undefined) {
    ctx.status = 422;
    renderSignIn(ctx, tenant, interaction, username, 'There is no user of this name.');
    return;
  }
  await finish(ctx, provider, { login: { accountId: user.id } });
}

/** First-party applications are granted what they ask for and the user may have. */
async function consent(ctx: Context, provider: Provider, _tenant: Tenant, interaction: Interaction): Promise<void> {
  const { details } = interaction.prompt as {
    details: { missingOIDCScope?: string[]; missingResourceScopes?: Record<string, string[]> };
  };
  const existing = interaction.grantId === undefined ? undefined : await provider.Grant.find(interaction.grantId);
  const grant =
    existing ??
    new provider.Grant({
      accountId: interaction.session?.accountId,
      clientId: String(interaction.params.client_id),
    });
  grant.addOIDCScope((details.missingOIDCScope ?? []).join(' '));
  for (const [indicator, scopes] of Object.entries(details.missingResourceScopes ?? {})) {
    grant.addResourceScope(indicator, scopes.join(' '));
  }
  await finish(ctx, provider, { consent: { grantId: await grant.save() } });
}

async function finish(
  ctx: Context,
  provider: Provider,
  result: Parameters<Provider['interactionResult']>[2],
): Promise<void> {
  const location = await provider.interactionResult(ctx.req, ctx.res, result);
  ctx.redirect(location);
  ctx.status = 303;
}

async function readForm(ctx: Context): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of ctx.req) {
    length += chunk.length;
    if (length > MAX_FORM_BYTES) {
      ctx.throw(413);
    }
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
