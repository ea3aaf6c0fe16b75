import { ToldByWorker } from "../../told.jsx";

export default function Page() {
  return <ToldByWorker />;
}
