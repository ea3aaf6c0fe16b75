"use client";
// Rendered on the server too, where importing must not throw.

import { NotAllWordsSpokenError, ThetaOne, ThetaOneError } from "thetaone-web";
import * as external from "thetaone-web/external";
import { useEffect, useState } from "react";
import { calls } from "../app/calls.js";

export function Told() {
  const [told, setTold] = useState();
  useEffect(() => {
    void calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }).then(setTold);
  }, []);
  return told && <pre id="told">{JSON.stringify(told)}</pre>;
}

export function ToldByWorker() {
  const [told, setTold] = useState();
  useEffect(() => {
    const worker = new Worker(new URL("../app/worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => setTold(data);
    worker.onerror = ({ message }) => setTold({ failed: message });
    return () => worker.terminate();
  }, []);
  return told && <pre id="told">{JSON.stringify(told)}</pre>;
}

export function ToldWithExternal() {
  const [told, setTold] = useState();
  useEffect(() => {
    // As React runs effects twice in development, more than once changes nothing.
    external.init(new URL("thetaone-web/core_bg.wasm", import.meta.url)).catch(() => {});
    void calls(external).then(setTold);
  }, []);
  return told && <pre id="told">{JSON.stringify(told)}</pre>;
}

export const serverSide = typeof ThetaOne;
