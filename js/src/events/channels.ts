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

type Host = { process?: { getBuiltinModule?(name: string): unknown } };
type DiagnosticsChannel = { channel(name: string): Channel };

let channels: Channels | undefined;

/**
 * The channels `scopegate:token` and `scopegate:keys`, where the host has `node:diagnostics_channel`.
 *
 * It is asked for by name at run time, not imported: most hosts have no such module, and bundlers must not look for it.
 */
export function openChannels(): Channels | undefined {
  if (channels !== undefined) return channels;
  const diagnostics = diagnosticsChannel();
  if (typeof diagnostics?.channel !== 'function') return undefined;
  channels = { token: diagnostics.channel('scopegate:token'), keys: diagnostics.channel('scopegate:keys') };
  return channels;
}

function diagnosticsChannel(): Partial<DiagnosticsChannel> | undefined {
  const { process } = globalThis as Host;
  try {
    return process?.getBuiltinModule?.('node:diagnostics_channel') as DiagnosticsChannel | undefined;
  } catch {
    return undefined; // Next.js puts functions that throw into the process of its edge runtime.
  }
}
