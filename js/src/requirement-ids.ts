import { accepted } from './answer.ts';
import type { Core } from './core.ts';
import { Combination, type ScopeRequirement, scopesText } from './requirement.ts';

/** Requirements are few in a program; a caller that invents new ones for each request must not fill the memory. */
const MAX_REQUIREMENTS = 256;

/** The requirements that a core has compiled, by the numbers it gave them. They live and die with that core. */
export class RequirementIds {
  readonly #byText = new Map<string, number>();
  /** A single scope, and no scopes at all: there is no need to write their text again. */
  readonly #byValue = new Map<string | undefined, number>();
  /** The list or combination that was asked for last: literal ones come anew with every call. */
  #lastKind = '';
  #lastMembers: readonly unknown[] = [];
  #lastId = 0;

  /**
   * The core's number of a scope requirement as a caller gave it; compiles it if it is new.
   *
   * @throws {ScopegateError} `config_invalid`
   */
  of(core: Core, scopes: ScopeRequirement | undefined): number {
    if (typeof scopes === 'object') {
      if (Array.isArray(scopes)) return this.#ofMembers(core, scopes, 'list', scopes);
      if (Combination.is(scopes)) return this.#ofMembers(core, scopes, scopes.kind, scopes.members);
      return this.ofText(core, scopesText(scopes));
    }
    const known = this.#byValue.get(scopes);
    if (known !== undefined) return known;
    const id = this.ofText(core, scopesText(scopes));
    this.#byValue.set(scopes, id);
    return id;
  }

  #ofMembers(core: Core, scopes: ScopeRequirement, kind: string, members: readonly unknown[]): number {
    if (kind === this.#lastKind && isSame(members, this.#lastMembers)) return this.#lastId;
    const id = this.ofText(core, scopesText(scopes));
    if (members.every((member) => typeof member === 'string')) {
      this.#lastKind = kind;
      // A copy: the caller's list may change.
      this.#lastMembers = [...members];
      this.#lastId = id;
    }
    return id;
  }

  /**
   * The core's number of a scope requirement by its text.
   *
   * @throws {ScopegateError} `config_invalid`
   */
  ofText(core: Core, text: string): number {
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
    this.#byValue.clear();
    this.#lastKind = '';
  }
}

function isSame(members: readonly unknown[], others: readonly unknown[]): boolean {
  if (members.length !== others.length) return false;
  for (let i = 0; i < members.length; i++) if (members[i] !== others[i]) return false;
  return true;
}
