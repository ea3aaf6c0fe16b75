import { ThetaOne } from "thetaone-web";
import "thetaone-web/elements";

const recorder = document.querySelector("theta-recorder");
const score = document.querySelector("theta-score");
const message = document.querySelector("#message");
const sendAgain = document.querySelector("#send-again");

// One client per page. The proxy in vite.config.js adds the key.
const theta = new ThetaOne({ baseUrl: "/api/theta" });
let call = new AbortController();

function show({ text = "", canSendAgain = false, result, take } = {}) {
  message.textContent = text;
  sendAgain.hidden = !canSendAgain;
  Object.assign(score, { result, take }); // a click on a word plays it
}

async function send({ take, goldText }) {
  const { signal } = call;
  show({ text: "Scoring…" });
  try {
    const options = { gold_text: goldText, language: "en" };
    const result = await theta.pronunciationSimple(take, options, { signal });
    show({ result, take });
  } catch (error) {
    if (signal.aborted) return;
    // After an error of the category `client`, only another recording helps.
    show({ text: error.userMessage(), canSendAgain: error.category !== "client" });
  }
}

// If the microphone is refused, the element shows how to allow it.
recorder.client = theta;
recorder.addEventListener("take", ({ detail }) => {
  sendAgain.onclick = () => send(detail);
  void send(detail);
});
recorder.addEventListener("state-change", ({ detail }) => {
  if (detail.state !== "opening") return;
  call.abort(); // the new recording replaces the last one
  call = new AbortController();
  show();
});
