// Tells users how to allow a microphone that they refused. Loaded on demand, because most users
// never read it.

/**
 * The first that matches; most browsers also name those that they imitate.
 * @type {[keyof typeof TEXTS.en, RegExp][]}
 */
const BROWSERS = [
  ["inApp", /KAKAOTALK|NAVER\(|\bLine\/|Instagram|FBA[NV]/i],
  ["ios", /iPhone|iPad|iPod/],
  ["android", /Android/],
  ["firefox", /Firefox\//],
  ["chromium", /Chrom(e|ium)\//],
  ["safari", /Safari\//],
];

const TEXTS = {
  en: {
    inApp: "Open this page in your browser: apps such as this one often give pages no microphone.",
    ios: "In the page menu next to the address, open Website Settings, and allow the microphone.",
    android: "Tap the icon next to the address, then Permissions, and allow the microphone.",
    firefox: "Click the crossed-out microphone next to the address, and remove the block.",
    safari:
      "In the menu bar, choose Safari, then Settings for This Website, and allow the microphone.",
    chromium: "Click the icon next to the address, and allow the microphone for this site.",
    system:
      "If it still does not work, allow it for your browser in the settings of your device, too.",
  },
  ko: {
    inApp: "이 페이지를 브라우저에서 열어 주세요. 앱 안에서는 마이크를 쓸 수 없는 경우가 많아요.",
    ios: "주소 옆의 페이지 메뉴에서 ‘웹 사이트 설정’을 열고 마이크를 ‘허용’으로 바꿔 주세요.",
    android: "주소 옆의 아이콘을 누르고 ‘권한’에서 마이크를 허용해 주세요.",
    firefox: "주소 옆의 마이크 차단 아이콘을 누르고 차단을 해제해 주세요.",
    safari: "메뉴 막대에서 Safari, ‘이 웹 사이트 설정’을 열고 마이크를 ‘허용’으로 바꿔 주세요.",
    chromium: "주소 옆의 아이콘을 누르고 이 사이트의 마이크를 허용해 주세요.",
    system: "그래도 안 되면 기기 설정에서 브라우저의 마이크 사용을 허용해 주세요.",
  },
};

/**
 * Returns the key of the browser. An iPad calls itself a Macintosh, but has a touch screen.
 * @param {{ userAgent?: string, maxTouchPoints?: number }} navigator
 * @returns {keyof typeof TEXTS.en}
 */
function browserOf({ userAgent = "", maxTouchPoints = 0 }) {
  const found = BROWSERS.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? "chromium";
  return found === "safari" && maxTouchPoints > 1 ? "ios" : found;
}

/**
 * Returns the sentences for this browser.
 * @param {Navigator} navigator
 * @param {string} locale
 */
export function helpFor(navigator, locale) {
  const texts = locale === "ko" ? TEXTS.ko : TEXTS.en;
  return [texts[browserOf(navigator)], texts.system];
}
