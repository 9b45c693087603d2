/** What the figures were taken on. */

import { cpus, loadavg } from 'node:os';

/** One line: runtime, processors, and how busy the machine has been. */
export function machine(): string {
  const processors = cpus();
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
  return `Node ${process.versions.node}, ${processors.length} × ${processors[0]?.model.trim()}, load averages ${load}`;
}
