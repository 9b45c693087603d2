import { accepted } from './answer.ts';
import type { Core } from './core.ts';

/** Requirements are few in a program; a caller that invents new ones for each request must not fill the memory. */
const MAX_REQUIREMENTS = 256;

/** The requirements that a core has compiled, by the numbers it gave them. They live and die with that core. */
export class RequirementIds {
  readonly #byText = new Map<string, number>();

  /**
   * The core's number of a scope requirement, given as JSON text; compiles it if it is new.
   *
   * @throws {ScopegateError} `config_invalid`
   */
  of(core: Core, text: string): number {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    if (this.#byText.size >= MAX_REQUIREMENTS) {
      core.clear_requirements();
      this.clear();
    }
    const id = Number(accepted(core.requirement(text)));
    this.#byText.set(text, id);
    return id;
  }

  /** The core has forgotten them, or is gone. */
  clear(): void {
    this.#byText.clear();
  }
}
