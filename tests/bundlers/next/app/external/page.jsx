import { ToldWithExternal } from "../../result.jsx";

export default function Page() {
  return <ToldWithExternal />;
}
