/** The issuer: a loopback HTTP server with Logto's endpoints, its keys, and the switches tests need. */

import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JSONWebKeySet } from 'jose';
import Koa from 'koa';
import mount from 'koa-mount';
import type Provider from 'oidc-provider';
import { clientMetadata } from './applications.ts';
import type { CustomClaims } from './claims.ts';
import { cacheHeaders, conditionalGet, logRequests, logtoErrors } from './http.ts';
import { interact } from './interactions.ts';
import { generateSigningKey, KeyRing, publicJwk, type SigningAlgorithm } from './keys.ts';
import { buildProvider } from './provider.ts';
import { RequestLog } from './request-log.ts';
import { MemoryStorage } from './storage.ts';
import { Tenant, type TenantData } from './tenant.ts';
import { tutorialTenant } from './tutorial.ts';

/** Options of {@link createIssuer}; all have defaults. */
export interface IssuerOptions {
  /** TCP port; 0 (the default) lets the system choose. A restart keeps the chosen port. */
  port?: number;
  /** Address to listen on. Loopback by default: the issuer signs anybody in without a password. */
  host?: string;
  /** Algorithm of the first signing key; ES384 by default, as in Logto. */
  signingAlgorithm?: SigningAlgorithm;
  /** Modulus length of RSA keys in bits; 4096 by default, as in Logto. */
  rsaModulusLength?: number;
  /** The tenant's data; the tutorial's by default. The object is used as it is, not copied. */
  tenant?: TenantData;
  /**
   * Further hosts the tenant is reached under, e.g. `['localhost']`. Each is an issuer of its own with the same keys,
   * chosen by the `Host` header, as Logto's custom domains are. A host name takes the server's port; an origin
   * (`https://auth.example.com`) is taken as it is.
   */
  customDomains?: string[];
  /** `typ` header of ID tokens: none (Logto since 1.42, the default) or `JWT` (before). */
  idTokenType?: 'JWT';
  /** Members to add to access tokens, like Logto's custom token claims. */
  customClaims?: CustomClaims;
}

/** What {@link Issuer.rotateKeys} does. */
export interface RotationOptions {
  /** Algorithm of the new key; that of the current one by default. */
  algorithm?: SigningAlgorithm;
  /** Only publish the new key; {@link Issuer.activateNextKey} makes it sign. */
  staged?: boolean;
}

interface Tenancy {
  issuer: string;
  /** Value of the `Host` header that selects it. */
  host: string;
  provider: Provider;
  middleware: Koa.Middleware;
}

/** A running (or stopped) issuer. Get one from {@link createIssuer}. */
export class Issuer {
  readonly tenant: Tenant;
  readonly requests = new RequestLog();
  readonly #options: IssuerOptions;
  readonly #keys: KeyRing;
  readonly #storage: MemoryStorage;
  readonly #cookieKeys = [randomBytes(32).toString('base64url')];
  readonly #host: string;
  #port: number;
  #server: Server | undefined;
  #tenancies: Tenancy[] = [];

  private constructor(options: IssuerOptions, keys: KeyRing) {
    this.#options = options;
    this.#keys = keys;
    this.#host = options.host ?? '127.0.0.1';
    this.#port = options.port ?? 0;
    this.tenant = new Tenant(options.tenant ?? tutorialTenant());
    this.#storage = new MemoryStorage((id) => {
      const application = this.tenant.application(id);
      return application && clientMetadata(application);
    });
  }

  /** Generates the first key; the issuer is not listening yet. */
  static async create(options: IssuerOptions): Promise<Issuer> {
    const key = await generateSigningKey(options.signingAlgorithm ?? 'ES384', options.rsaModulusLength);
    return new Issuer(options, new KeyRing(key));
  }

  /** Base address, without a trailing slash: what Logto's SDKs call `endpoint`. */
  get endpoint(): string {
    return `http://${this.#host}:${this.#port}`;
  }

  /** The issuer identifier: the `iss` of tokens requested from {@link endpoint}. */
  get issuer(): string {
    return `${this.endpoint}/oidc`;
  }

  /** All issuer identifiers: {@link issuer} and one per custom domain. */
  get issuers(): string[] {
    return this.#endpoints().map((endpoint) => `${endpoint}/oidc`);
  }

  /** Address of the key set. */
  get jwksUri(): string {
    return `${this.issuer}/jwks`;
  }

  /** `kid`s of the published keys in the order of the key set: Current, Next, Previous. */
  get keyIds(): string[] {
    return this.#keys.published.map((key) => key.kid);
  }

  /** The published key set, as {@link jwksUri} serves it. */
  jwks(): JSONWebKeySet {
    return { keys: this.#keys.published.map(publicJwk) };
  }

  /** Whether the server is running. */
  get listening(): boolean {
    return this.#server !== undefined;
  }

  /** Starts to listen; a second start does nothing. Rejects when the port is taken. */
  async start(): Promise<void> {
    if (this.#server !== undefined) {
      return;
    }
    const app = this.#application();
    const server = createServer(app.callback());
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.#host, resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    this.#rebuild();
  }

  /** Stops listening and drops open connections. State and keys are kept. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) {
      return;
    }
    this.#server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  /** Stops and starts again on the same port. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Rotates the signing key: at once, or staged. Resolves to the new key's `kid`. */
  async rotateKeys({ algorithm, staged = false }: RotationOptions = {}): Promise<string> {
    const key = await generateSigningKey(algorithm ?? this.#keys.current.algorithm, this.#options.rsaModulusLength);
    if (staged) {
      this.#keys.stage(key);
    } else {
      this.#keys.rotate(key);
    }
    this.#rebuild();
    return key.kid;
  }

  /** Makes the staged key sign; the current one becomes Previous. Throws when no key is staged. */
  activateNextKey(): void {
    this.#keys.activateNext();
    this.#rebuild();
  }

  /** Unpublishes the Previous key. */
  deletePreviousKey(): void {
    this.#keys.deletePrevious();
    this.#rebuild();
  }

  /** Sets the lifetime, in seconds, of access tokens issued from now on for `indicator`; zero and less are allowed. */
  setAccessTokenTtl(indicator: string, seconds: number): void {
    const resource = this.tenant.resource(indicator);
    if (resource === undefined) {
      throw new Error(`unknown API resource: ${indicator}`);
    }
    resource.accessTokenTtl = seconds;
  }

  #endpoints(): string[] {
    const domains = (this.#options.customDomains ?? []).map((domain) =>
      domain.includes('://') ? domain : `http://${domain}:${this.#port}`,
    );
    return [this.endpoint, ...domains];
  }

  /** Providers hold their keys for life, so each change of keys builds new ones over the same storage. */
  #rebuild(): void {
    this.#tenancies = this.#endpoints().map((endpoint) => {
      const issuer = `${endpoint}/oidc`;
      const provider = buildProvider({
        issuer,
        tenant: this.tenant,
        keys: this.#keys,
        storage: this.#storage,
        cookieKeys: this.#cookieKeys,
        idTokenType: this.#options.idTokenType,
        customClaims: this.#options.customClaims,
      });
      provider.on('server_error', (ctx, error) => ctx.app.emit('error', error, ctx));
      return { issuer, host: new URL(endpoint).host, provider, middleware: mount('/oidc', provider.app) };
    });
  }

  #application(): Koa {
    const app = new Koa();
    app.use(logRequests(this.requests));
    app.use(conditionalGet);
    app.use(cacheHeaders);
    app.use(logtoErrors);
    app.use(async (ctx, next) => {
      const tenancy = this.#tenancies.find(({ host }) => host === ctx.host) ?? this.#tenancies[0];
      if (tenancy === undefined || (await interact(ctx, tenancy.provider, this.tenant))) {
        return;
      }
      await tenancy.middleware(ctx, next);
    });
    return app;
  }
}

/** Creates an issuer and starts it. */
export async function createIssuer(options: IssuerOptions = {}): Promise<Issuer> {
  const issuer = await Issuer.create(options);
  await issuer.start();
  return issuer;
}
