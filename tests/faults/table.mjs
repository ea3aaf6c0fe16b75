// The faults that can occur between a request and its response, and the outcome that a call must
// have: in browsers by fetch and by XMLHttpRequest, and in Node by fetch. docs/faults.md is
// generated from this table.

import { gzipSync } from "node:zlib";
import { http } from "./server.mjs";

const TEXT = '{"text":"hi","text_type":"en","metadata":{},"response_time_in_sec":0.1}';
const JSON_TYPE = { "content-type": "application/json" };
const whole = (status, headers, body) =>
  http(status, { ...JSON_TYPE, "content-length": Buffer.byteLength(body), ...headers }, body);

const SUCCESS = { name: "success", attempts: 0 };
const failed = (name, code, reason = null, attempts = 1, more = {}) => ({
  name,
  code,
  reason,
  attempts,
  ...more,
});
const INVALID = failed("InvalidResponseError", "INVALID_RESPONSE", null, 1, { status: 200 });
const INCOMPLETE = { ...INVALID, reason: "incomplete" };
const CONNECTION = failed("ConnectionError", "CONNECTION_FAILED", "unreachable", 2, {
  requests: 2,
});
const TIMEOUT = failed("TimeoutError", "TIMEOUT", "attempt");
const unexpected = (status) =>
  failed("UnexpectedStatusError", "UNEXPECTED_STATUS", null, 1, { status });
/** The outcome of each status with a body without information. */
const OF_STATUS = {
  200: INCOMPLETE,
  401: failed("AuthenticationError", "UNAUTHORIZED", "unknown", 1, { status: 401 }),
  402: failed("PaymentRequiredError", "PAYMENT_REQUIRED", "unknown", 1, { status: 402 }),
  429: failed("RateLimitError", "RATE_LIMIT_EXCEEDED", null, 1, {
    status: 429,
    retryAfterMs: [7_000, 7_000],
  }),
  503: failed("ServerError", "SERVICE_UNAVAILABLE", null, 2, { status: 503, requests: 2 }),
};
/** A 429 is sent once, so that its wait can be read from the error. */
const optionsOf = (status) => (status === "429" ? { retry: { maxAttempts: 1 } } : {});
const headersOf = (status) => (status === "429" ? { "retry-after": "7" } : {});

const send = (bytes) => (socket) => socket.end(bytes);
/** Writes repeatedly until the other side has closed the connection. */
function pour(socket, head, chunk) {
  socket.write(head);
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on("drain", more);
  more();
}
const chunked = (data) =>
  Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from("\r\n")]);
const CHUNKED = { ...JSON_TYPE, "transfer-encoding": "chunked" };
const FILL = Buffer.alloc(65_536, " ");
const bomb = gzipSync(
  Buffer.concat([Buffer.from('{"text":"'), Buffer.alloc(100_000_000, "x"), Buffer.from('"}')]),
);

const NO_GZIP = Buffer.alloc(64, 0xff);
/** A result that is long enough that a decoder returns text from its first half. */
const LONG = gzipSync(
  `{"text":"${Array.from({ length: 30_000 }, (_, n) => ((n * 2_654_435_761) % 4_294_967_296).toString(36)).join(" ")}"}`,
);

/**
 * Writes `bytes`, then breaks the connection. If Chromium reads both at once, it may report the
 * break before the head. The server cannot see when the head has been read, so it waits.
 */
const breakOff =
  (bytes, act) =>
  (socket, { headers }, { breakAfterMs }) =>
    socket.write(bytes, () => setTimeout(() => act(socket), breakAfterMs[headers["x-fault"]]));
const finish = (socket) => socket.end();

/** The ways in which a body breaks off after the head. */
const BREAKS = {
  "ends before its length (FIN)": (status) => breakOff(partOf(status), finish),
  "is reset (RST)": (status) => breakOff(partOf(status), (socket) => socket.resetAndDestroy()),
  "is cut within a chunk": (status) =>
    breakOff(http(status, { ...CHUNKED, ...headersOf(status) }, '40\r\n{"text":'), finish),
  "is gzip that breaks": (status) =>
    breakOff(
      Buffer.concat([
        http(status, { ...CHUNKED, ...headersOf(status), "content-encoding": "gzip" }),
        chunked(LONG.subarray(0, LONG.length / 2)),
      ]),
      (socket) => socket.end(Buffer.concat([chunked(NO_GZIP), Buffer.from("0\r\n\r\n")])),
    ),
};
const partOf = (status) =>
  http(status, { ...JSON_TYPE, ...headersOf(status), "content-length": 1_000 }, '{"text":');

const rows = [];
const add = (group, title, act, expected, more = {}) =>
  rows.push({ group, title, act, expected, ...more });

add(
  "Before an answer",
  "the connection is reset at once",
  undefined,
  { ...CONNECTION, requests: undefined },
  { isRefused: true },
);
add(
  "Before an answer",
  "reset after the request's head",
  (socket) => socket.resetAndDestroy(),
  CONNECTION,
  { when: "head" },
);
add(
  "Before an answer",
  "reset within the request's body",
  (socket) => socket.resetAndDestroy(),
  CONNECTION,
  { when: "middle" },
);
add(
  "Before an answer",
  "reset after the request",
  (socket) => socket.resetAndDestroy(),
  CONNECTION,
);
add("Before an answer", "closed after the request (FIN)", (socket) => socket.end(), CONNECTION);
add(
  "Before an answer",
  "closed within the answer's head",
  send("HTTP/1.1 200 OK\r\ncontent-ty"),
  CONNECTION,
  {
    // Chromium and Firefox treat the received bytes as a head.
    ...Object.fromEntries(
      ["chromium", "firefox"].map((engine) => [engine, { ...INVALID, requests: 1 }]),
    ),
  },
);
add("Before an answer", "no answer, ever", () => {}, TIMEOUT, { isSlow: true });
add(
  "Before an answer",
  "a head of 1 MB",
  send(http(200, { "x-long": "x".repeat(1_000_000) }, TEXT)),
  CONNECTION,
);

for (const [title, act] of Object.entries(BREAKS)) {
  for (const status of Object.keys(OF_STATUS)) {
    const isOf = (word) => status === "200" && title.includes(word);
    // Node treats the end of the connection as the end of the body, and does not notice a broken
    // gzip stream.
    const node = isOf("chunk")
      ? { reason: null }
      : isOf("gzip")
        ? { ...TIMEOUT, status: undefined, isSlow: true }
        : {};
    // WebKitGTK reads the body of a 401 before it exposes the head, and treats the end of the
    // connection as the end of the body.
    const isUnseen = status === "401" && !title.includes("FIN");
    const webkit = isUnseen
      ? { ...CONNECTION, status: undefined }
      : isOf("FIN")
        ? { reason: null }
        : {};
    add("The body breaks", `${status}, whose body ${title}`, act(status), OF_STATUS[status], {
      options: optionsOf(status),
      node,
      webkit,
    });
  }
}
// Firefox does not expose the head before the first byte of the body. Chromium and WebKitGTK do the
// same with XMLHttpRequest.
const UNSEEN = { ...TIMEOUT, status: undefined, retryAfterMs: undefined, requests: 1 };
add(
  "The body breaks",
  "200, whose body is no gzip at all",
  send(http(200, { ...JSON_TYPE, "content-encoding": "gzip", "content-length": 64 }, NO_GZIP)),
  INCOMPLETE,
  {
    "chromium xhr": { ...CONNECTION, status: undefined },
    webkit: { reason: null },
  },
);
for (const status of Object.keys(OF_STATUS)) {
  const expected = status === "200" ? TIMEOUT : OF_STATUS[status];
  const head = (body) =>
    http(status, { ...JSON_TYPE, ...headersOf(status), "content-length": 1_000 }, body);
  const more = { isSlow: true, options: optionsOf(status) };
  const webkit = status === "401" ? UNSEEN : {};
  const unseen = { "chromium xhr": UNSEEN, "webkit xhr": UNSEEN, firefox: UNSEEN };
  add(
    "The body does not end",
    `${status}, whose body never comes`,
    (socket) => socket.write(head("")),
    expected,
    { ...more, ...unseen, webkit },
  );
  add(
    "The body does not end",
    `${status}, whose body stops after its first bytes`,
    (socket) => socket.write(head('{"detail":')),
    expected,
    { ...more, webkit },
  );
}
for (const status of ["200", "503"]) {
  const trickle = (socket) => {
    socket.write(http(status, CHUNKED));
    const timer = setInterval(() => socket.write("1\r\n \r\n"), 20);
    socket.on("close", () => clearInterval(timer));
  };
  add(
    "The body does not end",
    `${status}, whose body trickles for ever`,
    trickle,
    status === "200" ? TIMEOUT : OF_STATUS[503],
    { isSlow: true },
  );
  const cut = status === "200" ? INVALID : OF_STATUS[503];
  add(
    "The body does not end",
    `${status}, whose body is endless`,
    (socket) => pour(socket, http(status, CHUNKED), chunked(FILL)),
    cut,
  );
  add(
    "The body does not end",
    `${status}, a gzip bomb of 100 MB`,
    send(whole(status, { "content-encoding": "gzip", "content-length": bomb.length }, bomb)),
    cut,
  );
}

add("In order", "200", send(whole(200, {}, TEXT)), SUCCESS);
add(
  "In order",
  "200 in chunks",
  send(http(200, CHUNKED, Buffer.concat([chunked(Buffer.from(TEXT)), Buffer.from("0\r\n\r\n")]))),
  SUCCESS,
);
add(
  "In order",
  "200 in gzip",
  send(
    whole(
      200,
      { "content-encoding": "gzip", "content-length": gzipSync(TEXT).length },
      gzipSync(TEXT),
    ),
  ),
  SUCCESS,
);
add(
  "In order",
  "200 that trickles",
  (socket) => {
    socket.write(http(200, { ...JSON_TYPE, "content-length": TEXT.length }));
    [...TEXT].forEach((character, index) => setTimeout(() => socket.write(character), index * 3));
  },
  SUCCESS,
);
for (const status of [100, 102, 103]) {
  const early = `HTTP/1.1 ${status} X\r\n${status === 103 ? "link: </x.css>; rel=preload\r\n" : ""}\r\n`;
  add(
    "In order",
    `${status}, then 200`,
    send(Buffer.concat([Buffer.from(early), whole(200, {}, TEXT)])),
    SUCCESS,
    {
      // Node's fetch rejects a 100 that it did not request.
      node: status === 100 ? CONNECTION : {},
    },
  );
}
add(
  "In order",
  "200 with 8 kB of headers",
  send(whole(200, { "x-long": "x".repeat(8_000) }, TEXT)),
  SUCCESS,
);
for (const type of ["text/html", "application/octet-stream", "audio/wav", "nonsense"]) {
  add(
    "In order",
    `200, JSON called ${type}`,
    send(whole(200, { "content-type": type }, TEXT)),
    SUCCESS,
  );
}
add(
  "In order",
  "200, JSON behind a byte-order mark",
  send(whole(200, {}, `\ufeff${TEXT}`)),
  SUCCESS,
);
add(
  "In order",
  "200, JSON with 5,000 nested arrays",
  send(whole(200, {}, `{"text":"hi","x":${"[".repeat(5_000)}${"]".repeat(5_000)}}`)),
  SUCCESS,
);

for (const [title, body] of [
  ["no body", ""],
  ["HTML", "<!doctype html>"],
  ["null", "null"],
  ["JSON that ends too early", TEXT.slice(0, -5)],
  ["JSON without what was promised", '{"texts":[]}'],
]) {
  add("Not what was promised", `200, ${title}`, send(whole(200, {}, body)), INVALID);
}
const utf16 = Buffer.from(`\ufeff${TEXT}`, "utf16le");
add(
  "Not what was promised",
  "200, JSON in UTF-16",
  send(whole(200, { "content-length": utf16.length }, utf16)),
  INVALID,
);
for (const status of [204, 205, 206, 304, 404, 418])
  add("Not what was promised", String(status), send(http(status)), unexpected(status));
add(
  "Not what was promised",
  "413, before the body has come",
  send(whole(413, {}, "")),
  failed("PayloadTooLargeError", "PAYLOAD_TOO_LARGE", null, 1, { status: 413 }),
  {
    // If a connection is closed while the body is still sent, it may be reset before the response
    // is read.
    act: (socket, request) => {
      socket.write(whole(413, {}, ""));
      const isOver = () => request.isOver && socket.end();
      socket.on("data", isOver);
    },
    when: "head",
  },
);
const detail = (text) => JSON.stringify({ detail: text });
add(
  "Not what was promised",
  "400, a detail in 64 nested arrays",
  send(
    whole(400, {}, `{"x":${"[".repeat(64)}${"]".repeat(64)},"detail":"Not all words are spoken."}`),
  ),
  failed("NotAllWordsSpokenError", "NOT_ALL_WORDS_SPOKEN", null, 1, { status: 400 }),
);
add(
  "Not what was promised",
  "402, a detail behind a byte-order mark",
  send(whole(402, {}, `\ufeff${detail("Insufficient credits, please check your credit balance")}`)),
  failed("PaymentRequiredError", "PAYMENT_REQUIRED", "insufficient_credits", 1, { status: 402 }),
);
add(
  "Not what was promised",
  "402, a detail before 500 kB more",
  send(
    whole(
      402,
      {},
      `{"detail":"Insufficient credits, please check your credit balance","x":"${"x".repeat(500_000)}"}`,
    ),
  ),
  failed("PaymentRequiredError", "PAYMENT_REQUIRED", "insufficient_credits", 1, { status: 402 }),
);

const to = (status, where) => (socket, request, server) => {
  const location = typeof where === "function" ? where(request, server) : where;
  socket.end(http(status, location ? { location, "content-length": 0 } : { "content-length": 0 }));
};
/** A redirect that a browser hides; Node shows its status. */
const refused = (status) => ({ ...unexpected(0), requests: 1, node: { status }, elsewhere: 0 });
for (const status of [307, 308]) {
  add(
    "Redirects",
    `${status} to another origin`,
    to(status, (request, { otherUrl }) => otherUrl + request.path),
    refused(status),
    {
      // The client repeats the request in a mode that stays within the origin, which shows that the
      // redirect leaves it.
      fetch: { requests: 2 },
    },
  );
  add(
    "Redirects",
    `${status} within the origin`,
    (socket, request, server) =>
      request.path.startsWith("/moved")
        ? socket.end(whole(200, {}, TEXT))
        : to(status, `/moved${request.path}`)(socket, request, server),
    { ...SUCCESS, elsewhere: 0 },
  );
}
for (const status of [301, 302, 303]) {
  add(
    "Redirects",
    `${status} to another origin`,
    to(status, (request, { otherUrl }) => otherUrl + request.path),
    refused(status),
    { fetch: { requests: 2 } },
  );
  // The browser changes the request to a GET.
  add(
    "Redirects",
    `${status} to a page of the origin`,
    to(status, "/login"),
    { ...INVALID, elsewhere: 0 },
    { node: unexpected(status) },
  );
}
add(
  "Redirects",
  "307 to itself, for ever",
  to(307, (request) => request.path),
  unexpected(0),
  {
    // XMLHttpRequest does not report why it failed.
    xhr: { ...CONNECTION, status: undefined, requests: undefined },
    node: { ...unexpected(307), requests: 6 },
  },
);
add("Redirects", "307 to nowhere", to(307), unexpected(307));

for (const [value, ...bounds] of [
  ["3", 3_000],
  ["1.5", 2_000],
  ["2, 2", 2_000],
  ["1, 9, 4", 9_000],
  [["4", "6"], 6_000],
  ["1s", 1_000],
  ["+5", 5_000],
  ["  3  ", 3_000],
  ['"5"', 5_000],
  ["5;foo", 5_000],
  ["1e2", 100_000],
  ["0x10", 16_000],
  ["2 min", 120_000],
  ["Fri, 31 Dec 2100 23:59:59 GMT", 1e12, 1e13],
  ["friday, 31-dec-69 23:59:59", 1e12, 1e13],
  ["Fri Dec 31 23:59:59 2100", 1e12, 1e13],
  ["31 Dec 2100 23:59:59 +0000", 1e12, 1e13],
  ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
  ["-5", undefined],
  ["soon", undefined],
  ["", undefined],
]) {
  const [least, most = least] = bounds;
  const expected = failed("RateLimitError", "RATE_LIMIT_EXCEEDED", null, 1, {
    status: 429,
    retryAfterMs: least === undefined ? null : [least, most],
  });
  add(
    "Retry-After",
    `429, Retry-After: ${[value].flat().join(" and ")}`,
    send(whole(429, { "retry-after": value }, "")),
    expected,
    { options: optionsOf("429") },
  );
}

/** The rows, each with an id that is valid in a header. */
export const ROWS = rows.map((row, index) => ({ ...row, id: `f${index}` }));

export const FAULTS = {
  none: { act: send(whole(200, {}, TEXT)) },
  ...Object.fromEntries(ROWS.map(({ id, act, when }) => [id, { act, when }])),
};

/** Returns the expected outcome of a row by "fetch", "xhr" or "node" in this engine. */
export function expectedOf(row, transport, engine) {
  return {
    ...row.expected,
    ...row.expected[transport],
    ...row[transport],
    ...row[engine],
    ...row[`${engine} ${transport}`],
  };
}
