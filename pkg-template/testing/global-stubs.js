// Replaces globals for the duration of a test.

/** The names of installed stubs. Two of the same kind would restore each other's stubs. */
const installedNames = new Set();

/** The globals that one test double replaces. */
export class GlobalStubs {
  #name;
  /** @type {(() => void)[] | undefined} */
  #restorers;

  /** @param {string} name the name of the test double, for errors */
  constructor(name) {
    this.#name = name;
  }

  get isInstalled() {
    return this.#restorers !== undefined;
  }

  /** Starts to replace globals. Throws if an earlier test has left its own stubs behind. */
  install() {
    if (installedNames.has(this.#name)) {
      throw new Error(
        `a ${this.#name} is installed already; uninstall() it when its test is over, ` +
          "in afterEach() for one",
      );
    }
    installedNames.add(this.#name);
    this.#restorers = [];
  }

  /**
   * Replaces `target[name]` by `value`.
   * @param {object} target
   * @param {string} name
   * @param {unknown} value
   */
  stub(target, name, value) {
    const original = Object.getOwnPropertyDescriptor(target, name);
    const enumerable = original?.enumerable ?? true;
    Object.defineProperty(target, name, { value, configurable: true, enumerable, writable: true });
    this.#restorers?.push(() => {
      if (original) Object.defineProperty(target, name, original);
      else Reflect.deleteProperty(target, name);
    });
  }

  /** Restores all globals. Does nothing if nothing is installed. */
  restore() {
    if (!this.#restorers) return;
    for (const restore of this.#restorers.reverse()) restore();
    this.#restorers = undefined;
    installedNames.delete(this.#name);
  }
}
