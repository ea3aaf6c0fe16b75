// Results of the API, in the shape that its documentation shows and beyond.

const sound = (text, score) => ({ phoneme: text, score, is_stressed: false });

const word = (text, start, end, score, more = {}) => ({
  type: "word",
  word: text,
  start,
  end,
  score,
  is_correct: score >= 60,
  is_stressed: false,
  feedback: null,
  syllables: [],
  ...more,
});

/** A result of `pronunciationSimple` or `pronunciation`. */
export const result = {
  user_speech_components: [
    word("Wow", 0.1, 0.5, 95, { is_stressed: true }),
    { type: "pause", is_long: true, start: 0.5, end: 0.9 },
    word("check", 0.9, 1.2, 71.4, { feedback: "입을 조금 더 벌려 보세요." }),
    word("out", 1.2, 1.5, 83),
    { type: "pause", is_long: false },
    word("this", 1.5, 1.8, 42, {
      feedback: "The first sound is voiced: put your tongue between your teeth.",
    }),
    word("castle", 1.8, 2.6, 64, {
      is_stressed: true,
      syllables: [
        {
          text: "cas",
          score: 58,
          is_stressed: true,
          phonemes: [sound("k", 91), sound("æ", 44), sound("s", 60)],
        },
        { text: "tle", score: 80, is_stressed: false, phonemes: [sound("l", 80)] },
      ],
    }),
  ],
  pronunciation: { score: 68.5, feedback: "단어가 대체로 잘 들렸어요." },
  stress: { score: 81, feedback: "강세가 고르게 들렸어요." },
  pause: { score: 55, feedback: "Mind the long pause after “Wow”." },
  speed: null,
  metadata: { emulated: true, score: 3 },
};

/** A result of `analyzeNative`. */
export const nativeResult = {
  speech_components: [
    word("Wow", 0.05, 0.35, 99),
    word("check", 0.4, 0.6, 98),
    word("out", 0.6, 0.8, 97),
    word("this", 0.8, 1, 99),
    word("castle", 1, 1.5, 98),
  ],
};

const throwing = () => {
  throw new Error("not to be read");
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
};
const cycle = { type: "word", word: "cycle", score: 50 };
cycle.syllables = [{ text: "cy", score: 1, phonemes: [cycle] }, cycle];
cycle.self = cycle;

const MARKUP = `<img src=x onerror="globalThis.isHacked = true"><script>globalThis.isHacked = true</script>`;

/** Results of broken or hostile servers and pages. */
export const hostile = {
  markup: {
    user_speech_components: [
      word(MARKUP, 0, 1, 50, {
        feedback: MARKUP,
        syllables: [{ text: MARKUP, score: 1, phonemes: [sound(MARKUP, 2)] }],
      }),
      word(`" onclick="globalThis.isHacked = true`, 1, 2, 50, {
        syllables: [{ text: "x", score: 1 }],
      }),
    ],
    [MARKUP]: { score: 50, feedback: MARKUP },
    pronunciation: { score: 50, feedback: "javascript:globalThis.isHacked = true" },
  },
  bidi: {
    user_speech_components: [
      word("\u202Eevil\u2066", 0, 1, 50, { feedback: "\u202Eabc\u0007\u0000\u2028" }),
      word("next\u200F", 1, 2, 90),
    ],
    pronunciation: { score: 1, feedback: "\u202E\u202E\u202Eover" },
  },
  huge: {
    user_speech_components: [
      word("x".repeat(1_000_000), 0, 1, 50, { feedback: "y".repeat(1_000_000) }),
      word("W".repeat(90), 1, 2, 1),
    ],
    pronunciation: { score: 1, feedback: "z ".repeat(500_000) },
    ["n".repeat(100_000)]: { score: 1, feedback: "z" },
  },
  numbers: {
    user_speech_components: [
      word("nan", Number.NaN, 1, Number.NaN),
      word("back", 2, 1, -5),
      word("far", 0, Infinity, 1e308),
      word("text", "0", "1", "95"),
      word("negative", -1, 1, 101),
      word("late", 1e9, 2e9, 0),
      word("null", null, undefined, null),
    ],
    pronunciation: 1e308,
    stress: { score: Number.NaN, text: "no number" },
  },
  types: {
    user_speech_components: [
      null,
      1,
      "text",
      [],
      [[]],
      {},
      { type: "word" },
      { type: 1, word: 2 },
      { word: { toString: throwing } },
      { type: "word", word: "kept", syllables: { length: 1e9 } },
      Symbol("x"),
      () => {},
    ],
    pronunciation: [[{ score: 1 }]],
    stress: "fast",
    deep: { deep: { deep: { deep: { deep: { score: 1, feedback: "too deep" } } } } },
  },
  getters: {
    get user_speech_components() {
      return throwing();
    },
    get pronunciation() {
      return throwing();
    },
  },
  gettersInside: {
    user_speech_components: [
      Object.defineProperty({ type: "word", word: "kept", start: 0, end: 1 }, "score", {
        get: throwing,
        enumerable: true,
      }),
      new Proxy({}, { get: throwing, ownKeys: throwing, has: throwing }),
      { type: "word", word: "proxied", score: 3, syllables: revoked() },
    ],
    pronunciation: new Proxy({}, { get: throwing, ownKeys: throwing }),
  },
  revoked: revoked(),
  revokedInside: { user_speech_components: revoked() },
  cycle: {
    user_speech_components: [cycle],
    pronunciation: cycle,
    get self() {
      return this;
    },
  },
  polluted: JSON.parse(
    '{"user_speech_components": [{"type": "word", "word": "a", "score": 1, "__proto__": {"x": 1}}], "__proto__": {"score": 1}, "constructor": {"score": 1, "feedback": "own"}}',
  ),
  long: {
    user_speech_components: Array.from({ length: 200_000 }, (_, index) =>
      word(`w${index}`, index, index + 1, 50),
    ),
  },
  sparse: { user_speech_components: Object.assign([], { length: 4e9 }) },
  array: [1, 2, 3],
  text: "no JSON",
  number: 1,
};
