// The part of Node's test runner that the examples of the documentation use. The official types are
// a package that nothing else here needs.

declare module "node:test" {
  export function test(name: string, run: () => Promise<void>): void;
  export function afterEach(run: () => void): void;
}

declare module "node:assert/strict" {
  const assert: {
    equal(actual: unknown, expected: unknown): void;
    rejects(promise: Promise<unknown>, expected: { readonly prototype: Error }): Promise<void>;
  };
  export default assert;
}
