// The page that the server renders and the browser takes over.

import { StrictMode } from "react";
import { ThetaOne } from "thetaone-web";
import {
  ThetaOneProvider,
  useCall,
  useLevel,
  useMicrophones,
  useRecorder,
} from "thetaone-web/react";

const theta = new ThetaOne({ baseUrl: "/api/theta" });

function Page() {
  const recorder = useRecorder();
  const call = useCall("pronunciationSimple");
  const microphones = useMicrophones();
  const { rmsDbfs, elapsedSeconds } = useLevel(recorder);
  return (
    <p id="page">{`${recorder.state} ${call.state} ${microphones.permission} ${rmsDbfs} ${elapsedSeconds}`}</p>
  );
}

export const App = () => (
  <StrictMode>
    <ThetaOneProvider client={theta}>
      <Page />
    </ThetaOneProvider>
  </StrictMode>
);
