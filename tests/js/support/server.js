// Servers that a client's `fetch` reaches, and the forms that they get.

import { waitFor } from "./test.js";

/** A server whose responses the test sends, one by one. */
export class ManualServer {
  requests = [];

  fetch = (url, { body, signal }) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
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
    await waitFor(() => this.requests.length >= number);
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

/** Returns a server that responds at once, with this text and 200. */
export function instantServer(text) {
  const requests = [];
  const fetch = async (url, { body }) => {
    requests.push({ url, body });
    return new Response(text);
  };
  return { fetch, requests };
}

/** Returns the bytes of the file that a request uploads. */
export const fileOf = async ({ body }) => new Uint8Array(await body.get("file").arrayBuffer());

/** Returns the text fields of a request, as pairs. */
export const textFieldsOf = ({ body }) =>
  [...body].filter(([, value]) => typeof value === "string");

/** Returns the fields of a request in their order: "name=text" or "name: file type bytes". */
export const fieldsOf = ({ body }) =>
  [...body].map(([name, value]) =>
    typeof value === "string"
      ? `${name}=${value}`
      : `${name}: ${value.name} ${value.type} ${value.size}`,
  );
