import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A directory for files of a test. */
export interface Scratch {
  readonly path: string;
  /** Writes a file; its address. */
  write(name: string, text: string): URL;
  remove(): void;
}

/** Makes one below the checkout, so that the packages are found from there, and out of everybody's sight. */
export function scratch(name: string): Scratch {
  const parent = new URL('../../../target/scratch/', import.meta.url);
  mkdirSync(parent, { recursive: true });
  const path = mkdtempSync(fileURLToPath(new URL(`${name}-`, parent)));
  writeFileSync(`${path}/package.json`, '{ "type": "module" }');
  return {
    path,
    write(file, text) {
      writeFileSync(`${path}/${file}`, text);
      return pathToFileURL(`${path}/${file}`);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
