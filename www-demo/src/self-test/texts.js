// The texts of the page in English and Korean.

const en = {
  title: "Test this device",
  intro:
    "This page tests whether thetaone-web works in this browser. It records for about ten " +
    "seconds. Nothing that you say leaves this device: only generated sounds are sent.",
  before:
    "Turn up the volume and take off headphones. The page plays tones, and asks you to count " +
    "aloud while it records. It reloads itself once.",
  credits: "If this page uses the real API, the test costs less than one cent.",
  language: "Language",
  start: "Start the test",
  again: "Test again",
  steps: "Steps",
  report: "Report",
  reportHelp:
    "The report contains the browser's version and the numbers below: no audio, no key and no " +
    "device names. Please copy it into an issue.",
  reportLabel: "Text of the report",
  copy: "Copy the report",
  copied: "Copied.",
  selected: "The report is selected: copy it with your browser’s menu.",
  issues: "Open the issue tracker",
  back: "Back to the demo",
  ready: "Ready.",
  running: ({ number, total, title }) => `Step ${number} of ${total}: ${title}`,
  allowMicrophone: "Please allow the microphone.",
  countAloud: "Now count aloud: one, two, three, four …",
  done: ({ passed, failed, notAvailable }) =>
    `Done: ${passed} passed, ${failed} failed, ${notAvailable} not available.`,
  waiting: "waiting",
  now: "running",
  pass: "passed",
  fail: "failed",
  "not available": "not available",
  environment: "Types and APIs",
  audioContext: "Sound output",
  worklet: "Audio worklet",
  microphone: "Microphone",
  load: "Loading the core",
  recordEncoded: "Recording with the browser’s recorder",
  recordPcm: "Recording of samples",
  streamEncoded: "Recording of generated tones with the browser’s recorder",
  streamPcm: "Recording of samples of generated tones",
  decode: "Decoding of other recordings",
  convert: "Conversion",
  trim: "Trimming",
  mp3: "MP3",
  upload: "Upload",
  outboxStore: "Outbox before the reload",
  outboxResume: "Outbox after the reload",
};

/** @type {typeof en} */
const ko = {
  title: "기기 테스트",
  intro:
    "이 페이지는 thetaone-web이 이 브라우저에서 작동하는지 테스트합니다. 약 10초 동안 녹음합니다. " +
    "말씀하신 내용은 기기 밖으로 나가지 않으며, 생성된 소리만 전송됩니다.",
  before:
    "볼륨을 높이고 헤드폰을 빼 주세요. 페이지에서 소리가 재생되며, 녹음하는 동안 소리 내어 숫자를 " +
    "세어 달라고 안내합니다. 페이지는 스스로 한 번 새로고침됩니다.",
  credits: "이 페이지가 실제 API를 사용하는 경우, 테스트 비용은 1센트 미만입니다.",
  language: "언어",
  start: "테스트 시작",
  again: "다시 테스트",
  steps: "단계",
  report: "보고서",
  reportHelp:
    "보고서에는 브라우저 버전과 아래 수치만 들어 있으며, 오디오, 키, 기기 이름은 포함되지 않습니다. " +
    "이슈에 붙여넣어 주세요.",
  reportLabel: "보고서 내용",
  copy: "보고서 복사",
  copied: "복사했습니다.",
  selected: "보고서가 선택되었습니다. 브라우저 메뉴에서 복사해 주세요.",
  issues: "이슈 트래커 열기",
  back: "데모로 돌아가기",
  ready: "준비되었습니다.",
  running: ({ number, total, title }) => `${total}단계 중 ${number}단계: ${title}`,
  allowMicrophone: "마이크 사용을 허용해 주세요.",
  countAloud: "지금 소리 내어 세어 주세요: 하나, 둘, 셋, 넷 …",
  done: ({ passed, failed, notAvailable }) =>
    `완료: 통과 ${passed}개, 실패 ${failed}개, 사용 불가 ${notAvailable}개.`,
  waiting: "대기 중",
  now: "진행 중",
  pass: "통과",
  fail: "실패",
  "not available": "사용 불가",
  environment: "형식과 API",
  audioContext: "소리 출력",
  worklet: "오디오 워클릿",
  microphone: "마이크",
  load: "코어 불러오기",
  recordEncoded: "브라우저 녹음기로 녹음",
  recordPcm: "샘플 녹음",
  streamEncoded: "생성된 소리를 브라우저 녹음기로 녹음",
  streamPcm: "생성된 소리의 샘플 녹음",
  decode: "다른 녹음 디코딩",
  convert: "변환",
  trim: "무음 제거",
  mp3: "MP3",
  upload: "업로드",
  outboxStore: "새로고침 전 보관함",
  outboxResume: "새로고침 후 보관함",
};

export const TEXTS = { en, ko };
