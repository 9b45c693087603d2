/** The part of a `Channel` of `node:diagnostics_channel` that is used. */
export interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

/** The channels of this package. */
export interface Channels {
  readonly token: Channel;
  readonly keys: Channel;
}

type DiagnosticsChannel = { channel(name: string): Channel };
type Host = { process: { getBuiltinModule(name: string): DiagnosticsChannel } };

/**
 * The channels `scopegate:token` and `scopegate:keys`, where the host has `node:diagnostics_channel`.
 *
 * It is asked for by name at run time, not imported: most hosts have no such module, and bundlers must not look for it.
 */
export function openChannels(): Channels | undefined {
  try {
    const { process } = globalThis as unknown as Host;
    const diagnostics = process.getBuiltinModule('node:diagnostics_channel');
    return { token: diagnostics.channel('scopegate:token'), keys: diagnostics.channel('scopegate:keys') };
  } catch {
    return undefined; // No process, no such function or module; in Next.js's edge runtime, one that throws.
  }
}
