import { ToldWithExternal } from "../../told.jsx";

export default function Page() {
  return <ToldWithExternal />;
}
