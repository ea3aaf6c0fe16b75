// The elements' own words in Korean.

/** @type {typeof import("./texts.js").ENGLISH} */
export const KOREAN = {
  ready: (words) => `결과가 나왔어요. 단어 ${words}개.`,
  nothing: "보여 줄 결과가 없어요.",
  playAll: "내 녹음 듣기",
  stop: "멈추기",
  play: "듣기",
  score: "점수",
  good: "좋아요",
  fair: "괜찮아요",
  poor: "연습이 필요해요",
  stressed: "강세",
  longPause: "긴 쉼",
  sounds: (word) => `${word}의 소리`,
  dimensions: { pronunciation: "발음", stress: "강세", pause: "쉼", speed: "속도" },

  own: "내 녹음",
  native: "원어민",
  live: "녹음 중",
  position: (at, all) => `${all}초 중 ${at}초`,
  empty: "아직 녹음이 없어요.",
  unreadable: "이 녹음은 여기에서 재생할 수 없어요.",

  record: "녹음",
  recordAgain: "다시 녹음",
  opening: "마이크를 기다리고 있어요 …",
  recording: "녹음 중이에요. 지금 말해 주세요.",
  preparing: "녹음을 준비하고 있어요 …",
  done: (seconds) => `녹음했어요: ${seconds}초.`,
  elapsed: "녹음 시간",
  left: (seconds) => `${seconds}초 남음`,
  level: "소리 크기",
  retry: "다시 시도",
  failed: "다시 시도해 주세요.",
  unavailable: "이 페이지에서는 녹음할 수 없어요.",
};
