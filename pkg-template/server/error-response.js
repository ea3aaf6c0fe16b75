/** A response of the proxy's own, thrown to end a call. */
export class Refusal {
  constructor(status, detail, headers) {
    this.status = status;
    this.detail = detail;
    this.headers = headers;
  }
}

/** Status of a call whose caller went away, as nginx logs it. */
export const CALLER_GONE = 499;

/** Makes a response that has the shape of the API's errors. */
export const refusalResponse = ({ status, detail, headers }) =>
  new Response(JSON.stringify({ detail }), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
