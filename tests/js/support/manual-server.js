// A server whose responses the test sends, one by one.

import { until } from "./test.js";

export class ManualServer {
  requests = [];

  fetch = (url, { body, signal }) =>
    new Promise((resolve, reject) => {
      const request = {
        url,
        body,
        isAborted: false,
        respond: (status, text) => resolve(new Response(text, { status })),
      };
      signal.addEventListener("abort", () => {
        request.isAborted = true;
        reject(signal.reason);
      });
      this.requests.push(request);
    });

  /** Returns the request of this number, from 1, once it has arrived. */
  async request(number) {
    await until(() => this.requests.length >= number);
    return this.requests[number - 1];
  }

  /** Responds to the request of this number. */
  async respond(number, status, text = "") {
    (await this.request(number)).respond(status, text);
  }

  /** Responds to the next request that arrives. */
  respondToNext(status, text) {
    return this.respond(this.requests.length + 1, status, text);
  }
}

/** Returns the bytes of the file that a request uploads. */
export const fileOf = async ({ body }) => new Uint8Array(await body.get("file").arrayBuffer());

/** Returns the text fields of a request, as pairs. */
export const textFieldsOf = ({ body }) => [...body].filter(([, value]) => typeof value === "string");
