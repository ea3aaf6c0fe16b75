"use client";

import { useEffect, useState } from "react";
import { ReadAloud } from "../read-aloud";

export default function Page() {
  const [isMounted, setIsMounted] = useState(true);
  useEffect(() => {
    Object.assign(globalThis, { unmount: () => setIsMounted(false) });
  }, []);
  return isMounted && <ReadAloud sentence="Wow, check out this castle." />;
}
