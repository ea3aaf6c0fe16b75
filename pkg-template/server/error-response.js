/** An error response of the proxy itself, thrown to end a call. */
export class ErrorResponse {
  /**
   * @param {number} status
   * @param {string} detail the `detail` of the body
   * @param {Record<string, string>} [headers] headers to add
   */
  constructor(status, detail, headers) {
    this.status = status;
    this.detail = detail;
    this.headers = headers;
  }
}

/**
 * Returns a `Response` in the shape of the API's errors.
 * @param {ErrorResponse} error
 */
export function toResponse({ status, detail, headers }) {
  const body = JSON.stringify({ detail });
  return new Response(body, {
    status,
    headers: {
      "content-type": "application/json",
      // Callers know the end of the response while they still upload. All details are ASCII.
      "content-length": `${body.length}`,
      ...headers,
    },
  });
}

/** The status of a call whose caller went away, as nginx logs it. */
export const CLIENT_CLOSED_REQUEST = 499;
