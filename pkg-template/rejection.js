// Why a fetch rejected. A failure of the network may be over in a second; a mistake in the caller's code is there for good.

/** Sentences and codes in which browsers, Node, Deno, Bun, undici, node-fetch, axios and React Native report the network. */
const NETWORK =
  /fetch failed|failed to fetch|load failed|sending request|network|internet|offline|connect|socket|hang up|time.?d? ?out|terminated|\bE(CONN|NET|HOST|ADDR|PIPE|PROTO|AI_)|ENOTFOUND|UND_ERR|HPE_|ERR_(SSL|TLS|HTTP2|STREAM)|certificate|certs?\b/i;

/** What JavaScript engines and fetch say of code that is wrong, also where a word of the above stands in it. */
const MISTAKE =
  /undefined|\bnull\b(?! is not allowed)|is not (an?|iterable|defined|callable)\b|^cannot |^can't |failed to (execute|construct|parse)|invalid url|illegal invocation|read-?only/i;

/** Codes below "fetch failed" that say that the request itself cannot be made. */
const REFUSED = /^(ERR_INVALID|UND_ERR_(INVALID|NOT_SUPPORTED|REQ_))|bad port|unknown scheme/;

/** Whether `fetch` is the browser's, whose TypeErrors are about the network: WebKit reports it in the user's language. */
const isBuiltIn = () => /\[native code\]/.test(Function.prototype.toString.call(fetch));

/**
 * Returns "network", "timeout" (a clock of the caller's), "abort" (a signal of the caller's), "response" (an error made of
 * one), or `undefined` for a mistake, which anything unknown is taken for. `cause` may be any value.
 */
export function failureKind(cause, own) {
  try {
    if (typeof cause === "string") return NETWORK.test(cause) ? "network" : undefined;
    if (cause.response !== undefined && cause.response !== null) return "response";
    const { name, message, code, cause: inner } = cause;
    if (name === "AbortError") return "abort";
    if (name === "TimeoutError") return "timeout";
    if (/^(Reference|Range|Syntax|Eval|URI)Error$/.test(name)) return undefined;
    if (name === "TypeError" && !own && isBuiltIn()) return "network";
    if (name === "TypeError" && MISTAKE.test(message)) return undefined;
    if ([inner?.code, inner?.message].some((said) => REFUSED.test(said))) return undefined;
    return [name, message, code, inner?.code, inner?.message].some((said) => NETWORK.test(said)) ? "network" : undefined;
  } catch {
    return undefined;
  }
}
