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
export const toResponse = ({ status, detail, headers }) =>
  new Response(JSON.stringify({ detail }), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });

/** The status of a call whose caller went away, as nginx logs it. */
export const CLIENT_CLOSED_REQUEST = 499;
