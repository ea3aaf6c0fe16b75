import { ToldByWorker } from "../../result.jsx";

export default function Page() {
  return <ToldByWorker />;
}
