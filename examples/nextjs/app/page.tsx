import { ReadAloud } from "./read-aloud";

export default function Page() {
  return <ReadAloud sentence="Wow, check out this castle." />;
}
