import { useEffect } from "react";
import { type Take, ThetaOne } from "thetaone-web";
import "thetaone-web/elements";
import {
  ThetaOneProvider,
  type UseRecorder,
  useCall,
  useLevel,
  useRecorder,
} from "thetaone-web/react";

// One client per page, outside of components. The proxy in vite.config.js adds the key.
const theta = new ThetaOne({ baseUrl: "/api/theta" });

export function App() {
  return (
    <ThetaOneProvider client={theta}>
      <ReadAloud sentence="Wow, check out this castle." />
    </ThetaOneProvider>
  );
}

function ReadAloud({ sentence }: { sentence: string }) {
  const recorder = useRecorder({ maxSeconds: 20, stopOnSilenceSeconds: 1.5 });
  const { state, take, error, start, stop } = recorder;
  const isBusy = state === "opening" || state === "preparing";
  return (
    <main>
      <p>{sentence}</p>
      <button type="button" onClick={state === "recording" ? stop : start} disabled={isBusy}>
        {state === "recording" ? "Stop" : "Record"}
      </button>
      {state === "recording" && <Meter recorder={recorder} />}
      <p role="alert">{error?.userMessage()}</p>
      {take && <Score take={take} sentence={sentence} />}
    </main>
  );
}

// A component of its own, because useLevel renders it with every level.
function Meter({ recorder }: { recorder: UseRecorder }) {
  const { rmsDbfs } = useLevel(recorder);
  return <meter min={-60} max={0} value={rmsDbfs} aria-label="Loudness" />;
}

// Another recording unmounts the score, which aborts its call.
function Score({ take, sentence }: { take: Take; sentence: string }) {
  const { state, run, retry, result, error, message } = useCall("pronunciationSimple");
  useEffect(() => {
    void run(take, { gold_text: sentence, language: "en" });
  }, [run, take, sentence]);

  if (state === "done") return <theta-score result={result} take={take} />;
  if (state !== "failed") return <p role="status">Scoring…</p>;
  // After an error of the category `client`, only another recording helps.
  return (
    <>
      <p role="alert">{message}</p>
      {error.category !== "client" && (
        <button type="button" onClick={retry}>
          Send again
        </button>
      )}
    </>
  );
}
