// The outcomes of a step besides its numbers.

/** The device or the page lacks something that the step needs. */
export class NotAvailable extends Error {
  /**
   * @param {string} message
   * @param {object} [numbers] the numbers that were measured before
   */
  constructor(message, numbers = {}) {
    super(message);
    this.numbers = numbers;
  }
}

/** The step measured something that is wrong. */
export class WrongResult extends Error {
  /**
   * @param {string} message
   * @param {object} numbers the numbers that were measured
   */
  constructor(message, numbers) {
    super(message);
    this.numbers = numbers;
  }
}

/**
 * Returns `numbers` if every expectation holds.
 * @template {object} Numbers
 * @param {Numbers} numbers
 * @param {[holds: boolean, problem: string][]} expectations
 * @throws {WrongResult} with the problems of all expectations that do not hold
 */
export function verify(numbers, expectations) {
  const problems = expectations.filter(([holds]) => !holds).map(([, problem]) => problem);
  if (problems.length > 0) throw new WrongResult(problems.join("; "), numbers);
  return numbers;
}

/**
 * Returns a description of an error for the report.
 * @param {unknown} error
 */
export function describe(error) {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof NotAvailable || error instanceof WrongResult) return error.message;
  const { code, reason } = /** @type {{ code?: unknown, reason?: unknown }} */ (error);
  // DOMExceptions have a numeric code, which their name explains better.
  const details = [code, reason].filter((detail) => typeof detail === "string").join(", ");
  return `${error.name}${details && ` (${details})`}: ${error.message}`;
}
